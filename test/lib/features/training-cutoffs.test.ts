import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainingCutoffs } from '../../../lib/features/trainingCutoffs.ts';

test('a year of orders gives four months to fit and the last whole one to test', () => {
  expect(trainingCutoffs({ firstDay: 0, lastDay: 365, horizonDays: 30 })).toEqual({
    fitted: [215, 245, 275, 305],
    test: 335,
  });
});

test('a history is long enough when a horizon fits before, between and after two cutoffs', () => {
  expect(trainingCutoffs({ firstDay: 0, lastDay: 90, horizonDays: 30 })).toEqual({ fitted: [30], test: 60 });
  expect(trainingCutoffs({ firstDay: 0, lastDay: 89, horizonDays: 30 })).toBeNull();
});

test('no day is in the labels of two cutoffs, none after the last day is, and fitting ends where the test begins', () => {
  const whole = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(whole(2000), whole(365), whole(6), (days, horizonDays, most) => {
      const cutoffs = trainingCutoffs({ firstDay: 100, lastDay: 100 + days, horizonDays, most });
      if (cutoffs === null) {
        expect(days).toBeLessThan(3 * horizonDays);
        return;
      }
      const { fitted, test } = cutoffs;
      expect(test + horizonDays).toBe(100 + days);
      expect(fitted.length).toBeLessThanOrEqual(most);
      for (const [index, day] of fitted.entries()) {
        expect(day + horizonDays).toBe(fitted[index + 1] ?? test);
        expect(day - 100).toBeGreaterThanOrEqual(horizonDays);
      }
    }),
  );
});
