import { describe, expect, it } from 'vitest';
import { averageRanks, competitionRanks } from '../../../lib/math/ranks.ts';

describe('ranks', () => {
  it('give equal values the average of the ranks they take up, the least being first', () => {
    expect([...averageRanks(Float64Array.of(30, 10, 20, 20))]).toEqual([4, 1, 2.5, 2.5]);
  });

  it('give equal values the best of the ranks they take up in a competition, the greatest being first', () => {
    expect([...competitionRanks(Float64Array.of(30, 10, 20, 20))]).toEqual([1, 4, 2, 2]);
  });

  it('see no difference between 0 and -0', () => {
    expect([...averageRanks(Float64Array.of(0, -0))]).toEqual([1.5, 1.5]);
  });

  it('of nothing are nothing', () => {
    expect(averageRanks(new Float64Array())).toHaveLength(0);
  });
});
