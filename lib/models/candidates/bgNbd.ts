import * as z from 'zod/mini';
import { fitBgNbd } from '../btyd/fitBetaGeometric.ts';
import { probabilityOfPurchase } from '../btyd/predict.ts';
import { groupHistories, type HistoryColumns, historyAt } from '../btyd/purchaseHistory.ts';

/** BG/NBD as a candidate: fitted to histories without their labels, it says who buys within the horizon in closed form. */
export const bgNbdSchema = z.object({
  r: z.number(),
  alpha: z.number(),
  a: z.number(),
  b: z.number(),
  horizonDays: z.number(),
  /** Of those who have never bought, from their labels. */
  withoutHistory: z.number(),
});
export type BgNbd = z.infer<typeof bgNbdSchema>;

/** Throws a ModelFitError where the histories cannot carry the model, as without a repeat purchase. */
export function fitBgNbdCandidate(
  history: HistoryColumns,
  y: Uint8Array,
  { horizonDays }: { horizonDays: number },
): BgNbd {
  const bought = (_: number, row: number): boolean => hasHistory(history, row);
  const { r, alpha, a, b } = fitBgNbd(
    groupHistories({
      frequency: history.frequency.filter(bought),
      recency: history.recency.filter(bought),
      age: history.age.filter(bought),
    }),
  );
  const others = y.filter((_, row) => !hasHistory(history, row));
  const share = (y.reduce((sum, label) => sum + label, 0) + 1) / (y.length + 2);
  const positives = others.reduce((sum, label) => sum + label, 0);
  return { r, alpha, a, b, horizonDays, withoutHistory: (positives + share) / (others.length + 1) };
}

export function predictBgNbd(
  { horizonDays, withoutHistory, ...model }: BgNbd,
  history: HistoryColumns,
): Float64Array {
  return history.frequency.map((_, row) =>
    hasHistory(history, row)
      ? probabilityOfPurchase({ kind: 'bgNbd', ...model }, historyAt(history, row), horizonDays)
      : withoutHistory,
  );
}

const hasHistory = ({ frequency, recency, age }: HistoryColumns, row: number): boolean =>
  !Number.isNaN((frequency[row] as number) + (recency[row] as number) + (age[row] as number));
