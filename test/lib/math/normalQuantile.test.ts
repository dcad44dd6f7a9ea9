import { expect, it } from 'vitest';
import { normalQuantile } from '../../../lib/math/normalQuantile.ts';

// reference: scipy.stats.norm.ppf, SciPy 1.17.1
it.each([
  [1e-20, -9.26234008979841],
  [1e-4, -3.719016485455709],
  [0.05, -1.6448536269514729],
  [0.3, -0.5244005127080409],
  [0.9, 1.2815515655446004],
  [0.975, 1.959963984540054],
  [0.9999, 3.7190164854557084],
])('the normal distribution reaches %d at %d', (share, expected) => {
  expect(Math.abs(normalQuantile(share) / expected - 1)).toBeLessThan(2e-7);
});

it('the normal distribution reaches one half at 0', () => {
  expect(normalQuantile(0.5)).toBe(0);
});
