import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sigmoid, softplus } from '../../../lib/math/logistic.ts';

const margins = fc.double({ noNaN: true, min: -1e300, max: 1e300 });

it('sigmoid stays within 0 and 1, and mirrors', () => {
  fc.assert(
    fc.property(margins, (x) => {
      expect(sigmoid(x)).toBeGreaterThanOrEqual(0);
      expect(sigmoid(x)).toBeLessThanOrEqual(1);
      expect(sigmoid(x) + sigmoid(-x)).toBeCloseTo(1, 14);
    }),
  );
  expect(sigmoid(Math.log(3))).toBeCloseTo(0.75, 15);
});

it('softplus is -log(1 - sigmoid) where that can be computed, and the margin itself far out', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -15, max: 15 }), (x) => {
      expect(softplus(x)).toBeCloseTo(-Math.log(1 - sigmoid(x)), 8);
    }),
  );
  expect(softplus(1000)).toBe(1000);
  expect(softplus(-1000)).toBe(0);
});
