import * as z from 'zod/mini';
import { purchaseMetricsSchema } from './metrics.ts';
import { imbalanceMethodSchema } from './purchaseSettings.ts';

/** Everything that was fitted and compared for one purchase model. All figures are of rows that no fit has seen. */

/** From the simplest to the most elaborate: of two that do equally well, the earlier one is used. */
export const engineNames = [
  'baseRate',
  'recency',
  'spend',
  'rfmSum',
  'bgNbd',
  'logisticRegression',
  'decisionTree',
  'gradientBoosting',
  'randomForest',
  'neuralNetwork',
  'randomForestDraws',
] as const;
export const engineNameSchema = z.enum(engineNames);
export type EngineName = z.infer<typeof engineNameSchema>;

export const calibrationMethodSchema = z.enum(['none', 'platt', 'isotonic']);
export type CalibrationMethod = z.infer<typeof calibrationMethodSchema>;

const interval = { low: z.number(), high: z.number() };

/** How the rows were divided. `none`: there were too few to hold any out. */
export const validationSchema = z.object({
  kind: z.enum(['none', 'stratified', 'temporal']),
  trainingRows: z.number(),
  heldOutRows: z.number(),
  heldOutPositives: z.number(),
  /** Days as of which features were taken, ISO 8601; empty for a table without time. */
  trainingCutoffs: z.array(z.string()),
  heldOutCutoff: z.nullable(z.string()),
});

export const candidateReportSchema = z.object({
  engine: engineNameSchema,
  treatment: imbalanceMethodSchema,
  /** What the search chose, by name: `minSamplesLeaf: 5`. */
  parameters: z.record(z.string(), z.number()),
  calibration: calibrationMethodSchema,
  metrics: z.nullable(purchaseMetricsSchema),
  /** Held-out log-loss less the champion's: 95 % by paired bootstrap. An interval above 0 is a real difference. */
  logLossBehindChampion: z.nullable(z.object({ difference: z.number(), ...interval })),
});
export type CandidateReport = z.infer<typeof candidateReportSchema>;

/** Rows of like probability: what was said, and what came. */
export const reliabilityBinSchema = z.object({
  rows: z.number(),
  buyers: z.number(),
  meanProbability: z.number(),
  /** Share of buyers, with its 95 % interval (Wilson). */
  observed: z.number(),
  ...interval,
});
export type ReliabilityBin = z.infer<typeof reliabilityBinSchema>;

export const calibrationReportSchema = z.object({
  method: calibrationMethodSchema,
  bins: z.array(reliabilityBinSchema),
  /** Mean distance of said and come over bins of equally many rows, weighted by rows. */
  expectedCalibrationError: z.number(),
  meanProbability: z.number(),
  observedRate: z.number(),
  brier: z.number(),
  /** Murphy (1973) over the bins: brier = reliability - resolution + uncertainty + what bins hide of it. */
  reliability: z.number(),
  resolution: z.number(),
  /** Brier score of giving everybody the share of buyers. */
  uncertainty: z.number(),
  withinBins: z.number(),
  /** 1 - brier / uncertainty: 0 is no better than the base rate. */
  skill: z.nullable(z.number()),
});
export type CalibrationReport = z.infer<typeof calibrationReportSchema>;

export const decileReportSchema = z.object({
  /** 1 holds the tenth most likely to buy. */
  decile: z.number(),
  rows: z.number(),
  buyers: z.number(),
  meanProbability: z.number(),
  rate: z.number(),
  /** Rate over the rate of all. */
  lift: z.number(),
  /** Share of all buyers in this decile and those above. */
  capture: z.number(),
  cumulativeLift: z.number(),
  /** Share of buyers in this decile and those above; absent from reports of an earlier version. */
  cumulativeRate: z.optional(z.number()),
  /** Of contacting this decile, in the shop's currency; by what the probabilities said, and by what came. */
  expectedProfit: z.nullable(z.number()),
  realisedProfit: z.nullable(z.number()),
});
export type DecileReport = z.infer<typeof decileReportSchema>;

/** Quality of a yes or no at a threshold. */
export const classificationSchema = z.object({
  accuracy: z.number(),
  /** True-positive rate: share of buyers that are found. Null where there is none. */
  recall: z.nullable(z.number()),
  /** True-negative rate. */
  specificity: z.nullable(z.number()),
  /** Share of those contacted who buy; null where nobody is. */
  precision: z.nullable(z.number()),
  f1: z.number(),
});
export type Classification = z.infer<typeof classificationSchema>;

