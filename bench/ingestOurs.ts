import { createReadStream } from 'node:fs';
import { computeOrderFeatures, writeFeatures } from '../lib/features/computeOrderFeatures.ts';
import { type DuckDb, openDuckDb } from '../lib/features/duckdb.ts';
import { stageEvents, stageOrderLines } from '../lib/features/stage.ts';
import { groupsFor } from '../lib/pipeline/history/groups.ts';
import { viewsOfGroups } from '../lib/pipeline/history/groupViews.ts';
import type { StagedInput } from '../lib/pipeline/history/stageInput.ts';
import { readEvents } from '../lib/tables/orders/readEvents.ts';
import { readOrders } from '../lib/tables/orders/readOrders.ts';
import type { TableSource } from '../lib/tables/types.ts';
import { compared, type IngestFindings, type IngestTask } from './ingestFindings.ts';

/** What the function does with an order history, but for the buckets on both sides. Runs in a process of its own. */

const task = JSON.parse(process.argv[2] ?? '') as IngestTask;
main(task).then((findings) => process.stdout.write(JSON.stringify(findings)));

async function main({
  orders,
  events,
  lastDay,
  scratch,
  memoryLimitMb,
}: IngestTask): Promise<IngestFindings> {
  const began = performance.now();
  const db = await openDuckDb({ scratchDirectory: scratch, memoryLimitMb, threads: 2 });
  const staged = [await ordersInto(db, orders, scratch), await eventsInto(db, events, scratch)];
  const read = performance.now();
  const totals = new Map<string, number>();
  const sample: IngestFindings['sample'] = {};
  let customers = 0;
  const rows = staged.reduce((sum, one) => sum + one.rows, 0);
  await computeOrderFeatures(db, {
    buckets: await viewsOfGroups(db, staged, { groups: groupsFor(rows) }),
    cutoffs: [{ lastDay, horizonDays: null }],
    newestAt: (lastDay + 2) * 86_400,
    onBucket: async (group) => {
      await writeFeatures(db, `${scratch}/features-${group}.parquet`);
      customers += await addTotals(db, totals);
      await addSample(db, sample);
    },
  });
  db.close();
  const ended = performance.now();
  const { user, system } = process.cpuUsage();
  return {
    seconds: (ended - began) / 1000,
    parts: { 'read and stage': (read - began) / 1000, 'ledger and features': (ended - read) / 1000 },
    cpuSeconds: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
    customers,
    totals: Object.fromEntries(totals),
    sample,
  };
}

type Staged = Pick<StagedInput, 'kind' | 'parquetPath'> & { rows: number };

const source = (path: string, key: string): TableSource => ({ key, open: () => createReadStream(path) });

async function ordersInto(db: DuckDb, path: string, scratch: string): Promise<Staged> {
  const stage = stageOrderLines(db, `${scratch}/orders`);
  const options = { timeZone: 'UTC', currency: 'EUR' };
  const { report } = await readOrders(source(path, 'orders/bench.csv'), options, stage);
  await stage.end();
  return { kind: 'orders', parquetPath: `${scratch}/orders-*.parquet`, rows: report.rowsOk };
}

async function eventsInto(db: DuckDb, path: string, scratch: string): Promise<Staged> {
  const stage = stageEvents(db, `${scratch}/events`);
  const { report } = await readEvents(source(path, 'events/bench.csv'), { timeZone: 'UTC' }, stage);
  await stage.end();
  return { kind: 'events', parquetPath: `${scratch}/events-*.parquet`, rows: report.rowsOk };
}

async function addTotals(db: DuckDb, totals: Map<string, number>): Promise<number> {
  const sums = compared.map((name) => `COALESCE(SUM(${name}), 0) AS ${name}`);
  const [row = {}] = await db.rows(`SELECT ${sums.join(', ')} FROM customer_features`);
  for (const name of compared) totals.set(name, (totals.get(name) ?? 0) + Number(row[name]));
  const [counted] = await db.rows('SELECT COUNT(*) AS customers FROM customer_features');
  return Number(counted?.customers);
}

async function addSample(db: DuckDb, sample: IngestFindings['sample']): Promise<void> {
  const rows = await db.rows(`SELECT * FROM customer_features WHERE customer_id LIKE '%00'`);
  for (const row of rows) sample[String(row.customer_id)] = compared.map((name) => Number(row[name] ?? 0));
}
