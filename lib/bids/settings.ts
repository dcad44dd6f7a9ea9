import * as z from 'zod/mini';

const micros = z.int().check(z.minimum(0), z.maximum(1e15));
const positiveMicros = z.int().check(z.minimum(1), z.maximum(1e15));
const share = z.number().check(z.gte(0), z.lte(1));

export const bidPolicySchema = z.enum(['portfolio', 'revenuePerClick', 'linear']);

/** What a won click costs: the next price below the bid (as on search), or the bid itself. */
export const auctionSchema = z.enum(['secondPrice', 'firstPrice']);
export type Auction = z.infer<typeof auctionSchema>;

/** A click is paid for (CPC), or a thousand impressions are (CPM). */
export const bidTypeSchema = z.enum(['CPC', 'CPM']);
export type BidType = z.infer<typeof bidTypeSchema>;

/** How far one round of bids may go. */
export const guardrailSettings = z.strictObject({
  /** A bid moves by at most this share of the one in force. */
  maxChange: z._default(z.number().check(z.gt(0), z.lte(10)), 0.3),
  /** And to at most so many times what a click cost in the last 90 days. */
  maxTimesCostPerClick: z._default(z.number().check(z.gte(1), z.lte(100)), 2),
  /** Or, where that is more, as far as a click is worth with 95 %: what was paid says little where the worth is known. */
  upToSureWorth: z._default(z.boolean(), false),
  /** A change by less than this share is not worth making. */
  deadBand: z._default(share, 0.05),
  /** A bid that changed fewer days ago than this stays. */
  cooldownDays: z._default(z.int().check(z.minimum(0), z.maximum(90)), 3),
  floorMicros: z._default(micros, 10_000),
  ceilingMicros: z._default(z.nullable(positiveMicros), null),
  /** Share of the budget that is kept for cold ads. */
  learningShare: z._default(z.number().check(z.gte(0), z.lte(0.5)), 0.05),
  /** An ad with fewer matured clicks than this is cold. */
  coldClicks: z._default(z.number().check(z.gte(0), z.lte(10_000)), 5),
});
export type GuardrailSettings = z.infer<typeof guardrailSettings>;

/** The return that all bids together must reach; of two, the stricter holds. */
export const bidTargetSchema = z.strictObject({
  /** Revenue over spend, at least. */
  roas: z._default(z.nullable(z.number().check(z.gt(0), z.lte(10_000))), null),
  /** Spend per conversion, at most. */
  cpaMicros: z._default(z.nullable(positiveMicros), null),
});

/** The part of settings.json that says how bids are made. */
export const bidSettings = z.strictObject({
  policy: z._default(bidPolicySchema, 'portfolio'),
  auction: z._default(auctionSchema, 'secondPrice'),
  /** Share of the revenue that the shop keeps before it pays for ads. */
  margin: z._default(z.number().check(z.gt(0), z.lte(1)), 1),
  /** What a conversion is worth where the table has no revenue; null counts all conversions alike. */
  valuePerConversionMicros: z._default(z.nullable(positiveMicros), null),
  /** Days from one round of bids to the next; budgets and expectations are for one round. */
  cycleDays: z._default(z.int().check(z.minimum(1), z.maximum(90)), 7),
  /** Days that a table without dates covers. */
  historyDays: z._default(z.int().check(z.minimum(1), z.maximum(730)), 28),
  /** For one round; null takes what was spent per round so far. */
  budgetMicros: z._default(z.nullable(positiveMicros), null),
  target: z._default(bidTargetSchema, bidTargetSchema.parse({})),
  /** No click is paid above this share of what it is worth to the shop. */
  maxShareOfValue: z._default(z.number().check(z.gt(0), z.lte(10)), 1),
  guardrails: z._default(guardrailSettings, guardrailSettings.parse({})),
  segmentValue: z._default(
    z.strictObject({
      /** Off: revenue that already holds repeat orders would count them twice. */
      apply: z._default(z.boolean(), false),
      /** A segment counts at most so many times the average, and at least its inverse. */
      cap: z._default(z.number().check(z.gte(1), z.lte(10)), 2),
    }),
    { apply: false, cap: 2 },
  ),
  /** A bid of the linear policy is the predicted spend times this. */
  bidFactor: z._default(z.number().check(z.gt(0), z.lte(1000)), 1.2),
});
export type BidSettings = z.infer<typeof bidSettings>;
