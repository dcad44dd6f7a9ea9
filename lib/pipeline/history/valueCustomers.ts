import { fitWithFallback } from '../../models/btyd/fitWithFallback.ts';
import { ModelFitError } from '../../models/btyd/modelFitError.ts';
import { expectedValueOfOrder, fitOrderValues, type OrderValueModel } from '../../models/btyd/orderValue.ts';
import { type HistoryPredictions, predictHistories } from '../../models/btyd/predictHistories.ts';
import { type GroupedHistories, groupHistories } from '../../models/btyd/purchaseHistory.ts';
import { warningsOfForecast } from '../../models/btyd/warnings.ts';
import type { RunNote } from '../../store/runs.ts';
import { customerValues } from '../../value/lifetimeValue.ts';
import type { CustomerValueEntry } from '../results.ts';
import type { Buyer } from './buyers.ts';

export interface ValueOptions {
  /** Of the chance to buy soon. */
  horizonDays: number;
  /** Share of an order's value that the shop keeps. */
  margin: number;
  annualDiscountRate: number;
  /** Days since 1970-01-01: the cutoff of the features. */
  lastDay: number;
}

export interface ValuedCustomers {
  /** Which model the figures are of; null where the history carries none. */
  model: { kind: string; customers: number; histories: number; logLikelihood: number } | null;
  entries: CustomerValueEntry[];
  notes: RunNote[];
}

const daysOfMonth = 365.25 / 12;

/**
 * What every buyer is expected to do in the next twelve months: MBG/NBD for how often (it lets one-time buyers leave, unlike BG/NBD),
 * Gamma-Gamma for how much, the first order included. A history that carries no model gives a note and no entries.
 */
export function valueCustomers(buyers: readonly Buyer[], options: ValueOptions): ValuedCustomers {
  const groups = groupHistories({
    frequency: Float64Array.from(buyers, ({ frequency }) => frequency),
    recency: Float64Array.from(buyers, ({ recencyDays }) => recencyDays),
    age: Float64Array.from(buyers, ({ ageDays }) => ageDays),
  });
  try {
    const { model, warnings } = fitWithFallback('mbgNbd', groups);
    const orderValues = fitOrderValues(orderColumns(buyers));
    const predictions = predictHistories(model, groups, {
      horizon: options.horizonDays,
      month: daysOfMonth,
      annualDiscountRate: options.annualDiscountRate,
    });
    const { kind, customers, histories, logLikelihood } = model;
    const forecast = warningsOfForecast(model, groups, { horizon: daysOfMonth * 12 });
    return {
      model: { kind, customers, histories, logLikelihood },
      entries: entriesOf(buyers, { groups, predictions, orderValues, options }),
      notes: [...warnings, ...orderValues.warnings, ...forecast],
    };
  } catch (error) {
    if (!(error instanceof ModelFitError)) throw error;
    return { model: null, entries: [], notes: [{ code: 'noValueModel', message: error.message }] };
  }
}

/** A day with orders counts as one order, as it does in the frequency. */
const orderColumns = (buyers: readonly Buyer[]) => ({
  orders: Float64Array.from(buyers, ({ frequency }) => frequency + 1),
  meanValue: Float64Array.from(buyers, ({ frequency, spend }) => spend / (frequency + 1)),
});

function entriesOf(
  buyers: readonly Buyer[],
  {
    groups,
    predictions,
    orderValues,
    options,
  }: {
    groups: GroupedHistories;
    predictions: HistoryPredictions;
    orderValues: OrderValueModel;
    options: ValueOptions;
  },
): CustomerValueEntry[] {
  const { orders, meanValue } = orderColumns(buyers);
  const orderValue = orders.map((count, row) =>
    expectedValueOfOrder(orderValues, { orders: count, meanValue: meanValue[row] as number }),
  );
  const { groupOf } = groups;
  const { margin, lastDay } = options;
  const { expectedSpend, lifetimeValue } = customerValues({ predictions, groupOf, orderValue, margin });
  const of = (column: Float64Array, row: number): number => column[groupOf[row] as number] as number;
  return buyers.map(({ customerId, spend }, row) => ({
    customerId,
    historicSpend: spend,
    expectedSpend12m: Math.round(expectedSpend[row] as number),
    lifetimeValue12m: Math.round(lifetimeValue[row] as number),
    expectedOrderValue: Math.round(orderValue[row] as number),
    probabilityAlive: figures(of(predictions.probabilityAlive, row)),
    expectedPurchases: figures(of(predictions.expectedPurchases, row)),
    probabilityOfPurchase: figures(of(predictions.probabilityOfPurchase, row)),
    nextPurchase: {
      from: isoDay(lastDay + of(predictions.nextPurchaseFrom, row)),
      to: isoDay(lastDay + of(predictions.nextPurchaseTo, row)),
    },
  }));
}

/** What stands behind it is not known to more figures, and fewer pack better. */
const figures = (value: number): number => Number(value.toPrecision(6));

const lastIsoDay = 2_932_896;
/** Null beyond the year 9999: no purchase is to be waited for. */
const isoDay = (day: number): string | null =>
  day > lastIsoDay || Number.isNaN(day)
    ? null
    : new Date(Math.floor(day) * 86_400_000).toISOString().slice(0, 10);
