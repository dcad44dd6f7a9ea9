import { customersManifestSchema } from '../../lib/pipeline/results.ts';
import { segmentsReportSchema } from '../../lib/pipeline/valueResults.ts';
import type { PublishedSegment } from '../../lib/pipeline/words/segmentTask.ts';
import { tierSchema } from '../../lib/value/tier.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { readPublished } from './published.ts';
import { readPublishedHistory, readWhole } from './publishedHistory.ts';
import { noSuchSegment, nothingPublished } from './segments.ts';

export interface SegmentOfRun {
  runId: string;
  asOf: string;
  published: PublishedSegment;
}

/** A segment by its name: a tier of the table where there is a table, else of the order history; `source` chooses. */
export async function readPublishedSegment(
  wiring: ApiWiring,
  { segment, source }: { segment: string; source?: 'customers' | 'orders' | undefined },
): Promise<SegmentOfRun> {
  const isTier = tierSchema.safeParse(segment).success;
  const table = isTier && source !== 'orders' ? await readTableSegment(wiring, segment) : null;
  if (table !== null) return table;
  if (source === 'customers') throw isTier ? nothingPublished() : noSuchSegment();
  return readHistorySegment(wiring, segment);
}

async function readTableSegment(wiring: ApiWiring, name: string): Promise<SegmentOfRun | null> {
  const published = await readPublished(wiring, 'customers', customersManifestSchema);
  const segment = published?.manifest.segments.find((one) => one.segment === name);
  if (published === null || segment === undefined) return null;
  const { runId, asOf, manifest } = published;
  return { runId, asOf, published: { source: 'customers', segment, currency: manifest.currency } };
}

async function readHistorySegment(wiring: ApiWiring, name: string): Promise<SegmentOfRun> {
  const history = (await readPublishedHistory(wiring)) ?? nothingPublished();
  const { runId, asOf, manifest } = history;
  const [stored] = await readWhole(wiring, { runId, name: 'value-segments' });
  const { tiers, rfmGroups, clusters } = segmentsReportSchema.parse(stored);
  const cluster = clusters.find(({ segment }) => segment === name);
  const segment = cluster ?? [...tiers, ...rfmGroups].find((one) => one.segment === name);
  if (segment === undefined) throw noSuchSegment();
  const traits = cluster?.description ?? null;
  return { runId, asOf, published: { source: 'orders', segment, traits, currency: manifest.currency } };
}
