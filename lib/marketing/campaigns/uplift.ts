import { logGamma } from '../../math/logGamma.ts';
import { normalCdf } from '../../math/normalCdf.ts';
import { normalQuantile } from '../../math/normalQuantile.ts';
import { wilsonInterval } from '../../models/evaluation/wilsonInterval.ts';

export interface Interval {
  low: number;
  high: number;
}

export interface BuyerCounts {
  treated: number;
  treatedBuyers: number;
  control: number;
  controlBuyers: number;
}

/** What a campaign did to the share of its customers who ordered. */
export interface Uplift extends BuyerCounts {
  treatedRate: number;
  controlRate: number;
  /** Rise of the share of buyers, and where it lies with 1 − significance. */
  uplift: number;
  interval: Interval;
  pValue: number;
  significance: number;
  /** Whether interval and test both exclude that the campaign did nothing. */
  isMeasurable: boolean;
  /** Orders that would not have come without the campaign. */
  extraOrders: number;
  extraOrdersInterval: Interval;
}

/**
 * The difference of two shares: interval by Newcombe (1998, Statistics in Medicine 17, 873–890, method 10), p-value by Fisher's exact test,
 * two-sided. An effect is called one only where both say so: Fisher's test errs on the safe side, so that a campaign without an effect is
 * called so more often than 1 − significance.
 *
 * Throws where a group is empty: without control there is nothing to compare with.
 */
export function measureUplift(counts: BuyerCounts, { significance }: { significance: number }): Uplift {
  const { treated, treatedBuyers, control, controlBuyers } = counts;
  if (treated === 0 || control === 0)
    throw new RangeError(`measureUplift needs customers in both groups; got ${treated} and ${control}`);
  const treatedRate = treatedBuyers / treated;
  const controlRate = controlBuyers / control;
  const uplift = treatedRate - controlRate;
  const interval = newcombeInterval(counts, { significance });
  const pValue = fisherExact(counts);
  return {
    ...counts,
    treatedRate,
    controlRate,
    uplift,
    interval,
    pValue,
    significance,
    isMeasurable: pValue < significance && (interval.low > 0 || interval.high < 0),
    extraOrders: uplift * treated,
    extraOrdersInterval: { low: interval.low * treated, high: interval.high * treated },
  };
}

/** Newcombe's hybrid of the two shares' Wilson intervals. */
export function newcombeInterval(
  { treated, treatedBuyers, control, controlBuyers }: BuyerCounts,
  { significance }: { significance: number },
): Interval {
  const z = normalQuantile(1 - significance / 2);
  const [p1, p2] = [treatedBuyers / treated, controlBuyers / control];
  const one = wilsonInterval(treatedBuyers, treated, { z });
  const two = wilsonInterval(controlBuyers, control, { z });
  return {
    low: p1 - p2 - Math.hypot(p1 - one.low, two.high - p2),
    high: p1 - p2 + Math.hypot(one.high - p1, p2 - two.low),
  };
}

/** Two-sided: all tables with the same margins that are no more probable than this one. */
export function fisherExact({ treated, treatedBuyers, control, controlBuyers }: BuyerCounts): number {
  const buyers = treatedBuyers + controlBuyers;
  const logProbability = (inTreated: number): number =>
    logChoose(treated, inTreated) + logChoose(control, buyers - inTreated);
  const observed = logProbability(treatedBuyers);
  const first = Math.max(0, buyers - control);
  const last = Math.min(treated, buyers);
  let [extreme, all] = [0, 0];
  for (let inTreated = first; inTreated <= last; inTreated++) {
    const relative = logProbability(inTreated) - observed;
    const weight = Math.exp(relative);
    all += weight;
    // equal ones differ by rounding; the tolerance is R's
    if (relative <= 1e-7) extreme += weight;
  }
  return Math.min(1, extreme / all);
}

const logChoose = (of: number, count: number): number =>
  logGamma(of + 1) - logGamma(count + 1) - logGamma(of - count + 1);

export interface Moments {
  count: number;
  mean: number;
  /** Sample variance. */
  variance: number;
}

export function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, variance: count > 1 ? squares / (count - 1) : 0 };
}

/** Difference of two means without equal variances (Welch 1947), by the normal distribution: groups of campaigns are large. */
export function differenceOfMeans(
  treated: Moments,
  control: Moments,
  { significance }: { significance: number },
): { difference: number; interval: Interval; pValue: number } {
  const difference = treated.mean - control.mean;
  const sd = Math.sqrt(treated.variance / treated.count + control.variance / control.count);
  const half = normalQuantile(1 - significance / 2) * sd;
  return {
    difference,
    interval: { low: difference - half, high: difference + half },
    pValue: sd === 0 ? Number(difference === 0) : 2 * normalCdf(-Math.abs(difference) / sd),
  };
}

/**
 * What one more order cost: the campaign's cost over its extra orders, and over the bounds of their interval. Null where no more orders,
 * or fewer, are within it: then no amount is too high.
 */
export function costPerExtraOrder(
  cost: number,
  { extraOrders, extraOrdersInterval: { low, high } }: Pick<Uplift, 'extraOrders' | 'extraOrdersInterval'>,
): { cost: number | null; low: number | null; high: number | null } {
  const per = (orders: number): number | null => (orders > 0 ? cost / orders : null);
  return { cost: per(extraOrders), low: per(high), high: per(low) };
}
