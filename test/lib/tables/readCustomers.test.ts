import { describe, expect, test } from 'vitest';
import { type Measure, readCustomers } from '../../../lib/tables/readCustomers.ts';
import { encode, upload } from './uploads.ts';

const all: Measure[] = ['spend', 'frequency', 'browsingMinutes'];
const read = (csv: string | Uint8Array, required = all) => readCustomers(upload(csv), { required });

test('a table without ids names its rows by file and number, and says so', async () => {
  const csv = '消费金额,购买频率,浏览时长\n100,5,10\n200,10,20\n';
  const { rows, report } = await readCustomers(upload(csv, { key: 'customers/shop/may.csv' }), {
    required: all,
  });
  expect(rows).toEqual([
    { customerId: 'shop/may.csv:1', spend: 100, frequency: 5, browsingMinutes: 10 },
    { customerId: 'shop/may.csv:2', spend: 200, frequency: 10, browsingMinutes: 20 },
  ]);
  expect(report).toMatchObject({ language: 'zh', rowsIn: 2, rowsOk: 2, rowsQuarantined: 0, delimiter: ',' });
  expect(report.columns).toEqual([
    { header: '消费金额', readAs: 'spend' },
    { header: '购买频率', readAs: 'frequency' },
    { header: '浏览时长', readAs: 'browsingMinutes' },
  ]);
  expect(report.notes.map(({ code }) => code)).toEqual(['syntheticIds']);
});

test('a bad row keeps its number, so that the names of the others do not move', async () => {
  const { rows } = await read('spend,frequency,browsing\n1,1,1\nx,1,1\n1,1\n3,1,1\n');
  expect(rows.map(({ customerId }) => customerId)).toEqual(['may.csv:1', 'may.csv:4']);
});

test('a column that is not required and not there counts as 0', async () => {
  const { rows, report } = await read('user id,amount\nu1,5\n', ['spend']);
  expect(rows).toEqual([{ customerId: 'u1', spend: 5, frequency: 0, browsingMinutes: 0 }]);
  expect(report.notes.map(({ code }) => code)).toEqual(['absentColumn', 'absentColumn']);
});

describe('the table is refused', () => {
  test('when a required column is missing, with the names that are understood', async () => {
    await expect(read('id,spend,visits\n1,2,3\n')).rejects.toMatchObject({
      code: 'missingColumn',
      message: expect.stringMatching(/frequency \(understood: .*orders.*购买频率.*browsingMinutes.*"visits"/),
    });
  });

  test('when no column is known, though none is required', async () => {
    await expect(read('a,b\n1,2\n', [])).rejects.toMatchObject({ code: 'missingColumn' });
  });

  test('when the first line is a row', async () => {
    await expect(read('100,5,10\n200,10,20\n')).rejects.toMatchObject({ code: 'noHeader' });
  });

  test('when amounts are in several currencies', async () => {
    await expect(read('id,spend,orders,browsing\n1,¥5,1,1\n2,€5,1,1\n')).rejects.toMatchObject({
      code: 'severalCurrencies',
      message: expect.stringContaining('CNY, EUR'),
    });
  });
});

describe('cells', () => {
  const oneRow = async (cells: string) => {
    // a sum at the end would be no row
    const { rows, rejected } = await read(`id;spend;orders;browsing\n${cells}\nlast;1;1;1\n`);
    return rejected[0] ?? rows[0];
  };

  test.each([
    ['u1;1,234.56;1;1', { spend: 1234.56 }],
    ['u1;¥100;1;1', { spend: 100 }],
    ['u1;-5;1;1', { spend: -5 }],
    ["'=u1;5;1;1", { customerId: '=u1' }],
    ['u1;NaN;1;1', { column: 'spend', reason: 'NaN is not a finite number' }],
    ['u1;1;inf;1', { column: 'orders', reason: 'inf is not a finite number' }],
    ['u1;1;1;', { column: 'browsing', reason: 'the cell is empty' }],
    ['u1;1;-1;1', { column: 'orders', reason: 'the number is negative' }],
    ['u1;1,234;1;1', { column: 'spend', reason: expect.stringContaining('1234 or 1.234') }],
    ['u1;5%;1;1', { column: 'spend', reason: expect.stringContaining('percentage') }],
    [' ;1;1;1', { column: 'id', reason: 'the id is empty' }],
    [`${'x'.repeat(257)};1;1;1`, { column: 'id', reason: 'the id is longer than 256 characters' }],
    ['合计;1;1;1', { column: 'id', reason: expect.stringContaining('total') }],
    ['1.23457E+14;1;1;1', { column: 'id', reason: expect.stringContaining('rounded') }],
  ])('%s', async (cells, expected) => expect(await oneRow(cells)).toMatchObject(expected));

  test('1,234 is read where other cells show the decimal mark', async () => {
    const header = 'id;spend;orders;browsing';
    const point = await read(`${header}\na;1,234;1;1\nb;12.5;1;1\n`);
    expect(point.rows.map(({ spend }) => spend)).toEqual([1234, 12.5]);
    const comma = await read(`${header}\na;1,234;1;1\nb;12,5;1;1\nc;2.345;1;1\n`);
    expect(comma.rows.map(({ spend }) => spend)).toEqual([1.234, 12.5, 2345]);
    expect(comma.report.notes).toContainEqual(expect.objectContaining({ code: 'decimalCommas', count: 3 }));
  });

  test('and is set aside where they contradict each other', async () => {
    const { rejected } = await read(
      'id;spend;orders;browsing\na;1,234;1;1\nb;12,5;1;1\nc;12.5;1;1\nd;2.345;1;1\n',
    );
    expect(rejected.map(({ line }) => line)).toEqual([2, 5]);
  });

  test('in another unit are turned into minutes', async () => {
    const { rows } = await read('id,spend(万元),orders,浏览时长（小时）\n1,1.5,2,0.5\n');
    expect(rows[0]).toMatchObject({ spend: 15_000, browsingMinutes: 30 });
  });
});

test('__proto__ and constructor are columns and ids like any other', async () => {
  const { rows, report } = await read(
    'id,__proto__,constructor,spend,orders,browsing\n__proto__,1,2,3,4,5\n',
  );
  expect(rows[0]?.customerId).toBe('__proto__');
  expect(report.columns[1]).toEqual({ header: '__proto__', readAs: null });
  expect(({} as { spend?: number }).spend).toBeUndefined();
});

test('the same table is read alike from UTF-8, UTF-16, GB18030 and gzip', async () => {
  const csv = '用户ID,消费金额,购买频率,浏览时长\n张三,¥100,5,10\n李四,200,10,20\n';
  const { rows } = await read(csv);
  for (const encoding of ['utf-8 with BOM', 'utf-16le', 'utf-16be with BOM', 'gb18030'] as const) {
    expect((await read(encode(csv, encoding))).rows).toEqual(rows);
  }
});