export const thresholdReportSchema = z.object({
  /** `profit` where the settings name cost and margin, else the best F1. */
  basis: z.enum(['profit', 'f1']),
  /** Contact customers of this probability or more. Chosen on validation rows, measured on the held-out ones. */
  probability: z.number(),
  contacted: z.number(),
  ...classificationSchema.shape,
  /** Realised on the held-out rows, in the shop's currency; null without cost and margin. */
  profit: z.nullable(z.number()),
  profitOfContactingAll: z.nullable(z.number()),
  /** contactCost / purchaseMargin: where a contact just pays, if probabilities are right. */
  breakEvenProbability: z.nullable(z.number()),
});
export type ThresholdReport = z.infer<typeof thresholdReportSchema>;

/** One treatment of the rarer label, corrected and calibrated, with the threshold that is best on validation rows. */
export const imbalanceReportSchema = z.object({
  treatment: imbalanceMethodSchema,
  engine: engineNameSchema,
  metrics: purchaseMetricsSchema,
  tunedThreshold: z.number(),
  tuned: classificationSchema,
});
export type ImbalanceReport = z.infer<typeof imbalanceReportSchema>;

export const leakSchema = z.object({
  column: z.string(),
  code: z.enum(['tellsTheLabel', 'copyOfLabel', 'constantOutsideLabel']),
  message: z.string(),
  /** ROC-AUC of the column alone, .5 to 1. */
  rocAuc: z.number(),
});
export type Leak = z.infer<typeof leakSchema>;

export const importanceSchema = z.object({
  column: z.string(),
  /** How much the held-out log-loss grows when the column is shuffled, and its 95 % interval over rows. */
  logLossIncrease: z.number(),
  ...interval,
});
export type Importance = z.infer<typeof importanceSchema>;

/** The mean probability when everybody has this value in the column, all else as it is (Friedman 2001). */
export const partialDependenceSchema = z.object({
  column: z.string(),
  points: z.array(
    z.object({
      value: z.nullable(z.union([z.number(), z.string()])),
      probability: z.number(),
      /** Share of the rows that the point stands for. */
      share: z.number(),
    }),
  ),
});
export type PartialDependence = z.infer<typeof partialDependenceSchema>;

export const inTwoLanguagesSchema = z.object({ en: z.string(), zh: z.string() });
export type InTwoLanguages = z.infer<typeof inTwoLanguagesSchema>;

export const gradeSchema = z.enum(['A', 'B', 'C', 'D']);
export type Grade = z.infer<typeof gradeSchema>;

export const purchaseReportSchema = z.object({
  /** A: act on it. B: act on the ranking, take figures as rough. C: try it on a part. D: too little for a model. */
  grade: gradeSchema,
  gradeReasons: z.array(inTwoLanguagesSchema),
  /** What the comparison says, in sentences. */
  verdict: z.array(inTwoLanguagesSchema),
  validation: validationSchema,
  champion: engineNameSchema,
  /** The champion, then the others, the best first. */
  candidates: z.array(candidateReportSchema),
  /** These are of the champion on the held-out rows; null or empty where none were held out. */
  calibration: z.nullable(calibrationReportSchema),
  deciles: z.array(decileReportSchema),
  threshold: z.nullable(thresholdReportSchema),
  imbalance: z.array(imbalanceReportSchema),
  leaks: z.array(leakSchema),
  /** Largest first. */
  importance: z.array(importanceSchema),
  /** Of the most important columns. */
  partialDependence: z.array(partialDependenceSchema),
  /** The decision tree as a marketer would say it, most likely buyers first; empty where none was fitted. */
  rules: z.array(inTwoLanguagesSchema),
});
export type PurchaseReport = z.infer<typeof purchaseReportSchema>;

/** Why one customer's probability is what it is. */
export const reasonSchema = z.object({
  column: z.string(),
  value: z.nullable(z.union([z.number(), z.string()])),
  direction: z.enum(['more', 'less']),
  /** On the log-odds, against the average customer. */
  effect: z.number(),
  text: inTwoLanguagesSchema,
});
export type Reason = z.infer<typeof reasonSchema>;

/** What `fitPurchaseModel` says while it works. */
export interface FitProgress {
  step: 'compare' | 'refit';
  engine: EngineName;
  /** 0 to 1, of this step. */
  done: number;
  /** Of all candidates, how many are finished. */
  candidates: { done: number; of: number };
  /** Rows of this fit. */
  rows: number;
  /** Where the engine grows trees. */
  trees: { done: number; of: number } | null;
}
