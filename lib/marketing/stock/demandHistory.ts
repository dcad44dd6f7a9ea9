import { type NetSales, netSales } from '../sales/netSales.ts';
import type { SalesTable } from '../sales/salesTable.ts';

/** Units by product and day, as they were known on `lastDay`: product p has the entries from `starts[p]` to `starts[p + 1]`, by day. */
export interface DemandHistory {
  lastDay: number;
  /** The first day of the shop's history. */
  firstDay: number;
  starts: Uint32Array;
  day: Int32Array;
  units: Float64Array;
  /** The same customer by customer. */
  sales: NetSales;
}

export function demandHistory(
  sales: SalesTable,
  { firstDay, lastDay }: { firstDay: number; lastDay: number },
): DemandHistory {
  const net = netSales(sales, { lastDay });
  const days = lastDay - firstDay + 1;
  const starts = new Uint32Array(sales.products.length + 1);
  const order = orderByProductAndDay(net, { products: sales.products.length, firstDay, days });
  const day = new Int32Array(order.length);
  const units = new Float64Array(order.length);
  let [end, open] = [0, -1];
  for (const row of order) {
    const product = net.product[row] as number;
    const soldOn = net.day[row] as number;
    if (open !== product || day[end - 1] !== soldOn) day[end++] = soldOn;
    open = product;
    units[end - 1] = (units[end - 1] as number) + (net.units[row] as number);
    starts[product + 1] = end;
  }
  for (let product = 0; product < sales.products.length; product++)
    starts[product + 1] = Math.max(starts[product + 1] as number, starts[product] as number);
  return { firstDay, lastDay, starts, day: day.slice(0, end), units: units.slice(0, end), sales: net };
}

/** Rows by product, by day within one: two passes of a counting sort. */
function orderByProductAndDay(
  { product, day }: NetSales,
  { products, firstDay, days }: { products: number; firstDay: number; days: number },
): Uint32Array {
  const byDay = countingSort(Uint32Array.from(day.keys()), days, (row) => (day[row] as number) - firstDay);
  return countingSort(byDay, products, (row) => product[row] as number);
}

function countingSort(rows: Uint32Array, keys: number, keyOf: (row: number) => number): Uint32Array {
  const next = new Uint32Array(keys + 1);
  for (const row of rows) next[keyOf(row) + 1] = (next[keyOf(row) + 1] as number) + 1;
  for (let key = 0; key < keys; key++) next[key + 1] = (next[key + 1] as number) + (next[key] as number);
  const sorted = new Uint32Array(rows.length);
  for (const row of rows) {
    const key = keyOf(row);
    const at = next[key] as number;
    sorted[at] = row;
    next[key] = at + 1;
  }
  return sorted;
}

/** Units of each product on days after `afterDay` and up to `lastDay`. */
export function unitsBetween(
  { starts, day, units }: DemandHistory,
  { afterDay, lastDay }: { afterDay: number; lastDay: number },
): Float64Array {
  const sums = new Float64Array(starts.length - 1);
  for (let product = 0; product < sums.length; product++)
    for (let at = starts[product] as number; at < (starts[product + 1] as number); at++) {
      const soldOn = day[at] as number;
      if (soldOn > afterDay && soldOn <= lastDay)
        sums[product] = (sums[product] as number) + (units[at] as number);
    }
  return sums;
}

/** Days from the first sale of each product to the last day, that one included; 0 where it was never sold. */
export const productAges = ({ starts, day, lastDay }: DemandHistory): Float64Array =>
  Float64Array.from({ length: starts.length - 1 }, (_, product) =>
    starts[product] === starts[product + 1] ? 0 : lastDay - (day[starts[product] as number] as number) + 1,
  );

export const daysOfWeek = 7;
/** Older weeks say nothing of the next ones. */
const mostWeeks = 104;

/** Units of a product in each of its weeks, the last one ending with the last day; empty where it was never sold. */
export function weeklyUnits({ starts, day, units, lastDay }: DemandHistory, product: number): Float64Array {
  const [start, end] = [starts[product] as number, starts[product + 1] as number];
  if (start === end) return new Float64Array(0);
  const age = lastDay - (day[start] as number) + 1;
  const weeks = new Float64Array(Math.min(mostWeeks, Math.ceil(age / daysOfWeek)));
  for (let at = start; at < end; at++) {
    const week = weeks.length - 1 - Math.floor((lastDay - (day[at] as number)) / daysOfWeek);
    if (week >= 0) weeks[week] = (weeks[week] as number) + (units[at] as number);
  }
  return weeks;
}
