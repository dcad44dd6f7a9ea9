import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DuckDb, sqlText } from '../../../lib/features/duckdb.ts';
import type { PlainType, PlainValues } from '../../../lib/features/plainColumn.ts';
import { PlainParquet } from '../../../lib/features/plainParquet.ts';
import { readParquet } from '../../../lib/features/readParquet.ts';
import type { CellTexts } from '../../../lib/tables/textColumn.ts';
import { openTestDuckDb } from '../../support/orderTables.ts';

let db: DuckDb;
let path: string;
let close: () => void;
beforeAll(async () => {
  const opened = await openTestDuckDb();
  ({ db, close } = opened);
  path = join(opened.directory, 'rows');
});
afterAll(() => close());

const text = fc.oneof(
  fc.constantFrom('', 'twelve bytes', 'thirteen byte', 'Zoë of Berlin', '王芳', 'x'.repeat(300)),
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0') && one.isWellFormed()),
);
const whole = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(Number.NaN, 0, -1, 2 ** 32, -(2 ** 32), 2 ** 31, -(2 ** 31) - 1),
);
const number = fc.double({ noDefaultInfinity: true, noNaN: false });
const row = fc.record({
  text: fc.option(text),
  whole,
  number,
  day: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
});
/** Batches of rows, some of which have nothing but nulls, or none. */
const batches = fc.array(
  fc.oneof(
    fc.array(row, { maxLength: 40 }),
    fc
      .array(row, { maxLength: 40 })
      .map((rows) => rows.map((one) => ({ ...one, text: null, whole: Number.NaN }))),
  ),
  { maxLength: 6 },
);

const columns: Record<string, PlainType> = { a: 'VARCHAR', b: 'BIGINT', c: 'DOUBLE', d: 'INTEGER' };

test('rows come back from DuckDB and from another reader as they were, whatever the text and wherever nothing is', async () => {
  const rows = new PlainParquet(columns);
  await fc.assert(
    fc.asyncProperty(batches, fc.boolean(), fc.nat(20), async (given, asBytes, before) => {
      rows.clear();
      for (const batch of given) {
        const texts = batch.map((one) => one.text);
        rows.add({
          length: batch.length,
          columns: [
            asBytes ? cellsOf(texts, before) : texts,
            Float64Array.from(batch, (one) => one.whole),
            Float64Array.from(batch, (one) => one.number),
            Int32Array.from(batch, (one) => one.day),
          ],
        });
      }
      const all = given.flat();
      const missing = (value: number): number | null => (Number.isNaN(value) ? null : value);
      const expected = [
        all.map((one) => one.text),
        all.map((one) => missing(one.whole)),
        all.map((one) => missing(one.number)),
        all.map((one) => one.day),
      ];
      expect(rows.rows).toBe(all.length);
      await db.writeFile(path, rows.parts());
      const { values } = await db.columns(`SELECT a, b, c, d FROM read_parquet(${sqlText(path)})`);
      expect(all.length === 0 ? expected : values).toEqual(expected);
      const read = await readParquet(Buffer.concat(rows.parts()));
      expect(read.rows).toBe(all.length);
      expect(read.columns.get('a')).toEqual(expected[0]);
      expect(read.columns.get('c')).toEqual(expected[2]);
    }),
    { numRuns: 100 },
  );
});

test('text that is one of few words comes back too', async () => {
  const words = ['sale', 'thirteen byte', 'a word of more than twelve bytes', 'Zoë', ''];
  const rows = new PlainParquet({ a: 'VARCHAR', b: 'INTEGER' });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(words.length - 1), { minLength: 1, maxLength: 200 }), async (codes) => {
      rows.clear();
      const hours = Int8Array.from(codes, (code) => code - 1);
      rows.add({ length: codes.length, columns: [{ words, codes: Uint8Array.from(codes) }, hours] });
      await db.writeFile(path, rows.parts());
      const { values } = await db.columns(`SELECT a, b FROM read_parquet(${sqlText(path)})`);
      expect(values).toEqual([codes.map((code) => words[code]), [...hours]]);
    }),
    { numRuns: 50 },
  );
});

test('batch after batch becomes one page', async () => {
  const rows = new PlainParquet({ a: 'VARCHAR', b: 'BIGINT' });
  for (let batch = 0; batch < 100; batch++) {
    const numbers = Float64Array.from({ length: 2_048 }, (_, at) => batch * 2_048 + at);
    rows.add({
      length: 2_048,
      columns: [Array.from(numbers, (at) => (at % 3 === 0 ? null : `C${at}`)), numbers],
    });
  }
  await db.writeFile(path, rows.parts());
  const [sums] = await db.rows(
    `SELECT COUNT(*) AS row_count, COUNT(a) AS texts, SUM(b)::DOUBLE AS b, COUNT(*) FILTER (WHERE a = 'C' || b) AS alike FROM read_parquet(${sqlText(path)})`,
  );
  const count = 204_800;
  const texts = count - Math.ceil(count / 3);
  expect(sums).toEqual({ row_count: count, texts, b: (count * (count - 1)) / 2, alike: texts });
});

test.each<[string, PlainValues, string]>([
  ['a column that is shorter than the others', new Float64Array(1), 'needs 2 values; got 1'],
  ['a fraction for a whole number', Float64Array.of(1, 1.5), 'needs whole numbers for a BIGINT; got 1.5'],
  ['a number without end', Float64Array.of(1, Number.POSITIVE_INFINITY), 'got Infinity'],
])('%s is refused', (_, column, message) => {
  const rows = new PlainParquet({ a: 'BIGINT' });
  expect(() => rows.add({ length: 2, columns: [column] })).toThrow(message);
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
