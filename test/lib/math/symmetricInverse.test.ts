import fc from 'fast-check';
import { expect, test } from 'vitest';
import { negatedInverse } from '../../../lib/math/dense/symmetricInverse.ts';
import { newRowSummer } from '../../../lib/math/dense/weightedRows.ts';
import { seededGenerator, standardNormal } from '../../../lib/math/random.ts';

/** F F' + I, which is positive definite and never close to singular. */
function positiveMatrix(size: number, seed: number): number[][] {
  const generator = seededGenerator(seed);
  const factor = Array.from({ length: size }, () =>
    Array.from({ length: 3 }, () => standardNormal(generator)),
  );
  return factor.map((row, i) =>
    factor.map((other, j) =>
      row.reduce((sum, value, m) => sum + value * (other[m] as number), i === j ? 1 : 0),
    ),
  );
}

test('a matrix times its inverse is the identity, whatever its size beside the blocks of the kernel', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 1e6 }), (size, seed) => {
      const rows = positiveMatrix(size, seed);
      const { matrix, stride } = negatedInverse(size, (target, width) => {
        for (const [i, row] of rows.entries())
          for (let j = 0; j <= i; j++) target[i * width + j] = row[j] as number;
      });
      const inverse = (i: number, j: number) => -(matrix[Math.max(i, j) * stride + Math.min(i, j)] as number);
      for (const [i, row] of rows.entries())
        for (let j = 0; j < size; j++)
          expect(row.reduce((sum, value, m) => sum + value * inverse(m, j), 0)).toBeCloseTo(
            i === j ? 1 : 0,
            7,
          );
    }),
    { numRuns: 30 },
  );
});

test('a matrix that is not positive definite is refused', () => {
  expect(() => negatedInverse(2, (matrix, stride) => matrix.set([1], stride))).toThrow(
    'not positive definite',
  );
});

test('rows are summed with their weights', () => {
  const summer = newRowSummer({ size: 3, width: 5, mostRows: 6 });
  for (let at = 0; at < 3; at++)
    for (let j = 0; j < 5; j++) summer.matrix[at * summer.stride + j] = 10 * at + j;
  const rows = Uint32Array.of(0, 1, 2, 2, 1);
  const sum = summer.sum(rows, Float32Array.of(1, 0.5, 1, 1, 0.5));
  // 1, 1 and 2 times the rows: 0 + 10 + 40 and four times the column
  expect(Array.from(sum)).toEqual([50, 54, 58, 62, 66]);
  expect(() => summer.sum(new Uint32Array(7), new Float32Array(7))).toThrow('6 are the most');
});
