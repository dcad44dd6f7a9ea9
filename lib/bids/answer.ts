import * as z from 'zod/mini';
import { auctionSchema, bidPolicySchema, bidTypeSchema } from './settings.ts';

const micros = z.number();

/**
 * LEARNING: too few clicks to say anything of its own. LIMITED_BY_DATA: what a click is worth is known to
 * within half of it at best. LIMITED_BY_BUDGET: more money would earn more than it costs. OK: none of these.
 */
export const bidStatusSchema = z.enum(['OK', 'LEARNING', 'LIMITED_BY_DATA', 'LIMITED_BY_BUDGET']);
export type BidStatus = z.infer<typeof bidStatusSchema>;

export const guardrailSchema = z.enum([
  'maxChange',
  'maxTimesCostPerClick',
  'deadBand',
  'cooldown',
  'floor',
  'ceiling',
  /** The curve is not known beyond twice the highest past bid. */
  'beyondPastBids',
  /** Cut further than `maxChange`, because the budget would not have held. */
  'budgetOverMaxChange',
  /** Raised out of the learning budget. */
  'learningBudget',
]);
export type Guardrail = z.infer<typeof guardrailSchema>;

const intervalMicros = z.object({ meanMicros: micros, lowMicros: micros, highMicros: micros });

/** What one round is expected to bring at one bid; `low` and `high` hold the value with 90 %. */
export const curvePointSchema = z.object({
  bidMicros: micros,
  clicks: z.number(),
  costMicros: micros,
  conversions: z.number(),
  valueMicros: micros,
  lowMicros: micros,
  highMicros: micros,
});
export type CurvePoint = z.infer<typeof curvePointSchema>;

/** One ad's bid: per click, or per thousand impressions where its bid type is CPM. */
export const bidRowSchema = z.object({
  id: z.string(),
  bidType: bidTypeSchema,
  currentBidMicros: z.nullable(micros),
  suggestedBidMicros: micros,
  /** Where the bid would lie at the low and the high end of what a click may be worth. */
  rangeLowMicros: micros,
  rangeHighMicros: micros,
  /** Of the value per click: high within a quarter of its mean, medium within a half. */
  confidence: z.enum(['low', 'medium', 'high']),
  status: bidStatusSchema,
  /** After margin; 90 % interval. */
  valuePerClick: intervalMicros,
  evidence: z.object({
    /** Matured: recent clicks count for less while their conversions are still to come. */
    clicks: z.number(),
    conversions: z.number(),
    /** What is known of the campaign counts as so many clicks. */
    priorClicks: z.number(),
    /** Share of the conversion rate that comes from the campaign rather than from the ad. */
    shrinkWeight: z.number(),
  }),
  /** Sentences, the most important first. */
  reasons: z.array(z.string()),
  guardrailsHit: z.array(guardrailSchema),
  curve: z.array(curvePointSchema),
});
export type BidRow = z.infer<typeof bidRowSchema>;

/** All bids together, for one round. */
export const bidPortfolioSchema = z.object({
  policy: bidPolicySchema,
  auction: auctionSchema,
  /** A bid is this share of what a click is worth; null for the linear policy. */
  kappa: z.nullable(z.number()),
  /** What kappa was held down by; `guardrails` where bids may not rise far enough to spend the budget. */
  binding: z.enum(['budget', 'targetRoas', 'targetCpa', 'value', 'guardrails', 'none']),
  cycleDays: z.number(),
  expectedSpendMicros: micros,
  /** Null where no budget holds. */
  budgetMicros: z.nullable(micros),
  /** False where the request named none, and what was spent per round so far was taken. */
  budgetGiven: z.boolean(),
  expectedClicks: z.number(),
  expectedConversions: z.number(),
  expectedRevenueMicros: micros,
  /** Revenue after margin, with its 90 % interval. */
  expectedValueMicros: micros,
  lowMicros: micros,
  highMicros: micros,
  /** Set where a target cannot be met: what is feasible, as a sentence and as figures. */
  infeasible: z.nullable(
    z.object({
      message: z.string(),
      feasibleRoas: z.nullable(z.number()),
      feasibleCpaMicros: z.nullable(micros),
    }),
  ),
  /** The ads where one more unit of money brings the most value; at most ten, best first. */
  nextUnitOfMoney: z.array(z.object({ id: z.string(), marginalReturn: z.number() })),
  notes: z.array(z.object({ code: z.string(), message: z.string(), count: z.optional(z.number()) })),
});
export type BidPortfolio = z.infer<typeof bidPortfolioSchema>;

export interface BidAnswer {
  rows: BidRow[];
  portfolio: BidPortfolio;
}
