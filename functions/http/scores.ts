import { groupOf } from '../../lib/pipeline/history/groups.ts';
import {
  orderScoresManifestSchema,
  scoreEntrySchema,
  scoresManifestSchema,
} from '../../lib/pipeline/results.ts';
import { readLookup } from '../../lib/store/pages.ts';
import type { Pointer } from '../../lib/store/pointer.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { publishedOf } from './published.ts';

const scoringPrefix = 'scoring/';

/** The probabilities to buy that are published of a customer, newest first. */
export async function readScores(wiring: ApiWiring, pointers: readonly Pointer[], customerId: string) {
  const ofFiles = pointers.filter(({ dataset }) => dataset.startsWith(scoringPrefix));
  const ofOrders = pointers.filter(({ dataset }) => dataset === 'orders/scores');
  const scores = await Promise.all([
    ...ofOrders.map((pointer) => readOrderScore(wiring, pointer, customerId)),
    ...ofFiles.map((pointer) => readFileScore(wiring, pointer, customerId)),
  ]);
  return scores.filter((score) => score !== null).sort((a, b) => b.asOf.localeCompare(a.asOf));
}

async function readOrderScore({ table }: ApiWiring, pointer: Pointer, customerId: string) {
  const { runId, asOf, manifest } = publishedOf(pointer, orderScoresManifestSchema);
  const { lookups, modelRunId, modelStatus, horizonDays } = manifest;
  const group = groupOf(customerId, lookups.length);
  const place = { runId, name: `scores-${group}`, buckets: 0, ...lookups[group] };
  const stored = await readLookup(table, { ...place, id: customerId });
  if (stored === null) return null;
  const { customerId: _, ...score } = scoreEntrySchema.parse(stored);
  return { from: 'orders' as const, file: null, runId, asOf, modelRunId, modelStatus, horizonDays, ...score };
}

async function readFileScore({ table }: ApiWiring, pointer: Pointer, customerId: string) {
  const { runId, asOf, manifest } = publishedOf(pointer, scoresManifestSchema);
  const { buckets, isHashed, modelRunId, modelStatus, horizonDays } = manifest;
  const stored = await readLookup(table, { runId, name: 'scores', buckets, isHashed, id: customerId });
  if (stored === null) return null;
  const { customerId: _, ...score } = scoreEntrySchema.parse(stored);
  const file = pointer.dataset.slice(scoringPrefix.length);
  return { from: 'scoring' as const, file, runId, asOf, modelRunId, modelStatus, horizonDays, ...score };
}
