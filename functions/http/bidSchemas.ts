import * as z from 'zod/mini';
import { bidPortfolioSchema, bidRowSchema, curvePointSchema } from '../../lib/bids/answer.ts';
import { auctionSchema, bidPolicySchema, bidTypeSchema } from '../../lib/bids/settings.ts';
import { bidEntrySchema, bidsManifestSchema, linearBidEntrySchema } from '../../lib/pipeline/results.ts';
import { leastCount } from '../../lib/tables/ads/leastCount.ts';
import { ofRun } from './ofRun.ts';
import { cursorSchema, pageQuery } from './schemas.ts';

/** What the routes below /bids take and give. Names that end in `Micros` hold millionths of the currency. */

export const maxAds = 2000;

export const bidsQuery = z.strictObject({
  ...pageQuery.shape,
  campaign: z.optional(
    z.string().check(z.minLength(1), z.maxLength(500), z.describe('Only the ads of this campaign.')),
  ),
});

const currency = bidsManifestSchema.shape.currency;

const linearAnswer = {
  ...ofRun,
  policy: z.literal('linear'),
  label: z.literal('baseline'),
  currency,
};
const valueAnswer = { ...ofRun, policy: z.enum(['portfolio', 'revenuePerClick']), currency };

export const bidListSchema = z.union([
  z.object({
    ...valueAnswer,
    portfolio: bidPortfolioSchema,
    bids: z.array(bidEntrySchema),
    cursor: cursorSchema,
  }),
  z.object({ ...linearAnswer, bids: z.array(linearBidEntrySchema), cursor: cursorSchema }),
]);

export const bidAnswersSchema = z.union([
  z.object({
    ...valueAnswer,
    portfolio: bidPortfolioSchema,
    bids: z
      .array(bidRowSchema)
      .check(z.describe('In the order of the request; `id` is the id sent, or the place from 1.')),
  }),
  z.object({
    ...linearAnswer,
    bids: z
      .array(z.omit(linearBidEntrySchema, { spend: true }))
      .check(z.describe('In the order of the request; `adId` is the id sent, or the place from 1.')),
  }),
]);

const adId = z.optional(
  z.string().check(z.minLength(1), z.maxLength(512), z.describe('Of an uploaded ad, or any other.')),
);
const name = z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(500))));
const count = z.number().check(
  z.minimum(0),
  z.maximum(1e12),
  z.refine((value) => value <= 0 || value >= leastCount, {
    message: `must be 0 or at least ${leastCount}`,
  }),
);
const micros = z.int().check(z.minimum(0), z.maximum(1e15));
const positiveMicros = z.int().check(z.minimum(1), z.maximum(1e15));

export const adWithRatesSchema = z.strictObject({
  id: adId,
  clickRate: z
    .nullable(z.number().check(z.minimum(0), z.maximum(1)))
    .check(z.describe('Clicks per impression.')),
  conversionRate: z
    .nullable(z.number().check(z.minimum(0), z.maximum(1e6)))
    .check(z.describe('Conversions per click.')),
});

/** Without any figure an ad is what was uploaded of it, or else what is usual in its campaign. */
export const adWithCountsSchema = z
  .strictObject({
    id: adId,
    // said, so that an ad with a faulty rate is told what is wrong with it
    clickRate: z.optional(z.never()),
    conversionRate: z.optional(z.never()),
    campaign: name,
    segment: name,
    bidType: z.optional(bidTypeSchema),
    impressions: z.optional(count),
    clicks: z.optional(count),
    conversions: z.optional(count),
    spendMicros: z.optional(micros),
    revenueMicros: z.optional(
      z.nullable(z.int().check(z.minimum(-1e15), z.maximum(1e15), z.describe('Below 0 after refunds.'))),
    ),
    currentBidMicros: z.optional(z.nullable(micros)),
    days: z.optional(
      z
        .int()
        .check(
          z.minimum(1),
          z.maximum(730),
          z.describe('That the figures cover; those of the upload by default.'),
        ),
    ),
  })
  .check(
    z.refine(({ clicks, impressions }) => impressions === undefined || (clicks ?? 0) <= impressions, {
      path: ['clicks'],
      message: 'must not pass impressions',
    }),
    z.refine(({ clicks, conversions }) => (clicks === undefined) === (conversions === undefined), {
      path: ['conversions'],
      message: 'clicks and conversions must come together',
    }),
    z.refine(
      ({ clicks, impressions, spendMicros, revenueMicros, days }) =>
        clicks !== undefined ||
        [impressions, spendMicros, revenueMicros ?? undefined, days].every((figure) => figure === undefined),
      { path: ['clicks'], message: 'must be there where other figures are' },
    ),
  );
const requestedAds = z
  .array(z.union([adWithCountsSchema, adWithRatesSchema]))
  .check(z.minLength(1), z.maxLength(maxAds));
export type RequestedAd = z.infer<typeof requestedAds>[number];
export type AdWithCounts = z.infer<typeof adWithCountsSchema>;

const target = z.strictObject({
  roas: z.optional(z.number().check(z.gt(0), z.lte(10_000), z.describe('Revenue over spend, at least.'))),
  cpaMicros: z.optional(positiveMicros.check(z.describe('Spend per conversion, at most.'))),
});

const question = {
  ads: requestedAds,
  target: z.optional(target.check(z.describe('Those of the settings by default.'))),
  auction: z.optional(auctionSchema),
};

export const bidRequestSchema = z.strictObject({
  ...question,
  budgetMicros: z.optional(
    positiveMicros.check(
      z.describe('For one round, all ads together; what they spent per round so far by default.'),
    ),
  ),
  policy: z.optional(
    bidPolicySchema.check(z.describe('Where an ad has rates, `linear` by default, else the run’s own.')),
  ),
  curves: z._default(z.boolean(), true),
});
export type BidRequest = z.infer<typeof bidRequestSchema>;

export const simulationRequestSchema = z.strictObject({
  ...question,
  budgetsMicros: z.optional(
    z.array(positiveMicros).check(z.minLength(1), z.maxLength(20), z.describe('What would each bring?')),
  ),
  bidsMicros: z.optional(
    z
      .array(positiveMicros)
      .check(z.minLength(1), z.maxLength(50), z.describe('What would each ad do at each?')),
  ),
  guardrails: z._default(
    z.boolean().check(z.describe('Whether budgets are spent within what one round of bids may change.')),
    false,
  ),
});
export type SimulationRequest = z.infer<typeof simulationRequestSchema>;

export const simulationSchema = z.object({
  ...ofRun,
  currency,
  cycleDays: z.number().check(z.describe('All figures are for so many days.')),
  auction: auctionSchema,
  ads: z.array(
    z.object({
      id: z.string(),
      bidType: bidTypeSchema,
      currentBidMicros: z.nullable(z.number()),
      knownUpToMicros: z.number().check(z.describe('Bids above it are left out: nothing is known there.')),
      curve: z.array(curvePointSchema),
    }),
  ),
  budgets: z.array(
    z.pick(bidPortfolioSchema, {
      budgetMicros: true,
      kappa: true,
      binding: true,
      expectedSpendMicros: true,
      expectedClicks: true,
      expectedConversions: true,
      expectedRevenueMicros: true,
      expectedValueMicros: true,
      lowMicros: true,
      highMicros: true,
      infeasible: true,
    }),
  ),
  notes: bidPortfolioSchema.shape.notes,
});
