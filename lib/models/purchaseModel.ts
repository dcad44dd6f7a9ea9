import * as z from 'zod/mini';
import { encoderSchema } from '../features/encoder.ts';
import { applyEncoder, columnPlaces } from '../features/matrix.ts';
import type { FeatureTable, TableNote } from '../tables/types.ts';
import { calibrate, calibratorSchema } from './calibration/calibrator.ts';
import { type EngineRows, fittedEngineSchema } from './candidates/engines.ts';
import { predictCandidate } from './candidates/fitCandidate.ts';
import { readRoles } from './candidates/roleColumns.ts';
import { contributionsOf } from './explanations/contributions.ts';
import { reasonsOf } from './explanations/reasons.ts';
import { wordingSchema } from './explanations/shownValue.ts';
import { usualValues } from './explanations/usualValues.ts';
import { priorCorrectionSchema } from './imbalance/priorCorrection.ts';
import { purchaseMetricsSchema } from './metrics.ts';
import { engineNameSchema, purchaseReportSchema, type Reason } from './purchaseReport.ts';
import { columnRolesSchema } from './purchaseRows.ts';
import { imbalanceMethodSchema } from './purchaseSettings.ts';

const modelFactsSchema = z.object({
  /** 2: without shares of label 1 for categories. */
  version: z.literal([2, 3]),
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
  roles: columnRolesSchema,
  treatment: imbalanceMethodSchema,
  correction: priorCorrectionSchema,
  /** Learnt from predictions for rows that their model had not seen. */
  calibrator: calibratorSchema,
  wording: wordingSchema,
  report: purchaseReportSchema,
});

/** A fitted model as it is stored. */
export const purchaseModelSchema = z.intersection(modelFactsSchema, fittedEngineSchema);
export type PurchaseModel = z.infer<typeof purchaseModelSchema>;

/** Who will buy within the model's horizon: one probability per row, and what the model had to make up. */
export function scorePurchaseModel(
  model: PurchaseModel,
  table: FeatureTable,
): { probabilities: Float64Array; notes: TableNote[] } {
  const { rows, notes } = readTable(model, table);
  const raw = predictCandidate({ fitted: model, correction: model.correction }, rows);
  return { probabilities: calibrate(model.calibrator, raw), notes };
}

/** Per row, up to `top` reasons why its probability is above or below that of others, the strongest first. */
export async function explainPurchaseModel(
  model: PurchaseModel,
  table: FeatureTable,
  { top = 3 }: { top?: number } = {},
): Promise<Reason[][]> {
  const { rows } = readTable(model, table);
  const contributions = await contributionsOf(model, rows, { usual: usualValues(model.encoder) });
  return reasonsOf(contributions, { table, places: rows.places, wording: model.wording, top });
}

function readTable(
  { encoder, roles }: PurchaseModel,
  table: FeatureTable,
): { rows: EngineRows; notes: TableNote[] } {
  const { notes, ...matrix } = applyEncoder(encoder, table);
  return { rows: { matrix, places: columnPlaces(encoder), roles: readRoles(table, roles) }, notes };
}
