import { createReadStream } from 'node:fs';
import { computeOrderFeatures, writeFeatures } from '../lib/features/computeOrderFeatures.ts';
import { type Connections, type DuckDb, withConnections } from '../lib/features/duckdb.ts';
import { orderFeatures } from '../lib/features/orderFeatures.ts';
import { stageEvents, stageOrderLines } from '../lib/features/stage.ts';
import { fitTwice, groupsFor } from '../lib/pipeline/history/groups.ts';
import { viewsOfGroups } from '../lib/pipeline/history/groupViews.ts';
import type { StagedInput } from '../lib/pipeline/history/stageInput.ts';
import { readEvents } from '../lib/tables/orders/readEvents.ts';
import { readOrders } from '../lib/tables/orders/readOrders.ts';
import type { TableSource } from '../lib/tables/types.ts';
import type { IngestFindings, IngestTask } from './ingestFindings.ts';

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
  const options = { scratchDirectory: scratch, memoryLimitMb };
  const staged = await withConnections({ ...options, atOnce: 2 }, async (connections) => [
    await ordersInto(connections, orders, scratch),
    await eventsInto(connections, events, scratch),
  ]);
  const read = performance.now();
  const totals = new Map<string, number>();
  const sample: IngestFindings['sample'] = {};
  let customers = 0;
  const rows = staged.reduce((sum, one) => sum + one.rows, 0);
  const groups = groupsFor(rows);
  await withConnections({ ...options, atOnce: fitTwice(rows, groups) ? 2 : 1 }, async ([db, ...besides]) =>
    computeOrderFeatures(db, {
      besides,
      buckets: await viewsOfGroups(db, staged, { groups }),
      cutoffs: [{ lastDay, horizonDays: null }],
      newestAt: (lastDay + 2) * 86_400,
      onBucket: async (group, connection) => {
        await writeFeatures(connection, `${scratch}/features-${group}.parquet`);
        const found = await totalsOf(connection);
        customers += found.customers;
        for (const [name, sum] of found.sums) totals.set(name, (totals.get(name) ?? 0) + sum);
        await addSample(connection, sample);
      },
    }),
  );
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

async function ordersInto(connections: Connections, path: string, scratch: string): Promise<Staged> {
  const stage = stageOrderLines(connections, { path: `${scratch}/orders` });
  const options = { timeZone: 'UTC', currency: 'EUR' };
  const { report } = await readOrders(source(path, 'orders/bench.csv'), options, stage);
  await stage.end();
  return { kind: 'orders', parquetPath: `${scratch}/orders-*.parquet`, rows: report.rowsOk };
}

async function eventsInto(connections: Connections, path: string, scratch: string): Promise<Staged> {
  const stage = stageEvents(connections, { path: `${scratch}/events` });
  const { report } = await readEvents(source(path, 'events/bench.csv'), { timeZone: 'UTC' }, stage);
  await stage.end();
  return { kind: 'events', parquetPath: `${scratch}/events-*.parquet`, rows: report.rowsOk };
}

async function totalsOf(db: DuckDb): Promise<{ customers: number; sums: [string, number][] }> {
  const sums = orderFeatures.map(({ name, type }) =>
    type === 'text' ? `COUNT(${name}) AS ${name}` : `COALESCE(SUM(${name}), 0) AS ${name}`,
  );
  const [row = {}] = await db.rows(`SELECT COUNT(*) AS customers, ${sums.join(', ')} FROM customer_features`);
  return {
    customers: Number(row.customers),
    sums: orderFeatures.map(({ name }) => [name, Number(row[name])]),
  };
}

async function addSample(db: DuckDb, sample: IngestFindings['sample']): Promise<void> {
  const rows = await db.rows(`SELECT * FROM customer_features WHERE customer_id LIKE '%00'`);
  for (const { customer_id: id, ...row } of rows)
    sample[String(id)] = row as IngestFindings['sample'][string];
}
