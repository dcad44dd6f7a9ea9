import { sortedOrder } from '../../math/sortedOrder.ts';
import { type Lift, liftedProbability, liftPoints } from './lift.ts';
import type { Prospects } from './prospects.ts';

/** One way to approach the customers of a segment: by a channel, with an offer. Costs in minor units. */
export interface Approach {
  channel: string;
  offer: string;
  contactCost: number;
  discount: number;
  lift: Lift;
  /** How many times the lift each prospect is moved, where an earlier campaign taught it; absent where all are taken to be alike. */
  oddsFactors?: Float64Array | null;
}

/** What contacting is expected to bring and cost, the best customer first. */
export interface ProfitCurve {
  approach: Approach;
  /** Places in the columns of the prospects. */
  customers: Uint32Array;
  /** What each brings per unit of cost; infinite where there is none. Falls. */
  returns: Float64Array;
  /** Of the first customers together; one longer than they are, from 0. */
  cumulativeGain: Float64Array;
  cumulativeCost: Float64Array;
}

/** Odds ratios that stand for what the lift may be. */
const points = 20;

/**
 * The margin of the orders that only the contact brings, against the contact and the offer; an offer is taken by those too who would have
 * ordered without it. Expectations are over what the lift may be.
 */
export function profitCurve(
  prospects: Prospects,
  approach: Approach,
  { customers, margin }: { customers: Uint32Array; margin: number },
): ProfitCurve {
  const oddsRatios = liftPoints(approach.lift, points);
  const gains = new Float64Array(customers.length);
  const costs = new Float64Array(customers.length);
  const returns = new Float64Array(customers.length);
  for (const [at, customer] of customers.entries()) {
    const probability = prospects.probability[customer] as number;
    const value = prospects.orderValue[customer] as number;
    const lifted = meanLifted(probability, oddsRatios, oddsFactorOf(approach, customer));
    gains[at] = (lifted - probability) * margin * value;
    costs[at] = approach.contactCost + lifted * approach.discount * value;
    returns[at] = returnOf(gains[at] as number, costs[at] as number);
  }
  const order = sortedOrder(returns.map((value) => -value));
  return {
    approach,
    customers: Uint32Array.from(order, (at) => customers[at] as number),
    returns: Float64Array.from(order, (at) => returns[at] as number),
    cumulativeGain: cumulated(order, gains),
    cumulativeCost: cumulated(order, costs),
  };
}

export const oddsFactorOf = ({ oddsFactors }: Approach, customer: number): number =>
  oddsFactors?.[customer] ?? 1;

export function meanLifted(probability: number, oddsRatios: readonly number[], oddsFactor = 1): number {
  let sum = 0;
  for (const ratio of oddsRatios) sum += liftedProbability(probability, oddsFactor * ratio);
  return sum / oddsRatios.length;
}

/** How many customers, from the first, bring more than `threshold` per unit of cost. */
export function countAbove({ returns }: ProfitCurve, threshold: number): number {
  let [low, high] = [0, returns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((returns[middle] as number) > threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many customers, from the first, cost at most `amount` together. */
export function countWithin({ cumulativeCost }: ProfitCurve, amount: number): number {
  let [low, high] = [0, cumulativeCost.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((cumulativeCost[middle] as number) <= amount) low = middle;
    else high = middle - 1;
  }
  return low;
}

function returnOf(gain: number, cost: number): number {
  if (cost > 0) return gain / cost;
  return gain > 0 ? Number.POSITIVE_INFINITY : 0;
}

function cumulated(order: Uint32Array, values: Float64Array): Float64Array {
  const sums = new Float64Array(order.length + 1);
  for (const [at, index] of order.entries()) sums[at + 1] = (sums[at] as number) + (values[index] as number);
  return sums;
}
