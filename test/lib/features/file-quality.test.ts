import { expect, test } from 'vitest';
import { countReasons, fileQuality } from '../../../lib/features/fileQuality.ts';
import type { RejectedRow, TableReport } from '../../../lib/tables/types.ts';

test('rows that were set aside are counted by column and reason, with the bytes of their text', () => {
  const rejected = [
    row('total', 'the cell is empty', '1,ann,'),
    row(null, 'the row has 5 cells, the header 3', '2,王芳,1,2,3'),
    row('total', 'the cell is empty', '3,,'),
    row('ordered_at', 'the cell is empty', '4,eve,'),
  ];
  expect(countReasons(rejected)).toEqual([
    { column: 'total', reason: 'the cell is empty', rows: 2, bytes: 9 },
    { column: 'ordered_at', reason: 'the cell is empty', rows: 1, bytes: 6 },
    { column: null, reason: 'the row has 5 cells, the header 3', rows: 1, bytes: 14 },
  ]);
});

test('their order does not matter', () => {
  const rejected = ['b', 'a', 'c'].map((column) => row(column, 'the cell is empty', 'x'));
  expect(countReasons([...rejected].reverse())).toEqual(countReasons(rejected));
});

test('twenty reasons are listed, and rows for others are counted', () => {
  const rejected = Array.from({ length: 30 }, (_, index) =>
    row('status', `the state "${index}" is not known`, 'x'),
  );
  const { files } = fileQuality([
    { report: report('orders/a.csv', 100, 30), reasons: countReasons(rejected) },
  ]);
  expect(files[0]).toMatchObject({ rowsQuarantined: 30, otherRows: 10 });
  expect(files[0]?.reasons).toHaveLength(20);
});

test('files stand in key order, and add up', () => {
  const { files, rows } = fileQuality([
    { report: report('orders/b.csv', 100, 1), reasons: countReasons([row(null, 'x', 'y')]) },
    { report: report('orders/a.csv', 50, 0), reasons: [] },
  ]);
  expect(files.map(({ key }) => key)).toEqual(['orders/a.csv', 'orders/b.csv']);
  expect(rows).toEqual({ bytes: 1_500, rowsIn: 150, rowsOk: 149, rowsQuarantined: 1 });
});

const row = (column: string | null, reason: string, raw: string): RejectedRow => ({
  line: 2,
  column,
  reason,
  raw,
});

const report = (key: string, rowsIn: number, rowsQuarantined: number): TableReport => ({
  ...{ key, encoding: 'utf-8', delimiter: ',', language: 'en', columns: [], notes: [] },
  ...{ bytes: rowsIn * 10, rowsIn, rowsOk: rowsIn - rowsQuarantined, rowsQuarantined },
});
