import * as z from 'zod/mini';
import { averageRanks } from '../math/ranks.ts';

/** Quality of probabilities on rows that the model has not seen. */
export const purchaseMetricsSchema = z.object({
  /** Null where all rows have the same label. */
  rocAuc: z.nullable(z.number()),
  averagePrecision: z.nullable(z.number()),
  brier: z.number(),
  logLoss: z.number(),
});
export type PurchaseMetrics = z.infer<typeof purchaseMetricsSchema>;

export const purchaseMetrics = (y: Uint8Array, probabilities: Float64Array): PurchaseMetrics => ({
  rocAuc: rocAuc(y, probabilities),
  averagePrecision: averagePrecision(y, probabilities),
  brier: brier(y, probabilities),
  logLoss: logLoss(y, probabilities),
});

/** The chance that a random buyer scores above a random other, a tie counting half (Mann and Whitney 1947). */
export function rocAuc(y: Uint8Array, scores: Float64Array): number | null {
  const positives = countPositives(y);
  const negatives = y.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const rankSum = averageRanks(scores).reduce((sum, rank, row) => (y[row] === 1 ? sum + rank : sum), 0);
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Σ (recall gained · precision) over the distinct scores as thresholds, without interpolation. */
export function averagePrecision(y: Uint8Array, scores: Float64Array): number | null {
  const positives = countPositives(y);
  if (positives === 0 || positives === y.length) return null;
  const bestFirst = Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  let sum = 0;
  let found = 0;
  let foundBefore = 0;
  for (const [position, row] of bestFirst.entries()) {
    found += y[row] as number;
    const next = bestFirst[position + 1];
    if (next !== undefined && scores[next] === scores[row]) continue;
    sum += (found - foundBefore) * (found / (position + 1));
    foundBefore = found;
  }
  return sum / positives;
}

/** Mean squared error of the probabilities. */
export const brier = (y: Uint8Array, probabilities: Float64Array): number =>
  meanOver(y, (label, row) => ((probabilities[row] as number) - label) ** 2);

/** Mean of -log(probability of what happened); a certain probability is taken as off by one rounding, lest it be infinite. */
export const logLoss = (y: Uint8Array, probabilities: Float64Array): number =>
  meanOver(y, (label, row) => lossOf(label, probabilities[row] as number));

/** The same row by row. */
export const rowLosses = (y: Uint8Array, probabilities: Float64Array): Float64Array =>
  probabilities.map((p, row) => lossOf(y[row] as number, p));

const lossOf = (label: number, p: number): number =>
  -Math.log(Math.max(Number.EPSILON, label === 1 ? p : 1 - p));

const countPositives = (y: Uint8Array): number => y.reduce((sum, label) => sum + label, 0);

function meanOver(y: Uint8Array, term: (label: number, row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < y.length; row++) sum += term(y[row] as number, row);
  return sum / y.length;
}
