import { netSales } from '../sales/netSales.ts';
import type { SalesTable } from '../sales/salesTable.ts';

/** Which customer took which product, as it stood at the end of a day: rows of customers, each a list of products in their order. */
export interface PurchaseMatrix {
  customers: number;
  products: number;
  /** Customer c has the entries from `starts[c]` to `starts[c + 1]`. */
  starts: Uint32Array;
  product: Uint32Array;
  /** Days on which the customer bought the product. */
  days: Uint16Array;
  /** The last of them, since 1970-01-01. */
  lastDay: Int32Array;
  /** Purchases that fade with their age: the sum of exp(-age / decayDays). */
  strength: Float32Array;
  /** Customers per product, and those among them who bought it on more than one day. */
  buyers: Uint32Array;
  repeaters: Uint32Array;
  /** Customers per product in the last days, the shop's present taste. */
  recentBuyers: Uint32Array;
}

/** What was bought in so many days before counts as recent. */
const recentDays = 30;

/** A purchase of a quarter of the history ago counts a third, as one of a month ago at least and of a year ago at most. */
export const decayDaysOf = (firstDay: number, lastDay: number): number =>
  Math.min(365, Math.max(30, (lastDay - firstDay) / 4));

/** All purchases known on `lastDay`, returns taken off. Customers without one have an empty row. */
export function purchaseMatrix(
  sales: SalesTable,
  { lastDay, decayDays }: { lastDay: number; decayDays: number },
): PurchaseMatrix {
  const net = netSales(sales, { lastDay });
  const [customers, products] = [sales.customerIds.length, sales.products.length];
  const entries = net.units.length;
  const matrix: PurchaseMatrix = {
    customers,
    products,
    starts: new Uint32Array(customers + 1),
    product: new Uint32Array(entries),
    days: new Uint16Array(entries),
    lastDay: new Int32Array(entries),
    strength: new Float32Array(entries),
    buyers: new Uint32Array(products),
    repeaters: new Uint32Array(products),
    recentBuyers: new Uint32Array(products),
  };
  const entryOf = new Int32Array(products).fill(-1);
  let [row, end] = [0, 0];
  for (let customer = 0; customer < customers; customer++) {
    const start = end;
    matrix.starts[customer] = start;
    for (; row < entries && net.customer[row] === customer; row++) {
      const product = net.product[row] as number;
      let entry = entryOf[product] as number;
      if (entry < start) {
        entry = end++;
        entryOf[product] = entry;
        matrix.product[entry] = product;
      }
      const day = net.day[row] as number;
      matrix.days[entry] = (matrix.days[entry] as number) + 1;
      matrix.lastDay[entry] = day;
      matrix.strength[entry] = (matrix.strength[entry] as number) + Math.exp(-(lastDay - day) / decayDays);
    }
    countBuyersInPlace(matrix, { start, end, recentAfter: lastDay - recentDays });
  }
  matrix.starts[customers] = end;
  return {
    ...matrix,
    product: matrix.product.slice(0, end),
    days: matrix.days.slice(0, end),
    lastDay: matrix.lastDay.slice(0, end),
    strength: matrix.strength.slice(0, end),
  };
}

function countBuyersInPlace(
  { product, days, lastDay, buyers, repeaters, recentBuyers }: PurchaseMatrix,
  { start, end, recentAfter }: { start: number; end: number; recentAfter: number },
): void {
  for (let entry = start; entry < end; entry++) {
    const bought = product[entry] as number;
    buyers[bought] = (buyers[bought] as number) + 1;
    if ((days[entry] as number) > 1) repeaters[bought] = (repeaters[bought] as number) + 1;
    if ((lastDay[entry] as number) > recentAfter) recentBuyers[bought] = (recentBuyers[bought] as number) + 1;
  }
}
