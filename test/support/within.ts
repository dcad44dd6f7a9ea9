import { expect } from 'vitest';

/** A golden value: where it comes from, how it came to be, and how far off is still right. Zero never is. */
export interface Golden {
  kind: 'published' | 'reference' | 'regression';
  source: string;
  relativeTolerance: number;
}

export function expectWithin(actual: number, expected: number, { relativeTolerance, source }: Golden): void {
  expect(relativeTolerance, 'with this tolerance zero would pass').toBeLessThan(1);
  const distance = Math.abs(actual - expected);
  expect(
    distance,
    `${actual} is not within ${relativeTolerance} of ${expected} (${source})`,
  ).toBeLessThanOrEqual(relativeTolerance * Math.abs(expected));
}
