import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitIsotonic, stepValueAt } from '../../../lib/math/isotonic.ts';
import golden from '../../golden/calibration.json' with { type: 'json' };

it('agrees with scikit-learn’s isotonic regression, between its steps and beyond its ends', () => {
  const { scores, labels, at, values } = golden.isotonic;
  const steps = fitIsotonic(Float64Array.from(scores), labels);
  for (const [index, x] of at.entries())
    expect(stepValueAt(steps, x)).toBeCloseTo(values[index] as number, 9);
});

const points = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 30 }), fc.double({ min: -5, max: 5, noNaN: true })),
  {
    minLength: 1,
    maxLength: 60,
  },
);

it('never falls, keeps the mean of what it was fitted to, and counts every row', () => {
  fc.assert(
    fc.property(points, (rows) => {
      const x = Float64Array.from(rows, ([at]) => at);
      const y = rows.map(([, value]) => value);
      const { values, counts } = fitIsotonic(x, y);
      for (let step = 1; step < values.length; step++)
        expect(values[step] as number).toBeGreaterThan(values[step - 1] as number);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
      const fitted = values.reduce((sum, value, step) => sum + value * (counts[step] as number), 0);
      expect(fitted).toBeCloseTo(
        y.reduce((sum, value) => sum + value, 0),
        6,
      );
    }),
  );
});

it('of values that never fall is those values', () => {
  const x = Float64Array.of(3, 1, 2);
  const steps = fitIsotonic(x, [0.9, 0.1, 0.5]);
  expect([1, 2, 3].map((at) => stepValueAt(steps, at))).toEqual([0.1, 0.5, 0.9]);
});
