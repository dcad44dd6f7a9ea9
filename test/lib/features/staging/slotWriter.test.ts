import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CanonicalColumns } from '../../../../lib/features/canonicalColumns.ts';
import { customerBucket, stagedBuckets } from '../../../../lib/features/customerBucket.ts';
import { type DuckDb, type SqlValue, sqlText } from '../../../../lib/features/duckdb.ts';
import { RowSlot, type StagedValues } from '../../../../lib/features/staging/rowSlot.ts';
import { arenaBytes, rowsOfFile } from '../../../../lib/features/staging/slotLayout.ts';
import { newSlotWriter, slotBytes } from '../../../../lib/features/staging/slotWriter.ts';
import type { CellTexts } from '../../../../lib/tables/textColumn.ts';
import { openTestDuckDb } from '../../../support/orderTables.ts';

let db: DuckDb;
let file: string;
let close: () => void;
beforeAll(async () => {
  const opened = await openTestDuckDb();
  ({ db, close } = opened);
  file = join(opened.directory, 'rows.parquet');
});
afterAll(() => close());

const writer = newSlotWriter();
const buffer = new ArrayBuffer(slotBytes);
const columns: CanonicalColumns = {
  id: 'VARCHAR',
  word: 'VARCHAR',
  whole: 'BIGINT',
  number: 'DOUBLE',
  day: 'INTEGER',
  ordered_hour: 'SMALLINT',
};

interface Row {
  id: string | null;
  word: string | null;
  whole: number;
  number: number;
  day: number;
  hour: number;
}

const text = fc.oneof(
  fc.constantFrom(
    '',
    'twelve bytes',
    'thirteen byte',
    'Zoë of Berlin',
    '王芳',
    'x'.repeat(300),
    `${'xyz'.repeat(90)}!`,
  ),
  fc.nat(20).map((digits) => `SO-10${digits}`),
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0') && one.isWellFormed()),
);
const whole = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(Number.NaN, 0, -1, 2 ** 32, -(2 ** 32), 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, 1 - 2 ** 53),
);
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.option(text),
  word: fc.option(text, { freq: 2 }),
  whole,
  number: fc.oneof(fc.double({ noDefaultInfinity: true }), fc.nat(5), fc.constant(-0)),
  day: fc.oneof(fc.integer({ min: 1 - 2 ** 31, max: 2 ** 31 - 1 }), fc.integer({ min: 20_000, max: 20_030 })),
  hour: fc.integer({ min: -1, max: 23 }),
});
/** Rows of which some come again and again, or have the same customer, or lack a value. */
const rows = fc
  .tuple(
    fc.array(row, { minLength: 1, maxLength: 30 }),
    fc.array(fc.nat(29), { maxLength: 300 }),
    fc.constantFrom('as they are', 'one customer', 'without words', 'small numbers', 'great steps'),
  )
  .map(([some, again, how]) =>
    [...some, ...again.map((at) => some[at % some.length] as Row)].map((one, at) => {
      if (how === 'one customer') return { ...one, id: 'C1' };
      if (how === 'without words')
        return { ...one, word: null, whole: Number.NaN, number: Number.NaN, hour: -1 };
      if (how === 'great steps')
        return {
          ...one,
          whole: (at >> 1) * 2 ** (30 + (at % 8)),
          day: (at >> 1) % 2 === 0 ? -(2 ** 30) : 2 ** 31 - 1 - at,
        };
      return how === 'small numbers' ? { ...one, whole: at * 3, day: at >> 3 } : one;
    }),
  );

const valuesOf = (given: readonly Row[], asBytes: boolean): StagedValues[] => [
  ...(asBytes ? cellsOf(given) : [given.map((one) => one.id), given.map((one) => one.word)]),
  Float64Array.from(given, (one) => one.whole),
  Float64Array.from(given, (one) => one.number),
  Int32Array.from(given, (one) => one.day),
  Int8Array.from(given, (one) => one.hour),
];

