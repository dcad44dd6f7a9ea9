import { distinctValues } from '../math/ranks.ts';

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
  const places = ties === 'together' ? lowestPlaces(values) : placesInOrder(values);
  return Uint8Array.from(places, (place) => 1 + Math.floor((5 * place) / values.length));
}

/** How many have a lower value. */
function lowestPlaces(values: Float64Array): Uint32Array {
  const distinct = distinctValues(values);
  const below = new Map<number, number>();
  distinct.values.forEach((value, index) => {
    below.set(value, distinct.countUpTo[index - 1] ?? 0);
  });
  return Uint32Array.from(values, (value) => below.get(value) as number);
}

function placesInOrder(values: Float64Array): Uint32Array {
  const order = Uint32Array.from(values.keys()).sort(
    (one, other) => (values[one] as number) - (values[other] as number) || one - other,
  );
  const places = new Uint32Array(values.length);
  order.forEach((customer, place) => {
    places[customer] = place;
  });
  return places;
}
