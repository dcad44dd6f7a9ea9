import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreCustomers } from '../../../lib/value/score.ts';
import { valueSettings } from '../../../lib/value/settings.ts';
import { firstTable, tableOf } from './customers.ts';

const { weights } = valueSettings.parse({});

describe('scoreCustomers', () => {
  // published: .5·spend + .3·frequency + .2·browsing by hand, to the last digit
  it('adds the weighted columns of the first table as they are on the raw scale', () => {
    expect([...scoreCustomers(firstTable, { weights, scale: 'raw' })]).toEqual([
      53.5, 107, 160.5, 214, 267.5,
    ]);
  });

  it('gives five ordered customers the middles of five equal stretches on the percentile scale', () => {
    expect([...scoreCustomers(firstTable, { weights, scale: 'percentile' })]).toEqual([10, 30, 50, 70, 90]);
  });

  it('lets customers who tie share the average of their ranks', () => {
    const rows = tableOf([
      [7, 1, 1],
      [7, 1, 1],
      [9, 1, 1],
    ]);
    const spendOnly = { weights: { spend: 1, frequency: 0, browsing: 0 }, scale: 'percentile' as const };
    expect([...scoreCustomers(rows, spendOnly)]).toEqual(
      [100 / 3, 100 / 3, 250 / 3].map((score) => Number(score.toPrecision(12))),
    );
  });

  it('gives sums that differ by rounding alone the same score', () => {
    const rows = tableOf([
      [0.1, 0.2, 0],
      [0.3, 0, 0],
    ]);
    const [first, second] = scoreCustomers(rows, {
      weights: { spend: 1, frequency: 1, browsing: 0 },
      scale: 'raw',
    });
    expect(first).toBe(second);
  });

  it('refuses a sum that no number can hold', () => {
    const rows = tableOf([[1e308, 0, 0]]);
    const heavy = { weights: { spend: 100, frequency: 0, browsing: 0 }, scale: 'raw' as const };
    expect(() => scoreCustomers(rows, heavy)).toThrow(/scoreCustomers/);
  });

  it('scores an empty table as an empty table', () => {
    expect(scoreCustomers([], { weights, scale: 'percentile' })).toHaveLength(0);
  });

  it('does not change on the percentile scale when a column is counted in another unit', () => {
    fc.assert(
      fc.property(tables, fc.constantFrom(2 ** -4, 8, 1024), (rows, factor) => {
        const rescaled = rows.map((row) => ({ ...row, spend: row.spend * factor }));
        const options = { weights, scale: 'percentile' as const };
        expect(scoreCustomers(rescaled, options)).toEqual(scoreCustomers(rows, options));
      }),
    );
  });

  it('keeps the percentile scale between 0 and 100, and never lowers a score for more spend', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const scores = scoreCustomers(rows, { weights, scale: 'percentile' });
        expect(scores.every((score) => score > 0 && score < 100)).toBe(true);
        const spender = [...rows, ...tableOf([[1e7, 1e7, 1e7]])];
        expect(Math.max(...scoreCustomers(spender, { weights, scale: 'percentile' }))).toBe(
          scoreCustomers(spender, { weights, scale: 'percentile' }).at(-1),
        );
      }),
    );
  });

  it.each(['raw', 'percentile'] as const)('permutes scores with the rows on the %s scale', (scale) => {
    fc.assert(
      fc.property(tables, fc.infiniteStream(fc.nat()), (rows, keys) => {
        const order = rows.map((_, index) => ({ index, key: keys.next().value as number }));
        const permuted = order.sort((one, other) => one.key - other.key).map(({ index }) => index);
        const scores = scoreCustomers(rows, { weights, scale });
        const shuffled = scoreCustomers(
          permuted.map((index) => rows[index] as (typeof rows)[number]),
          { weights, scale },
        );
        expect([...shuffled]).toEqual(permuted.map((index) => scores[index]));
      }),
    );
  });
});

const amount = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: -1e8, max: 1e8 }).map((cents) => cents / 100),
);
const tables = fc.array(fc.tuple(amount, amount, amount), { minLength: 1, maxLength: 60 }).map(tableOf);