/** Cells of two columns in the bytes that they share, with others between them, and nothing behind the last. */
function cellsOf(given: readonly Row[]): [CellTexts, CellTexts] {
  const parts: Buffer[] = [];
  const cells = [0, 1].map(() => ({
    starts: new Int32Array(given.length),
    lengths: new Int32Array(given.length),
  }));
  let length = 0;
  for (const [at, one] of given.entries())
    for (const [index, value] of [one.id, one.word].entries()) {
      const bytes = Buffer.from(`;${value ?? ''}`);
      const column = cells[index] as { starts: Int32Array; lengths: Int32Array };
      column.starts[at] = length + 1;
      column.lengths[at] = value === null ? -1 : bytes.length - 1;
      parts.push(bytes);
      length += bytes.length;
    }
  const bytes = Uint8Array.from(Buffer.concat(parts));
  const [id, word] = cells.map((column) => ({ bytes, ...column })) as [CellTexts, CellTexts];
  return [id, word];
}

const bucketOf = ({ id }: Row): number => customerBucket(id, stagedBuckets);
const missing = (value: number): number | null => (Number.isNaN(value) ? null : value);

async function readBack(): Promise<SqlValue[][]> {
  const names = [...Object.keys(columns), 'bucket'].join(', ');
  const { values } = await db.columns(
    `SELECT ${names} FROM read_parquet(${sqlText(file)}, file_row_number = true) ORDER BY file_row_number`,
  );
  return values;
}

test('rows come back from DuckDB as they were, bucket by bucket and within one as they came, whatever they hold', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), fc.nat(), async (given, asBytes, cut) => {
      const slot = new RowSlot(columns, buffer);
      const half = cut % (given.length + 1);
      const whole = valuesOf(given, asBytes);
      expect(slot.add(whole, { from: 0, to: half })).toBe(true);
      expect(slot.add(whole, { from: half, to: given.length })).toBe(true);
      writer.take(slot.gathered())(file);
      const inOrder = [...given].sort((a, b) => bucketOf(a) - bucketOf(b));
      expect(await readBack()).toEqual([
        inOrder.map((one) => one.id),
        inOrder.map((one) => one.word),
        inOrder.map((one) => missing(one.whole)),
        inOrder.map((one) => missing(one.number)),
        inOrder.map((one) => one.day),
        inOrder.map((one) => (one.hour < 0 ? null : one.hour)),
        inOrder.map(bucketOf),
      ]);
    }),
    { numRuns: 150 },
  );
});

test('a customer’s bucket is the one that the rest of the code says, however long the id', async () => {
  const ids = Array.from({ length: 400 }, (_, at) => `${'é'.repeat(at % 3)}${'x'.repeat(at % 211)}${at}`);
  const slot = new RowSlot({ id: 'VARCHAR' }, buffer);
  slot.add([ids], { from: 0, to: ids.length });
  writer.take(slot.gathered())(file);
  const found = await db.rows(`SELECT id, bucket FROM read_parquet(${sqlText(file)})`);
  expect(found).toHaveLength(ids.length);
  for (const { id, bucket } of found)
    expect(bucket, String(id)).toBe(customerBucket(String(id), stagedBuckets));
});

