import * as z from 'zod/mini';
import { purchaseMetricsSchema } from '../models/metrics.ts';
import { listByTime, listSortOf } from './byTime.ts';
import type { Item } from './item.ts';
import { modelKey, modelsByTime } from './keys.ts';
import { FencedOut } from './pointer.ts';
import { recordLifeSeconds, runRecordSchema } from './runs.ts';
import { getItem, putItem, type Table } from './table.ts';

/** How good a model is, in what every version of the code can tell. */
export const modelSummarySchema = z.object({
  engine: z.string(),
  /** `insufficientData`: too little to measure the quality. */
  status: z.enum(['ok', 'insufficientData']),
  /** A, B, C or D; null for a model that was not graded. */
  grade: z.nullable(z.string()),
  rows: z.number(),
  positives: z.number(),
  heldOutRows: z.number(),
  horizonDays: z.number(),
  /** On held-out rows, beside giving everybody the share of buyers. */
  metrics: z.nullable(purchaseMetricsSchema),
  baseline: z.nullable(purchaseMetricsSchema),
});

/** What is known of a fitted model: where it comes from, and the manifest that its publication has. Kept as long as run records. */
export const modelFactsSchema = z.object({
  ...z.pick(runRecordSchema, {
    runId: true,
    dataset: true,
    asOf: true,
    codeVersion: true,
    settings: true,
    inputs: true,
  }).shape,
  /** Of which `inputs` names the first. */
  inputCount: z.number(),
  /** ISO 8601 in UTC. */
  trainedAt: z.string(),
  summary: modelSummarySchema,
  manifest: z.record(z.string(), z.unknown()),
});
export type ModelFacts = z.infer<typeof modelFactsSchema>;

/** Throws `FencedOut` when a newer lease has written it. */
export async function putModel(table: Table, model: ModelFacts, { fence }: { fence: number }): Promise<void> {
  const { runId, dataset, trainedAt } = model;
  const item = {
    ...modelKey(runId),
    listPartition: modelsByTime.partition,
    listSort: listSortOf(trainedAt, runId),
    dataset,
    fence,
    model: JSON.stringify(model),
    expiresAtSeconds: Math.floor(Date.parse(trainedAt) / 1000) + recordLifeSeconds,
  };
  const written = await putItem(table, item, {
    expression: 'attribute_not_exists(#fence) OR #fence <= :newFence',
    values: { newFence: fence },
  });
  if (!written) throw new FencedOut(`the model of run ${runId}`, fence);
}

export async function readModel(table: Table, runId: string): Promise<ModelFacts | null> {
  const item = await getItem(table, modelKey(runId));
  return item === null ? null : parseModel(item);
}

/** Models, newest first. `cursor` is what the previous part gave, null at the end. */
export async function listModels(
  table: Table,
  part: { dataset?: string; limit: number; cursor?: string | null },
): Promise<{ models: ModelFacts[]; cursor: string | null }> {
  const { items, cursor } = await listByTime(table, { ...modelsByTime, keyOf: modelKey, ...part });
  return { models: items.map(parseModel), cursor };
}

const parseModel = (item: Item): ModelFacts => modelFactsSchema.parse(JSON.parse(String(item.model)));
