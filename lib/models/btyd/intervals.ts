import { normalQuantile } from '../../math/normalQuantile.ts';
import type { ParameterDraws } from './bootstrap.ts';
import { logParametersOf, withLogParameters } from './likelihoods.ts';
import type { BuyingModel } from './models.ts';
import { type HistoryColumns, historyAt, type PurchaseHistory } from './purchaseHistory.ts';

/** Anything above 0 that a model says of a history: `expectedPurchases` over a horizon, say. */
export type Quantity = (model: BuyingModel, history: PurchaseHistory) => number;

export interface Interval {
  low: number;
  high: number;
}

/**
 * How the logarithm of a quantity moves with the logarithm of each parameter, by differences: one column per parameter, one
 * entry per history. Every history costs two looks per parameter, however many the draws.
 */
export function logSlopes(
  model: BuyingModel,
  { histories, quantity }: { histories: HistoryColumns; quantity: Quantity },
): Float64Array[] {
  return neighbours(model).map(({ above, below }) =>
    Float64Array.from(histories.frequency, (_, index) => {
      const history = historyAt(histories, index);
      return logSlope(quantity(above, history), quantity(below, history));
    }),
  );
}

/** How far the logarithm of a quantity is off, one standard deviation, for each history. */
export function logDeviations(
  model: BuyingModel,
  { covariance }: Pick<ParameterDraws, 'covariance'>,
  { histories, quantity }: { histories: HistoryColumns; quantity: Quantity },
): Float64Array {
  const slopes = logSlopes(model, { histories, quantity });
  return histories.frequency.map((_, index) =>
    deviation(
      slopes.map((column) => column[index] as number),
      covariance,
    ),
  );
}

/** The same for the sum of a quantity over all customers. */
export function logDeviationOfTotal(
  model: BuyingModel,
  { covariance }: ParameterDraws,
  { histories, counts, quantity }: { histories: HistoryColumns; counts: Float64Array; quantity: Quantity },
): number {
  const total = (other: BuyingModel): number =>
    counts.reduce((sum, count, index) => sum + count * quantity(other, historyAt(histories, index)), 0);
  return deviation(
    neighbours(model).map(({ above, below }) => logSlope(total(above), total(below))),
    covariance,
  );
}

/** Two quantities that are multiplied and vary apart: how often, and how much. */
export const deviationOfProduct = (one: number, other: number): number => Math.hypot(one, other);

/** Where the expectation lies with probability `level`, as far as the parameters are uncertain. */
export function intervalAround(value: number, logDeviation: number, level = 0.9): Interval {
  const factor = Math.exp(normalQuantile((1 + level) / 2) * logDeviation);
  return { low: value / factor, high: value * factor };
}

const step = 1e-4;

function neighbours(model: BuyingModel): { above: BuyingModel; below: BuyingModel }[] {
  const logarithms = logParametersOf(model);
  const moved = (index: number, by: number): BuyingModel =>
    withLogParameters(
      model.kind,
      logarithms.map((value, at) => (at === index ? value + by : value)),
    );
  return Array.from(logarithms, (_, index) => ({ above: moved(index, step), below: moved(index, -step) }));
}

/** Of log quantity; what is practically 0 does not vary. */
const logSlope = (above: number, below: number): number =>
  above > 0 && below > 0 ? Math.log(above / below) / (2 * step) : 0;

/** One standard deviation of what moves with parameters by these slopes. */
export function deviation(slopes: readonly number[], covariance: readonly (readonly number[])[]): number {
  let variance = 0;
  for (const [row, slope] of slopes.entries())
    for (const [column, other] of slopes.entries())
      variance += slope * other * (covariance[row]?.[column] ?? 0);
  return Math.sqrt(Math.max(0, variance));
}
