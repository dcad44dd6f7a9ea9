import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stagedBuckets } from '../../../lib/features/customerBucket.ts';
import { fitTwice, groupOf, groupsFor } from '../../../lib/pipeline/history/groups.ts';

test('groups are no more than they have to be, and each has as many buckets as the next', () => {
  expect([1, 500_000, 500_001, 3_000_000, 15_000_000, 150_000_000].map(groupsFor)).toEqual([
    1, 1, 2, 8, 32, 64,
  ]);
  fc.assert(
    fc.property(fc.nat(200_000_000), (rows) => {
      const groups = groupsFor(rows);
      expect(stagedBuckets % groups).toBe(0);
      expect(fitTwice(rows, groups)).toBe(rows <= 32_000_000);
    }),
  );
});

test('every customer is in one of the groups, and each group has customers', () => {
  const customers = Array.from({ length: 2_000 }, (_, at) => `C${at}`);
  for (const groups of [1, 2, 8, 32, 64]) {
    const held = new Set(customers.map((id) => groupOf(id, groups)));
    expect([...held].sort((a, b) => a - b)).toEqual(Array.from({ length: groups }, (_, at) => at));
  }
});
