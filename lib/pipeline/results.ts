import * as z from 'zod/mini';
import { bidPortfolioSchema, bidRowSchema } from '../bids/answer.ts';
import { linearBidPolicySchema } from '../bids/policy.ts';
import { bidPolicySchema, bidSettings } from '../bids/settings.ts';
import { challengeSchema } from '../models/challenge.ts';
import { predictionDriftSchema } from '../models/evaluation/predictionDrift.ts';
import { purchaseMetricsSchema } from '../models/metrics.ts';
import { gradeSchema, reasonSchema } from '../models/purchaseReport.ts';
import { lookupExtentSchema } from '../store/lookupExtent.ts';
import { segmentSummarySchema } from '../value/segments.ts';
import { scoreScaleSchema, tierMethodSchema } from '../value/settings.ts';
import { tierSchema } from '../value/tier.ts';
import { valueManifestSchema } from './valueResults.ts';

/** What a published run holds: the manifest beside its pointer, and the entries of its lookups and lists. */

const listExtent = z.object({ pages: z.number(), length: z.number() });

export const customerEntrySchema = z.object({
  customerId: z.string(),
  spend: z.number(),
  frequency: z.number(),
  browsingMinutes: z.number(),
  score: z.number(),
  tier: tierSchema,
  /** 1 is the best score; equal scores share a rank. */
  rank: z.number(),
});
export type CustomerEntry = z.infer<typeof customerEntrySchema>;

export const customersManifestSchema = z.object({
  kind: z.literal('customers'),
  customers: z.number(),
  ...lookupExtentSchema.shape,
  lists: z.object({ high: listExtent, mid: listExtent, low: listExtent }),
  segments: z.array(segmentSummarySchema),
  language: z.enum(['en', 'zh']),
  currency: z.string(),
  scale: scoreScaleSchema,
  method: tierMethodSchema,
  /** Scores up to the first edge are low, up to the second mid, above it high; null for an empty table. */
  edges: z.nullable(z.array(z.number())),
});
export type CustomersManifest = z.infer<typeof customersManifestSchema>;

