import type { HistoryPredictions } from '../models/btyd/predictHistories.ts';

export interface CustomerValueInputs {
  /** One entry per distinct history, `groupOf[i]` that of customer i. */
  predictions: Pick<HistoryPredictions, 'expectedPurchasesInMonths' | 'discountedPurchases'>;
  groupOf: Uint32Array;
  /** What each customer's next order is expected to be worth. */
  orderValue: Float64Array;
  /** Share of an order's value that the shop keeps. */
  margin: number;
}

export interface CustomerValues {
  /** Expected spend over the months, undiscounted, before costs. */
  expectedSpend: Float64Array;
  /** Margin on it, discounted: customer lifetime value. */
  lifetimeValue: Float64Array;
}

/** How often times how much, as Fader, Hardie and Lee (2005) put the two together: they are taken to be independent. */
export function customerValues({
  predictions,
  groupOf,
  orderValue,
  margin,
}: CustomerValueInputs): CustomerValues {
  const times = (purchases: Float64Array, share: number): Float64Array =>
    orderValue.map((value, customer) => share * value * (purchases[groupOf[customer] as number] as number));
  return {
    expectedSpend: times(predictions.expectedPurchasesInMonths, 1),
    lifetimeValue: times(predictions.discountedPurchases, margin),
  };
}
