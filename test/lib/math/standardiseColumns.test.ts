import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitColumnStandards, standardiseColumns } from '../../../lib/math/standardiseColumns.ts';

const moments = (values: number[]): { mean: number; deviation: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean,
    deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
  };
};

it('every column of a standardised matrix has mean 0 and deviation 1', () => {
  const cell = fc.integer({ min: -1_000_000, max: 1_000_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 40 }), (cells) => {
      const X = Float64Array.from(cells.flat());
      const Z = standardiseColumns(X, fitColumnStandards(X, { rows: cells.length, columns: 2 }));
      for (const column of [0, 1]) {
        const before = new Set(cells.map((row) => row[column]));
        const { mean, deviation } = moments(cells.map((_, row) => Z[row * 2 + column] as number));
        expect(mean).toBeCloseTo(0, 8);
        expect(deviation).toBeCloseTo(before.size > 1 ? 1 : 0, 6);
      }
    }),
  );
});

it('a constant column becomes 0, and huge values do not overflow', () => {
  const X = Float64Array.of(7, 1e300, 7, -1e300, 7, 1e300);
  const { means, scales } = fitColumnStandards(X, { rows: 3, columns: 2 });
  const Z = standardiseColumns(X, { means, scales });
  expect([Z[0], Z[2], Z[4]]).toEqual([0, 0, 0]);
  expect(Z[1]).toBeCloseTo(Math.SQRT1_2, 12);
  expect(Z[3]).toBeCloseTo(-Math.SQRT2, 12);
});