describe('a file of many rows', () => {
  const count = 200_000;
  const digits = (at: number): string => String((at * 7_919) % 1_000_003);
  const few = (at: number): string =>
    ['sale', 'cancelled', 'a word of more than twelve bytes', 'Zoë'][(at % 7) % 4] as string;
  beforeAll(() => {
    const slot = new RowSlot(
      { id: 'VARCHAR', few: 'VARCHAR', long: 'VARCHAR', rising: 'VARCHAR', half: 'DOUBLE', place: 'BIGINT' },
      buffer,
    );
    for (let first = 0; first < count; first += 2_000) {
      const places = Array.from({ length: 2_000 }, (_, index) => first + index);
      const added = slot.add(
        [
          places.map(digits),
          { words: [0, 1, 2, 3].map(few), codes: Uint8Array.from(places, (at) => (at % 7) % 4) },
          places.map((at) => (at % 5 === 0 ? `${digits(at)}${'-'.repeat(at % 90)}` : null)),
          places.map((at) => (at % 11 === 0 ? null : `SO-${1_000_000 + at}`)),
          Float64Array.from(places, (at) => at / 2),
          Float64Array.from(places, (at) => at * 3_600),
        ],
        { from: 0, to: places.length },
      );
      if (!added) throw new Error(`no room from ${first} on`);
    }
    writer.take(slot.gathered())(file);
  });

  test('holds each value where it was, in whatever encoding', async () => {
    const digitsSql = `CAST(((place // 3600) * 7919) % 1000003 AS VARCHAR)`;
    const [found] = await db.rows(`
      SELECT
        COUNT(*) AS row_count, COUNT(DISTINCT place) AS places,
        COUNT(*) FILTER (id = ${digitsSql}) AS ids,
        COUNT(*) FILTER (few = ['sale', 'cancelled', 'a word of more than twelve bytes', 'Zoë'][(place // 3600) % 7 % 4 + 1]) AS words,
        COUNT(*) FILTER (long IS NOT DISTINCT FROM
          CASE WHEN (place // 3600) % 5 = 0 THEN ${digitsSql} || repeat('-', CAST((place // 3600) % 90 AS INTEGER)) END) AS longs,
        COUNT(*) FILTER (rising IS NOT DISTINCT FROM
          CASE WHEN (place // 3600) % 11 > 0 THEN 'SO-' || (1000000 + place // 3600) END) AS risings,
        COUNT(*) FILTER (half = place / 7200) AS halves
      FROM read_parquet(${sqlText(file)})`);
    const all = { ids: count, words: count, longs: count, risings: count, halves: count };
    expect(found).toEqual({ row_count: count, places: count, ...all });
    const encodings = await db.rows(
      `SELECT path_in_schema AS name, encodings FROM parquet_metadata(${sqlText(file)}) WHERE row_group_id = 0 ORDER BY column_id`,
    );
    expect(
      encodings.map(({ name, encodings }) => `${name}: ${String(encodings).split(', ').at(-1)}`),
    ).toEqual([
      'id: DELTA_LENGTH_BYTE_ARRAY',
      'few: RLE_DICTIONARY',
      'long: DELTA_LENGTH_BYTE_ARRAY',
      'rising: DELTA_BYTE_ARRAY',
      'half: PLAIN',
      'place: DELTA_BINARY_PACKED',
      'bucket: DELTA_BINARY_PACKED',
    ]);
  });

  test('has a row group for two buckets each, which its range tells, and takes less room than its values', async () => {
    const groups = await db.rows(
      `SELECT stats_min_value AS least, stats_max_value AS greatest, row_group_num_rows AS row_count
       FROM parquet_metadata(${sqlText(file)}) WHERE path_in_schema = 'bucket' ORDER BY row_group_id`,
    );
    expect(groups.map(({ least, greatest }) => [least, greatest])).toEqual(
      Array.from({ length: stagedBuckets / 2 }, (_, pair) => [String(2 * pair), String(2 * pair + 1)]),
    );
    expect(groups.reduce((sum, { row_count }) => sum + Number(row_count), 0)).toBe(count);
    const [bytes] = await db.rows(`
      SELECT SUM(total_compressed_size)::DOUBLE AS compressed, SUM(total_uncompressed_size)::DOUBLE AS encoded
      FROM parquet_metadata(${sqlText(file)}) WHERE path_in_schema IN ('few', 'long', 'rising', 'place')`);
    const plain = count * (4 + 12 + 4 + 10 + 8) + (count / 5) * (4 + 6 + 45);
    expect(Number(bytes?.encoded)).toBeLessThan(plain / 2);
    expect(Number(bytes?.compressed)).toBeLessThan(plain / 4);
  });
});

test('bytes that come again after more than LZ4 looks back, or for long, come back too', async () => {
  const noise = Array.from({ length: 30_000 }, (_, at) =>
    ((at * at * 2_654_435_761) % 2 ** 32).toString(36),
  ).join('');
  // its 16 bytes come again after 70,000, and nothing between them is like them
  const far = `0123456789abcdef${'-'.repeat(69_984)}0123456789abcdef`;
  const texts = [
    far,
    noise,
    'ab'.repeat(40_000),
    `${noise}!`,
    'z'.repeat(19),
    'z'.repeat(274),
    noise.slice(0, 13),
  ];
  const slot = new RowSlot({ id: 'VARCHAR', text: 'VARCHAR' }, buffer);
  slot.add([texts.map(() => 'C1'), texts], { from: 0, to: texts.length });
  writer.take(slot.gathered())(file);
  const { values } = await db.columns(`SELECT text FROM read_parquet(${sqlText(file)})`);
  expect(values).toEqual([texts]);
});

