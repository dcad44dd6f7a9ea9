import type { BuyingModel } from './models.ts';
import {
  nextPurchaseWindow,
  probabilityAlive,
  probabilityOfPurchaseWhileAlive,
  purchasesWhileAlive,
} from './predict.ts';
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
  const { horizon } = options;
  const length = histories.frequency.length;
  const predictions = emptyPredictions(length);
  for (let index = 0; index < length; index++) {
    const history = historyAt(histories, index);
    const window = nextPurchaseWindow(model, history);
    const alive = probabilityAlive(model, history);
    const { total, discounted } = discountedWhileAlive(model, history, options);
    predictions.probabilityAlive[index] = alive;
    predictions.expectedPurchases[index] = alive * purchasesWhileAlive(model, history, horizon);
    predictions.probabilityOfPurchase[index] =
      alive * probabilityOfPurchaseWhileAlive(model, history, horizon);
    predictions.expectedPurchasesInMonths[index] = alive * total;
    predictions.discountedPurchases[index] = alive * discounted;
    predictions.nextPurchaseFrom[index] = window.from;
    predictions.nextPurchaseTo[index] = window.to;
  }
  return predictions;
}

/** Purchases expected month by month, each worth what money at the end of its month is worth today. */
export const discountedPurchases = (
  model: BuyingModel,
  history: PurchaseHistory,
  options: Omit<PredictionOptions, 'horizon'>,
): number => probabilityAlive(model, history) * discountedWhileAlive(model, history, options).discounted;

function discountedWhileAlive(
  model: BuyingModel,
  history: PurchaseHistory,
  { month, months = 12, annualDiscountRate = 0.1 }: Omit<PredictionOptions, 'horizon'>,
): { total: number; discounted: number } {
  const perMonth = (1 + annualDiscountRate) ** (-1 / 12);
  let [total, worth, discounted] = [0, 1, 0];
  for (let n = 1; n <= months; n++) {
    const upTo = purchasesWhileAlive(model, history, n * month);
    worth *= perMonth;
    discounted += worth * (upTo - total);
    total = upTo;
  }
  return { total, discounted };
}

/** Columns of so many histories, to be filled. */
export function emptyPredictions(length: number): HistoryPredictions {
  const column = (): Float64Array => new Float64Array(length);
  return {
    probabilityAlive: column(),
    expectedPurchases: column(),
    probabilityOfPurchase: column(),
    expectedPurchasesInMonths: column(),
    discountedPurchases: column(),
    nextPurchaseFrom: column(),
    nextPurchaseTo: column(),
  };
}
