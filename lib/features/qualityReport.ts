import * as z from 'zod/mini';

/** What a run's order history is like. The same data give the same report to the byte; amounts are minor units. */

const count = z.number();
const amount = z.number();
/** 0 to 1; null of nothing. */
const share = z.nullable(z.number());
const isoDate = z.string();

const fileQualitySchema = z.object({
  key: z.string(),
  bytes: count,
  rowsIn: count,
  rowsOk: count,
  rowsQuarantined: count,
});

export const reasonCountSchema = z.object({
  column: z.nullable(z.string()),
  reason: z.string(),
  rows: count,
  /** Of the rows' text in UTF-8. */
  bytes: count,
});
export type ReasonCount = z.infer<typeof reasonCountSchema>;

const distinctSchema = z.object({
  count,
  /** Above two million ids, a hundred thousand of others, there is an estimate alone; it can be a third off. */
  exact: z.boolean(),
});

const quantilesSchema = z.object({
  p01: z.number(),
  p05: z.number(),
  p25: z.number(),
  p50: z.number(),
  p75: z.number(),
  p95: z.number(),
  p99: z.number(),
});
export type Quantiles = z.infer<typeof quantilesSchema>;

const columnQualitySchema = z.object({
  name: z.string(),
  type: z.enum(['VARCHAR', 'BIGINT', 'INTEGER', 'SMALLINT', 'DOUBLE']),
  missing: count,
  /** Of the values that are not missing. */
  distinct: distinctSchema,
  min: z.nullable(z.number()),
  max: z.nullable(z.number()),
  /** Each the smallest value with at least that share of the present ones at or below it, to three significant digits. */
  quantiles: z.nullable(quantilesSchema),
});
export type ColumnQuality = z.infer<typeof columnQualitySchema>;

const mixSchema = z.object({
  column: z.string(),
  /** The most frequent first, 50 at most; null stands for lines without. */
  values: z.array(z.object({ value: z.nullable(z.string()), lines: count, share, amount })),
  /** Lines with any other value. */
  otherLines: count,
});
export type Mix = z.infer<typeof mixSchema>;

const datesSchema = z.object({
  /** Of sales whose time has come; null where there are none. */
  firstDay: z.nullable(isoDate),
  lastDay: z.nullable(isoDate),
  daysWithOrders: count,
  daysWithoutOrders: count,
  /** Days without orders between two that have some, the longest first, 10 at most. */
  gaps: z.array(z.object({ from: isoDate, to: isoDate, days: count })),
});
export type DateQuality = z.infer<typeof datesSchema>;

/** Bins of a number: up to the first edge, from there up to the second, …, above the last. An edge that stands twice is a bin. */
const numberBinsSchema = z.object({
  kind: z.literal('number'),
  name: z.string(),
  edges: z.array(z.number()),
  /** One more than edges. */
  counts: z.array(count),
  missing: count,
});
/** The most frequent values of a text, and the others together. */
const textBinsSchema = z.object({
  kind: z.literal('text'),
  name: z.string(),
  values: z.array(z.string()),
  /** One more than values. */
  counts: z.array(count),
  missing: count,
});
export const featureBinsSchema = z.discriminatedUnion('kind', [numberBinsSchema, textBinsSchema]);
export type FeatureBins = z.infer<typeof featureBinsSchema>;

const driftSchema = z.object({
  /** The run that is compared with. */
  against: z.string(),
  /** Change as a share of the larger of the two, from -1 (nothing left) to 1 (from nothing); down to -2 where the sign turns. */
  rowShift: z.number(),
  revenueShift: z.number(),
  /** Customers whose features were compared, of that run and of this one. */
  customers: z.tuple([count, count]),
  /**
   * Population stability index over the bins of that run, of the features that both have; the largest first. Not judged are
   * those that move by themselves, and all where customers are few.
   */
  psi: z.array(z.object({ feature: z.string(), psi: z.number(), judged: z.boolean() })),
});
export type Drift = z.infer<typeof driftSchema>;

export const qualityReportSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  currency: z.string(),
  /** In key order. */
  files: z.array(
    z.extend(fileQualitySchema, {
      /** Why rows were set aside, the most frequent first, 20 at most. */
      reasons: z.array(reasonCountSchema),
      /** Rows that were set aside for other reasons than those listed. */
      otherRows: count,
    }),
  ),
  rows: z.object({ bytes: count, rowsIn: count, rowsOk: count, rowsQuarantined: count }),
  /** Order lines; a row of an export makes none, one or several. */
  lines: count,
  /** What became of every line. */
  ledger: z.array(z.object({ outcome: z.string(), lines: count, share, amount })),
  columns: z.array(columnQualitySchema),
  dates: datesSchema,
  /** Lines that repeat another in customer, order, product, time, quantity and amount. */
  duplicates: z.object({ lines: count, share, withoutCustomer: count }),
  mixes: z.array(mixSchema),
  /** Lines whose status is return, cancelled or unpaid; `negativeSales` are sales of less than nothing. */
  cancellations: z.object({ lines: count, share, amount, negativeSales: count }),
  /** Sales and returns. */
  revenue: z.object({ amount, withoutCustomer: amount, shareWithoutCustomer: share }),
  features: z.object({
    customers: count,
    /** Customers whose features stand below: all, or a sample by a hash of their ids. */
    sampled: count,
    bins: z.array(featureBinsSchema),
  }),
  drift: z.array(driftSchema),
});
export type QualityReport = z.infer<typeof qualityReportSchema>;
