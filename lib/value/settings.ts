import * as z from 'zod/mini';

/** `raw` adds the columns as they are; `percentile` ranks each first, because yuan, counts and minutes do not add. */
export const scoreScaleSchema = z.enum(['raw', 'percentile']);
export type ScoreScale = z.infer<typeof scoreScaleSchema>;

const weight = z.number().check(z.gte(0), z.lte(1_000_000));

export const scoreWeightsSchema = z
  .strictObject({
    spend: z._default(weight, 0.5),
    frequency: z._default(weight, 0.3),
    browsing: z._default(weight, 0.2),
  })
  .check(
    z.refine((weights) => Object.values(weights).some((value) => value > 0), {
      error: 'at least one weight must be above 0',
    }),
  );
export type ScoreWeights = z.infer<typeof scoreWeightsSchema>;

const increasing = z.refine<[number, number]>(([first, second]) => first < second, {
  error: 'the second number must be above the first',
});

const share = z.number().check(z.gt(0), z.lt(1));

/** How scores are cut into tiers; the two numbers are where low ends and where mid ends. */
export const tierOptionsSchema = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('fixed'),
    edges: z._default(z.tuple([z.number(), z.number()]).check(increasing), [10, 20]),
  }),
  z.strictObject({
    method: z.literal('quantile'),
    quantiles: z._default(z.tuple([share, share]).check(increasing), [0.5, 0.8]),
  }),
  z.strictObject({ method: z.literal('naturalBreaks') }),
]);
export type TierOptions = z.infer<typeof tierOptionsSchema>;

export const tierMethodSchema = z.enum(['fixed', 'quantile', 'naturalBreaks']);
export type TierMethod = TierOptions['method'];

/** How customers of an order history are cut into tiers by what they are expected to spend. */
export const valueTierSettings = z.strictObject({
  /** Shares of customers up to which tiers are low, and mid. */
  quantiles: z._default(z.tuple([share, share]).check(increasing), [0.5, 0.8]),
  /** In place of quantiles: amounts, in units of the shop's currency, up to which tiers are low, and mid. */
  edges: z._default(z.nullable(z.tuple([z.number(), z.number()]).check(increasing)), null),
  /** Edges stay those of the run before until a tier is off its share by more than this share of the customers. */
  maxDrift: z._default(z.number().check(z.gte(0), z.lte(1)), 0.05),
});
export type ValueTierSettings = z.infer<typeof valueTierSettings>;

/** The part of settings.json that says how customers are valued. */
export const valueSettings = z.strictObject({
  weights: z.prefault(scoreWeightsSchema, {}),
  scale: z._default(scoreScaleSchema, 'percentile'),
  tiers: z.prefault(tierOptionsSchema, { method: 'quantile' }),
});
export type ValueSettings = z.infer<typeof valueSettings>;
