import { readParquet } from './readParquet.ts';

/** Sales of a group of customers by column: row i is of customer `customers[i]`, and so on. Days are since 1970-01-01. */
export interface ProductSales {
  /** Null where the order names none. */
  customers: (string | null)[];
  products: string[];
  categories: (string | null)[];
  saleDays: Int32Array;
  /** From which the row is known: the day of the sale, or of the return. */
  knownDays: Int32Array;
  /** Below 0 for a return. */
  units: Float64Array;
}

/** As writeProductSales.ts wrote them: by customer, those without one last. */
export async function readProductSales(bytes: Uint8Array): Promise<ProductSales> {
  const { columns } = await readParquet(bytes);
  const column = (name: string) => {
    const values = columns.get(name);
    if (values === undefined) throw new Error(`readProductSales: the Parquet file has no column ${name}`);
    return values;
  };
  return {
    customers: column('customer_id') as (string | null)[],
    products: column('product') as string[],
    categories: column('category') as (string | null)[],
    saleDays: Int32Array.from(column('sale_day') as number[]),
    knownDays: Int32Array.from(column('known_day') as number[]),
    units: Float64Array.from(column('units') as number[]),
  };
}
