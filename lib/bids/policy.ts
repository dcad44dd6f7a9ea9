import * as z from 'zod/mini';
import type { AdRow } from '../tables/types.ts';

const rateSchema = z.enum(['clickRate', 'conversionRate']);
export type Rate = z.infer<typeof rateSchema>;

/** Spend as a linear function of the rates, times a factor: the baseline that better policies are measured against. */
export const linearBidPolicySchema = z.object({
  version: z.literal(1),
  policy: z.literal('linear'),
  label: z.literal('baseline'),
  bidFactor: z.number(),
  seed: z.number(),
  /** (spend - centre) / scale = Σ coefficient · (rate - centre) / scale; money in currency major units. */
  spend: z.object({ centre: z.number(), scale: z.number() }),
  rates: z.array(
    z.object({
      name: rateSchema,
      centre: z.number(),
      scale: z.number(),
      coefficient: z.number(),
      /** The least and the greatest that was seen; beyond them a bid is extrapolated. */
      lowest: z.number(),
      highest: z.number(),
    }),
  ),
  /** Ads in the table, and those with both rates, on which the policy is fitted. */
  rows: z.number(),
  rowsUsed: z.number(),
  /** Mean absolute error of the spend, beside that of the mean spend; null with too few rows to hold some out. */
  heldOut: z.nullable(
    z.object({ rows: z.number(), meanAbsoluteError: z.number(), baselineMeanAbsoluteError: z.number() }),
  ),
  notes: z.array(z.object({ code: z.string(), message: z.string(), count: z.optional(z.number()) })),
});
export type LinearBidPolicy = z.infer<typeof linearBidPolicySchema>;

export interface LinearBid {
  /** Currency major units; null where there is nothing to bid on. */
  suggestedBid: number | null;
  reason: string | null;
}

/** As a sentence calls them. */
export const rateNames: Record<Rate, string> = { clickRate: 'click rate', conversionRate: 'conversion rate' };

/** The predicted spend times the policy's factor; never negative, never NaN, and a reason wherever it is not plain. */
export function bidLinear(policy: LinearBidPolicy, ad: Pick<AdRow, Rate>): LinearBid {
  const missing = policy.rates.find(({ name }) => ad[name] === null);
  if (missing) return { suggestedBid: null, reason: `the ad has no ${rateNames[missing.name]}` };
  const bid = predictSpend(policy, ad) * policy.bidFactor;
  if (!Number.isFinite(bid)) return { suggestedBid: null, reason: 'the rates are too large to bid on' };
  if (bid <= 0) return { suggestedBid: 0, reason: 'the predicted spend is not above 0' };
  return { suggestedBid: Number(bid.toPrecision(12)), reason: extrapolation(policy, ad) };
}

/** Expected spend of an ad that has every rate of the policy; may be negative. */
export function predictSpend(
  { spend, rates }: Pick<LinearBidPolicy, 'spend' | 'rates'>,
  ad: Pick<AdRow, Rate>,
): number {
  let standardised = 0;
  for (const { name, centre, scale, coefficient } of rates)
    standardised += coefficient * (((ad[name] ?? Number.NaN) - centre) / scale);
  const predicted = spend.centre + spend.scale * standardised;
  // a sum that cancels down to rounding error is a zero, not a bid of 1e-14
  return Math.abs(predicted) < 1e-11 * Math.max(Math.abs(spend.centre), spend.scale) ? 0 : predicted;
}

function extrapolation(policy: LinearBidPolicy, ad: Pick<AdRow, Rate>): string | null {
  const outside = policy.rates.filter(({ name, lowest, highest }) => {
    const rate = ad[name];
    return rate !== null && (rate < lowest || rate > highest);
  });
  if (outside.length === 0) return null;
  return `extrapolated: ${outside.map(({ name }) => rateNames[name]).join(' and ')} beyond the fitted ads`;
}
