import * as z from 'zod/mini';
import { linearBidPolicySchema } from './policy.ts';
import { bidTypeSchema } from './settings.ts';

/** A rate's distribution at one level: its mean and its variance. */
const rateMomentsSchema = z.object({ mean: z.number(), variance: z.number() });

/**
 * A hierarchical beta-binomial: an ad's rate varies about its campaign's with a strength of so many trials, campaigns vary
 * about the account. The strength is uncertain, so that there are several, each with its weight; `account` is what a campaign
 * not met before is expected to be.
 */
export const hierarchicalRateSchema = z.object({
  trials: z.number(),
  successes: z.number(),
  nodes: z.array(z.object({ strength: z.number(), weight: z.number(), account: rateMomentsSchema })),
  /** By campaign, one entry per node. */
  campaigns: z.record(z.string(), z.array(rateMomentsSchema)),
});
export type HierarchicalRate = z.infer<typeof hierarchicalRateSchema>;

/** What a conversion brings, before margin: hierarchical credibility, account → campaign → ad. Money in micros. */
export const conversionValueSchema = z.object({
  /** `revenue`: from the table. `setting`: valuePerConversionMicros. `unit`: every conversion counts as 1,000,000 micros. */
  source: z.enum(['revenue', 'setting', 'unit']),
  account: rateMomentsSchema,
  campaigns: z.record(z.string(), rateMomentsSchema),
  /** Variance of one conversion's value within an ad, and of ads' means within a campaign. */
  withinVariance: z.number(),
  betweenVariance: z.number(),
  /** Revenue per conversion above this counts as this; null where nothing was capped. */
  capMicros: z.nullable(z.number()),
});
export type ConversionValue = z.infer<typeof conversionValueSchema>;

/**
 * The highest competing price of an auction in micros, log-normal: log price ~ N(mu, sigma²); the mu of the campaign's ads
 * differ by N(0, offset²). `demand`: clicks (CPC) or thousands of impressions (CPM) per ad and day that any bid could win.
 */
export const pricesSchema = z.object({
  mu: z.number(),
  sigma: z.number(),
  offset: z.number(),
  demand: z.number(),
});
export type Prices = z.infer<typeof pricesSchema>;

/** Share of conversions that has come in so many days after the click: immediate + (1 - immediate)(1 - e^(-age/scaleDays)). */
export const conversionDelaySchema = z.object({ immediate: z.number(), scaleDays: z.number() });
export type ConversionDelay = z.infer<typeof conversionDelaySchema>;

/** What was learnt from all ads together. Its size grows with the campaigns, not with the ads. */
export const bidModelSchema = z.object({
  version: z.literal(1),
  ads: z.number(),
  rows: z.number(),
  /** First and last day of the table, ISO 8601; null without dates. */
  firstDay: z.nullable(z.string()),
  lastDay: z.nullable(z.string()),
  /** Days that the table covers. */
  days: z.number(),
  totals: z.object({
    impressions: z.number(),
    clicks: z.number(),
    maturedClicks: z.number(),
    conversions: z.number(),
    spendMicros: z.number(),
    revenueMicros: z.number(),
  }),
  /** Null where conversions do not come in later, or where dates do not tell. */
  delay: z.nullable(conversionDelaySchema),
  conversionRate: hierarchicalRateSchema,
  clickRate: hierarchicalRateSchema,
  conversionValue: conversionValueSchema,
  prices: z.object({
    CPC: z.object({ account: pricesSchema, campaigns: z.record(z.string(), pricesSchema) }),
    CPM: z.object({ account: pricesSchema, campaigns: z.record(z.string(), pricesSchema) }),
  }),
  /** The baseline; null where the ads cannot carry it, and `notes` says why. */
  linear: z.nullable(linearBidPolicySchema),
  notes: z.array(z.object({ code: z.string(), message: z.string(), count: z.optional(z.number()) })),
});
export type BidModel = z.infer<typeof bidModelSchema>;

/** What an ad did at one bid. */
export const bidLevelSchema = z.object({
  bidMicros: z.number(),
  /** Days at that bid, less the time without budget. */
  days: z.number(),
  impressions: z.number(),
  clicks: z.number(),
  spendMicros: z.number(),
});
export type BidLevel = z.infer<typeof bidLevelSchema>;

/**
 * All that bidding needs to know of one ad, beside the model: from the fit, or from a request by `evidenceOf`. Money in
 * micros.
 */
export const adEvidenceSchema = z.object({
  id: z.string(),
  campaign: z.nullable(z.string()),
  segment: z.nullable(z.string()),
  bidType: bidTypeSchema,
  impressions: z.number(),
  clicks: z.number(),
  /** Clicks whose conversions have come in, as far as the delay says. */
  maturedClicks: z.number(),
  conversions: z.number(),
  spendMicros: z.number(),
  /** Capped as the model says; 0 where there is none. */
  revenueMicros: z.number(),
  /** Conversions that have a revenue. */
  valuedConversions: z.number(),
  /** Null where the platform bids by itself, or nothing is known. */
  currentBidMicros: z.nullable(z.number()),
  /** Since the bid last changed; null where that is not known. */
  daysSinceChange: z.nullable(z.number()),
  /** Of the last 90 days: per click, or per thousand impressions for CPM; null without any. */
  recentCostMicros: z.nullable(z.number()),
  /**
   * Lowest bid first, at most eight. Where the platform bids by itself, one and a half times what was paid stands for the
   * bid.
   */
  levels: z.array(bidLevelSchema),
});
export type AdEvidence = z.infer<typeof adEvidenceSchema>;
