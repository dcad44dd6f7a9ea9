import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type GroupedHistories,
  groupHistories,
  historyColumns,
} from '../../lib/models/btyd/purchaseHistory.ts';

const path = join(import.meta.dirname, '../../../shared/data/online-retail/online_retail.csv.gz');

export const retailMissing = !existsSync(path);

/** A customer's lines: sales on days, and what came back later. */
interface RetailCustomer {
  sales: Map<number, number>;
  returns: { day: number; amount: number }[];
}

/** UCI Online Retail (D. Chen 2015, doi 10.24432/C5BW33, CC BY 4.0), lines with a customer and a price. */
export function readRetailCustomers(): RetailCustomer[] {
  const customers = new Map<string, RetailCustomer>();
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n').slice(1)) {
    // the description alone may hold commas, so the rest is taken from both ends
    const invoice = line.slice(0, line.indexOf(','));
    const [quantity, date, price, customerId] = line.split(',').slice(-5);
    if (!customerId || !date || !(Number(price) > 0)) continue;
    const customer = customers.get(customerId) ?? { sales: new Map<number, number>(), returns: [] };
    customers.set(customerId, customer);
    const day = Math.floor(Date.parse(`${date.replace(' ', 'T')}Z`) / 86_400_000);
    const amount = Number(quantity) * Number(price);
    if (invoice.startsWith('C')) customer.returns.push({ day, amount: -amount });
    else customer.sales.set(day, (customer.sales.get(day) ?? 0) + amount);
  }
  return [...customers.values()];
}

/** Histories in days up to a cutoff, with what customers had spent, returns taken off, and then did. */
export interface RetailSplit {
  groups: GroupedHistories;
  frequency: Float64Array;
  daysSinceLast: Float64Array;
  spent: Float64Array;
  heldOutPurchases: Float64Array;
  heldOutSpend: Float64Array;
}

export function splitRetail(
  customers: readonly RetailCustomer[],
  { cutoff, horizon }: { cutoff: number; horizon: number },
): RetailSplit {
  const known = customers.filter(({ sales }) => [...sales.keys()].some((day) => day <= cutoff));
  const daysOf = ({ sales }: RetailCustomer, from: number, to: number): number[] =>
    [...sales.keys()].filter((day) => from < day && day <= to).sort((one, other) => one - other);
  const spend = ({ sales, returns }: RetailCustomer, from: number, to: number): number =>
    [...sales].reduce((sum, [day, amount]) => (from < day && day <= to ? sum + amount : sum), 0) -
    returns.reduce((sum, { day, amount }) => (from < day && day <= to ? sum + amount : sum), 0);
  const before = known.map((customer) => daysOf(customer, 0, cutoff));
  const histories = before.map((days) => ({
    frequency: days.length - 1,
    recency: (days.at(-1) as number) - (days[0] as number),
    age: cutoff - (days[0] as number),
  }));
  return {
    groups: groupHistories(historyColumns(histories)),
    frequency: Float64Array.from(histories, ({ frequency }) => frequency),
    daysSinceLast: Float64Array.from(histories, ({ recency, age }) => age - recency),
    spent: Float64Array.from(known, (customer) => spend(customer, 0, cutoff)),
    heldOutPurchases: Float64Array.from(
      known,
      (customer) => daysOf(customer, cutoff, cutoff + horizon).length,
    ),
    heldOutSpend: Float64Array.from(known, (customer) => spend(customer, cutoff, cutoff + horizon)),
  };
}
