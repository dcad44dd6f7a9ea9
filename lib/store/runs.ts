import * as z from 'zod/mini';
import { listByTime, listSortOf } from './byTime.ts';
import type { Item } from './item.ts';
import { runRecordKey, runsByTime } from './keys.ts';
import { FencedOut } from './pointer.ts';
import { recordJson } from './recordJson.ts';
import { getItem, putItem, type Table } from './table.ts';

const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  file: z.optional(z.string()),
  line: z.optional(z.number()),
  column: z.optional(z.string()),
  /** Of the field at fault in the settings. */
  path: z.optional(z.string()),
});
export type RunProblem = z.infer<typeof problemSchema>;

const noteSchema = z.object({ code: z.string(), message: z.string(), count: z.optional(z.number()) });
export type RunNote = z.infer<typeof noteSchema>;

export const runStatusSchema = z.enum([
  'processing',
  'published',
  'challenger',
  'rejected',
  'held',
  'failed',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

const part = z.object({ done: z.number(), of: z.number() });

/** How far a run under way has come. */
export const runProgressSchema = z.object({
  /** What is being done, such as compare, refit or score. */
  step: z.string(),
  /** Of the step, 0 to 1. */
  done: z.number(),
  rows: z.number(),
  /** Where models are fitted: which one, how many candidates are finished, and trees where it grows them. */
  engine: z.nullable(z.string()),
  candidates: z.nullable(part),
  trees: z.nullable(part),
});
export type RunProgress = z.infer<typeof runProgressSchema>;

/** Times are ISO 8601 in UTC. */
export const runRecordSchema = z.object({
  runId: z.string(),
  dataset: z.string(),
  status: runStatusSchema,
  /** While it is processed, and only of steps that take long. */
  progress: z.optional(runProgressSchema),
  startedAt: z.string(),
  finishedAt: z.optional(z.string()),
  /** Time of the newest input: what the results speak of. */
  asOf: z.string(),
  codeVersion: z.string(),
  settings: z.unknown(),
  /** The purchase model that scored; scoring runs alone have one. */
  modelRunId: z.optional(z.string()),
  /** Of a `challenger`: the run whose model did better, and stays. */
  championRunId: z.optional(z.string()),
  inputs: z.array(
    z.object({ key: z.string(), etag: z.string(), sizeBytes: z.number(), lastModified: z.string() }),
  ),
  /** rowsIn = rowsOk + rowsQuarantined, and what else was counted. */
  counts: z.record(z.string(), z.number()),
  /** How each file was read. */
  files: z.array(z.unknown()),
  notes: z.array(noteSchema),
  problems: z.array(problemSchema),
  /** Keys in the results bucket of the rows that were set aside. */
  rejects: z.array(z.string()),
  metrics: z.unknown(),
  /** Seconds by step. */
  timings: z.record(z.string(), z.number()),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

const maxRecordBytes = 350_000;
/** How long records are kept. */
export const recordLifeSeconds = 400 * 86_400;

/** Stores the record, in place of an earlier one of the same run. Throws `FencedOut` when a newer lease has written it. */
export async function putRun(table: Table, record: RunRecord, { fence }: { fence: number }): Promise<void> {
  const { runId, dataset, status, startedAt } = record;
  const item = {
    ...runRecordKey(runId),
    listPartition: runsByTime.partition,
    listSort: listSortOf(startedAt, runId),
    dataset,
    status,
    fence,
    record: recordJson(record, maxRecordBytes),
    expiresAtSeconds: Math.floor(Date.parse(startedAt) / 1000) + recordLifeSeconds,
  };
  const written = await putItem(table, item, {
    expression: 'attribute_not_exists(#fence) OR #fence <= :newFence',
    values: { newFence: fence },
  });
  if (!written) throw new FencedOut(`the record of run ${runId}`, fence);
}

export async function readRun(table: Table, runId: string): Promise<RunRecord | null> {
  const item = await getItem(table, runRecordKey(runId));
  return item === null ? null : parseRecord(item);
}

/** Runs, newest first. `cursor` is what the previous part gave, null at the end. */
export async function listRuns(
  table: Table,
  part: { dataset?: string; limit: number; cursor?: string | null },
): Promise<{ runs: RunRecord[]; cursor: string | null }> {
  const { items, cursor } = await listByTime(table, { ...runsByTime, keyOf: runRecordKey, ...part });
  return { runs: items.map(parseRecord), cursor };
}

const parseRecord = (item: Item): RunRecord => runRecordSchema.parse(JSON.parse(String(item.record)));
