import { expectedOfCustomers, fitChosen } from '../../models/btyd/candidates.ts';
import type { CustomerModelName } from '../../models/btyd/customerModel.ts';
import { ModelFitError } from '../../models/btyd/modelFitError.ts';
import type { HistoryColumns } from '../../models/btyd/purchaseHistory.ts';
import { decayDaysOf } from '../recommend/purchaseMatrix.ts';
import { noCustomer } from '../sales/salesTable.ts';
import type { DemandHistory } from './demandHistory.ts';

/** What customers are expected to buy, product by product. */
export interface CustomerDemand {
  /** Units in the next days, for each of the horizons that were asked for. */
  units: Float64Array[];
  /** Purchase days expected of all customers who have bought, for each horizon. */
  purchaseDays: number[];
}

/** Purchase days expected of each customer of the sales table, one column for each horizon; NaN where nothing is known. */
export type ExpectedPurchases = readonly Float64Array[];

export interface DemandOptions {
  horizonsDays: readonly number[];
  /** Fitted to the history, where nothing is published of it. */
  model: CustomerModelName;
  published?: ExpectedPurchases | null;
}

/**
 * Purchase days expected of each customer by the value model, times what a purchase day of theirs brings of each product (older ones
 * count less); with what customers bring in their first days, who are still to come, and what is bought by nobody who is known.
 * Null where the history carries no model of customers.
 */
export function customerDemand(
  history: DemandHistory,
  { horizonsDays, model, published = null }: DemandOptions,
): CustomerDemand | null {
  const buyers = buyersOf(history);
  const expected =
    published === null
      ? expectedPurchaseDays(buyers.histories, { horizonsDays, model })
      : published.map((ofCustomers) => ofBuyers(history, buyers, ofCustomers));
  if (expected === null) return null;
  return {
    units: horizonsDays.map((horizonDays, index) => {
      const units = newCustomersUnits(history, { buyers, horizonDays });
      addKnownUnitsInPlace(units, { history, buyers, expected: expected[index] as Float64Array });
      return units;
    }),
    purchaseDays: expected.map((days) => days.reduce((sum, value) => sum + value, 0)),
  };
}

interface Buyers {
  /** Rows of the sales where each buyer begins; the last entry is where those without a customer begin. */
  starts: number[];
  firstDays: number[];
  histories: HistoryColumns;
}

function buyersOf({ sales: { customer, day }, lastDay }: DemandHistory): Buyers {
  const starts: number[] = [];
  const [firstDays, frequency, recency, age]: [number[], number[], number[], number[]] = [[], [], [], []];
  let row = 0;
  while (row < customer.length && customer[row] !== noCustomer) {
    const [start, first] = [row, day[row] as number];
    let [days, last] = [0, Number.NaN];
    for (; row < customer.length && customer[row] === customer[start]; row++) {
      if (day[row] !== last) days++;
      last = day[row] as number;
    }
    starts.push(start);
    firstDays.push(first);
    frequency.push(days - 1);
    recency.push(last - first);
    age.push(lastDay - first);
  }
  starts.push(row);
  return {
    starts,
    firstDays,
    histories: {
      frequency: Float64Array.from(frequency),
      recency: Float64Array.from(recency),
      age: Float64Array.from(age),
    },
  };
}

/** Of each buyer, for each horizon. */
function expectedPurchaseDays(
  histories: HistoryColumns,
  { horizonsDays, model }: { horizonsDays: readonly number[]; model: CustomerModelName },
): Float64Array[] | null {
  try {
    const fitted = fitChosen(model, { histories, covariates: [] }).model;
    return horizonsDays.map((days) => expectedOfCustomers(fitted, days));
  } catch (error) {
    if (error instanceof ModelFitError) return null;
    throw error;
  }
}

/** Who is not among the customers of the published run is expected to buy nothing. */
const ofBuyers = ({ sales }: DemandHistory, { starts }: Buyers, ofCustomers: Float64Array): Float64Array =>
  Float64Array.from(starts.slice(0, -1), (start) => {
    const expected = ofCustomers[sales.customer[start] as number] as number;
    return Number.isNaN(expected) ? 0 : expected;
  });

function addKnownUnitsInPlace(
  units: Float64Array,
  { history, buyers, expected }: { history: DemandHistory; buyers: Buyers; expected: Float64Array },
): void {
  const { sales, firstDay, lastDay } = history;
  const decayDays = decayDaysOf(firstDay, lastDay);
  for (let buyer = 0; buyer < expected.length; buyer++) {
    const [start, end] = [buyers.starts[buyer] as number, buyers.starts[buyer + 1] as number];
    const fresh = (row: number): number => Math.exp(((sales.day[row] as number) - lastDay) / decayDays);
    let days = 0;
    for (let row = start; row < end; row++)
      if (row === start || sales.day[row] !== sales.day[row - 1]) days += fresh(row);
    // A single day long ago would stand for all to come however little is left of it, and does: its share is 1.
    const perDay = (expected[buyer] as number) / Math.max(days, Number.MIN_VALUE);
    for (let row = start; row < end; row++) {
      const product = sales.product[row] as number;
      units[product] = (units[product] as number) + perDay * fresh(row) * (sales.units[row] as number);
    }
  }
}

/** Stretches of days that the inflow is looked at in. */
const stretches = 3;

/**
 * Units bought by customers within the horizon in which they came, and by nobody who is known: the mean of the last stretches of as many
 * days, moved by how the number of new customers changes.
 */
function newCustomersUnits(
  { sales, firstDay, lastDay, starts }: DemandHistory,
  { buyers, horizonDays }: { buyers: Buyers; horizonDays: number },
): Float64Array {
  const count = Math.max(1, Math.min(stretches, Math.floor((lastDay - firstDay + 1) / horizonDays)));
  const stretchOf = (day: number): number => Math.floor((lastDay - day) / horizonDays);
  const units = new Float64Array(starts.length - 1);
  const came = new Float64Array(count);
  const add = (row: number): void => {
    const product = sales.product[row] as number;
    units[product] = (units[product] as number) + (sales.units[row] as number) / count;
  };
  for (const [buyer, first] of buyers.firstDays.entries()) {
    const stretch = stretchOf(first);
    if (stretch >= count) continue;
    came[stretch] = (came[stretch] as number) + 1;
    for (let row = buyers.starts[buyer] as number; row < (buyers.starts[buyer + 1] as number); row++)
      if (stretchOf(sales.day[row] as number) === stretch) add(row);
  }
  const mean = came.reduce((sum, value) => sum + value, 0) / count;
  // Half of the way to the last stretch: a trend, and no leap.
  const trend = mean > 0 ? (1 + Math.min(2, (came[0] as number) / mean)) / 2 : 1;
  for (let product = 0; product < units.length; product++)
    units[product] = (units[product] as number) * trend;
  for (let row = buyers.starts.at(-1) as number; row < sales.day.length; row++)
    if (stretchOf(sales.day[row] as number) < count) add(row);
  return units;
}
