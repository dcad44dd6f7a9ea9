import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compress, fitCompression } from '../../../lib/models/compression.ts';

it('compresses a column with a few huge values and leaves an even one alone', () => {
  const rows = Array.from({ length: 100 }, (_, row) => [row, row < 97 ? row % 5 : 1000 * row]);
  const scales = fitCompression(Float64Array.from(rows.flat()), { rows: 100, columns: 2 });
  expect(scales).toEqual([0, 3]);
});

it('keeps the order and the sign of values, up to the largest numbers there are', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(value, value, fc.double({ noNaN: true, min: 1e-300, max: 1e300 }), (a, b, scale) => {
      const [first, second] = compress(Float64Array.of(Math.min(a, b), Math.max(a, b)), [scale]);
      expect(Number.isFinite(first) && Number.isFinite(second)).toBe(true);
      expect(first).toBeLessThanOrEqual(second as number);
      expect(Math.sign(second as number) * Math.sign(Math.max(a, b))).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('is almost the value itself near 0, and a logarithm far out', () => {
  const [near, far, farther] = compress(Float64Array.of(0.002, 2e6, 4e6), [2]);
  expect(near).toBeCloseTo(0.001, 8);
  expect((farther as number) - (far as number)).toBeCloseTo(Math.LN2, 8);
});
