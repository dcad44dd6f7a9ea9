import { computeOrderFeatures, type LedgerRule, writeFeatures } from '../../features/computeOrderFeatures.ts';
import { type DuckDb, openDuckDb } from '../../features/duckdb.ts';
import { nonProducts as usualNonProducts } from '../../features/nonProducts.ts';
import { storeFile, withScratchDirectory } from '../../store/files.ts';
import { writeLookup } from '../../store/pages.ts';
import { settleEachInput } from '../readInputs.ts';
import { rejectRun } from '../rejection.ts';
import type { HistoryManifest } from '../results.ts';
import { type Dataset, type Run, type RunResult, runObjectKey } from '../run.ts';
import { groupsFor } from './groups.ts';
import { viewsOfGroups } from './groupViews.ts';
import { reportQuality } from './quality.ts';
import { eventsPrefix, type StagedInput, stageInput } from './stageInput.ts';
import { type Buyer, valueCustomers } from './valueCustomers.ts';

/** `orders/` and `events/`: the order history becomes one row of features per customer. */
export const ordersDataset: Dataset = {
  name: 'orders',
  prefixes: ['orders/', eventsPrefix],
  needsModel: false,
  lastingFiles: [],
  work: learnHistory,
};

/** Beside DuckDB's own memory, for this process and for what a query holds outside it. */
const otherMemoryMb = 700;

async function learnHistory(run: Run): Promise<RunResult> {
  const { scratchDirectory, memoryMb } = run.platform;
  return withScratchDirectory(scratchDirectory, async (directory) => {
    const memoryLimitMb = Math.max(256, memoryMb - otherMemoryMb);
    const db = await openDuckDb({ scratchDirectory: directory, memoryLimitMb, threads: 2 });
    try {
      const staged = await run.timed('read', () => stageInputs(run, db, directory));
      return await run.timed('features', () => featuresOf(run, { db, staged, directory }));
    } finally {
      db.close();
    }
  });
}

async function stageInputs(run: Run, db: DuckDb, directory: string): Promise<StagedInput[]> {
  const staged: StagedInput[] = [];
  await settleEachInput(run, async (input) => {
    const one = await stageInput(run, { input, db, directory });
    staged.push(one);
    return one;
  });
  if (!staged.some(({ kind }) => kind === 'orders')) {
    rejectRun(
      'noOrders',
      'events/ tells who browsed, and orders/ holds no CSV: upload an order export to orders/',
    );
  }
  return staged;
}

async function featuresOf(
  run: Run,
  { db, staged, directory }: { db: DuckDb; staged: StagedInput[]; directory: string },
): Promise<RunResult> {
  const { plan, settings, platform } = run;
  const rows = staged.reduce((sum, { report }) => sum + report.rowsOk, 0);
  const groups = groupsFor(rows);
  const buckets = await viewsOfGroups(db, staged, groups);
  const newestAt = Math.floor(Date.parse(plan.asOf ?? '') / 1000);
  const lastDay = lastDayOf(settings.orders.lastDay) ?? (await lastSaleDay(db, { groups, newestAt }));
  const lookups: { buckets: number }[] = [];
  const files: string[] = [];
  let customers = 0;
  let columns: string[] = [];
  const buyers: Buyer[][] = [];
  const ledger = await computeOrderFeatures(db, {
    buckets,
    cutoffs: [{ lastDay, horizonDays: null }],
    newestAt,
    nonProducts: settings.orders.nonProducts ?? usualNonProducts,
    onBucket: async (group) => {
      const { names, entries } = await readFeatures(db);
      columns = names;
      buyers.push(buyersOf(names, entries));
      customers += entries.length;
      const place = { runId: plan.runId, fence: run.fence, name: `history-${group}` };
      lookups.push(await writeLookup(platform.table, { ...place, entries }));
      files.push(await storeFeatures(run, { db, group, directory }));
    },
  });
  run.amend({ counts: { customers, ...linesByOutcome(ledger) } });
  const featurePaths = files.map((_, group) => featuresPath(directory, group));
  await run.timed('quality', () =>
    reportQuality(run, { db, groups, staged, ledger, featurePaths, newestAt }),
  );
  const value = await run.timed('value', () => valueBuyers(run, buyers, lastDay));
  const manifest: HistoryManifest = {
    kind: 'history',
    customers,
    currency: settings.currency,
    lastDay: isoDay(lastDay),
    columns,
    lookups,
    value,
    ledger,
    files,
    layouts: staged.map(({ report, layout }) => ({ file: report.key, layout })),
  };
  return { manifest };
}

