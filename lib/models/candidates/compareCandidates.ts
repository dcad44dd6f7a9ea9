import { seededGenerator } from '../../math/random.ts';
import { ModelFitError } from '../btyd/modelFitError.ts';
import { type BootstrapInterval, pairedBootstrap } from '../evaluation/pairedBootstrap.ts';
import { rowLosses } from '../metrics.ts';
import { engineNames, type FitProgress } from '../purchaseReport.ts';
import type { ImbalanceMethod } from '../purchaseSettings.ts';
import { type Candidate, candidateOf, enginesFor } from './candidates.ts';
import { type Arena, type Measured, measureCandidate } from './measureCandidate.ts';

export interface CompareOptions {
  seed: number;
  horizonDays: number;
  imbalance: ImbalanceMethod;
  onProgress?: ((progress: FitProgress) => void) | undefined;
}

/** Every candidate on the same held-out rows, the best first: the champion. */
export interface Comparison {
  measured: Measured[];
  /** Held-out log-loss of each less the champion's, and of the base rate less the champion's. */
  behindChampion: BootstrapInterval[];
  /** Candidates that these rows cannot carry, and why. */
  failed: { candidate: Candidate; message: string }[];
}

/** Fits the candidates untreated, and then once more with the treatment of the rarer label that the settings ask for. */
export function compareCandidates(
  candidates: readonly Candidate[],
  arena: Arena,
  options: CompareOptions,
): Comparison {
  const measured: Measured[] = [];
  const failed: Comparison['failed'] = [];
  const measure = (some: readonly Candidate[], of: number): void => {
    for (const candidate of some) {
      try {
        const progress = { done: measured.length + failed.length, of };
        measured.push(measureOne(candidate, arena, { ...options, progress }));
      } catch (error) {
        if (!(error instanceof ModelFitError)) throw error;
        failed.push({ candidate, message: error.message });
      }
    }
  };
  measure(candidates, candidates.length);
  const treated = treatedCandidates(measured, options.imbalance);
  measure(treated, candidates.length + treated.length);
  measured.sort(byLoss);
  const losses = measured.map(({ test, probabilities }) => rowLosses(test.y, probabilities));
  const champion = losses[0];
  if (champion === undefined) throw new Error('compareCandidates needs at least one candidate; got 0');
  const behind = losses.map((loss) => loss.map((value, row) => value - (champion[row] as number)));
  const generator = seededGenerator(options.seed);
  return { measured, behindChampion: pairedBootstrap(behind, { generator }), failed };
}

function measureOne(
  candidate: Candidate,
  arena: Arena,
  { progress, onProgress, seed, horizonDays }: CompareOptions & { progress: { done: number; of: number } },
): Measured {
  const { engine } = candidate;
  const common = {
    step: 'compare' as const,
    engine,
    candidates: progress,
    rows: arena.test.training.y.length,
  };
  onProgress?.({ ...common, done: 0, trees: null });
  return measureCandidate(candidate, arena, {
    seed,
    horizonDays,
    onTree: (done, of) => onProgress?.({ ...common, done: done / of, trees: { done, of } }),
  });
}

/** The treatment for the engines that it is made for, or else for the model that does best without one. */
function treatedCandidates(measured: readonly Measured[], treatment: ImbalanceMethod): Candidate[] {
  if (treatment === 'none') return [];
  const models = measured.filter(({ candidate }) => !candidate.isBaseline).sort(byLoss);
  const best = models[0]?.candidate.engine;
  const engines = enginesFor(treatment) ?? (best === undefined ? [] : [best]);
  return engines
    .filter((engine) => models.some(({ candidate }) => candidate.engine === engine))
    .map((engine) => candidateOf(engine, treatment));
}

/** Of equals the simpler one. */
const byLoss = (a: Measured, b: Measured): number =>
  a.metrics.logLoss - b.metrics.logLoss ||
  engineNames.indexOf(a.candidate.engine) - engineNames.indexOf(b.candidate.engine);
