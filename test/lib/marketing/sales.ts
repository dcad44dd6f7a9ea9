import { joinSales, type SalesTable } from '../../../lib/marketing/sales/salesTable.ts';

export interface Sale {
  customer: string | null;
  product: string;
  day: number;
  units?: number;
  /** Of a return: the day of its sale is `day`. */
  knownOn?: number;
}

/** Sales as a run of orders leaves them, in one group. */
export function salesOf(sales: readonly Sale[]): SalesTable {
  const sorted = [...sales].sort(
    (one, other) =>
      (one.customer ?? '\uffff').localeCompare(other.customer ?? '\uffff') ||
      one.day - other.day ||
      one.product.localeCompare(other.product),
  );
  return joinSales([
    {
      customers: sorted.map(({ customer }) => customer),
      products: sorted.map(({ product }) => product),
      categories: sorted.map(() => null),
      saleDays: Int32Array.from(sorted, ({ day }) => day),
      knownDays: Int32Array.from(sorted, ({ day, knownOn }) => knownOn ?? day),
      units: Float64Array.from(sorted, ({ units }) => units ?? 1),
    },
  ]);
}
