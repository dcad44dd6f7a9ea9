import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerBucket, stagedBuckets } from '../../../lib/features/customerBucket.ts';
import { type DuckDb, sqlText } from '../../../lib/features/duckdb.ts';
import { stageEvents } from '../../../lib/features/stage.ts';
import type { EventBatch } from '../../../lib/tables/orders/eventBatch.ts';
import type { CellTexts } from '../../../lib/tables/textColumn.ts';
import { openTestDuckDb } from '../../support/orderTables.ts';

let db: DuckDb;
let directory: string;
let close: () => void;
beforeAll(async () => {
  ({ db, directory, close } = await openTestDuckDb());
});
afterAll(() => close());

// 12 bytes are held in place by DuckDB, 13 are not; ë and 王 take more bytes than characters.
const text = fc.oneof(
  fc.constantFrom('', 'twelve bytes', 'thirteen byte', 'Zoë of Berlin', '王芳', '12345678901ë'),
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0') && one.isWellFormed()),
);
const number = fc.double({ noDefaultInfinity: true, noNaN: false });

test('what is appended comes back, whatever the text and wherever nothing is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.option(text), number, fc.integer({ min: -128, max: 127 })), {
        minLength: 1,
        maxLength: 200,
      }),
      async (rows) => {
        await db.run('CREATE OR REPLACE TABLE appended (place INTEGER, a VARCHAR, b DOUBLE, c TINYINT)');
        await db.append('appended', {
          length: rows.length,
          columns: [
            Int32Array.from(rows.keys()),
            rows.map(([a]) => a),
            Float64Array.from(rows, ([, b]) => b),
            Int8Array.from(rows, ([, , c]) => c),
          ],
        });
        await db.endAppending('appended');
        const { values } = await db.columns('SELECT a, b, c FROM appended ORDER BY place');
        const missing = (b: number): number | null => (Number.isNaN(b) ? null : b);
        expect(values).toEqual([
          rows.map(([a]) => a),
          rows.map(([, b]) => missing(b)),
          rows.map(([, , c]) => c),
        ]);
      },
    ),
    { numRuns: 100 },
  );
});

test('text that stands in bytes, or is one of few words, comes back too', async () => {
  const words = ['sale', 'thirteen byte', 'a word of more than twelve bytes', 'Zoë'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.option(text), fc.nat(words.length - 1)), { minLength: 1, maxLength: 200 }),
      fc.nat(20),
      async (rows, before) => {
        await db.run('CREATE OR REPLACE TABLE appended (place INTEGER, a VARCHAR, b VARCHAR)');
        await db.append('appended', {
          length: rows.length,
          columns: [
            Int32Array.from(rows.keys()),
            cellsOf(
              rows.map(([a]) => a),
              before,
            ),
            { words, codes: Uint8Array.from(rows, ([, b]) => b) },
          ],
        });
        await db.endAppending('appended');
        const { values } = await db.columns('SELECT a, b FROM appended ORDER BY place');
        expect(values).toEqual([rows.map(([a]) => a), rows.map(([, b]) => words[b])]);
      },
    ),
    { numRuns: 100 },
  );
});

/** Texts behind each other in bytes, as the cells of a column are, with nothing behind the last. */
function cellsOf(texts: readonly (string | null)[], before: number): CellTexts {
  const parts = [Buffer.alloc(before, 'x'), ...texts.map((one) => Buffer.from(one ?? ''))];
  const starts = parts.map((_, at) => parts.slice(0, at).reduce((sum, part) => sum + part.length, 0));
  return {
    bytes: Uint8Array.from(Buffer.concat(parts)),
    starts: Int32Array.from(starts.slice(1)),
    lengths: Int32Array.from(texts, (one) => (one === null ? -1 : Buffer.byteLength(one))),
  };
}

test('a column that is shorter than the others is refused', async () => {
  await db.run('CREATE OR REPLACE TABLE appended (a VARCHAR, b DOUBLE)');
  await expect(
    db.append('appended', { length: 2, columns: [['x', 'y'], new Float64Array(1)] }),
  ).rejects.toThrow('needs 2 values in column 1; got 1');
});

test('rows beyond a file go into further ones, in each of which a bucket stands together', async () => {
  const path = join(directory, 'events');
  const stage = stageEvents(db, { path });
  await stage.begin();
  for (let batch = 0; batch < 150; batch++) await stage.add(events(batch * 2_048));
  const files = await stage.end();
  expect(files).toEqual([`${path}-0.parquet`, `${path}-1.parquet`]);
  const staged = `read_parquet(${sqlText(`${path}-*.parquet`)}, file_row_number = true, filename = true)`;
  const [sums] = await db.rows(
    `SELECT COUNT(*) AS event_count, COUNT(DISTINCT occurred_at) AS times, COUNT(DISTINCT bucket) AS buckets FROM ${staged}`,
  );
  expect(sums).toEqual({ event_count: 307_200, times: 307_200, buckets: stagedBuckets });
  const [disorder] = await db.rows(
    `SELECT COUNT(*) AS steps_back FROM (SELECT bucket - LAG(bucket) OVER (PARTITION BY filename ORDER BY file_row_number) AS step FROM ${staged}) WHERE step < 0`,
  );
  expect(disorder).toEqual({ steps_back: 0 });
  const [one] = await db.rows(`SELECT customer_id, bucket FROM ${staged} WHERE occurred_at = 300000`);
  expect(one).toEqual({ customer_id: 'C300000', bucket: customerBucket('C300000', stagedBuckets) });
});

test('a stage that begins again forgets what it had', async () => {
  const stage = stageEvents(db, { path: join(directory, 'again') });
  await stage.begin();
  for (let batch = 0; batch < 130; batch++) await stage.add(events(batch * 2_048));
  await stage.begin();
  await stage.add(events(0));
  const files = await stage.end();
  const [row] = await db.rows(
    `SELECT COUNT(*) AS event_count FROM read_parquet([${files.map(sqlText).join(', ')}])`,
  );
  expect([files.length, row]).toEqual([1, { event_count: 2_048 }]);
});

function events(first: number): EventBatch {
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
