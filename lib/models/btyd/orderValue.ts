import { correlationOf, standardise } from '../../math/standardise.ts';
import { fitGammaGamma, type OrderValueColumns } from './fitGammaGamma.ts';
import { expectedOrderValue, type GammaGammaModel, type OrderValues } from './gammaGammaModel.ts';
import { ModelFitError } from './modelFitError.ts';
import type { ModelWarning } from './warnings.ts';

/** What orders are worth, customer by customer. */
export interface OrderValueModel {
  /** Null where the data do not carry it: then a customer's mean is drawn towards everybody's as if by one more order. */
  gammaGamma: GammaGammaModel | null;
  /** Means above it count as it: wholesale orders among retail ones. Null where nothing had to be capped. */
  cap: number | null;
  /** Of all orders, capped. */
  meanOrder: number;
  warnings: ModelWarning[];
}

/** Above it frequent buyers spend so differently per order that the two cannot be modelled apart. */
const highCorrelation = 0.3;
const capQuantiles = [0.99, 0.95];
/** A model whose mean customer orders for more than so many times the mean there was is one of its own tail. */
const farFromMean = 2;

/**
 * Gamma-Gamma over all orders of each customer, the first included. Customers whose orders come to nothing (returned,
 * free) take no part. Where the fit says that the mean order is infinite (q ≤ 1), or far from what it was, it is made again
 * with the largest means capped, and given up if that does not help.
 */
export function fitOrderValues({ orders, meanValue }: Omit<OrderValueColumns, 'weights'>): OrderValueModel {
  const usable = orders.map((count, row) => ((meanValue[row] as number) > 0 ? count : 0));
  const warnings = [...warnOfUnusable(orders, usable), ...warnOfCorrelation(usable, meanValue)];
  for (const cap of [null, ...capsOf(usable, meanValue)]) {
    const capped = cap === null ? meanValue : meanValue.map((value) => Math.min(value, cap));
    const gammaGamma = usableFit(usable, capped);
    if (gammaGamma === null) continue;
    const meanOrder = meanOrderOf(usable, capped);
    if (cap === null) return { gammaGamma, cap, meanOrder, warnings };
    const message = `some orders are so large that the mean order would be infinite, or nearly; customers' means above ${cap.toFixed(2)} count as ${cap.toFixed(2)}`;
    return { gammaGamma, cap, meanOrder, warnings: [...warnings, { code: 'orderValuesCapped', message }] };
  }
  const message =
    "order values vary too much, or too little, for the model of them: a customer's mean order is drawn towards everybody's instead";
  return {
    gammaGamma: null,
    cap: null,
    meanOrder: meanOrderOf(usable, meanValue),
    warnings: [...warnings, { code: 'noOrderValueModel', message }],
  };
}

function usableFit(orders: Float64Array, meanValue: Float64Array): GammaGammaModel | null {
  const seen = meanValue.filter((_, row) => (orders[row] as number) > 0);
  const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
  try {
    const model = fitGammaGamma({ orders, meanValue });
    const modelled = (model.p * model.v) / (model.q - 1);
    return modelled > 0 && modelled < farFromMean * mean ? model : null;
  } catch (error) {
    if (error instanceof ModelFitError) return null;
    throw error;
  }
}

/** What the customer's next order is expected to be worth. */
export function expectedValueOfOrder(
  { gammaGamma, cap, meanOrder }: OrderValueModel,
  { orders, meanValue }: OrderValues,
): number {
  const known = meanValue > 0 ? orders : 0;
  if (gammaGamma === null) return (meanOrder + (known === 0 ? 0 : known * meanValue)) / (1 + known);
  if (known === 0) return expectedOrderValue(gammaGamma, { orders: 0, meanValue: 0 });
  return expectedOrderValue(gammaGamma, { orders, meanValue: Math.min(meanValue, cap ?? meanValue) });
}

function meanOrderOf(orders: Float64Array, meanValue: Float64Array): number {
  let [sum, count] = [0, 0];
  for (let row = 0; row < orders.length; row++) {
    const number = orders[row] as number;
    if (number === 0) continue;
    sum += number * (meanValue[row] as number);
    count += number;
  }
  return count === 0 ? 0 : sum / count;
}

function warnOfUnusable(orders: Float64Array, usable: Float64Array): ModelWarning[] {
  const count = usable.filter((value, row) => value === 0 && (orders[row] as number) > 0).length;
  if (count === 0) return [];
  const message = `${count} customers whose orders come to nothing, or less, take no part in the model of order values`;
  return [{ code: 'ordersWithoutValue', message, count }];
}

/** Gamma-Gamma takes it that how often and how much are independent. */
function warnOfCorrelation(orders: Float64Array, meanValue: Float64Array): ModelWarning[] {
  const rows = Array.from(orders.keys()).filter((row) => (orders[row] as number) > 1);
  if (rows.length < 3) return [];
  const standardised = (values: Float64Array) =>
    standardise(Float64Array.from(rows, (row) => values[row] as number));
  const correlation = correlationOf(standardised(orders), standardised(meanValue));
  if (Math.abs(correlation) < highCorrelation) return [];
  const sign = correlation > 0 ? 'larger' : 'smaller';
  const message = `frequent buyers place ${sign} orders (correlation ${correlation.toFixed(2)}); values of customers assume that they do not, so take them with care`;
  return [{ code: 'frequencyAndValueCorrelate', message }];
}

function capsOf(orders: Float64Array, meanValue: Float64Array): number[] {
  const means = meanValue.filter((_, row) => (orders[row] as number) > 0).sort();
  if (means.length === 0) return [];
  return capQuantiles.map((share) => means[Math.floor(share * (means.length - 1))] as number);
}
