import { seededGenerator } from '../math/random.ts';
import type { ParameterDraws } from '../models/btyd/bootstrap.ts';
import {
  type CustomerModel,
  covarianceOfPart,
  drawParameters,
  type ModelPart,
  modelOfPart,
  type PlainCustomerModel,
  scatterInPlace,
} from '../models/btyd/customerModel.ts';
import { deviation, deviationOfProduct, logSlopes } from '../models/btyd/intervals.ts';
import type { BuyingModel } from '../models/btyd/models.ts';
import type { OrderValueModel } from '../models/btyd/orderValue.ts';
import {
  type OrderColumns,
  type OrderValueUncertainty,
  orderValueUncertainty,
} from '../models/btyd/orderValueUncertainty.ts';
import { expectedPurchases } from '../models/btyd/predict.ts';
import { historyAt, type PurchaseHistory } from '../models/btyd/purchaseHistory.ts';

/** What every customer is expected to spend, one entry each, and what it rests on. */
export interface SpendInputs {
  model: CustomerModel;
  orderValues: OrderValueModel;
  columns: OrderColumns;
  /** Expected purchases over the horizon, and what each is expected to be worth. */
  purchases: Float64Array;
  orderValue: Float64Array;
  horizon: number;
}

/** The same with the model as plain data. */
export type PlainSpendInputs = Omit<SpendInputs, 'model'> & { model: PlainCustomerModel };

export interface SpendUncertainty {
  /** Standard deviation of the logarithm of each customer's expectation. */
  logDeviation: Float64Array;
  /** By part of the model: how the logarithm of the expectation moves with its parameters, by history. */
  buyingSlopes: Float64Array[][];
  /** Of the logarithms of all parameters of the buying model. */
  buyingCovariance: number[][];
  value: OrderValueUncertainty;
}

/** Parameters are drawn again for all customers together; each customer's interval follows from how their expectation moves with them. */
export function spendUncertainty(
  { model, orderValues, columns, horizon }: SpendInputs,
  { seed, replicates = 200 }: { seed: number; replicates?: number },
): SpendUncertainty {
  const generator = seededGenerator(seed);
  const draws = drawParameters(model, { generator, replicates });
  const value = orderValueUncertainty(orderValues, columns, { generator, replicates });
  const buyingSlopes = model.parts.map((part) =>
    logSlopes(part.model, { histories: part.groups, quantity: purchasesWithin(horizon) }),
  );
  const share = shareThatHolds({ model, draws, slopes: buyingSlopes, horizon });
  const buyingCovariance = draws.covariance.map((row) => row.map((spread) => share * share * spread));
  const logDeviation = new Float64Array(model.customers);
  for (const [index, part] of model.parts.entries()) {
    const covariance = covarianceOfPart(part, buyingCovariance);
    scatterInPlace(part, deviationsOf(buyingSlopes[index] as Float64Array[], covariance), logDeviation);
  }
  const ofValue = deviationsOf(value.slopes, value.covariance);
  return {
    logDeviation: logDeviation.map((one, customer) => deviationOfProduct(one, ofValue[customer] as number)),
    buyingSlopes,
    buyingCovariance,
    value,
  };
}

const purchasesWithin =
  (horizon: number) =>
  (model: BuyingModel, history: PurchaseHistory): number =>
    expectedPurchases(model, history, horizon);

/**
 * Slopes hold near the estimate. Where the data leave parameters so uncertain that the draws lie far from it, expectations move less
 * than by their slopes, since purchases saturate: of a few histories, by how much less, at most 1.
 */
function shareThatHolds({
  model,
  draws,
  slopes,
  horizon,
}: {
  model: CustomerModel;
  draws: ParameterDraws;
  slopes: Float64Array[][];
  horizon: number;
}): number {
  const largest = model.parts.reduce((best, part) =>
    part.customers.length > best.customers.length ? part : best,
  );
  const bySlopes = deviationsOf(
    slopes[model.parts.indexOf(largest)] as Float64Array[],
    covarianceOfPart(largest, draws.covariance),
  );
  const drawn = draws.draws.map((draw) => modelOfPart(largest, draw));
  const step = Math.max(1, Math.floor(largest.groups.counts.length / historiesLookedAt));
  const ratios: number[] = [];
  for (let index = 0; index < largest.groups.counts.length; index += step) {
    const linear = bySlopes[index] as number;
    if (linear > 0) ratios.push(spreadAt(largest, { index, drawn, horizon }) / linear);
  }
  const sorted = Float64Array.from(ratios).sort();
  return Math.min(1, sorted[sorted.length >> 1] ?? 1);
}

const historiesLookedAt = 40;

/** Of the logarithm of a history's expectation over the draws: half of the middle 68 %, one deviation of a normal distribution. */
function spreadAt(
  { groups }: ModelPart,
  { index, drawn, horizon }: { index: number; drawn: readonly BuyingModel[]; horizon: number },
): number {
  const history = historyAt(groups, index);
  const logarithms = Float64Array.from(drawn, (model) =>
    Math.log(Math.max(Number.MIN_VALUE, expectedPurchases(model, history, horizon))),
  ).sort();
  const at = (share: number): number => logarithms[Math.round(share * (logarithms.length - 1))] as number;
  return (at(0.84) - at(0.16)) / 2;
}

function deviationsOf(slopes: readonly Float64Array[], covariance: readonly number[][]): Float64Array {
  const row = new Array<number>(slopes.length).fill(0);
  return (slopes[0] ?? new Float64Array(0)).map((_, index) => {
    for (let at = 0; at < row.length; at++) row[at] = slopes[at]?.[index] as number;
    return deviation(row, covariance);
  });
}
