import * as z from 'zod/mini';
import { callActions } from '../../marketing/calls/callList.ts';
import { campaignGoals } from '../../marketing/campaigns/goals.ts';
import { channelSchema } from '../../marketing/campaigns/settings.ts';
import { verdicts } from '../../marketing/campaigns/verdicts.ts';
import { inTwoLanguagesSchema } from '../../models/purchaseReport.ts';
import { lookupExtentSchema } from '../../store/lookupExtent.ts';
import { rfmGroupSchema } from '../../value/rfmGroups.ts';
import { tierSchema } from '../../value/tier.ts';

/** What a run over campaigns publishes. Amounts are in minor units. */

const interval = z.object({ low: z.number(), high: z.number() });

export const campaignTestSchema = z.object({
  treated: z.number(),
  control: z.number(),
  controlShare: z.number(),
  controlRate: z.number(),
  treatedRate: z.number(),
  significance: z.number(),
  power: z.number(),
  wantedPower: z.number(),
  minimumDetectableRise: z.nullable(z.number()),
  customersNeeded: z.nullable(z.number()),
});

export const plannedCampaignSchema = z.object({
  name: z.string(),
  segment: rfmGroupSchema,
  tier: tierSchema,
  label: inTwoLanguagesSchema,
  goal: z.enum(campaignGoals),
  goalText: inTwoLanguagesSchema,
  channel: channelSchema,
  offer: z.string(),
  discount: z.number(),
  lift: z.object({
    /** Factor on the odds to order: expected, and where it lies with 90 %. */
    oddsRatio: z.number(),
    low: z.number(),
    high: z.number(),
    basis: z.enum(['assumed', 'measured']),
    shareMeasured: z.number(),
    campaigns: z.array(z.string()),
    /** The campaign that taught whom it moves, by which customers are ranked; null where none did. */
    rankedBy: z._default(z.nullable(z.string()), null),
  }),
  budget: z.number(),
  expectedCost: z.number(),
  contactCost: z.number(),
  expectedOrders: z.number(),
  expectedOrdersWithout: z.number(),
  expectedExtraOrders: z.number(),
  expectedProfit: z.number(),
  low: z.number(),
  high: z.number(),
  test: campaignTestSchema,
  /** Key in the results bucket of the list of its customers. */
  file: z.string(),
});
export type PlannedCampaign = z.infer<typeof plannedCampaignSchema>;

export const notPlannedSchema = z.object({
  name: z.string(),
  segment: rfmGroupSchema,
  tier: tierSchema,
  customers: z.number(),
  reachable: z.number(),
  reason: z.enum(['tooFewCustomers', 'nobodyReachable', 'notWorthIt', 'noBudgetLeft']),
  minimumMissed: z.boolean(),
});

export const measuredCampaignSchema = z.object({
  name: z.string(),
  verdict: z.enum(verdicts),
  /** The same in words. */
  sentence: inTwoLanguagesSchema,
  treated: z.number(),
  control: z.number(),
  treatedBuyers: z.nullable(z.number()),
  controlBuyers: z.nullable(z.number()),
  treatedRate: z.nullable(z.number()),
  controlRate: z.nullable(z.number()),
  uplift: z.nullable(z.number()),
  interval: z.nullable(interval),
  pValue: z.nullable(z.number()),
  significance: z.number(),
  extraOrders: z.nullable(z.number()),
  extraOrdersInterval: z.nullable(interval),
  revenuePerCustomer: z.nullable(z.object({ difference: z.number(), interval, pValue: z.number() })),
  cost: z.nullable(z.number()),
  costPerExtraOrder: z.nullable(
    z.object({ cost: z.nullable(z.number()), low: z.nullable(z.number()), high: z.nullable(z.number()) }),
  ),
  balance: z.nullable(
    z.object({
      pValue: z.number(),
      isBalanced: z.boolean(),
      covariates: z.array(
        z.object({
          name: z.string(),
          treatedMean: z.number(),
          controlMean: z.number(),
          standardisedDifference: z.number(),
        }),
      ),
    }),
  ),
  /** Whom to contact next: null where nothing can be learnt of it, and `learnerReason` says why. */
  learner: z.nullable(
    z.object({ covariates: z.array(z.string()), qini: z.number(), interval, isUseful: z.boolean() }),
  ),
  learnerReason: z.nullable(z.enum(['noCovariates', 'notRandomised', 'tooFewBuyers', 'noBetterThanChance'])),
  /** Key in the results bucket of whom to contact next; null unless the learner is of use. */
  nextFile: z.nullable(z.string()),
});
export type MeasuredCampaignEntry = z.infer<typeof measuredCampaignSchema>;

export const callEntrySchema = z.object({
  customerId: z.string(),
  valueAtStake: z.number(),
  pAlive: z.number(),
  pAliveBefore: z.nullable(z.number()),
  expectedSpend: z.number(),
  tier: tierSchema,
  tierBefore: z.nullable(tierSchema),
  group: rfmGroupSchema,
  groupBefore: z.nullable(rfmGroupSchema),
  lastOrder: z.string(),
  daysSinceLast: z.number(),
  usualGapDays: z.nullable(z.number()),
  action: z.enum(callActions),
  whatChanged: inTwoLanguagesSchema,
  suggestion: inTwoLanguagesSchema,
});
export type CallEntry = z.infer<typeof callEntrySchema>;

export const nextActionSchema = z.object({
  action: z.enum(['call', 'campaign', 'holdOut', 'askForConsent', 'wait', 'leaveAlone', 'suppressed']),
  campaign: z.nullable(z.string()),
  channel: z.nullable(channelSchema),
  offer: z.nullable(z.string()),
  reason: inTwoLanguagesSchema,
});
export type NextAction = z.infer<typeof nextActionSchema>;

export const standingRefSchema = z.object({ ordersRunId: z.string(), lastDay: z.string() });
export type StandingRef = z.infer<typeof standingRefSchema>;

export const campaignsManifestSchema = z.object({
  kind: z.literal('campaigns'),
  /** Null as long as no order history is published whose customers have bought. */
  orders: z.nullable(z.object({ runId: z.string(), lastDay: z.string() })),
  currency: z.string(),
  probability: z.nullable(
    z.object({ source: z.enum(['purchaseModel', 'valueModel']), horizonDays: z.number() }),
  ),
  budget: z.nullable(z.number()),
  unspent: z.number(),
  next: z.nullable(z.object({ campaign: z.string(), gainPerUnit: z.number() })),
  contacts: z.number(),
  calls: z.object({ count: z.number(), comparedWith: z.nullable(standingRefSchema) }),
  actions: lookupExtentSchema,
  audiences: z.array(
    z.object({
      name: z.string(),
      customers: z.number(),
      google: z.number(),
      googleWithoutPersonalization: z.number(),
      meta: z.number(),
      files: z.array(z.string()),
    }),
  ),
  /** How customers stood in this run and earlier ones, newest first, one for each order history. */
  standings: z.array(standingRefSchema),
  /** The order history whose moves have been announced. */
  announcedOrdersRunId: z.nullable(z.string()),
});
export type CampaignsManifest = z.infer<typeof campaignsManifestSchema>;