export const modelManifestSchema = z.object({
  kind: z.literal('model'),
  modelKey: z.string(),
  /** Of the bytes at that key. */
  modelSha256: z.string(),
  /** The model as it was tested, which the next one is measured against; null where there was no test. */
  tested: z._default(z.nullable(z.object({ key: z.string(), sha256: z.string() })), null),
  /** Of the customers whose erasure it has followed; null where there were none. */
  erasedDigest: z._default(z.nullable(z.string()), null),
  /** How it did against the model that was in use before; null where there was none to be measured. */
  challenge: z._default(z.nullable(z.object({ championRunId: z.string(), ...challengeSchema.shape })), null),
  engine: z.string(),
  status: z.enum(['ok', 'insufficientData']),
  /** A: act on it. B: figures are rough. C: try it on a part. D: too little for a model. */
  grade: gradeSchema,
  reasons: z.array(z.string()),
  rows: z.number(),
  positives: z.number(),
  heldOutRows: z.number(),
  metrics: z.nullable(purchaseMetricsSchema),
  baseline: z.nullable(purchaseMetricsSchema),
  candidates: z.array(z.object({ engine: z.string(), metrics: z.nullable(purchaseMetricsSchema) })),
  columns: z.array(z.object({ name: z.string(), kind: z.enum(['numeric', 'boolean', 'categorical']) })),
  horizonDays: z.number(),
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;

export const scoreEntrySchema = z.object({
  customerId: z.string(),
  probability: z.number(),
  /** 1 holds the tenth of the file that is most likely to buy; equal probabilities share a decile. */
  decile: z.number(),
  /** What moved the probability most, strongest first. */
  reasons: z._default(z.array(reasonSchema), []),
});
export type ScoreEntry = z.infer<typeof scoreEntrySchema>;

export const scoresManifestSchema = z.object({
  kind: z.literal('scores'),
  ...lookupExtentSchema.shape,
  rows: z.number(),
  modelRunId: z.string(),
  modelStatus: z.enum(['ok', 'insufficientData']),
  /** The days that the probabilities are of. */
  horizonDays: z.number(),
  scoresKey: z.string(),
});
export type ScoresManifest = z.infer<typeof scoresManifestSchema>;

/** Scores of the customers of the order history, in lookups by group as the history's own. */
export const orderScoresManifestSchema = z.object({
  kind: z.literal('orderScores'),
  lookups: z.array(lookupExtentSchema),
  rows: z.number(),
  modelRunId: z.string(),
  modelStatus: z.enum(['ok', 'insufficientData']),
  scoresKey: z.string(),
  /** The run of `orders` whose customers these are, the last day that it read, and the days after it that scores speak of. */
  ordersRunId: z.string(),
  lastDay: z.string(),
  horizonDays: z.number(),
});
export type OrderScoresManifest = z.infer<typeof orderScoresManifestSchema>;

/** A bid of the linear policy. */
export const linearBidEntrySchema = z.object({
  adId: z.string(),
  clickRate: z.nullable(z.number()),
  conversionRate: z.nullable(z.number()),
  spend: z.number(),
  /** Currency major units; null where there is nothing to bid on, and `reason` says why. */
  suggestedBid: z.nullable(z.number()),
  reason: z.nullable(z.string()),
});
export type LinearBidEntry = z.infer<typeof linearBidEntrySchema>;

/** A bid of any other policy, with what the ad is called. */
export const bidEntrySchema = z.extend(bidRowSchema, {
  campaign: z.nullable(z.string()),
  adGroup: z.nullable(z.string()),
  keyword: z.nullable(z.string()),
  segment: z.nullable(z.string()),
  /** ISO 8601: the day from which on this bid has been suggested, run after run. */
  suggestedSince: z.string(),
  /** ISO 8601: the day on which the bid in force took the place of another; null where no run has seen that. */
  bidChangedOn: z.nullable(z.string()),
});
export type BidEntry = z.infer<typeof bidEntrySchema>;

/** What the API needs, beside the model and the ads' evidence, to answer as the run did. */
export const bidFitSchema = z.object({
  /** Pieces that the model's JSON is stored in, in a list. */
  modelParts: z.number(),
  ads: z.extend(lookupExtentSchema, { length: z.number() }),
  settings: bidSettings,
  /** By a segment's name in small letters, 1 for the average customer; empty unless the settings ask for it. */
  segmentWorth: z.record(z.string(), z.number()),
  /** Null where the listed bids are the linear policy's. */
  portfolio: z.nullable(bidPortfolioSchema),
  /** The table's last day, ISO 8601; null without dates. */
  lastDay: z.nullable(z.string()),
});
export type BidFitRecord = z.infer<typeof bidFitSchema>;

export const bidsManifestSchema = z.object({
  kind: z.literal('bids'),
  /** That of the listed bids. */
  policy: bidPolicySchema,
  lists: z.object({ bids: listExtent }),
  currency: z.string(),
  /** Null where the ads cannot carry it. */
  linear: z.nullable(linearBidPolicySchema),
  /** Null where the ads have rates alone. */
  fit: z.nullable(bidFitSchema),
  /** Keys in the results bucket of files to upload to ad platforms. */
  files: z.array(z.string()),
});
export type BidsManifest = z.infer<typeof bidsManifestSchema>;

/** Customers at several cutoffs, features before and labels after, for a purchase model to be fitted to. */
export const examplesSchema = z.object({
  /** A Parquet file in the results bucket. */
  key: z.string(),
  sizeBytes: z.number(),
  rows: z.number(),
  /** Of all customers, drawn by a hash of the id; the share of buyers is that of all. */
  shareOfCustomers: z.number(),
  horizonDays: z.number(),
  /** Oldest first; the last one is for testing. */
  cutoffs: z.array(z.object({ lastDay: z.string(), rows: z.number(), positives: z.number() })),
});
export type Examples = z.infer<typeof examplesSchema>;

/** Of the probabilities that were published as of the end of a day, once their days were over. */
export const purchaseDriftSchema = z.object({
  lastDay: z.string(),
  horizonDays: z.number(),
  modelRunId: z.string(),
  scoresRunId: z.string(),
  ...predictionDriftSchema.shape,
});
export type PurchaseDrift = z.infer<typeof purchaseDriftSchema>;

export const historyManifestSchema = z.object({
  kind: z.literal('history'),
  customers: z.number(),
  /** Amounts are in its minor units. */
  currency: z.string(),
  /** The last day that the features read, ISO 8601. */
  lastDay: z.string(),
  /** Names of a customer's features, in the order of the lookup's values; docs/features.md has their meaning and units. */
  columns: z.array(z.string()),
  /** One lookup per group of customers; lib/pipeline/history/groups.ts says whose is whose. */
  lookups: z.array(lookupExtentSchema),
  /** The same groups' last days with an order; empty of a run that an earlier version made. */
  orderDays: z._default(z.array(lookupExtentSchema), []),
  /** What buyers are worth; null where nobody has bought. */
  value: z.nullable(valueManifestSchema),
  /** Null where the history is too short to test a model on. */
  examples: z._default(z.nullable(examplesSchema), null),
  /** Null as long as no published probabilities are old enough. */
  purchaseDrift: z._default(z.nullable(purchaseDriftSchema), null),
  /** `zh` where the first file's header is Chinese, so that what we write can be too. */
  language: z._default(z.enum(['en', 'zh']), 'en'),
  /** What became of every order line, and of its money in minor units. */
  ledger: z.array(z.object({ outcome: z.string(), lines: z.number(), amount: z.number() })),
  /** Parquet files in the results bucket: features, and who bought what. */
  files: z.array(z.string()),
  sales: z._default(z.array(z.string()), []),
  layouts: z.array(z.object({ file: z.string(), layout: z.nullable(z.string()) })),
});
export type HistoryManifest = z.infer<typeof historyManifestSchema>;

/** A customer's last days with an order, the oldest first: days since 1970-01-01, and their net in minor units. */
export const orderDaysSchema = z.array(z.tuple([z.number(), z.number()]));

/** A customer's features in the order of the manifest's columns. */
export const historyEntrySchema = z.array(z.nullable(z.union([z.number(), z.string()])));
