import {
  computeOrderFeatures,
  type LedgerRule,
  type OrderBucket,
  writeFeatures,
} from '../../features/computeOrderFeatures.ts';
import type { DuckDb } from '../../features/duckdb.ts';
import { nonProducts as usualNonProducts } from '../../features/nonProducts.ts';
import { type CohortCell, createPurchaseInputs, readPurchases } from '../../features/purchases.ts';
import { storeFile } from '../../store/files.ts';
import { writeLookup } from '../../store/pages.ts';
import { calendarMonths } from '../../value/cohorts.ts';
import { type Run, runObjectKey } from '../run.ts';
import { type Buyers, buyersOf, type FeatureColumns, joinBuyers } from './buyers.ts';
import type { HistorySpan } from './span.ts';

/** What is left of the features once they are stored. */
export interface LearnedFeatures {
  customers: number;
  /** Names of a customer's features, in the order of the lookups' values. */
  columns: string[];
  lookups: { buckets: number }[];
  /** Parquet files by group: keys in the results bucket, and paths on this machine's disk. */
  files: string[];
  featurePaths: string[];
  ledger: LedgerRule[];
  buyers: Buyers;
  cohortCells: CohortCell[];
}

/** Ledger and features, group by group; each group's go into a lookup and a Parquet file. */
export async function learnFeatures(
  run: Run,
  {
    db,
    twoAtOnce,
    buckets,
    span,
    newestAt,
    directory,
  }: {
    db: DuckDb;
    twoAtOnce: boolean;
    buckets: OrderBucket[];
    span: HistorySpan;
    newestAt: number;
    directory: string;
  },
): Promise<LearnedFeatures> {
  const { plan, settings, platform } = run;
  const { firstDay, lastDay } = span;
  const learned = {
    customers: 0,
    columns: [] as string[],
    lookups: [] as { buckets: number }[],
    files: [] as string[],
    featurePaths: [] as string[],
  };
  const buyers: Buyers[] = [];
  const cells: CohortCell[][] = [];
  await createPurchaseInputs(db, { span, months: calendarMonths(firstDay, lastDay) });
  const ledger = await computeOrderFeatures(db, {
    besides: twoAtOnce ? [await db.beside()] : [],
    buckets,
    cutoffs: [{ lastDay, horizonDays: null }],
    newestAt,
    nonProducts: settings.orders.nonProducts ?? usualNonProducts,
    onBucket: async (group, connection) => {
      const features = await connection.columns('SELECT * FROM customer_features ORDER BY customer_id');
      const purchases = await readPurchases(connection);
      buyers[group] = buyersOf(features, purchases.customers);
      cells[group] = purchases.cells;
      const { names, entries } = entriesOf(features);
      learned.columns = names;
      learned.customers += entries.length;
      const place = { runId: plan.runId, fence: run.fence, name: `history-${group}` };
      learned.lookups[group] = await writeLookup(platform.table, { ...place, entries });
      const path = `${directory}/features-${group}.parquet`;
      learned.featurePaths[group] = path;
      learned.files[group] = await storeFeatures(run, { db: connection, group, path });
    },
  });
  return { ...learned, ledger, buyers: joinBuyers(buyers), cohortCells: cells.flat() };
}

/** Each customer's features in the order of `names`, which is that of docs/features.md. */
function entriesOf({ names, values }: FeatureColumns): { names: string[]; entries: [string, unknown[]][] } {
  const idAt = names.indexOf('customer_id');
  const kept = names.flatMap((name, at) => (notFeatures.includes(name) ? [] : [at]));
  const entries = (values[idAt] ?? []).map((id, row): [string, unknown[]] => [
    String(id),
    kept.map((at) => rounded(values[at]?.[row] ?? null)),
  ]);
  return { names: kept.map((at) => names[at] ?? ''), entries };
}

const notFeatures = ['customer_id', 'last_day', 'label_bought', 'label_spend', 'label_orders'];

/** Twelve significant digits: what is computed in floating point may differ beyond them from machine to machine. */
const rounded = (value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(12)) : value;

async function storeFeatures(
  { plan, platform }: Run,
  { db, group, path }: { db: DuckDb; group: number; path: string },
): Promise<string> {
  const key = runObjectKey(plan, `features-${group}.parquet`);
  await writeFeatures(db, path);
  const { objects, resultsBucket: bucket } = platform;
  await storeFile(objects, { bucket, key, path, contentType: 'application/vnd.apache.parquet' });
  return key;
}
