import * as z from 'zod/mini';
import { inTwoLanguagesSchema } from '../models/purchaseReport.ts';
import { lookupExtentSchema } from '../store/lookupExtent.ts';
import { rfmGroupSchema } from '../value/rfmGroups.ts';
import { tierSchema } from '../value/tier.ts';
import { valueTierEdgesSchema } from '../value/valueTierEdges.ts';

/** What a run over an order history publishes of its buyers' value. Amounts are in minor units. */

/** One buyer; null where no model could be fitted, or cannot say. */
export const valueEntrySchema = z.object({
  customerId: z.string(),
  /** Net of returns, to the last day. */
  historic: z.number(),
  /** Expected spend of the next twelve months, before costs, and where that expectation lies with 90 %. */
  next12m: z.nullable(z.number()),
  low: z.nullable(z.number()),
  high: z.nullable(z.number()),
  /** Margin on it, discounted month by month. */
  lifetime12m: z.nullable(z.number()),
  expectedOrder: z.nullable(z.number()),
  /** Days with an order. */
  purchaseDays: z.number(),
  daysSinceLast: z.number(),
  /** Never by BG/NBD or NBD, which hold everyone who bought once to be alive. */
  pAlive: z.nullable(z.number()),
  expectedPurchases30d: z.nullable(z.number()),
  pPurchase30d: z.nullable(z.number()),
  /** The middle half of when the next purchase comes, if the customer has not left; null beyond the year 9999. */
  nextPurchase: z.object({ from: z.nullable(z.string()), to: z.nullable(z.string()) }),
  tier: tierSchema,
  /** In the run before; null for a customer who was not in it. */
  previousTier: z.nullable(tierSchema),
  rfm: z.object({ r: z.number(), f: z.number(), m: z.number(), group: rfmGroupSchema }),
  previousGroup: z.nullable(rfmGroupSchema),
  /** From 1, the most valuable first; null where customers form none. */
  cluster: z.nullable(z.number()),
});
export type ValueEntry = z.infer<typeof valueEntrySchema>;

/** One buyer in a list of a segment. */
export const segmentMemberSchema = z.pick(valueEntrySchema, {
  customerId: true,
  historic: true,
  next12m: true,
  low: true,
  high: true,
  pAlive: true,
  tier: true,
  cluster: true,
});
export type SegmentMember = z.infer<typeof segmentMemberSchema>;

export const historySegmentSchema = z.object({
  /** As in the path of its customers and the name of its file. */
  segment: z.string(),
  label: inTwoLanguagesSchema,
  customers: z.number(),
  shareOfCustomers: z.number(),
  historic: z.number(),
  /** Null where all together come to nothing, or less. */
  shareOfHistoric: z.nullable(z.number()),
  /** Expected of all of them together in the next twelve months, and where what they spend will lie with 90 %. */
  next12m: z.nullable(z.number()),
  shareOfNext12m: z.nullable(z.number()),
  low: z.nullable(z.number()),
  high: z.nullable(z.number()),
});
export type HistorySegment = z.infer<typeof historySegmentSchema>;

export const historyClusterSchema = z.extend(historySegmentSchema, {
  /** What sets it apart, in words. */
  description: inTwoLanguagesSchema,
});

const rfmCellSchema = z.object({
  /** Scores, 5 best. */
  r: z.number(),
  f: z.number(),
  customers: z.number(),
  historic: z.number(),
  next12m: z.nullable(z.number()),
});

const aliveCellSchema = z.object({
  purchaseDaysFrom: z.number(),
  /** Null is without end. */
  purchaseDaysTo: z.nullable(z.number()),
  daysSinceFrom: z.number(),
  daysSinceTo: z.nullable(z.number()),
  customers: z.number(),
  /** Mean over them; null for nobody. */
  pAlive: z.nullable(z.number()),
});

export const segmentsReportSchema = z.object({
  basis: valueTierEdgesSchema.shape.basis,
  total: z.omit(historySegmentSchema, { segment: true, label: true }),
  tiers: z.array(historySegmentSchema),
  edges: valueTierEdgesSchema,
  rfmGroups: z.array(historySegmentSchema),
  clusters: z.array(historyClusterSchema),
  /** Mean silhouette of the clusters, from -1 to 1: below .25 they hardly stand apart. Null without clusters. */
  silhouette: z.nullable(z.number()),
  /** Buyers by recency and frequency score, all 25 pairs; empty of a run that an earlier version made. */
  rfmCells: z._default(z.array(rfmCellSchema), []),
  /** Buyers by how often and how long ago they bought; empty where no model tells who is still active. */
  aliveCells: z._default(z.array(aliveCellSchema), []),
});
export type SegmentsReport = z.infer<typeof segmentsReportSchema>;

