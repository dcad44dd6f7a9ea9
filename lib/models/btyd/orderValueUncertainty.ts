import { type BootstrapOptions, bootstrapGammaGamma } from './bootstrap.ts';
import type { OrderValueModel } from './orderValue.ts';

/** Orders of each customer and their mean value, as they were given to `fitOrderValues`. */
export interface OrderColumns {
  orders: Float64Array;
  meanValue: Float64Array;
}

/** How the logarithm of each customer's expected order moves with the parameters behind it, and how those vary together. */
export interface OrderValueUncertainty {
  /** One column per parameter, one entry per customer. */
  slopes: Float64Array[];
  covariance: number[][];
}

/** By bootstrap for Gamma-Gamma; without it there is one parameter, the mean order, with its standard error. */
export function orderValueUncertainty(
  model: OrderValueModel,
  columns: OrderColumns,
  options: BootstrapOptions,
): OrderValueUncertainty {
  const seen = asModelled(model, columns);
  if (model.gammaGamma === null) return aboutMeanOrder(model.meanOrder, seen);
  const { p, q, v } = model.gammaGamma;
  // of log [p (v + xz) / (px + q - 1)], Fader and Hardie (2013), equation 5
  const perCustomer = (slope: (x: number, spend: number) => number): Float64Array =>
    seen.orders.map((x, index) => slope(x, x * (seen.meanValue[index] as number)));
  return {
    slopes: [
      perCustomer((x) => 1 - (p * x) / (p * x + q - 1)),
      perCustomer((x) => -q / (p * x + q - 1)),
      perCustomer((_, spend) => v / (v + spend)),
    ],
    covariance: bootstrapGammaGamma(model.gammaGamma, seen, options).covariance,
  };
}

/** What the model takes each customer's orders to be: none where they come to nothing, means up to the cap. */
export function asModelled({ cap }: Pick<OrderValueModel, 'cap'>, columns: OrderColumns): OrderColumns {
  const { meanValue } = columns;
  return {
    orders: columns.orders.map((count, index) => ((meanValue[index] as number) > 0 ? count : 0)),
    meanValue: meanValue.map((value) => Math.max(0, Math.min(value, cap ?? value))),
  };
}

function aboutMeanOrder(meanOrder: number, { orders, meanValue }: OrderColumns): OrderValueUncertainty {
  const slope = orders.map((x, index) =>
    meanOrder > 0 ? meanOrder / (meanOrder + x * (meanValue[index] as number)) : 0,
  );
  let [customers, squares] = [0, 0];
  for (let index = 0; index < orders.length; index++) {
    if (orders[index] === 0) continue;
    customers += 1;
    squares += ((meanValue[index] as number) - meanOrder) ** 2;
  }
  const variance =
    customers < 2 || meanOrder <= 0 ? 0 : squares / (customers - 1) / customers / meanOrder ** 2;
  return { slopes: [slope], covariance: [[variance]] };
}
