import {
  type GammaQuantileTable,
  gammaQuantileTable,
  lookUpGammaQuantile,
} from '../math/gammaQuantileTable.ts';

export interface Interval {
  low: number;
  high: number;
}

/** Where something above 0 lies with 90 %: quantiles of the gamma distribution with this mean and variance, to a millionth. */
export function gammaInterval({ mean, variance }: { mean: number; variance: number }): Interval {
  if (mean <= 0) return { low: 0, high: 0 };
  const scale = variance / mean;
  // so sure that the quantiles are the mean
  if (!(scale > 1e-9 * mean)) return { low: mean, high: mean };
  const shape = mean / scale;
  ends ??= { low: gammaQuantileTable(0.05), high: gammaQuantileTable(0.95) };
  return {
    low: scale * lookUpGammaQuantile(ends.low, shape),
    high: scale * lookUpGammaQuantile(ends.high, shape),
  };
}

/** Made when first needed: it takes some milliseconds, which a function that never bids should not pay as it starts. */
let ends: { low: GammaQuantileTable; high: GammaQuantileTable } | undefined;