const migrationOf = <Segment extends z.ZodMiniType>(segment: Segment) =>
  z.object({
    cells: z.array(
      z.object({
        /** Null is outside: not known before, or no more now. */
        from: z.nullable(segment),
        to: z.nullable(segment),
        customers: z.number(),
        /** What they were worth then and are now; 0 outside. */
        valueBefore: z.number(),
        valueAfter: z.number(),
      }),
    ),
    up: z.number(),
    stayed: z.number(),
    down: z.number(),
    joined: z.number(),
    left: z.number(),
  });

export const migrationReportSchema = z.object({
  previousRunId: z.string(),
  /** What `valueBefore` and `valueAfter` are. */
  basisBefore: valueTierEdgesSchema.shape.basis,
  basis: valueTierEdgesSchema.shape.basis,
  tiers: migrationOf(tierSchema),
  rfmGroups: migrationOf(rfmGroupSchema),
});
export type MigrationReport = z.infer<typeof migrationReportSchema>;

export const cohortSchema = z.object({
  /** Month of the first purchase, such as 2011-03. */
  cohort: z.string(),
  customers: z.number(),
  months: z.array(
    z.object({
      /** Months since then; 0 is that month. */
      month: z.number(),
      customers: z.number(),
      /** Share of the cohort that bought. */
      retention: z.number(),
      revenue: z.number(),
      /** Per customer of the cohort, from the first month up to this one. */
      cumulativePerCustomer: z.number(),
    }),
  ),
});

const forecastMetricsSchema = z.object({
  customers: z.number(),
  predictedTotal: z.number(),
  actualTotal: z.number(),
  meanAbsoluteError: z.number(),
  rootMeanSquaredError: z.number(),
  correlation: z.number(),
});

export const valueModelReportSchema = z.object({
  /** Null where no model could be fitted: then customers are ranked by what they have spent. */
  model: z.nullable(
    z.object({
      name: z.string(),
      /** Times are in days. */
      parameters: z.record(z.string(), z.number()),
      /** How customers of a category differ from those of the commonest one, as factors. */
      effects: z.array(
        z.object({
          covariate: z.string(),
          category: z.string(),
          customers: z.number(),
          purchaseRate: z.number(),
          a: z.number(),
          b: z.number(),
        }),
      ),
      logLikelihood: z.number(),
      customers: z.number(),
      histories: z.number(),
      iterations: z.number(),
    }),
  ),
  /** Which model says who has left. */
  lifeCycleModel: z.nullable(z.string()),
  orderValues: z.nullable(
    z.object({
      /** Null where a customer's mean order is drawn towards everybody's instead; v is in minor units. */
      gammaGamma: z.nullable(z.object({ p: z.number(), q: z.number(), v: z.number() })),
      cap: z.nullable(z.number()),
      meanOrder: z.number(),
    }),
  ),
  /** How the candidates did on days that none of them saw; null where they could not be judged, and `noHoldout` says why. */
  choice: z.nullable(
    z.object({
      heldOutDays: z.number(),
      customers: z.number(),
      winner: z.string(),
      sentence: z.string(),
      rows: z.array(
        z.object({
          name: z.string(),
          baseline: z.boolean(),
          purchases: z.nullable(forecastMetricsSchema),
          ranking: z.object({ gini: z.number(), topDecileShare: z.number() }),
          /** Tenths of the customers, the best forecast first. */
          calibration: z.nullable(
            z.array(z.object({ customers: z.number(), meanPredicted: z.number(), meanActual: z.number() })),
          ),
        }),
      ),
    }),
  ),
  noHoldout: z.nullable(z.string()),
  warnings: z.array(z.object({ code: z.string(), message: z.string(), count: z.optional(z.number()) })),
});
export type ValueModelReport = z.infer<typeof valueModelReportSchema>;

/** The part of a history's manifest that leads to all this. */
export const valueManifestSchema = z.object({
  model: z.nullable(z.string()),
  edges: valueTierEdgesSchema,
  clusters: z.number(),
  /** What the middle buyer is like, to say what sets one apart. */
  typical: z.object({ purchaseDays: z.number(), expectedOrder: z.nullable(z.number()) }),
  /** The run that tiers and groups are compared with, and its edges. */
  previous: z.nullable(z.object({ runId: z.string(), edges: valueTierEdgesSchema })),
  lookups: z.array(lookupExtentSchema),
  cohorts: z.object({ lastMonth: z.string(), lastMonthIsOver: z.boolean(), count: z.number() }),
});
export type ValueManifest = z.infer<typeof valueManifestSchema>;
