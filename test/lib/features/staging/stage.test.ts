import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { customerBucket, stagedBuckets } from '../../../../lib/features/customerBucket.ts';
import { sqlText } from '../../../../lib/features/duckdb.ts';
import { stageEvents } from '../../../../lib/features/staging/stage.ts';
import { withStaging } from '../../../../lib/features/staging/staging.ts';
import type { EventBatch } from '../../../../lib/tables/orders/eventBatch.ts';
import { openTestDuckDb } from '../../../support/orderTables.ts';

const { db, directory, close } = await openTestDuckDb();
afterAll(close);

test('rows beyond a file go into further ones, in each of which a bucket stands together', async () => {
  const path = join(directory, 'events');
  const files = await withStaging(async (staging) => {
    const stage = stageEvents(staging, { path });
    await stage.begin();
    for (let batch = 0; batch < 300; batch++) await stage.add(events(batch * 2_048));
    return stage.end();
  });
  expect(files).toEqual([`${path}-0.parquet`, `${path}-1.parquet`]);
  expect(readdirSync(directory).sort()).toEqual(['events-0.parquet', 'events-1.parquet']);
  const staged = `read_parquet(${sqlText(`${path}-*.parquet`)}, file_row_number = true, filename = true)`;
  const [sums] = await db.rows(
    `SELECT COUNT(*) AS event_count, COUNT(DISTINCT occurred_at) AS times, COUNT(DISTINCT bucket) AS buckets FROM ${staged}`,
  );
  expect(sums).toEqual({ event_count: 614_400, times: 614_400, buckets: stagedBuckets });
  const [disorder] = await db.rows(
    `SELECT COUNT(*) AS steps_back FROM (SELECT bucket - LAG(bucket) OVER (PARTITION BY filename ORDER BY file_row_number) AS step FROM ${staged}) WHERE step < 0`,
  );
  expect(disorder).toEqual({ steps_back: 0 });
  const [one] = await db.rows(`SELECT customer_id, bucket FROM ${staged} WHERE occurred_at = 300000`);
  expect(one).toEqual({ customer_id: 'C300000', bucket: customerBucket('C300000', stagedBuckets) });
});

test('a stage that begins again forgets what it had', async () => {
  const files = await withStaging(async (staging) => {
    const stage = stageEvents(staging, { path: join(directory, 'again') });
    await stage.begin();
    for (let batch = 0; batch < 260; batch++) await stage.add(manyTimes(batch));
    await stage.begin();
    await stage.add(events(0));
    return stage.end();
  });
  const [row] = await db.rows(
    `SELECT COUNT(*) AS event_count FROM read_parquet([${files.map(sqlText).join(', ')}])`,
  );
  expect([files.length, row]).toEqual([1, { event_count: 2_048 }]);
});

test('who is left out is in no file, and rows without a customer are in', async () => {
  const told: [string, number][] = [];
  const leavesOut = (customerId: string, rows: number): boolean => {
    if (customerId === "C7'" || customerId === 'C9') told.push([customerId, rows]);
    return customerId !== 'C9' && customerId !== 'C8';
  };
  const customerId = [...["C7'", null, 'C9', "C7'", 'C8', null], ...new Array<string>(2_042).fill('C1')];
  const [file = ''] = await withStaging(async (staging) => {
    const stage = stageEvents(staging, { path: join(directory, 'without'), leavesOut });
    await stage.begin();
    await stage.add({ ...events(0), customerId });
    return stage.end();
  });
  const rows = await db.rows(
    `SELECT customer_id, COUNT(*) AS row_count FROM read_parquet(${sqlText(file)}) GROUP BY customer_id ORDER BY customer_id`,
  );
  expect(rows).toEqual([
    { customer_id: 'C8', row_count: 1 },
    { customer_id: 'C9', row_count: 1 },
    { customer_id: null, row_count: 2 },
  ]);
  expect(told.sort()).toEqual([
    ["C7'", 2],
    ['C9', 1],
  ]);
});

test('files that were given up leave the next one its room, and rows that one had left out', async () => {
  const files = await withStaging(async (staging) => {
    for (let attempt = 0; attempt < 3; attempt++) {
      // the first one has a file written, all leave rows behind
      const stage = stageEvents(staging, {
        path: join(directory, `given-up-${attempt}`),
        leavesOut: () => true,
      });
      await stage.begin();
      for (let batch = 0; batch < (attempt === 0 ? 260 : 2); batch++) await stage.add(manyTimes(batch));
    }
    const stage = stageEvents(staging, { path: join(directory, 'then') });
    await stage.begin();
    await stage.add(events(0));
    return stage.end();
  });
  const [row] = await db.rows(`SELECT COUNT(*) AS event_count FROM read_parquet(${sqlText(files[0] ?? '')})`);
  expect([files.length, row]).toEqual([1, { event_count: 2_048 }]);
});

test('rows whose text is more than a slot holds go into as many files as it takes', async () => {
  const [small, large] = [events(0), 'x'.repeat(1 << 20)];
  const sessionId = small.customerId.map((_: unknown, at: number) => (at < 90 ? `${at}${large}` : null));
  const files = await withStaging(async (staging) => {
    const stage = stageEvents(staging, { path: join(directory, 'large') });
    await stage.begin();
    await stage.add({ ...small, sessionId });
    return stage.end();
  });
  const [row] = await db.rows(
    `SELECT COUNT(*) AS event_count, SUM(LENGTH(session_id))::DOUBLE AS bytes FROM read_parquet([${files.map(sqlText).join(', ')}])`,
  );
  expect(files.length).toBeGreaterThan(2);
  expect(row).toEqual({ event_count: 2_048, bytes: 90 * (1 << 20) + 170 });
});

test.each([1, 20])(
  'what cannot be written is thrown at the end at the latest, after %i batches',
  async (batches) => {
    const ended = withStaging(async (staging) => {
      const stage = stageEvents(staging, { path: join(directory, 'nowhere', 'events') });
      await stage.begin();
      for (let batch = 0; batch < batches; batch++) await stage.add(events(batch * 2_048));
      return stage.end();
    });
    await expect(ended).rejects.toThrow(/ENOENT.*nowhere/);
  },
);

const some = events(0);
/** Events that are the same but for their time. */
const manyTimes = (batch: number): EventBatch => ({
  ...some,
  occurredAt: some.occurredAt.map((at) => at + batch * 2_048),
});

function events(first: number): EventBatch & { customerId: string[] } {
  const numbers = Array.from({ length: 2_048 }, (_, at) => first + at);
  return {
    length: numbers.length,
    customerId: numbers.map((at) => `C${at}`),
    sessionId: numbers.map(() => null),
    occurredAt: Float64Array.from(numbers),
    occurredDay: Int32Array.from(numbers, (at) => at % 700),
    minutes: Float64Array.from(numbers, (at) => at / 4),
    kind: numbers.map(() => 'view'),
    channel: numbers.map(() => 'web'),
  };
}
