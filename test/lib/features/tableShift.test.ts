import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exceededShifts, type TableFacts, tableShiftSettings } from '../../../lib/features/tableShift.ts';

const settings = tableShiftSettings.parse({});
const table = (rows: number, buyers: number): TableFacts => ({
  rows,
  rates: { shareOfBuyers: { count: buyers, of: rows } },
});
const measures = (before: TableFacts, now: TableFacts) =>
  exceededShifts(before, now, settings).map(({ measure }) => measure);

describe('a table against the one before it', () => {
  test('may double, and may not lose two thirds or come three times', () => {
    expect(measures(table(5000, 500), table(10_000, 1000))).toEqual([]);
    expect(measures(table(5000, 500), table(1600, 160))).toEqual(['rows']);
    expect(measures(table(5000, 500), table(15_000, 1500))).toEqual(['rows']);
  });

  test('may not turn its labels round, nor lose most of them', () => {
    expect(measures(table(5000, 500), table(5000, 4500))).toEqual(['shareOfBuyers']);
    expect(measures(table(5000, 500), table(5000, 100))).toEqual(['shareOfBuyers']);
    expect(measures(table(5000, 500), table(5000, 600))).toEqual([]);
  });

  test('is not held for what chance makes of few buyers, and not below a thousand rows', () => {
    expect(measures(table(2000, 2), table(2000, 6))).toEqual([]);
    expect(measures(table(900, 90), table(300, 290))).toEqual([]);
  });

  test('never moved from itself, and moved back as far as it moved', () => {
    const facts = fc
      .record({ rows: fc.integer({ min: 1, max: 1e6 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
      .map(({ rows, share }) => table(rows, Math.floor(rows * share)));
    fc.assert(
      fc.property(facts, facts, (one, other) => {
        expect(measures(one, one)).toEqual([]);
        expect(measures(one, other)).toEqual(measures(other, one));
      }),
    );
  });
});
