import type { SalesTable } from './salesTable.ts';

/** What was bought and not brought back: one row per customer, day and product, in this order, as it was known on a day. */
export interface NetSales {
  customer: Int32Array;
  product: Int32Array;
  day: Int32Array;
  /** Above 0. */
  units: Float64Array;
}

/**
 * Sales after `afterDay` and up to `lastDay`, as they were known on `knownOn` (by default that last day): a return that came later does
 * not count yet. What came back in full is left out.
 */
export function netSales(
  { customer, product, saleDay, knownDay, units }: SalesTable,
  {
    afterDay = Number.NEGATIVE_INFINITY,
    lastDay,
    knownOn = lastDay,
  }: { afterDay?: number; lastDay: number; knownOn?: number },
): NetSales {
  const kept = new Int32Array(units.length);
  const net = new Float64Array(units.length);
  let count = 0;
  let open = -1;
  for (let row = 0; row < units.length; row++) {
    const day = saleDay[row] as number;
    if (day <= afterDay || day > lastDay || (knownDay[row] as number) > knownOn) continue;
    const isSame =
      open >= 0 &&
      customer[open] === customer[row] &&
      saleDay[open] === day &&
      product[open] === product[row];
    if (!isSame) {
      if (count > 0 && (net[count - 1] as number) <= 0) count--;
      net[count] = 0;
      kept[count++] = row;
      open = row;
    }
    net[count - 1] = (net[count - 1] as number) + (units[row] as number);
  }
  if (count > 0 && (net[count - 1] as number) <= 0) count--;
  const pick = (values: Int32Array): Int32Array =>
    Int32Array.from({ length: count }, (_, at) => values[kept[at] as number] as number);
  return {
    customer: pick(customer),
    product: pick(product),
    day: pick(saleDay),
    units: net.slice(0, count),
  };
}