test('a file without rows has its columns all the same', async () => {
  writer.take(new RowSlot(columns, buffer).gathered())(file);
  const { names, values } = await db.columns(`SELECT * FROM read_parquet(${sqlText(file)})`);
  expect(names).toEqual([...Object.keys(columns), 'bucket']);
  expect(values.flat()).toEqual([]);
});

test.each<[string, StagedValues, string]>([
  ['a fraction', Float64Array.of(1, 1.5), 'whole numbers of at most 53 bits as whole'],
  [
    'a number without end',
    Float64Array.of(1, Number.POSITIVE_INFINITY),
    'whole numbers of at most 53 bits as whole',
  ],
])(
  '%s for a whole number is refused, and no file is left half written under another name',
  (_, whole, message) => {
    const slot = new RowSlot({ id: 'VARCHAR', whole: 'BIGINT' }, buffer);
    slot.add([['C1', 'C2'], whole], { from: 0, to: 2 });
    expect(() => writer.take(slot.gathered())(file)).toThrow(message);
  },
);

test('a column of numbers that is shorter than the others is refused', () => {
  const slot = new RowSlot({ id: 'VARCHAR', whole: 'BIGINT' }, buffer);
  expect(() => slot.add([['C1', 'C2'], new Float64Array(1)], { from: 0, to: 2 })).toThrow('needs 2 numbers');
});

describe('a slot', () => {
  test('refuses cells of rows that stand in another order than their bytes', () => {
    const bytes = Buffer.from('C1;C2;C3;');
    const id = { bytes, starts: Int32Array.of(3, 0, 6), lengths: Int32Array.of(2, 2, 2) };
    expect(() => new RowSlot({ id: 'VARCHAR' }, buffer).add([id], { from: 0, to: 3 })).toThrow(
      'in the order of their bytes',
    );
  });

  test('takes no row beyond those of a file', () => {
    const slot = new RowSlot({ id: 'VARCHAR' }, buffer);
    const ids = new Array<string>(2_048).fill('C1');
    for (let batch = 0; batch < rowsOfFile / 2_048; batch++)
      expect(slot.add([ids], { from: 0, to: ids.length })).toBe(true);
    expect(slot.add([ids], { from: 0, to: 1 })).toBe(false);
    expect(slot.rows).toBe(rowsOfFile);
  });

  test('takes no row whose text has no room, and none of the rows beside it', () => {
    const slot = new RowSlot({ id: 'VARCHAR' }, buffer);
    const half = 'x'.repeat(arenaBytes / 6);
    expect(slot.add([['C1', half]], { from: 0, to: 2 })).toBe(true);
    expect(slot.add([['C2', half, half, half]], { from: 0, to: 4 })).toBe(false);
    expect(slot.rows).toBe(2);
  });

  test('keeps cells alone where most of the bytes are other cells’', async () => {
    const other = 'x'.repeat(arenaBytes / 8);
    const bytes = Buffer.from(`C1;${other};C2;${other}`);
    const id = {
      bytes,
      starts: Int32Array.of(0, 4 + other.length, 0),
      lengths: Int32Array.of(2, 2, -1),
    };
    const slot = new RowSlot({ id: 'VARCHAR' }, buffer);
    for (let batch = 0; batch < 20; batch++) expect(slot.add([id], { from: 0, to: 3 })).toBe(true);
    writer.take(slot.gathered())(file);
    const found = await db.rows(
      `SELECT id, COUNT(*) AS row_count FROM read_parquet(${sqlText(file)}) GROUP BY id ORDER BY id`,
    );
    expect(found).toEqual(['C1', 'C2', null].map((one) => ({ id: one, row_count: 20 })));
  });
});
