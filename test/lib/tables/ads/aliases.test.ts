import { describe, expect, test } from 'vitest';
import { adAliases } from '../../../../lib/tables/ads/fields.ts';
import { moneyHeader } from '../../../../lib/tables/ads/header.ts';
import { normaliseHeader } from '../../../../lib/tables/columns.ts';
import { columnsByAlias } from '../../../../lib/tables/namedColumns.ts';

const fieldsOf = (header: string) => [...columnsByAlias(adAliases, [moneyHeader(header).name], 'k').keys()];

test('every alias of an ads column leads to its field alone', () => {
  for (const { field, names, fallbacks } of adAliases)
    for (const alias of [...names, ...fallbacks]) expect([alias, fieldsOf(alias)]).toEqual([alias, [field]]);
  const all = adAliases.flatMap(({ names, fallbacks }) => [...names, ...fallbacks]);
  const normalised = all.map((alias) => normaliseHeader(alias).name);
  expect(normalised.filter((name, index) => normalised.indexOf(name) !== index)).toEqual([]);
});

test.each([
  ['Conv. rate', 'conversionRate'],
  ['Impr.', 'impressions'],
  ['Amount spent (USD)', 'spend'],
  ['点击率%', 'clickRate'],
  ['Approved_Conversion', 'conversions'],
  ['cost_micros', 'spend'],
  ['Max. CPC', 'bid'],
])('"%s" is %s', (header, field) => expect(fieldsOf(header)).toEqual([field]));

test.each(['Total_Conversion', '__proto__', 'constructor', 'micros', ''])('"%s" is nothing', (header) =>
  expect(fieldsOf(header)).toEqual([]),
);

describe('what stands in brackets', () => {
  test.each([
    ['Amount spent (USD)', { name: 'Amount spent', currency: 'USD', shift: 0 }],
    ['消耗(元)', { name: '消耗', currency: 'CNY', shift: 0 }],
    ['出价（元/次）', { name: '出价', currency: 'CNY', shift: 0 }],
    ['花费(万元)', { name: '花费', currency: null, shift: 4 }],
    ['cost (cents)', { name: 'cost', currency: null, shift: -2 }],
    ['costMicros', { name: 'cost', currency: null, shift: -6 }],
    // ALL is the Albanian lek
    ['Clicks (all)', { name: 'Clicks (all)', currency: null, shift: 0 }],
    ['7 Day Total Orders (#)', { name: '7 Day Total Orders (#)', currency: null, shift: 0 }],
  ])('%s', (header, expected) => expect(moneyHeader(header)).toEqual(expected));
});
