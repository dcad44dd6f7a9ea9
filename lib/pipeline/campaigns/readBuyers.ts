import { readParquet } from '../../features/readParquet.ts';
import { readBytes } from '../../store/objects.ts';
import { readWholeLookup } from '../../store/pages.ts';
import { readPointer } from '../../store/pointer.ts';
import { dayOf } from '../../tables/cells/calendar.ts';
import { rfmGroupNames } from '../../value/rfmGroups.ts';
import { tiersBestFirst } from '../../value/tier.ts';
import type { Platform } from '../platform.ts';
import { type OrdersInUse, readOrdersInUse } from '../purchase/ordersInUse.ts';
import { type OrderScoresManifest, orderScoresManifestSchema, type ScoreEntry } from '../results.ts';
import type { Run } from '../run.ts';
import type { ValueEntry } from '../valueResults.ts';

/** The published buyers, by column. Money in minor units; NaN where nothing is known. */
export interface Buyers {
  customerIds: string[];
  /** Positions in `tiersBestFirst` and `rfmGroupNames`; clusters from 1, 0 for none. */
  tiers: Uint8Array;
  groups: Uint8Array;
  clusters: Uint8Array;
  /** Of an order within `horizonDays`. */
  probability: Float64Array;
  orderValue: Float64Array;
  next12m: Float64Array;
  pAlive: Float64Array;
  spend: Float64Array;
  purchaseDays: Float64Array;
  daysSinceLast: Float64Array;
  usualGapDays: Float64Array;
}

export type ProbabilitySource = 'purchaseModel' | 'valueModel';

export interface PublishedBuyers {
  orders: OrdersInUse;
  /** Null as long as the customers of this order history have not been scored. */
  scores: ScoresInUse | null;
}

export interface ScoresInUse {
  runId: string;
  asOf: string;
  manifest: OrderScoresManifest;
}

/** The order history that is published, and the probabilities of its customers; null as long as nobody has bought in one. */
export async function readPublishedBuyers(platform: Platform): Promise<PublishedBuyers | null> {
  const [orders, pointer] = await Promise.all([
    readOrdersInUse(platform),
    readPointer(platform.table, 'orders/scores'),
  ]);
  if (orders === null || orders.manifest.value === null) return null;
  if (pointer === null) return { orders, scores: null };
  const { runId, asOf } = pointer;
  const manifest = orderScoresManifestSchema.parse(pointer.manifest);
  // Scores of an earlier history are of customers as they were; new ones are on their way.
  const isCurrent = manifest.ordersRunId === orders.runId && manifest.modelStatus === 'ok';
  return { orders, scores: isCurrent ? { runId, asOf, manifest } : null };
}

/** The model of customers' value says who buys within this many days. */
const valueHorizonDays = 30;

export const probabilityOf = ({
  scores,
}: PublishedBuyers): { source: ProbabilitySource; horizonDays: number } =>
  scores === null
    ? { source: 'valueModel', horizonDays: valueHorizonDays }
    : { source: 'purchaseModel', horizonDays: scores.manifest.horizonDays };

/** All buyers, group after group and by id within one, so that whatever follows does not depend on how pages lie. */
export async function readBuyers({ platform, erased }: Run, published: PublishedBuyers): Promise<Buyers> {
  const rows: Row[] = [];
  const { lookups = [] } = published.orders.manifest.value ?? {};
  for (const group of lookups.keys()) {
    // Pages may still hold somebody who was erased since.
    const known = await readGroup(platform, published, group);
    rows.push(...known.filter(({ entry }) => erased.hashOf(entry.customerId) === null));
  }
  const numbers = (value: (row: Row) => number | null): Float64Array =>
    Float64Array.from(rows, (row) => value(row) ?? Number.NaN);
  return {
    customerIds: rows.map(({ entry }) => entry.customerId),
    tiers: Uint8Array.from(rows, ({ entry }) => tiersBestFirst.indexOf(entry.tier)),
    groups: Uint8Array.from(rows, ({ entry }) => rfmGroupNames.indexOf(entry.rfm.group)),
    clusters: Uint8Array.from(rows, ({ entry }) => entry.cluster ?? 0),
    probability: numbers(({ probability }) => probability),
    orderValue: numbers(({ entry }) => entry.expectedOrder ?? meanOrderOf(entry)),
    next12m: numbers(({ entry }) => entry.next12m),
    pAlive: numbers(({ entry }) => entry.pAlive),
    spend: numbers(({ entry }) => entry.historic),
    purchaseDays: numbers(({ entry }) => entry.purchaseDays),
    daysSinceLast: numbers(({ entry }) => entry.daysSinceLast),
    usualGapDays: numbers(({ usualGapDays }) => usualGapDays),
  };
}

export const lastDayOf = ({ orders }: PublishedBuyers): number => dayOf(orders.manifest.lastDay);

interface Row {
  entry: ValueEntry;
  probability: number | null;
  usualGapDays: number | null;
}

async function readGroup(
  { table, objects, resultsBucket: bucket }: Platform,
  { orders, scores }: PublishedBuyers,
  group: number,
): Promise<Row[]> {
  const { runId, manifest } = orders;
  const [gaps, probabilities] = await Promise.all([
    readUsualGaps({ objects, bucket }, manifest.files[group] as string),
    scores === null ? null : readProbabilities(table, scores, group),
  ]);
  const rows: Row[] = [];
  for await (const [customerId, value] of readWholeLookup(table, {
    runId,
    name: `value-${group}`,
    buckets: 0,
    ...manifest.value?.lookups[group],
  })) {
    const entry = value as ValueEntry;
    const probability = probabilities === null ? entry.pPurchase30d : (probabilities.get(customerId) ?? null);
    rows.push({ entry, probability, usualGapDays: gaps.get(customerId) ?? null });
  }
  return rows.sort((one, other) => (one.entry.customerId < other.entry.customerId ? -1 : 1));
}

async function readUsualGaps(
  { objects, bucket }: Pick<Platform, 'objects'> & { bucket: string },
  key: string,
): Promise<Map<string, number>> {
  const bytes = await readBytes(objects, { bucket, key });
  if (bytes === null)
    throw new Error(`${key} is gone from the results bucket; the next run of orders/ writes it again`);
  const { columns } = await readParquet(bytes, { only: ['customer_id', 'gap_mean_days'] });
  const gaps = columns.get('gap_mean_days') ?? [];
  const known = (columns.get('customer_id') ?? []).map((id, row) => [String(id), gaps[row] ?? null] as const);
  return new Map(known.flatMap(([id, gap]) => (gap === null ? [] : [[id, Number(gap)] as const])));
}

async function readProbabilities(
  table: Platform['table'],
  { runId, manifest }: ScoresInUse,
  group: number,
): Promise<Map<string, number>> {
  const place = { runId, name: `scores-${group}`, buckets: 0, ...manifest.lookups[group] };
  const probabilities = new Map<string, number>();
  for await (const [id, value] of readWholeLookup(table, place))
    probabilities.set(id, (value as ScoreEntry).probability);
  return probabilities;
}

/** Without a model of order values: what an order has been on average, never below nothing. */
const meanOrderOf = ({ historic, purchaseDays }: ValueEntry): number => Math.max(0, historic / purchaseDays);