/** Customers who have bought; the others only browsed. */
function buyersOf(names: string[], entries: [string, unknown[]][]): Buyer[] {
  const at = (name: string): number => names.indexOf(name);
  const columns = [at('frequency'), at('recency_days'), at('age_days'), at('spend'), at('orders')];
  return entries.flatMap(([customerId, values]) => {
    const [frequency, recencyDays, ageDays, spend, orders] = columns.map((column) =>
      Number(values[column] ?? 0),
    );
    const buyer = { customerId, frequency, recencyDays, ageDays, spend } as Buyer;
    return orders === 0 ? [] : [buyer];
  });
}

/** Fits over all customers, and writes what each is expected to do beside their history. */
async function valueBuyers(run: Run, buyers: Buyer[][], lastDay: number): Promise<HistoryManifest['value']> {
  const { horizonDays, orders } = run.settings;
  const { margin, annualDiscountRate } = orders;
  const { model, entries, notes } = valueCustomers(buyers.flat(), {
    horizonDays,
    margin,
    annualDiscountRate,
    lastDay,
  });
  run.amend({ notes });
  if (model === null) return null;
  const lookups: { buckets: number }[] = [];
  let first = 0;
  for (const [group, { length }] of buyers.entries()) {
    const place = { runId: run.plan.runId, fence: run.fence, name: `value-${group}` };
    const ofGroup = entries.slice(first, first + length).map((entry) => [entry.customerId, entry] as const);
    lookups.push(await writeLookup(run.platform.table, { ...place, entries: ofGroup }));
    first += length;
  }
  return { model, horizonDays, lookups };
}

const dayMs = 86_400_000;
const lastDayOf = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso) / dayMs);
const isoDay = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

async function lastSaleDay(
  db: DuckDb,
  { groups, newestAt }: { groups: number; newestAt: number },
): Promise<number> {
  let last: number | null = null;
  for (let group = 0; group < groups; group++) {
    const [row] = await db.rows(
      `SELECT MAX(ordered_day) AS last_day FROM orders_${group}
       WHERE customer_id IS NOT NULL AND status = 'sale' AND ordered_at <= ${newestAt}`,
    );
    const day = row?.last_day;
    if (typeof day === 'number') last = Math.max(last ?? day, day);
  }
  return (
    last ??
    rejectRun('noSales', 'orders/ holds no sale of a known customer before now, so there is nothing to learn')
  );
}

/** Each customer's features in the order of `names`, which is that of docs/features.md. */
async function readFeatures(db: DuckDb): Promise<{ names: string[]; entries: [string, unknown[]][] }> {
  const { names, values } = await db.columns('SELECT * FROM customer_features ORDER BY customer_id');
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

const featuresPath = (directory: string, group: number): string => `${directory}/features-${group}.parquet`;

async function storeFeatures(
  run: Run,
  { db, group, directory }: { db: DuckDb; group: number; directory: string },
): Promise<string> {
  const path = featuresPath(directory, group);
  const key = runObjectKey(run.plan, `features-${group}.parquet`);
  await writeFeatures(db, path);
  const { objects, resultsBucket: bucket } = run.platform;
  await storeFile(objects, { bucket, key, path, contentType: 'application/vnd.apache.parquet' });
  return key;
}

const linesByOutcome = (ledger: LedgerRule[]): Record<string, number> =>
  Object.fromEntries(ledger.map(({ outcome, lines }) => [`lines.${outcome}`, lines]));
