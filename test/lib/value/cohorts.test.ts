import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohortTable, monthName, monthOfDay } from '../../../lib/value/cohorts.ts';

const columns = (rows: readonly (readonly [customer: number, month: number, amount: number])[]) => ({
  customer: Uint32Array.from(rows, ([customer]) => customer),
  month: Int32Array.from(rows, ([, month]) => month),
  amount: Float64Array.from(rows, ([, , amount]) => amount),
});

describe('cohorts', () => {
  it('follow those who first bought in a month', () => {
    const january = monthOfDay(Date.UTC(2011, 0, 31) / 86_400_000);
    const table = cohortTable(
      columns([
        [1, january, 10],
        [1, january + 2, 5],
        [2, january, 20],
        [2, january, 1],
        [3, january + 1, 8],
      ]),
      { lastMonth: january + 2 },
    );
    expect(table).toEqual([
      {
        cohort: '2011-01',
        customers: 2,
        months: [
          { month: 0, customers: 2, retention: 1, revenue: 31, cumulativePerCustomer: 15.5 },
          { month: 1, customers: 0, retention: 0, revenue: 0, cumulativePerCustomer: 15.5 },
          { month: 2, customers: 1, retention: 0.5, revenue: 5, cumulativePerCustomer: 18 },
        ],
      },
      {
        cohort: '2011-02',
        customers: 1,
        months: [
          { month: 0, customers: 1, retention: 1, revenue: 8, cumulativePerCustomer: 8 },
          { month: 1, customers: 0, retention: 0, revenue: 0, cumulativePerCustomer: 8 },
        ],
      },
    ]);
  });

  it('add up to all customers and all revenue, and everyone buys in their first month', () => {
    const rows = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 480, max: 500 }),
        fc.integer({ min: -9, max: 99 }),
      ),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(rows, (some) => {
        const table = cohortTable(columns(some), { lastMonth: 500 });
        const cells = table.flatMap(({ months }) => months);
        expect(table.reduce((sum, { customers }) => sum + customers, 0)).toBe(
          new Set(some.map(([id]) => id)).size,
        );
        expect(cells.reduce((sum, { revenue }) => sum + revenue, 0)).toBe(
          some.reduce((sum, [, , amount]) => sum + amount, 0),
        );
        for (const { months } of table) expect(months[0]?.retention).toBe(1);
        expect(cells.every(({ retention }) => retention >= 0 && retention <= 1)).toBe(true);
      }),
    );
  });

  it('leave out what comes after the last month', () => {
    expect(cohortTable(columns([[1, 500, 3]]), { lastMonth: 499 })).toEqual([]);
  });

  it('know months by name', () => {
    expect(monthName(monthOfDay(0))).toBe('1970-01');
    expect(monthName(monthOfDay(Date.UTC(2012, 11, 31) / 86_400_000))).toBe('2012-12');
  });
});
