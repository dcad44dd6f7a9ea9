import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliveCells, rfmCells } from '../../../lib/value/matrices.ts';

const score = fc.integer({ min: 1, max: 5 });
const buyers = fc.array(
  fc.record({
    r: score,
    f: score,
    spend: fc.integer({ min: -1000, max: 1_000_000 }),
    purchaseDays: fc.integer({ min: 1, max: 500 }),
    daysSinceLast: fc.integer({ min: 0, max: 5000 }),
    pAlive: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 60 },
);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the board of recency by frequency', () => {
  it('has 25 fields, the best first, and every buyer and all money once', () => {
    fc.assert(
      fc.property(buyers, (rows) => {
        const spend = Float64Array.from(rows, (row) => row.spend);
        const cells = rfmCells(
          { r: Uint8Array.from(rows, ({ r }) => r), f: Uint8Array.from(rows, ({ f }) => f) },
          { spend, expected: spend },
        );
        expect(cells).toHaveLength(25);
        expect([cells[0]?.r, cells[0]?.f, cells[24]?.r, cells[24]?.f]).toEqual([5, 5, 1, 1]);
        expect(sum(cells.map(({ customers }) => customers))).toBe(rows.length);
        expect(sum(cells.map(({ historic }) => historic))).toBe(sum([...spend]));
        expect(sum(cells.map(({ next12m }) => next12m ?? Number.NaN))).toBe(sum([...spend]));
        for (const { r, f, customers } of cells)
          expect(customers).toBe(rows.filter((row) => row.r === r && row.f === f).length);
      }),
    );
  });

  it('says nothing of what is expected where there is no forecast', () => {
    const cells = rfmCells(
      { r: Uint8Array.of(5), f: Uint8Array.of(1) },
      { spend: Float64Array.of(7), expected: null },
    );
    expect(cells.every(({ next12m }) => next12m === null)).toBe(true);
    expect(cells.find(({ customers }) => customers === 1)).toMatchObject({ r: 5, f: 1, historic: 7 });
  });
});

describe('the board of who is active', () => {
  it('puts every buyer into the one field that they are in, and tells the mean of it', () => {
    fc.assert(
      fc.property(buyers, (rows) => {
        const column = (name: 'purchaseDays' | 'daysSinceLast' | 'pAlive') =>
          Float64Array.from(rows, (row) => row[name]);
        const cells = aliveCells({
          purchaseDays: column('purchaseDays'),
          daysSinceLast: column('daysSinceLast'),
          pAlive: column('pAlive'),
        });
        for (const cell of cells) {
          const inside = rows.filter(
            ({ purchaseDays, daysSinceLast }) =>
              purchaseDays >= cell.purchaseDaysFrom &&
              purchaseDays <= (cell.purchaseDaysTo ?? Number.POSITIVE_INFINITY) &&
              daysSinceLast >= cell.daysSinceFrom &&
              daysSinceLast <= (cell.daysSinceTo ?? Number.POSITIVE_INFINITY),
          );
          expect(cell.customers).toBe(inside.length);
          if (inside.length === 0) expect(cell.pAlive).toBeNull();
          else expect(cell.pAlive).toBeCloseTo(sum(inside.map(({ pAlive }) => pAlive)) / inside.length, 9);
        }
        expect(sum(cells.map(({ customers }) => customers))).toBe(rows.length);
      }),
    );
  });

  it('refuses a buyer who never bought', () => {
    const one = Float64Array.of(0);
    expect(() => aliveCells({ purchaseDays: one, daysSinceLast: one, pAlive: one })).toThrow(
      /aliveCells: buyer 0/,
    );
  });
});
