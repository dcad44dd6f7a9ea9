import { normalCdf } from '../../math/normalCdf.ts';
import { liftedProbability, liftPoints } from './lift.ts';
import { type Approach, oddsFactorOf } from './profitCurve.ts';
import type { Prospects } from './prospects.ts';

/** Orders and profit that only the contact brings: expected, and where they will lie with 90 %. Money in minor units. */
export interface CampaignForecast {
  /** Orders of all who are contacted, and of the same customers without it. */
  orders: number;
  ordersWithout: number;
  extraOrders: number;
  profit: number;
  low: number;
  high: number;
}

const points = 20;

/**
 * The lift is one for all customers of a campaign, so that its uncertainty does not average out: for each of its equally probable values
 * the profit is nearly normal, by the orders of single customers, and the interval is that of the mixture.
 */
export function forecastCampaign(
  { probability, orderValue }: Pick<Prospects, 'probability' | 'orderValue'>,
  { approach, customers, margin }: { approach: Approach; customers: Uint32Array; margin: number },
): CampaignForecast {
  const oddsRatios = liftPoints(approach.lift, points);
  const parts = oddsRatios.map((oddsRatio) => {
    let [orders, profit, variance] = [0, 0, 0];
    for (const customer of customers) {
      const before = probability[customer] as number;
      const value = orderValue[customer] as number;
      const after = liftedProbability(before, oddsRatio * oddsFactorOf(approach, customer));
      const kept = (margin - approach.discount) * value;
      orders += after;
      profit += after * kept - before * margin * value - approach.contactCost;
      variance += after * (1 - after) * kept ** 2 + before * (1 - before) * (margin * value) ** 2;
    }
    return { orders, mean: profit, sd: Math.sqrt(variance) };
  });
  const ordersWithout = customers.reduce((sum, customer) => sum + (probability[customer] as number), 0);
  const orders = parts.reduce((sum, part) => sum + part.orders, 0) / points;
  return {
    orders,
    ordersWithout,
    extraOrders: orders - ordersWithout,
    profit: parts.reduce((sum, { mean }) => sum + mean, 0) / points,
    low: mixtureQuantile(parts, 0.05),
    high: mixtureQuantile(parts, 0.95),
  };
}

function mixtureQuantile(parts: readonly { mean: number; sd: number }[], share: number): number {
  const below = (value: number): number =>
    parts.reduce(
      (sum, { mean, sd }) => sum + (sd === 0 ? Number(mean <= value) : normalCdf((value - mean) / sd)),
      0,
    ) / parts.length;
  let low = Math.min(...parts.map(({ mean, sd }) => mean - 8 * sd));
  let high = Math.max(...parts.map(({ mean, sd }) => mean + 8 * sd));
  for (let halving = 0; halving < 80; halving++) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
