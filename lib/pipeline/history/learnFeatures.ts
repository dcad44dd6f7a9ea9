import {
  computeOrderFeatures,
  type LedgerRule,
  type OrderBucket,
  sumLedgers,
  writeFeatures,
} from '../../features/computeOrderFeatures.ts';
import { type DuckDb, sqlText } from '../../features/duckdb.ts';
import { nonProducts as usualNonProducts } from '../../features/nonProducts.ts';
import {
  type CohortCell,
  createPurchaseInputs,
  readOrderDays,
  readPurchases,
} from '../../features/purchases.ts';
import { writeProductSales } from '../../features/writeProductSales.ts';
import { fetchToFile, storeFile } from '../../store/files.ts';
import type { LookupExtent } from '../../store/lookupExtent.ts';
import { writeLookup } from '../../store/pages.ts';
import { calendarMonths } from '../../value/cohorts.ts';
import { type Run, runObjectKey } from '../run.ts';
import { progressOf } from '../runRecorder.ts';
import { type Buyers, buyersOf, type FeatureColumns, joinBuyers } from './buyers.ts';
import type { HistorySpan } from './span.ts';

/** What is left of the features once they are stored. */
export interface LearnedFeatures {
  customers: number;
  /** Names of a customer's features, in the order of the lookups' values. */
  columns: string[];
  lookups: LookupExtent[];
  /** The last days with an order of each group's customers. */
  orderDays: LookupExtent[];
  /** Parquet files by group: keys in the results bucket, and paths on this machine's disk. */
  files: string[];
  featurePaths: string[];
  /** Parquet files by group, of who bought what: keys in the results bucket. */
  sales: string[];
  ledger: LedgerRule[];
  buyers: Buyers;
  cohortCells: CohortCell[];
}

/** Ledger and features, group by group; each group's go into a lookup and a Parquet file. */
export async function learnFeatures(
  run: Run,
  {
    db,
    besides,
    buckets,
    span,
    newestAt,
    directory,
  }: {
    db: DuckDb;
    /** Further connections to the database, where memory holds a group for each. */
    besides: readonly DuckDb[];
    buckets: OrderBucket[];
    span: HistorySpan;
    newestAt: number;
    directory: string;
  },
): Promise<LearnedFeatures> {
  const { settings } = run;
  const { firstDay, lastDay } = span;
  const learned: LearnedGroup[] = [];
  const pathOf = (group: number): string => `${directory}/features-${group}.parquet`;
  await createPurchaseInputs(db, { span, months: calendarMonths(firstDay, lastDay) });
  await computeOrderFeatures(db, {
    besides,
    buckets,
    cutoffs: [{ lastDay, horizonDays: null }],
    newestAt,
    nonProducts: settings.orders.nonProducts ?? usualNonProducts,
    around: async (group, work) => {
      const one = await run.unit(`features-${group}`, async () => {
        await work();
        return learned[group] as LearnedGroup;
      });
      // Of an earlier invocation: what it left on its disk is fetched.
      if (learned[group] === undefined) await fetchFeatures(run, { key: one.file, path: pathOf(group) });
      learned[group] = one;
      run.progress({
        ...progressOf('features'),
        done: Object.keys(learned).length / buckets.length,
        rows: learned.reduce((sum, { customers }) => sum + customers, 0),
      });
    },
    onBucket: async (group, connection, ledger) => {
      const stored = await learnGroup(run, { connection, group, path: pathOf(group), directory });
      learned[group] = { ...stored, ledger };
    },
  });
  return {
    customers: learned.reduce((sum, { customers }) => sum + customers, 0),
    columns: learned[0]?.columns ?? [],
    lookups: learned.map(({ lookup }) => lookup),
    orderDays: learned.map(({ orderDays }) => orderDays),
    files: learned.map(({ file }) => file),
    featurePaths: learned.map((_, group) => pathOf(group)),
    sales: learned.map(({ sales }) => sales),
    ledger: sumLedgers(learned.map(({ ledger }) => ledger)),
    buyers: joinBuyers(learned.map(({ buyers }) => buyers)),
    cohortCells: learned.flatMap(({ cells }) => cells),
  };
}

/** What is left of a group's features. */
interface LearnedGroup {
  customers: number;
  columns: string[];
  lookup: LookupExtent;
  orderDays: LookupExtent;
  file: string;
  sales: string;
  buyers: Buyers;
  cells: CohortCell[];
  ledger: LedgerRule[];
}

async function learnGroup(
  run: Run,
  {
    connection,
    group,
    path,
    directory,
  }: { connection: DuckDb; group: number; path: string; directory: string },
): Promise<Omit<LearnedGroup, 'ledger'>> {
  const file = await storeFeatures(run, { db: connection, group, path });
  const features = await connection.columns(
    `SELECT * FROM read_parquet(${sqlText(path)}) ORDER BY customer_id`,
  );
  const purchases = await readPurchases(connection);
  const { names, entries } = entriesOf(features);
  const place = { runId: run.plan.runId, fence: run.fence, name: `history-${group}` };
  const days = { ...place, name: `order-days-${group}`, entries: await readOrderDays(connection) };
  return {
    customers: entries.length,
    columns: names,
    lookup: await writeLookup(run.platform.table, { ...place, entries }),
    orderDays: await writeLookup(run.platform.table, days),
    file,
    sales: await storeSales(run, { db: connection, group, directory }),
    buyers: buyersOf(features, purchases.customers),
    cells: purchases.cells,
  };
}

async function fetchFeatures(
  { platform: { objects, resultsBucket: bucket } }: Run,
  { key, path }: { key: string; path: string },
): Promise<void> {
  if (!(await fetchToFile(objects, { bucket, key }, path)))
    throw new Error(`${key} is gone, which an earlier invocation of this run has stored`);
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
  run: Run,
  { db, group, path }: { db: DuckDb; group: number; path: string },
): Promise<string> {
  await writeFeatures(db, path);
  return storeParquet(run, { name: `features-${group}.parquet`, path });
}

async function storeSales(
  run: Run,
  { db, group, directory }: { db: DuckDb; group: number; directory: string },
): Promise<string> {
  const name = `sales-${group}.parquet`;
  const path = `${directory}/${name}`;
  await writeProductSales(db, path);
  return storeParquet(run, { name, path });
}

async function storeParquet(
  { plan, platform }: Run,
  { name, path }: { name: string; path: string },
): Promise<string> {
  const key = runObjectKey(plan, name);
  const { objects, resultsBucket: bucket } = platform;
  await storeFile(objects, { bucket, key, path, contentType: 'application/vnd.apache.parquet' });
  return key;
}
