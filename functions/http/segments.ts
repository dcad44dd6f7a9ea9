import { memberList } from '../../lib/pipeline/memberList.ts';
import {
  type CustomersManifest,
  customerEntrySchema,
  customersManifestSchema,
} from '../../lib/pipeline/results.ts';
import { segmentMemberSchema } from '../../lib/pipeline/valueResults.ts';
import { rfmGroupSchema } from '../../lib/value/rfmGroups.ts';
import { tierSchema } from '../../lib/value/tier.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { inUnits } from './amounts.ts';
import { readHistorySegments } from './historyValue.ts';
import { readListPage } from './listPage.ts';
import { Problem } from './problem.ts';
import { type Published, readPublished } from './published.ts';
import { type PublishedHistory, readPublishedHistory } from './publishedHistory.ts';
import { route } from './route.ts';
import { segmentCustomersQuery, segmentCustomersSchema, segmentsSchema } from './schemas.ts';

export const segmentsRoute = route(
  {
    method: 'GET',
    path: '/segments',
    operationId: 'listSegments',
    summary:
      'The segments: how many customers each holds, what they spent, and what they are expected to spend',
    description:
      'Of the summary table below customers/, and below `history` of the order history; each part is of the run that it names.',
    tag: 'customers',
    problems: ['nothingPublished'],
    answer: segmentsSchema,
  },
  async (_request, wiring) => {
    const [table, published] = await Promise.all([
      readPublished(wiring, 'customers', customersManifestSchema),
      readPublishedHistory(wiring),
    ]);
    const source = table ?? published ?? nothingPublished();
    const history = published && (await readHistorySegments(wiring, published));
    const { runId, asOf } = source;
    return { runId, asOf, ...tableSegments(table?.manifest ?? null), history };
  },
);

const tableSegments = (manifest: CustomersManifest | null) => ({
  customers: manifest?.customers ?? null,
  currency: manifest?.currency ?? null,
  scale: manifest?.scale ?? null,
  method: manifest?.method ?? null,
  edges: manifest?.edges ?? null,
  segments: manifest?.segments ?? [],
});

export const segmentCustomersRoute = route(
  {
    method: 'GET',
    path: '/segments/{segment}/customers',
    operationId: 'listSegmentCustomers',
    summary: 'The customers of a segment, the best score or the greatest expected spend first',
    tag: 'customers',
    problems: ['notFound', 'nothingPublished', 'cursorExpired', 'invalidRequest'],
    parameters: {
      segment:
        'A tier (high, mid, low); of an order history also an RFM group (champions, atRisk, …) or a cluster (cluster-1, …). GET /segments names them.',
    },
    query: segmentCustomersQuery,
    answer: segmentCustomersSchema,
  },
  async ({ parameters, query }, wiring) => {
    const segment = parameters.segment as string;
    const { source: asked, ...page } = query;
    const table = await readPublished(wiring, 'customers', customersManifestSchema);
    const isTier = tierSchema.safeParse(segment).success;
    const source = asked ?? (isTier && table !== null ? 'customers' : 'orders');
    if (!isTier && (source === 'customers' || !isHistorySegment(segment))) throw noSuchSegment();
    if (source === 'customers')
      return listTable(wiring, { segment, page, table: table ?? nothingPublished() });
    const history = (await readPublishedHistory(wiring)) ?? nothingPublished();
    return listHistory(wiring, { segment, page, history });
  },
);

interface Page {
  limit: number;
  cursor?: string | undefined;
}

async function listTable(
  wiring: ApiWiring,
  { segment, page, table }: { segment: string; page: Page; table: Published<CustomersManifest> },
) {
  const { entries, ...read } = await readListPage(wiring, {
    dataset: 'customers',
    list: `segment-${segment}`,
    entry: customerEntrySchema,
    query: page,
    current: table,
  });
  return { ...read, segment, source: 'customers' as const, customers: entries };
}

async function listHistory(
  wiring: ApiWiring,
  { segment, page, history }: { segment: string; page: Page; history: PublishedHistory },
) {
  const { manifest } = history;
  const number = clusterNumber(segment);
  if (number !== null && page.cursor === undefined && number > manifest.value.clusters) throw noSuchSegment();
  const { entries, ...read } = await readListPage(wiring, {
    dataset: 'orders',
    list: memberList(segment),
    entry: segmentMemberSchema,
    query: page,
    current: history,
  });
  const amount = inUnits(manifest.currency);
  const customers = entries.map((entry) => ({
    ...entry,
    historic: amount(entry.historic),
    next12m: amount(entry.next12m),
    low: amount(entry.low),
    high: amount(entry.high),
  }));
  return { ...read, segment, source: 'orders' as const, customers };
}

const isHistorySegment = (name: string): boolean =>
  rfmGroupSchema.safeParse(name).success || clusterNumber(name) !== null;

const clusterNumber = (name: string): number | null => {
  const [, digit] = /^cluster-([1-9])$/.exec(name) ?? [];
  return digit === undefined ? null : Number(digit);
};

export const noSuchSegment = (): Problem =>
  new Problem(
    'notFound',
    'no segment has this name; tiers are high, mid and low, and GET /segments names the others',
  );

export function nothingPublished(): never {
  throw new Problem(
    'nothingPublished',
    'no table is published yet: upload a CSV to customers/, or an order export to orders/, in the uploads bucket; GET /runs tells how it went',
  );
}
