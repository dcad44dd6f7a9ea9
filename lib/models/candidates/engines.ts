import * as z from 'zod/mini';
import type { ColumnPlace, FeatureMatrix } from '../../features/matrix.ts';
import { baseRateSchema, fitBaseRate, predictBaseRate } from '../baseRate.ts';
import {
  fitLogisticRegression,
  logisticRegressionSchema,
  predictLogisticRegression,
} from '../logisticRegression.ts';
import type { EngineName } from '../purchaseReport.ts';
import { bgNbdSchema, fitBgNbdCandidate, predictBgNbd } from './bgNbd.ts';
import { decisionTreeSchema, predictDecisionTree } from './decisionTree.ts';
import { fitDecisionTree } from './fitDecisionTree.ts';
import { fitNeuralNetwork } from './fitNeuralNetwork.ts';
import { fitFocalLogistic } from './focalLogistic.ts';
import { neuralNetworkSchema, predictNeuralNetwork } from './neuralNetwork.ts';
import type { RoleColumns } from './roleColumns.ts';
import { fitSingleScore, predictSingleScore, singleScoreSchema } from './singleScore.ts';
import { fitBoosting, fitDraws, fitForest, predictTrees, treeArtifactSchema } from './treeEngines.ts';

/** What an engine learnt, under its name. */
export const fittedEngineSchema = z.discriminatedUnion('engine', [
  z.object({ engine: z.literal('baseRate'), parameters: baseRateSchema }),
  z.object({ engine: z.literal('recency'), parameters: singleScoreSchema }),
  z.object({ engine: z.literal('spend'), parameters: singleScoreSchema }),
  z.object({ engine: z.literal('rfmSum'), parameters: singleScoreSchema }),
  z.object({ engine: z.literal('bgNbd'), parameters: bgNbdSchema }),
  z.object({ engine: z.literal('logisticRegression'), parameters: logisticRegressionSchema }),
  z.object({ engine: z.literal('decisionTree'), parameters: decisionTreeSchema }),
  z.object({ engine: z.literal('neuralNetwork'), parameters: neuralNetworkSchema }),
  z.object({ engine: z.literal('gradientBoosting'), parameters: treeArtifactSchema }),
  z.object({ engine: z.literal('randomForest'), parameters: treeArtifactSchema }),
  z.object({ engine: z.literal('randomForestDraws'), parameters: treeArtifactSchema }),
]);
export type FittedEngine = z.infer<typeof fittedEngineSchema>;

/** Rows as engines read them. */
export interface EngineRows {
  /** Without gaps. */
  matrix: FeatureMatrix;
  places: readonly ColumnPlace[];
  roles: RoleColumns;
}

export interface EngineFit extends EngineRows {
  y: Uint8Array;
  weights: Float64Array | null;
  focalGamma: number | null;
}

/** By name; an engine takes those it knows. */
export type Parameters = Record<string, number>;

export interface EngineOptions {
  parameters: Parameters;
  seed: number;
  horizonDays: number;
  /** For a forest: each tree on as many buyers as others. */
  balanced?: boolean;
  onTree?: ((done: number, of: number) => void) | undefined;
}

/** Rejects where the engine cannot carry the rows: with a ModelFitError of BG/NBD. */
export async function fitEngine(
  engine: EngineName,
  rows: EngineFit,
  options: EngineOptions,
): Promise<FittedEngine> {
  const { matrix, y, weights, roles } = rows;
  const { parameters, seed, horizonDays } = options;
  switch (engine) {
    case 'baseRate':
      return { engine, parameters: fitBaseRate(y) };
    case 'recency':
    case 'spend':
    case 'rfmSum':
      return { engine, parameters: fitSingleScore(engine, roles, y) };
    case 'bgNbd':
      return { engine, parameters: fitBgNbdCandidate(historyOf(roles), y, { horizonDays }) };
    case 'logisticRegression':
      return { engine, parameters: fitLogistic(rows, parameters) };
    case 'decisionTree':
      return { engine, parameters: fitDecisionTree(matrix, y, { weights, ...parameters }) };
    case 'neuralNetwork':
      return { engine, parameters: fitNetwork(rows, parameters, seed) };
    case 'gradientBoosting':
      return { engine, parameters: await fitBoosting(rows, options) };
    case 'randomForest':
      return { engine, parameters: await fitForest(rows, options) };
    case 'randomForestDraws':
      return { engine, parameters: fitDraws(rows, options) };
  }
}

/** The engine's own probability of label 1 for each row, as it was fitted: neither corrected nor calibrated. */
export function predictEngine(fitted: FittedEngine, rows: EngineRows): Float64Array {
  const { matrix, roles } = rows;
  switch (fitted.engine) {
    case 'baseRate':
      return predictBaseRate(fitted.parameters, matrix);
    case 'recency':
    case 'spend':
    case 'rfmSum':
      return predictSingleScore(fitted.engine, fitted.parameters, roles);
    case 'bgNbd':
      return predictBgNbd(fitted.parameters, historyOf(roles));
    case 'logisticRegression':
      return predictLogisticRegression(fitted.parameters, matrix);
    case 'decisionTree':
      return predictDecisionTree(fitted.parameters, matrix);
    case 'neuralNetwork':
      return predictNeuralNetwork(fitted.parameters, matrix);
    case 'gradientBoosting':
    case 'randomForest':
    case 'randomForestDraws':
      return predictTrees(fitted.parameters, rows);
  }
}

function fitLogistic({ matrix, y, weights, focalGamma }: EngineFit, { l2 = 1 }: Parameters) {
  return focalGamma === null
    ? fitLogisticRegression(matrix, y, { weights, l2 })
    : fitFocalLogistic(matrix, y, { gamma: focalGamma, l2 });
}

function fitNetwork({ matrix, y, weights, focalGamma }: EngineFit, parameters: Parameters, seed: number) {
  const { hidden1 = 16, hidden2 = 0, weightDecay = 1e-3 } = parameters;
  const hidden = hidden2 > 0 ? [hidden1, hidden2] : [hidden1];
  return fitNeuralNetwork(matrix, y, { seed, hidden, weightDecay, weights, focalGamma });
}

function historyOf({ history }: RoleColumns): NonNullable<RoleColumns['history']> {
  if (history === null) throw new Error('BG/NBD needs frequency, recency_days and age_days');
  return history;
}
