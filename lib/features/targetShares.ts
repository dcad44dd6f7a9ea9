import * as z from 'zod/mini';
import { customerNumber } from './customerBucket.ts';
import {
  outOfFoldStatistics,
  type Statistics,
  statisticFolds,
  targetStatistics,
} from './targetStatistics.ts';

/** What stands for each category where there are too many for a matrix column each: its share of label 1, smoothed. */
export const targetSharesSchema = z.object({
  categories: z.array(z.string()),
  shares: z.array(z.number()),
  /** Of all rows: for a category that is rare, unknown or missing. */
  otherwise: z.number(),
});
export type TargetShares = z.infer<typeof targetSharesSchema>;

/** The rows of a category below which its share would say more of chance than of it. */
const leastRows = 5;
/** The most frequent, at most: they are stored with the model. */
const mostCategories = 2000;

/** `byFrequency` are the categories of the column and how often they occur, the most frequent first. */
export function learnTargetShares(
  values: readonly (string | null)[],
  { y, byFrequency }: { y: Uint8Array; byFrequency: readonly (readonly [string, number])[] },
): TargetShares {
  const categories = byFrequency
    .slice(0, mostCategories)
    .flatMap(([category, rows]) => (rows < leastRows ? [] : [category]));
  const { statistics, otherwise } = targetStatistics(numbersOf(values, categories), places(categories), {
    y,
  });
  return { categories, shares: [...statistics], otherwise };
}

/** The share of each value, as rows are read that were not learnt from. */
export function targetSharesOf(
  values: readonly (string | null)[],
  { categories, shares, otherwise }: TargetShares,
): Float64Array {
  return numbersOf(values, categories).map((number) =>
    Number.isNaN(number) ? otherwise : (shares[number] as number),
  );
}

/**
 * The same for the rows that were learnt from: each from the others' labels. All rows of a customer are in one fold, so that
 * what he did at one cutoff does not tell what he did at another.
 */
export function outOfFoldShares(
  values: readonly (string | null)[],
  { categories, shares, otherwise }: TargetShares,
  { y, ids }: { y: Uint8Array; ids: readonly string[] },
): Float64Array {
  const numbers = numbersOf(values, categories);
  const whole: Statistics = { statistics: Float64Array.from(shares), otherwise };
  const foldOf = Uint8Array.from(ids, (id) => customerNumber(id) % statisticFolds);
  const found = outOfFoldStatistics(numbers, whole, {
    categories: places(categories),
    labels: { y },
    foldOf,
  });
  return found.map((share) => (Number.isNaN(share) ? otherwise : share));
}

const places = (categories: readonly string[]): Float64Array => Float64Array.from(categories.keys());

/** The place of each value among the categories, NaN for none. */
function numbersOf(values: readonly (string | null)[], categories: readonly string[]): Float64Array {
  const placeOf = new Map(categories.map((category, place) => [category, place]));
  return Float64Array.from(values, (value) =>
    value === null ? Number.NaN : (placeOf.get(value) ?? Number.NaN),
  );
}
