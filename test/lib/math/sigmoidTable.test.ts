import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sigmoid } from '../../../lib/math/logistic.ts';
import { nearSigmoid } from '../../../lib/math/sigmoidTable.ts';

it('is within 2e-7 of the sigmoid, for any number', () => {
  const x = fc.oneof(fc.double({ noNaN: true }), fc.double({ min: -20, max: 20, noNaN: true }));
  fc.assert(
    fc.property(x, (value) => {
      expect(Math.abs(nearSigmoid(value) - sigmoid(value))).toBeLessThan(2e-7);
    }),
    { numRuns: 1000 },
  );
  expect(nearSigmoid(0)).toBe(0.5);
});
