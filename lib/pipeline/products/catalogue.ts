import type { SalesTable } from '../../marketing/sales/salesTable.ts';
import { readProducts } from '../../tables/readProducts.ts';
import type { ProductRow } from '../../tables/types.ts';
import { lastOfEach } from '../lastOfEach.ts';
import { readEachInput } from '../readInputs.ts';
import type { Run } from '../run.ts';

export const productsPrefix = 'products/';

/** Products by article number, as products/ has them. */
export type Catalogue = ReadonlyMap<string, ProductRow>;

/** Every file below products/, files in the order of their names; of a product that comes twice the last row counts. */
export async function readCatalogue(run: Run): Promise<Catalogue> {
  const inputs = run.plan.inputs.filter(({ key }) => key.startsWith(productsPrefix));
  const readings = await readEachInput({ ...run, plan: { ...run.plan, inputs } }, readProducts);
  const { kept, replaced } = lastOfEach(
    readings.flatMap(({ rows }) => rows),
    ({ product }) => product,
  );
  if (replaced > 0) {
    const message = `${replaced} rows of products/ were replaced by a later row of the same product (files in the order of their names)`;
    run.amend({ notes: [{ code: 'repeatedProduct', message, count: replaced }] });
  }
  return new Map(kept.map((row) => [row.product, row]));
}

/** What orders name a product's category, where products/ does not. */
export const categoryOf = (
  catalogue: Catalogue,
  { products, categories }: SalesTable,
  product: number,
): string | null => catalogue.get(products[product] as string)?.category ?? categories[product] ?? null;

/** A product that has not been sold for so long, and that products/ does not list, is not on sale any more. */
const delistedAfterDays = 180;

export interface OfferOptions {
  lastDay: number;
  inStockOnly: boolean;
  excludeProducts: readonly string[];
  excludeCategories: readonly string[];
}

/** By product number: those that are never recommended, and those that may be now. */
export function offeredProducts(
  sales: SalesTable,
  catalogue: Catalogue,
  { lastDay, inStockOnly, excludeProducts, excludeCategories }: OfferOptions,
): { excluded: Set<number>; isOffered: Uint8Array } {
  const [products, categories] = [new Set(excludeProducts), new Set(excludeCategories)];
  const lastSold = new Float64Array(sales.products.length).fill(Number.NEGATIVE_INFINITY);
  for (const [row, product] of sales.product.entries())
    lastSold[product] = Math.max(lastSold[product] as number, sales.saleDay[row] as number);
  const excluded = new Set<number>();
  const isOffered = new Uint8Array(sales.products.length);
  for (const [number, product] of sales.products.entries()) {
    const category = categoryOf(catalogue, sales, number);
    if (products.has(product) || (category !== null && categories.has(category))) excluded.add(number);
    const row = catalogue.get(product);
    const isListed = row !== undefined || (lastSold[number] as number) > lastDay - delistedAfterDays;
    const isThere = !inStockOnly || (row?.stock ?? 1) > 0;
    isOffered[number] = Number(!excluded.has(number) && isListed && isThere);
  }
  return { excluded, isOffered };
}
