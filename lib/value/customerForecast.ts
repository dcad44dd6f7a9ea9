import { normalQuantile } from '../math/normalQuantile.ts';
import { type FitInputs, fitChosen } from '../models/btyd/candidates.ts';
import {
  type CustomerModel,
  type CustomerModelName,
  customerModelOf,
  type PlainCustomerModel,
  predictCustomers,
} from '../models/btyd/customerModel.ts';
import { fitMbgNbd } from '../models/btyd/fitBetaGeometric.ts';
import { ModelFitError } from '../models/btyd/modelFitError.ts';
import { expectedValueOfOrder, fitOrderValues, type OrderValueModel } from '../models/btyd/orderValue.ts';
import type { HistoryPredictions, PredictionOptions } from '../models/btyd/predictHistories.ts';
import { groupHistories, type HistoryColumns } from '../models/btyd/purchaseHistory.ts';
import { type ModelWarning, warningsOfForecast } from '../models/btyd/warnings.ts';
import {
  type PlainSpendInputs,
  type SpendInputs,
  type SpendUncertainty,
  spendUncertainty,
} from './spendUncertainty.ts';

export interface ForecastInputs extends FitInputs {
  /** Net spend of each customer, all orders, minor units. */
  spend: Float64Array;
}

export interface ForecastOptions {
  /** The model that won on held-out days, or the one that is used where none could be judged. */
  name: CustomerModelName;
  /** Share of an order's value that the shop keeps. */
  margin: number;
  annualDiscountRate: number;
  seed: number;
  replicates?: number;
}

/** What is expected of every customer, one entry each; NaN where the model cannot say. */
export interface ForecastColumns {
  /** In the next twelve months, before costs, and where that expectation lies with 90 %. */
  expectedSpend: Float64Array;
  low: Float64Array;
  high: Float64Array;
  /** Margin on it, discounted month by month. */
  lifetimeValue: Float64Array;
  orderValue: Float64Array;
  /** By MBG/NBD or Pareto/NBD alone: BG/NBD and NBD hold everyone who bought once to be alive. */
  probabilityAlive: Float64Array;
  /** Of 30 days, as is the probability. */
  expectedPurchases: Float64Array;
  probabilityOfPurchase: Float64Array;
  /** Days from the cutoff. */
  nextPurchaseFrom: Float64Array;
  nextPurchaseTo: Float64Array;
}

export interface CustomerForecast {
  model: PlainCustomerModel;
  orderValues: OrderValueModel;
  /** The model that says who has left; null where none that can does converge. */
  lifeCycle: CustomerModelName | null;
  columns: ForecastColumns;
  /** For totals of groups of customers. */
  inputs: PlainSpendInputs;
  uncertainty: SpendUncertainty;
  warnings: ModelWarning[];
}

export const daysOfMonth = 365.25 / 12;
export const daysOfYear = 365.25;
/** Of "soon" in everything that is said of a customer. */
export const soonDays = 30;

/** Throws `ModelFitError` where the history carries no model at all. */
export function forecastCustomers(inputs: ForecastInputs, options: ForecastOptions): CustomerForecast {
  const { name, margin, annualDiscountRate, seed, replicates = 200 } = options;
  const { model, warnings } = fitChosen(name, inputs);
  const prediction = { horizon: soonDays, month: daysOfMonth, annualDiscountRate };
  const predictions = predictCustomers(model, prediction);
  const columns = orderColumns(inputs);
  const orderValues = fitOrderValues(columns);
  const orderValue = columns.orders.map((count, customer) =>
    expectedValueOfOrder(orderValues, { orders: count, meanValue: columns.meanValue[customer] as number }),
  );
  const purchases = predictions.expectedPurchasesInMonths;
  const spend: SpendInputs = { model, orderValues, columns, purchases, orderValue, horizon: daysOfYear };
  const uncertainty = spendUncertainty(spend, { seed, replicates });
  const lifeCycle = aliveByLifeCycle(model, { predictions, inputs, prediction });
  const { likelihoodOf: _, ...plain } = model;
  return {
    model: plain,
    orderValues,
    lifeCycle: lifeCycle?.name ?? null,
    columns: {
      ...expectations(spend, uncertainty),
      lifetimeValue: orderValue.map(
        (value, customer) => margin * value * (predictions.discountedPurchases[customer] as number),
      ),
      orderValue,
      probabilityAlive: lifeCycle?.probabilityAlive ?? orderValue.map(() => Number.NaN),
      expectedPurchases: predictions.expectedPurchases,
      probabilityOfPurchase: predictions.probabilityOfPurchase,
      nextPurchaseFrom: predictions.nextPurchaseFrom,
      nextPurchaseTo: predictions.nextPurchaseTo,
    },
    inputs: { ...spend, model: plain },
    uncertainty,
    warnings: [...warnings, ...orderValues.warnings, ...warningsOf(model, inputs)],
  };
}

/** A day with orders counts as one order, as it does in the frequency. */
function orderColumns({ histories, spend }: ForecastInputs): SpendInputs['columns'] {
  const orders = histories.frequency.map((repeats) => repeats + 1);
  return { orders, meanValue: spend.map((sum, customer) => sum / (orders[customer] as number)) };
}

function expectations(
  { purchases, orderValue }: SpendInputs,
  { logDeviation }: SpendUncertainty,
): Pick<ForecastColumns, 'expectedSpend' | 'low' | 'high'> {
  const z = normalQuantile(0.95);
  const expectedSpend = purchases.map((often, customer) => often * (orderValue[customer] as number));
  const factor = logDeviation.map((one) => Math.exp(z * one));
  return {
    expectedSpend,
    low: expectedSpend.map((value, customer) => value / (factor[customer] as number)),
    high: expectedSpend.map((value, customer) => value * (factor[customer] as number)),
  };
}

/** Who has left, by a model that can tell: the chosen one, or MBG/NBD beside it. */
function aliveByLifeCycle(
  model: CustomerModel,
  {
    predictions,
    inputs,
    prediction,
  }: { predictions: HistoryPredictions; inputs: ForecastInputs; prediction: PredictionOptions },
): { name: CustomerModelName; probabilityAlive: Float64Array } | null {
  if (model.name !== 'bgNbd' && model.name !== 'nbd')
    return { name: model.name, probabilityAlive: predictions.probabilityAlive };
  const groups = groupHistories(inputs.histories);
  try {
    const { probabilityAlive } = predictCustomers(customerModelOf(fitMbgNbd(groups), groups), prediction);
    return { name: 'mbgNbd', probabilityAlive };
  } catch (error) {
    if (error instanceof ModelFitError) return null;
    throw error;
  }
}

const warningsOf = (
  { name, atEdge }: CustomerModel,
  { histories }: { histories: HistoryColumns },
): ModelWarning[] =>
  warningsOfForecast({ kind: name, atEdge }, groupHistories(histories), { horizon: daysOfYear });
