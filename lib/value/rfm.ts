import { sortedOrder } from '../math/sortedOrder.ts';

/** One customer's order history as RFM sees it: here recency is the time since the last order. */
export interface RfmColumns {
  daysSinceLast: Float64Array;
  /** Orders, or days with one. */
  frequency: Float64Array;
  monetary: Float64Array;
}

/** 1 to 5 each, 5 best. */
export interface RfmScores {
  r: Uint8Array;
  f: Uint8Array;
  m: Uint8Array;
}

/**
 * What becomes of customers with the same value. `together`: they share a quintile, that of the lowest place they take up,
 * so that one-time buyers, be they 60 %, are all in the first, and nobody's score depends on the order of a file.
 * `inOrder`: the first in the table count as lower, and the quintiles are of equal size, as pandas' rank(method='first').
 */
export type TieRule = 'together' | 'inOrder';

export function scoreRfm(
  { daysSinceLast, frequency, monetary }: RfmColumns,
  { ties = 'together' }: { ties?: TieRule } = {},
): RfmScores {
  return {
    r: quintiles(
      daysSinceLast.map((days) => -days),
      ties,
    ),
    f: quintiles(frequency, ties),
    m: quintiles(monetary, ties),
  };
}

/** A ranking for lack of a model: the sum of the three scores, those with equal sums by what they spent. */
export function rfmRanking({ r, f, m }: RfmScores, monetary: Float64Array): Float64Array {
  const most = monetary.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0) || 1;
  return monetary.map(
    (value, index) => (r[index] as number) + (f[index] as number) + (m[index] as number) + value / most / 4,
  );
}

/** 1 + how many fifths of the customers stand lower. */
export function quintiles(values: Float64Array, ties: TieRule): Uint8Array {
  const quintile = new Uint8Array(values.length);
  let lowest = 0;
  let last = Number.NaN;
  for (const [place, customer] of sortedOrder(values).entries()) {
    const value = values[customer] as number;
    if (ties === 'inOrder' || value !== last) lowest = place;
    last = value;
    quintile[customer] = 1 + Math.floor((5 * lowest) / values.length);
  }
  return quintile;
}
