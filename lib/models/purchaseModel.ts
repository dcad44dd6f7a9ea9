import * as z from 'zod/mini';
import { encoderSchema } from '../features/encoder.ts';
import { applyEncoder, type FeatureMatrix } from '../features/matrix.ts';
import type { FeatureTable, TableNote } from '../tables/types.ts';
import { baseRateSchema, predictBaseRate } from './baseRate.ts';
import { logisticRegressionSchema, predictLogisticRegression } from './logisticRegression.ts';
import { purchaseMetricsSchema } from './metrics.ts';
import { decodeEnsemble } from './trees/artifact.ts';
import { predictProbability } from './trees/predict.ts';

/** What `encodeEnsemble` made of the trees, as base64. */
export const treeArtifactSchema = z.object({ artifact: z.string() });

/** What an engine learnt, under its name. */
const logisticRegression = z.object({
  engine: z.literal('logisticRegression'),
  parameters: logisticRegressionSchema,
});
const randomForestDraws = z.object({
  engine: z.literal('randomForestDraws'),
  parameters: treeArtifactSchema,
});
const baseRate = z.object({ engine: z.literal('baseRate'), parameters: baseRateSchema });

export const fittedEngineSchema = z.discriminatedUnion('engine', [
  logisticRegression,
  randomForestDraws,
  baseRate,
]);
export type FittedEngine = z.infer<typeof fittedEngineSchema>;
export type EngineName = FittedEngine['engine'];

const engineNameSchema = z.enum(['logisticRegression', 'randomForestDraws', 'baseRate']);

const modelFactsSchema = z.object({
  version: z.literal(1),
  /** `insufficientData`: too little to measure the quality, so there is none to show. */
  status: z.enum(['ok', 'insufficientData']),
  reasons: z.array(z.string()),
  notes: z.array(z.object({ code: z.string(), message: z.string(), count: z.optional(z.number()) })),
  seed: z.number(),
  horizonDays: z.number(),
  rows: z.number(),
  positives: z.number(),
  heldOutRows: z.number(),
  /** Of the engine in use, fitted without the held-out rows; it has then been fitted again on all rows. */
  metrics: z.nullable(purchaseMetricsSchema),
  /** Of the base rate, on the same held-out rows. */
  baseline: z.nullable(purchaseMetricsSchema),
  candidates: z.array(z.object({ engine: engineNameSchema, metrics: z.nullable(purchaseMetricsSchema) })),
  /** What a table to be scored must have. */
  columns: z.array(z.object({ name: z.string(), kind: z.enum(['numeric', 'boolean', 'categorical']) })),
  encoder: encoderSchema,
});

/** A fitted model as it is stored. */
export const purchaseModelSchema = z.intersection(modelFactsSchema, fittedEngineSchema);
export type PurchaseModel = z.infer<typeof purchaseModelSchema>;

/** Who will buy within the model's horizon: one probability per row, and what the model had to make up. */
export function scorePurchaseModel(
  model: PurchaseModel,
  table: FeatureTable,
): { probabilities: Float64Array; notes: TableNote[] } {
  const { notes, ...matrix } = applyEncoder(model.encoder, table);
  return { probabilities: predictEngine(model, matrix), notes };
}

/** The probability of label 1 for each row. */
export function predictEngine(fitted: FittedEngine, matrix: FeatureMatrix): Float64Array {
  switch (fitted.engine) {
    case 'logisticRegression':
      return predictLogisticRegression(fitted.parameters, matrix);
    case 'randomForestDraws':
      return predictProbability(decodeEnsemble(Buffer.from(fitted.parameters.artifact, 'base64')), matrix);
    case 'baseRate':
      return predictBaseRate(fitted.parameters, matrix);
  }
}
