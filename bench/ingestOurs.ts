import { createReadStream } from 'node:fs';
import { computeOrderFeatures, writeFeatures } from '../lib/features/computeOrderFeatures.ts';
import { type DuckDb, withConnections } from '../lib/features/duckdb.ts';
import { orderFeatures } from '../lib/features/orderFeatures.ts';
import { stageEvents, stageOrderLines } from '../lib/features/staging/stage.ts';
import { type Staging, withStaging } from '../lib/features/staging/staging.ts';
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
  const staged = await withStaging(async (staging) => [
    await ordersInto(staging, orders, scratch),
    await eventsInto(staging, events, scratch),
  ]);
  const read = performance.now();
  const rows = staged.reduce((sum, one) => sum + one.rows, 0);
  const groups = groupsFor(rows);
  await withConnections({ ...options, atOnce: fitTwice(rows, groups) ? 2 : 1 }, async ([db, ...besides]) =>
    computeOrderFeatures(db, {
      besides,
      buckets: await viewsOfGroups(db, staged, { groups }),
      cutoffs: [{ lastDay, horizonDays: null }],
      newestAt: (lastDay + 2) * 86_400,
      onBucket: (group, connection) => writeFeatures(connection, `${scratch}/features-${group}.parquet`),
    }),
  );
  const ended = performance.now();
  const { user, system } = process.cpuUsage();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  // what both sides sum up to be compared is no part of what is measured, on either side
  const found = await withConnections({ ...options, atOnce: 1 }, ([db]) => findingsOf(db, scratch));
  return {
    seconds: (ended - began) / 1000,
    parts: { 'read and stage': (read - began) / 1000, 'ledger and features': (ended - read) / 1000 },
    cpuSeconds: (user + system) / 1e6,
    peakMb,
    ...found,
  };
}

type Staged = Pick<StagedInput, 'kind' | 'parquetPath'> & { rows: number };

function source(path: string, key: string): TableSource {
  return { key, open: () => createReadStream(path, { highWaterMark: 1 << 20 }) };
}

async function ordersInto(staging: Staging, path: string, scratch: string): Promise<Staged> {
  const stage = stageOrderLines(staging, { path: `${scratch}/orders` });
  const options = { timeZone: 'UTC', currency: 'EUR' };
  const { report } = await readOrders(source(path, 'orders/bench.csv'), options, stage);
  await stage.end();
  return { kind: 'orders', parquetPath: `${scratch}/orders-*.parquet`, rows: report.rowsOk };
}

async function eventsInto(staging: Staging, path: string, scratch: string): Promise<Staged> {
  const stage = stageEvents(staging, { path: `${scratch}/events` });
  const { report } = await readEvents(source(path, 'events/bench.csv'), { timeZone: 'UTC' }, stage);
  await stage.end();
  return { kind: 'events', parquetPath: `${scratch}/events-*.parquet`, rows: report.rowsOk };
}

async function findingsOf(
  db: DuckDb,
  scratch: string,
): Promise<Pick<IngestFindings, 'customers' | 'totals' | 'sample'>> {
  const features = `read_parquet('${scratch}/features-*.parquet')`;
  const sums = orderFeatures.map(({ name, type }) =>
    type === 'text' ? `COUNT(${name}) AS ${name}` : `COALESCE(SUM(${name}), 0) AS ${name}`,
  );
  const [row = {}] = await db.rows(`SELECT COUNT(*) AS customers, ${sums.join(', ')} FROM ${features}`);
  const sampled = await db.rows(`SELECT * FROM ${features} WHERE customer_id LIKE '%00'`);
  return {
    customers: Number(row.customers),
    totals: Object.fromEntries(orderFeatures.map(({ name }) => [name, Number(row[name])])),
    sample: Object.fromEntries(
      sampled.map(({ customer_id: id, ...own }) => [String(id), own as IngestFindings['sample'][string]]),
    ),
  };
}
