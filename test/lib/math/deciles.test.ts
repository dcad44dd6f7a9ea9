import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deciles } from '../../../lib/math/deciles.ts';

test('of twenty different values every decile holds two, the first the highest', () => {
  const values = Float64Array.from({ length: 20 }, (_, index) => index / 20);
  const expected = [10, 10, 9, 9, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1];
  expect([...deciles(values)]).toEqual(expected);
});

test('equal values share a decile, a higher value never has a worse one, and all lie within 1 to 10', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 60 }), (raw) => {
      const values = Float64Array.from(raw);
      const tenths = deciles(values);
      values.forEach((value, i) => {
        expect(tenths[i]).toBeGreaterThanOrEqual(1);
        expect(tenths[i]).toBeLessThanOrEqual(10);
        values.forEach((other, j) => {
          if (value === other) expect(tenths[i]).toBe(tenths[j]);
          if (value > other) expect(tenths[i]).toBeLessThanOrEqual(tenths[j] as number);
        });
      });
    }),
  );
});
