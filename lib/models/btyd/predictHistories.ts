import type { BuyingModel } from './models.ts';
import { expectedPurchases, nextPurchaseWindow, probabilityAlive, probabilityOfPurchase } from './predict.ts';
import { type HistoryColumns, historyAt, type PurchaseHistory } from './purchaseHistory.ts';

export interface PredictionOptions {
  /** Of "next 30 days", in the unit of the histories. */
  horizon: number;
  /** Length of a month in the same unit. */
  month: number;
  /** How many months ahead a customer's value reaches. */
  months?: number;
  /** Money a year from now is worth 1 / (1 + this) of money today. */
  annualDiscountRate?: number;
}

/** By column, one entry per history; through `groupOf` of grouped histories, one per customer. */
export interface HistoryPredictions {
  probabilityAlive: Float64Array;
  expectedPurchases: Float64Array;
  probabilityOfPurchase: Float64Array;
  /** Over all months. */
  expectedPurchasesInMonths: Float64Array;
  /** The same, each month's purchases discounted from its end. */
  discountedPurchases: Float64Array;
  nextPurchaseFrom: Float64Array;
  nextPurchaseTo: Float64Array;
}

export function predictHistories(
  model: BuyingModel,
  histories: HistoryColumns,
  options: PredictionOptions,
): HistoryPredictions {
  const { horizon, month, months = 12 } = options;
  const length = histories.frequency.length;
  const column = (): Float64Array => new Float64Array(length);
  const predictions: HistoryPredictions = {
    probabilityAlive: column(),
    expectedPurchases: column(),
    probabilityOfPurchase: column(),
    expectedPurchasesInMonths: column(),
    discountedPurchases: column(),
    nextPurchaseFrom: column(),
    nextPurchaseTo: column(),
  };
  for (let index = 0; index < length; index++) {
    const history = historyAt(histories, index);
    const window = nextPurchaseWindow(model, history);
    predictions.probabilityAlive[index] = probabilityAlive(model, history);
    predictions.expectedPurchases[index] = expectedPurchases(model, history, horizon);
    predictions.probabilityOfPurchase[index] = probabilityOfPurchase(model, history, horizon);
    predictions.expectedPurchasesInMonths[index] = expectedPurchases(model, history, month * months);
    predictions.discountedPurchases[index] = discountedPurchases(model, history, options);
    predictions.nextPurchaseFrom[index] = window.from;
    predictions.nextPurchaseTo[index] = window.to;
  }
  return predictions;
}

/** Purchases expected month by month, each worth what money at the end of its month is worth today. */
export function discountedPurchases(
  model: BuyingModel,
  history: PurchaseHistory,
  { month, months = 12, annualDiscountRate = 0.1 }: Omit<PredictionOptions, 'horizon'>,
): number {
  const perMonth = (1 + annualDiscountRate) ** (-1 / 12);
  let [before, worth, sum] = [0, 1, 0];
  for (let n = 1; n <= months; n++) {
    const upTo = expectedPurchases(model, history, n * month);
    worth *= perMonth;
    sum += worth * (upTo - before);
    before = upTo;
  }
  return sum;
}
