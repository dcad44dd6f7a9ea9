import type { ProductSales } from '../../features/readProductSales.ts';

/** Sales of all customers, by number of customer and product: row i says how many units of `product[i]` customer `customer[i]` took. */
export interface SalesTable {
  /** Group after group, in the order of ids within one. */
  customerIds: string[];
  /** How many customers each group of the order history holds. */
  groupSizes: number[];
  /** By code point. */
  products: string[];
  /** The first by code point that orders name with each product. */
  categories: (string | null)[];
  /** Rows in the order of customers, days of the sale, products; those without a customer (-1) come last. */
  customer: Int32Array;
  product: Int32Array;
  saleDay: Int32Array;
  /** The day from which the row is known: the day of the sale, or that of the return. */
  knownDay: Int32Array;
  /** Below 0 for a return. */
  units: Float64Array;
}

/** The groups' sales as one table; days are since 1970-01-01. */
export function joinSales(groups: readonly ProductSales[]): SalesTable {
  const { products, numberOf } = numberProducts(groups);
  const rows = groups.reduce((sum, { products: { length } }) => sum + length, 0);
  const table: SalesTable = {
    customerIds: [],
    groupSizes: [],
    products,
    categories: products.map(() => null),
    customer: new Int32Array(rows),
    product: new Int32Array(rows),
    saleDay: new Int32Array(rows),
    knownDay: new Int32Array(rows),
    units: new Float64Array(rows),
  };
  let at = 0;
  for (const group of groups) at = takeKnownInPlace(table, { group, numberOf, at });
  for (const group of groups) at = takeUnknownInPlace(table, { group, numberOf, at });
  return table;
}

function numberProducts(groups: readonly ProductSales[]): {
  products: string[];
  numberOf: Map<string, number>;
} {
  const names = new Set<string>();
  for (const { products } of groups) for (const product of products) names.add(product);
  const products = [...names].sort();
  return { products, numberOf: new Map(products.map((product, number) => [product, number])) };
}

interface Taking {
  group: ProductSales;
  numberOf: ReadonlyMap<string, number>;
  at: number;
}

function takeKnownInPlace(table: SalesTable, { group, numberOf, at }: Taking): number {
  const first = table.customerIds.length;
  let last: string | null = null;
  let next = at;
  for (const [row, customerId] of group.customers.entries()) {
    if (customerId === null) continue;
    if (customerId !== last) table.customerIds.push(customerId);
    last = customerId;
    takeRowInPlace(table, { group, numberOf, at: next++ }, { row, customer: table.customerIds.length - 1 });
  }
  table.groupSizes.push(table.customerIds.length - first);
  return next;
}

function takeUnknownInPlace(table: SalesTable, { group, numberOf, at }: Taking): number {
  let next = at;
  for (const [row, customerId] of group.customers.entries())
    if (customerId === null)
      takeRowInPlace(table, { group, numberOf, at: next++ }, { row, customer: noCustomer });
  return next;
}

export const noCustomer = -1;

function takeRowInPlace(
  table: SalesTable,
  { group, numberOf, at }: Taking,
  { row, customer }: { row: number; customer: number },
): void {
  const product = numberOf.get(group.products[row] as string) as number;
  table.customer[at] = customer;
  table.product[at] = product;
  table.saleDay[at] = group.saleDays[row] as number;
  table.knownDay[at] = group.knownDays[row] as number;
  table.units[at] = group.units[row] as number;
  const category = group.categories[row] ?? null;
  const known = table.categories[product] ?? null;
  if (category !== null && (known === null || category < known)) table.categories[product] = category;
}
