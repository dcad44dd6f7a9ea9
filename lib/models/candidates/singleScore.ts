import * as z from 'zod/mini';
import { fitIsotonic, stepValueAt } from '../../math/isotonic.ts';
import { offTheEnds, stepFunctionSchema } from '../calibration/calibrator.ts';
import type { RoleColumns } from './roleColumns.ts';

/** What a shop does without a model: sort by one figure, and expect of each what customers like it did. */
export const singleScoreSchema = z.object({
  /** From the score to the share of buyers, never falling. */
  steps: stepFunctionSchema,
  /** Of customers without the figure. */
  withoutScore: z.number(),
  /** For `rfmSum`: where the fifths of each figure end, from the least good up. */
  fifths: z.nullable(
    z.object({ recency: z.array(z.number()), orders: z.array(z.number()), spend: z.array(z.number()) }),
  ),
});
export type SingleScore = z.infer<typeof singleScoreSchema>;
export type ScoreKind = 'recency' | 'spend' | 'rfmSum';

/** Whether the table has what the baseline sorts by. */
export const hasScore = (kind: ScoreKind, { recency, spend, orders }: RoleColumns): boolean =>
  kind === 'recency'
    ? recency !== null
    : spend !== null && (kind === 'spend' || (recency !== null && orders !== null));

export function fitSingleScore(kind: ScoreKind, roles: RoleColumns, y: Uint8Array): SingleScore {
  const fifths = kind === 'rfmSum' ? fifthsOf(roles) : null;
  const scores = scoresOf(kind, roles, fifths);
  const has = (_: number, row: number): boolean => !Number.isNaN(scores[row]);
  const labels = y.filter(has);
  const positives = y.reduce((sum, label) => sum + label, 0);
  const positivesWith = labels.reduce((sum, label) => sum + label, 0);
  const share = (positives + 1) / (y.length + 2);
  return {
    steps: offTheEnds(fitIsotonic(scores.filter(has), labels), labels),
    withoutScore: (positives - positivesWith + share) / (y.length - labels.length + 1),
    fifths,
  };
}

export const predictSingleScore = (
  kind: ScoreKind,
  { steps, withoutScore, fifths }: SingleScore,
  roles: RoleColumns,
): Float64Array =>
  scoresOf(kind, roles, fifths).map((score) =>
    Number.isNaN(score) ? withoutScore : stepValueAt(steps, score),
  );

/** More is better; NaN without the figure. */
function scoresOf(kind: ScoreKind, roles: RoleColumns, fifths: SingleScore['fifths']): Float64Array {
  const { recency, spend, orders } = roles;
  if (kind === 'recency' && recency !== null) return recency.map((days) => -days);
  if (kind === 'spend' && spend !== null) return spend;
  if (recency === null || spend === null || orders === null || fifths === null)
    throw new Error(`the baseline ${kind} needs columns that the table does not have`);
  return recency.map(
    (days, row) =>
      fifthOf(fifths.recency, -days) +
      fifthOf(fifths.orders, orders[row] as number) +
      fifthOf(fifths.spend, spend[row] as number),
  );
}

function fifthsOf({ recency, spend, orders }: RoleColumns): SingleScore['fifths'] {
  const edges = (values: Float64Array | null): number[] => {
    const sorted = (values ?? new Float64Array()).filter((value) => !Number.isNaN(value)).sort();
    return [1, 2, 3, 4].map((fifth) => sorted[Math.floor((fifth * sorted.length) / 5)] ?? 0);
  };
  return {
    recency: edges(recency?.map((days) => -days) ?? null),
    orders: edges(orders),
    spend: edges(spend),
  };
}

/** 1 to 5, and NaN for NaN. */
const fifthOf = (edges: readonly number[], value: number): number =>
  Number.isNaN(value) ? value : 1 + edges.filter((edge) => value >= edge).length;
