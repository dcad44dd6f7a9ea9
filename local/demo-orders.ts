import { type RandomGenerator, uniform } from '../lib/math/random.ts';
import type { DemoCustomer } from './demo-customers.ts';
import { exponential, inCents, logNormal, pick } from './demo-draws.ts';

type Row = (string | number)[];

/** The last day of the demo's orders. */
const today = Date.UTC(2026, 5, 30) / 86_400_000;
/** The shop has kept orders for so long. */
const historyDays = 900;

/**
 * The order export of the same customers, with its header: as many orders as the summary table counts, as long ago as it says, for the
 * same money.
 */
export const demoOrders = (generator: RandomGenerator, customers: readonly DemoCustomer[]): Row[] => [
  [
    'order_id',
    'order_date',
    'customer_id',
    'product',
    'category',
    'quantity',
    'amount',
    'channel',
    'country',
  ],
  ...customers
    .flatMap((customer) => ordersOf(generator, customer))
    .sort((one, other) => one.daysAgo - other.daysAgo)
    .reverse()
    .map(({ daysAgo, row }, index) => [`D${100_001 + index}`, isoDay(today - daysAgo), ...row]),
];

export const demoCategories = { tea: 0.4, ceramics: 0.25, sweets: 0.2, books: 0.15 };
export const productsOfCategory = 12;

function ordersOf(generator: RandomGenerator, customer: DemoCustomer): { daysAgo: number; row: Row }[] {
  const days = orderDays(generator, customer);
  const weights = days.map(() => logNormal(generator, 1, 0.35));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const amounts = weights.map((weight) => inCents((customer.spend * weight) / sum));
  // what rounding left
  amounts[0] = inCents(customer.spend - amounts.slice(1).reduce((total, amount) => total + amount, 0));
  return days.map((daysAgo, index) => {
    const category = pick(generator, demoCategories);
    const product = `${category} ${1 + Math.floor(productsOfCategory * uniform(generator))}`;
    const amount = (amounts[index] as number).toFixed(2);
    return {
      daysAgo,
      row: [customer.customerId, product, category, 1, amount, customer.channel, customer.country],
    };
  });
}

/** How many days ago each order was, the last one first. Who would have come before the shop did has come more often. */
function orderDays(
  generator: RandomGenerator,
  { loyalty, orders, daysSinceLastOrder }: DemoCustomer,
): number[] {
  const gapDays = 75 * Math.exp(-0.4 * loyalty);
  const before = [0];
  while (before.length < orders) before.push((before.at(-1) as number) + exponential(generator, gapDays));
  const room = historyDays - daysSinceLastOrder;
  const pace = Math.min(1, (room * (0.6 + 0.4 * uniform(generator))) / Math.max(1, before.at(-1) as number));
  return before.map((days) => daysSinceLastOrder + Math.ceil(pace * days));
}

const isoDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
