import { expect, test } from 'vitest';
import { TableRejected } from '../../../../lib/tables/types.ts';
import { cleanFile, joined, line } from '../pollutions.ts';
import { orderLinesOf } from './orderLinesOf.ts';

/** What spoils files of orders alone; pollution.test.ts beside it has what spoils those of every folder. */
const names = ['customer', 'order_id', 'date', 'sku', 'note', 'quantity', 'amount'];
const rows = Array.from({ length: 12 }, (_, at) => [
  ...[`k${at % 5}`, `o${at >> 1}`, `2024-03-${String(at + 1).padStart(2, '0')}`, `S-${at % 3}`],
  ...['plain', String(1 + (at % 3)), `${at + 1}.50`],
]);
const lines = rows.map((cells) => line(cells));
const clean = cleanFile({ names, rows, needed: 2, text: 4 });

test.each([
  ['a column without a name', joined([`${line(names)},`, ...lines.map((each) => `${each},x`)])],
  ['further columns', joined([`${line(names)},colour`, ...lines.map((each) => `${each},red`)])],
])('%s changes nothing', async (_, content) => {
  const [read, expected] = [await orderLinesOf(content), await orderLinesOf(clean)];
  expect(read.all).toEqual(expected.all);
  expect(read.report.notes).toEqual(expected.report.notes);
});

test('a table of events above one of orders refuses the file', async () => {
  const content = `${joined(['user,time,page', 'k1,2024-03-01,home', ''])}${clean}`;
  await expect(orderLinesOf(content)).rejects.toMatchObject({ code: 'severalTables' });
  await expect(orderLinesOf(content)).rejects.toBeInstanceOf(TableRejected);
});

test.each<[string, string, { code: string; count?: number }, number]>([
  [
    'a second line of names',
    joined([line(names), 'text,text,day,text,text,pieces,money', ...lines]),
    { code: 'maybeSeveralTables', count: 1 },
    1,
  ],
  [
    'customers in single quotes',
    joined([line(names), ...rows.map(([id, ...cells]) => line([`'${id}'`, ...cells]))]),
    { code: 'foreignQuotes', count: 12 },
    0,
  ],
  [
    'customers in curly quotes',
    joined([line(names), ...rows.map(([id, ...cells]) => line([`“${id}”`, ...cells]))]),
    { code: 'foreignQuotes', count: 12 },
    0,
  ],
  [
    'customers that are masked',
    joined([line(names), ...rows.map(([, ...cells]) => line(['t**1', ...cells]))]),
    { code: 'maskedCustomers' },
    0,
  ],
])('%s are told', async (_, content, note, quarantined) => {
  const { report } = await orderLinesOf(content);
  expect(report.notes).toContainEqual(expect.objectContaining(note));
  expect(report.rowsQuarantined).toBe(quarantined);
});
