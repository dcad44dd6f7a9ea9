import { type HistoryManifest, historyManifestSchema } from '../../lib/pipeline/results.ts';
import type { ValueManifest } from '../../lib/pipeline/valueResults.ts';
import { readList } from '../../lib/store/pages.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { Problem } from './problem.ts';
import { readPublished } from './published.ts';

/** The published run over an order history whose customers have bought. */
export interface PublishedHistory {
  runId: string;
  asOf: string;
  manifest: HistoryManifest & { value: ValueManifest };
}

/** Null when none is published, or nobody has bought in it. */
export async function readPublishedHistory(wiring: ApiWiring): Promise<PublishedHistory | null> {
  const published = await readPublished(wiring, 'orders', historyManifestSchema);
  if (published === null || published.manifest.value === null) return null;
  const { manifest, ...ofRun } = published;
  return { ...ofRun, manifest: { ...manifest, value: published.manifest.value } };
}

/** The same, or the 404 that says which folder waits for an export. */
export async function requirePublishedHistory(wiring: ApiWiring): Promise<PublishedHistory> {
  const history = await readPublishedHistory(wiring);
  if (history) return history;
  throw new Problem(
    'nothingPublished',
    'no order history is published yet: upload an order export to orders/ in the uploads bucket; GET /runs tells how it went',
  );
}

/** All that a run wrote under a name, in one piece. */
export async function readWhole(
  { table }: ApiWiring,
  { runId, name }: { runId: string; name: string },
): Promise<unknown[]> {
  const whole: unknown[] = [];
  let from = { page: 0, offset: 0 };
  for (;;) {
    const { values, next } = await readList(table, { runId, name, from, limit: 1000 });
    whole.push(...values);
    if (next === null) return whole;
    from = next;
  }
}

export const factsOf = ({ runId, asOf, manifest }: PublishedHistory) => ({
  runId,
  asOf,
  lastDay: manifest.lastDay,
  currency: manifest.currency,
});
