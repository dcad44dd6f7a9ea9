import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import {
  customerBucket,
  customerBucketSql,
  isSampled,
  isSampledSql,
} from '../../../lib/features/customerBucket.ts';
import { sqlText } from '../../../lib/features/duckdb.ts';
import { openTestDuckDb } from '../../support/orderTables.ts';

const { db, close } = await openTestDuckDb();
afterAll(close);

// reference: printf %s id | md5sum, its first eight hexadecimal digits
test('a customer’s bucket is four bytes of MD5, which never change', () => {
  expect(customerBucket('C00001', 2 ** 32)).toBe(0xbcfa3cca);
  expect(customerBucket('王芳', 2 ** 32)).toBe(0x10391069);
  expect(customerBucket('', 2 ** 32)).toBe(0xd41d8cd9);
  expect(customerBucket(null, 7)).toBe(0xd41d8cd9 % 7);
});

test('SQL and TypeScript put every customer into the same bucket', async () => {
  const text = fc.string({ unit: 'grapheme' }).filter((id) => !id.includes('\0') && id.isWellFormed());
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 50 }),
      fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.constantFrom(2, 16, 64, 256, 512)),
      async (ids, buckets) => {
        const values = ids.map((id, index) => `(${index}, ${sqlText(id)})`).join(', ');
        const rows = await db.rows(
          `SELECT ${customerBucketSql('id', buckets)} AS bucket FROM (VALUES ${values}) AS v(position, id) ORDER BY position`,
        );
        expect(rows.map((row) => row.bucket)).toEqual(ids.map((id) => customerBucket(id, buckets)));
      },
    ),
    { numRuns: 50 },
  );
});

test('a sample has about its share of the customers, of each bucket too, and holds every smaller one', async () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `C${index}`);
  const sample = (share: number) => ids.filter((id) => isSampled(id, share));
  expect(sample(0.1).length / ids.length).toBeCloseTo(0.1, 2);
  expect(sample(0.3)).toEqual(expect.arrayContaining(sample(0.1)));
  expect(sample(1)).toEqual(ids);
  for (let bucket = 0; bucket < 4; bucket++) {
    const inBucket = ids.filter((id) => customerBucket(id, 4) === bucket);
    const kept = inBucket.filter((id) => isSampled(id, 0.3));
    expect(kept.length / inBucket.length).toBeCloseTo(0.3, 1);
  }
  const rows = await db.rows(
    `SELECT id FROM (SELECT 'C' || i AS id FROM range(20000) AS r(i)) WHERE ${isSampledSql('id', 0.1)}`,
  );
  expect(rows.map(({ id }) => id).sort()).toEqual(sample(0.1).sort());
});

test('rows without a customer go where the empty id goes, in SQL too', async () => {
  const [row] = await db.rows(`SELECT ${customerBucketSql('CAST(NULL AS VARCHAR)', 12)} AS bucket`);
  expect(row?.bucket).toBe(customerBucket(null, 12));
});
