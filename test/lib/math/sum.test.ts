import { expect, it } from 'vitest';
import { compensatedSum } from '../../../lib/math/sum.ts';

it('a sum keeps what a large amount would swallow', () => {
  expect(compensatedSum([1, 1e100, 1, -1e100])).toBe(2);
});

it('the sum of nothing is 0', () => {
  expect(compensatedSum([])).toBe(0);
});
