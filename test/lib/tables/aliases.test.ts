import { expect, test } from 'vitest';
import { aliases } from '../../../lib/tables/aliases.ts';
import { findColumns, normaliseHeader } from '../../../lib/tables/columns.ts';
import type { TableKind } from '../../../lib/tables/types.ts';

const kinds = Object.keys(aliases) as TableKind[];
const fieldOf = (kind: TableKind, header: string) => [...findColumns(kind, [header], 'k').fields.keys()][0];

test.each(kinds)('every alias of %s leads to its field alone', (kind) => {
  for (const { field, names, fallbacks } of aliases[kind]) {
    for (const alias of [...names, ...fallbacks])
      expect([alias, fieldOf(kind, alias)]).toEqual([alias, field]);
  }
  const all = aliases[kind].flatMap(({ names, fallbacks }) => [...names, ...fallbacks]);
  const normalised = all.map((alias) => normaliseHeader(alias).name);
  expect(normalised.filter((name, index) => normalised.indexOf(name) !== index)).toEqual([]);
});

test.each([
  ['customers', 'Customer ID', 'customerId'],
  ['customers', '\uFEFFcustomer-id ', 'customerId'],
  ['customers', '用户 ID', 'customerId'],
  ['customers', 'ＣｕｓｔｏｍｅｒＩＤ', 'customerId'],
  ['customers', 'CustomerID', 'customerId'],
  ['customers', 'Total Spent', 'spend'],
  ['customers', '消费金额（元）', 'spend'],
  ['customers', 'Browsing_Time (min)', 'browsingMinutes'],
  ['training', 'Revenue', 'bought'],
] as const)('%s: "%s" is %s', (kind, header, field) => expect(fieldOf(kind, header)).toBe(field));

test.each(['Total_Conversion', '购买历史', 'customer name', '__proto__', 'constructor', 'toString', ''])(
  '"%s" is nothing that is known',
  (header) => {
    for (const kind of kinds) expect(fieldOf(kind, header)).toBeUndefined();
  },
);

test('a general name gives way to one that says more', () => {
  const { fields, passedOver } = findColumns('customers', ['id', 'user_id', 'amount', 'total_spend'], 'k');
  expect(fields.get('customerId')?.index).toBe(1);
  expect(fields.get('spend')?.index).toBe(3);
  expect([...passedOver]).toEqual([0, 2]);
});

test('two columns that can be the same field are refused by name', () => {
  expect(() => findColumns('customers', ['orders', 'frequency'], 'k')).toThrow(
    'The columns "orders" and "frequency" can each be frequency.',
  );
  expect(() => findColumns('customers', ['Spend', 'spend'], 'k')).toThrow('can each be spend');
});
