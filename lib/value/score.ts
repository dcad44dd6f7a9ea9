import { averageRanks } from '../math/ranks.ts';
import type { CustomerRow } from '../tables/types.ts';
import type { ScoreScale, ScoreWeights } from './settings.ts';

export interface ScoreOptions {
  weights: ScoreWeights;
  scale: ScoreScale;
}

/**
 * The weighted sum of spend, frequency and browsing minutes, one score per row. On the percentile scale each column is
 * first replaced by its percentile rank, so that a score does not depend on the unit a column is counted in; with weights
 * that add up to 1 it lies between 0 and 100.
 */
export function scoreCustomers(rows: readonly CustomerRow[], { weights, scale }: ScoreOptions): Float64Array {
  const onScale = scale === 'percentile' ? percentileRanks : asItIs;
  const spend = onScale(Float64Array.from(rows, (row) => row.spend));
  const frequency = onScale(Float64Array.from(rows, (row) => row.frequency));
  const browsing = onScale(Float64Array.from(rows, (row) => row.browsingMinutes));
  return spend.map((value, index) =>
    roundedScore(
      weights.spend * value +
        weights.frequency * (frequency[index] as number) +
        weights.browsing * (browsing[index] as number),
    ),
  );
}

/** The middle of the stretch, in percent of the table, that a value and its equals take up: 10, 30, 50, 70, 90 for five. */
export const percentileRanks = (values: Float64Array): Float64Array =>
  averageRanks(values).map((rank) => (100 * (rank - 0.5)) / values.length);

const asItIs = (values: Float64Array): Float64Array => values;

// Two sums that differ by rounding alone are the same score, or two equal customers could land in two tiers.
function roundedScore(sum: number): number {
  const score = Number(sum.toPrecision(12));
  if (!Number.isFinite(score))
    throw new RangeError(`scoreCustomers: a weighted sum of ${sum} is not a score`);
  return score;
}
