import { seededGenerator } from '../../math/random.ts';
import { correctProbabilities, type PriorCorrection } from '../imbalance/priorCorrection.ts';
import { treatRows } from '../imbalance/treatRows.ts';
import type { Candidate } from './candidates.ts';
import {
  type EngineOptions,
  type EngineRows,
  type FittedEngine,
  fitEngine,
  predictEngine,
} from './engines.ts';
import type { TrainingRows } from './preparedSplit.ts';

export interface FittedCandidate {
  fitted: FittedEngine;
  correction: PriorCorrection;
}

/** Treats the training fold as the candidate says, within the fold, and fits its engine to it. */
export async function fitCandidate(
  { engine, treatment }: Pick<Candidate, 'engine' | 'treatment'>,
  rows: TrainingRows,
  options: EngineOptions,
): Promise<FittedCandidate> {
  const generator = seededGenerator(options.seed);
  const { correction, ...treated } = treatRows(rows, { method: treatment, generator });
  const { places, roles } = rows;
  const fitted = await fitEngine(
    engine,
    { ...treated, places, roles, focalGamma: correction.focalGamma },
    { ...options, balanced: treatment === 'balancedForest' },
  );
  return { fitted, correction };
}

/** Probabilities as if nothing had been treated; not yet calibrated. */
export const predictCandidate = ({ fitted, correction }: FittedCandidate, rows: EngineRows): Float64Array =>
  correctProbabilities(predictEngine(fitted, rows), correction);
