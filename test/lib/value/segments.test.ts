import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerRow } from '../../../lib/tables/types.ts';
import { scoreCustomers } from '../../../lib/value/score.ts';
import { summarizeSegments } from '../../../lib/value/segments.ts';
import { valueSettings } from '../../../lib/value/settings.ts';
import { assignTiers } from '../../../lib/value/tiers.ts';
import { firstTable, tableOf } from './customers.ts';

const settings = valueSettings.parse({});

describe('summarizeSegments', () => {
  it('tells customers, money and score of each tier of the first table, best first', () => {
    expect(summaryOf(firstTable)).toEqual([
      {
        segment: 'high',
        label: '高价值客户',
        customers: 1,
        shareOfCustomers: 0.2,
        spend: 500,
        shareOfSpend: 1 / 3,
        meanScore: 90,
      },
      {
        segment: 'mid',
        label: '中价值客户',
        customers: 1,
        shareOfCustomers: 0.2,
        spend: 400,
        shareOfSpend: 400 / 1500,
        meanScore: 70,
      },
      {
        segment: 'low',
        label: '低价值客户',
        customers: 3,
        shareOfCustomers: 0.6,
        spend: 600,
        shareOfSpend: 0.4,
        meanScore: 30,
      },
    ]);
  });

  it('keeps an empty tier, without a mean score', () => {
    expect(summaryOf(tableOf([[1, 1, 1]]))[0]).toMatchObject({
      segment: 'high',
      customers: 0,
      spend: 0,
      meanScore: null,
    });
  });

  it('has no share of a total that is not above zero', () => {
    expect(
      summaryOf(
        tableOf([
          [-5, 1, 1],
          [5, 2, 2],
        ]),
      ).map(({ shareOfSpend }) => shareOfSpend),
    ).toEqual([null, null, null]);
  });

  it('summarizes an empty table as three empty tiers', () => {
    expect(summaryOf([]).map(({ customers, shareOfCustomers }) => [customers, shareOfCustomers])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('adds up to the table', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cents, cents, cents), { minLength: 1 }).map(tableOf), (rows) => {
        const segments = summaryOf(rows);
        expect(total(segments.map(({ customers }) => customers))).toBe(rows.length);
        expect(total(segments.map(({ spend }) => spend))).toBeCloseTo(
          total(rows.map(({ spend }) => spend)),
          6,
        );
        expect(total(segments.map(({ shareOfCustomers }) => shareOfCustomers))).toBeCloseTo(1, 12);
        expect(total(segments.map(({ shareOfSpend }) => shareOfSpend ?? Number.NaN))).toBeCloseTo(1, 12);
      }),
    );
  });

  it('adds up ten times ten cents to one', () => {
    const rows = tableOf(Array.from({ length: 10 }, () => [0.1, 1, 1] as const));
    expect(summaryOf(rows).find(({ segment }) => segment === 'low')?.spend).toBe(1);
  });
});

const cents = fc.integer({ min: 1, max: 10_000_000 }).map((amount) => amount / 100);
const total = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0);

function summaryOf(rows: CustomerRow[]) {
  const scores = scoreCustomers(rows, settings);
  const { tiers } = assignTiers(scores, settings.tiers);
  return summarizeSegments({ rows, scores, tiers, language: 'zh' });
}
