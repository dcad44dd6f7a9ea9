import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { isSampled } from '../../features/customerBucket.ts';
import { listObjects, putObject, readBytes } from '../../store/objects.ts';
import { readRun } from '../../store/runs.ts';
import type { Platform } from '../platform.ts';
import type { ScoreEntry } from '../results.ts';
import type { Run } from '../run.ts';

/**
 * What was said of a sample of customers, kept in the results bucket until their days are over and it can be compared with what they did.
 * The runs themselves may have expired by then.
 */
const keptPredictionsSchema = z.object({
  version: z.literal(1),
  modelRunId: z.string(),
  scoresRunId: z.string(),
  ids: z.array(z.string()),
  probabilities: z.array(z.number()),
  deciles: z.array(z.number()),
});
export type KeptPredictions = z.infer<typeof keptPredictionsSchema>;

/** Of whom predictions were kept as of the end of which day, and for how many days after it. */
export interface KeptDay {
  key: string;
  lastDay: string;
  horizonDays: number;
}

const prefix = 'predictions/';
const mostCustomers = 20_000;

/** The share of so many customers whose predictions are kept. */
export const keptShare = (customers: number): number => Math.min(1, mostCustomers / customers);

export const isKept = (entry: ScoreEntry, share: number): boolean => isSampled(entry.customerId, share);

/** In place of what an earlier run said of the same day. Their run may never be published: who reads them looks at its record. */
export async function storePredictions(
  run: Run,
  {
    entries,
    modelRunId,
    lastDay,
    horizonDays,
  }: { entries: readonly ScoreEntry[]; modelRunId: string; lastDay: string; horizonDays: number },
): Promise<void> {
  const kept: KeptPredictions = {
    version: 1,
    modelRunId,
    scoresRunId: run.plan.runId,
    ids: entries.map(({ customerId }) => customerId),
    probabilities: entries.map(({ probability }) => Number(probability.toPrecision(6))),
    deciles: entries.map(({ decile }) => decile),
  };
  await putObject(run.platform.objects, {
    bucket: run.platform.resultsBucket,
    key: `${prefix}${lastDay}.${horizonDays}d.json.gz`,
    body: gzipSync(JSON.stringify(kept)),
    contentType: 'application/gzip',
  });
}

/** Every day of which predictions are kept, in order. */
export async function listKeptDays({ objects, resultsBucket: bucket }: Platform): Promise<KeptDay[]> {
  const listing = await listObjects(objects, { bucket, prefix });
  return listing.flatMap(({ key }) => {
    const [, lastDay, horizonDays] = /^predictions\/(\d{4}-\d\d-\d\d)\.(\d+)d\.json\.gz$/.exec(key) ?? [];
    return lastDay === undefined ? [] : [{ key, lastDay, horizonDays: Number(horizonDays) }];
  });
}

/** Null where they are gone, or were never published. */
export async function readPredictions(
  { objects, resultsBucket: bucket, table }: Platform,
  { key }: KeptDay,
): Promise<KeptPredictions | null> {
  const bytes = await readBytes(objects, { bucket, key });
  if (bytes === null) return null;
  const kept = keptPredictionsSchema.parse(JSON.parse(gunzipSync(bytes).toString()));
  return (await readRun(table, kept.scoresRunId))?.status === 'published' ? kept : null;
}
