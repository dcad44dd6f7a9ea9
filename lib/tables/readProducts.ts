import { aliases } from './aliases.ts';
import { type FoundColumn, findColumns, requireColumns } from './columns.ts';
import type { OpenedTable } from './gate.ts';
import { headerTest } from './headerTest.ts';
import { RowIdentity } from './identity.ts';
import { type NumberCells, readRowsWithNumbers } from './numberCells.ts';
import { isMissingNumber } from './numbers.ts';
import type { RowFault, RowTaker } from './readRows.ts';
import type { GateRow } from './recordReader.ts';
import { restoreText } from './spreadsheetText.ts';
import type { ProductRow, ReadTable, TableNote, TableSource } from './types.ts';

const texts = ['name', 'category'] as const;
const numbers = ['price', 'cost', 'stock', 'leadTimeDays'] as const;

/** A lead time beyond it is a slip. */
const longestLeadTimeDays = 730;

/** One row per product with what the shop knows of it; every column but the product's may be missing, and so may every cell. */
export async function readProducts(source: TableSource): Promise<ReadTable<ProductRow>> {
  const { taker, rejected, report } = await readRowsWithNumbers(
    source,
    (table, cells) => new ProductTaker(table, cells),
    { isHeader: isProductsHeader },
  );
  return { rows: taker.rows, rejected, report };
}

/** Whether cells name a product, and something that is known of it. */
export const isProductsHeader = headerTest(
  aliases.products,
  (fields) => fields.size > 1 && fields.has('product'),
);

class ProductTaker implements RowTaker {
  readonly rows: ProductRow[] = [];
  readonly readAs: (string | null)[];
  readonly #identity: RowIdentity;
  readonly #columns: Map<string, FoundColumn>;
  readonly #numbers: NumberCells;
  #negativeStocks = 0;

  constructor({ key, header }: OpenedTable, cells: NumberCells) {
    const { fields } = findColumns('products', header, key);
    requireColumns({ kind: 'products', header, key }, fields.has('product') ? [] : ['product']);
    this.#columns = fields;
    this.#numbers = cells;
    this.#identity = new RowIdentity(key, fields.get('product'));
    this.readAs = header.map((_, at) => [...fields].find(([, { index }]) => index === at)?.[0] ?? null);
  }

  take(row: GateRow): RowFault | null {
    const product = this.#identity.idOf(row);
    if (typeof product !== 'string') return product;
    const taken: ProductRow = {
      product,
      name: null,
      category: null,
      price: null,
      cost: null,
      stock: null,
      leadTimeDays: null,
    };
    for (const field of texts) {
      const column = this.#columns.get(field);
      const text = column && restoreText(row.cells[column.index] ?? '').trim();
      if (text) taken[field] = text;
    }
    for (const field of numbers) {
      const column = this.#columns.get(field);
      const cell = column && (row.cells[column.index] ?? '');
      if (column === undefined || cell === undefined || isMissingNumber(cell)) continue;
      const value = this.#numbers.read(cell, { factor: column.factor, whole: field === 'stock' });
      if (typeof value === 'string') return { column: column.header, reason: value };
      const fault = faultOf(field, value);
      if (fault !== null) return { column: column.header, reason: fault };
      taken[field] = value;
    }
    if (taken.stock !== null && taken.stock < 0) this.#negativeStocks++;
    this.rows.push(taken);
    return null;
  }

  notes(): TableNote[] {
    const notes = this.#identity.notes();
    if (this.#negativeStocks === 0) return notes;
    const message =
      'Products with a stock below 0 have been sold beyond what is there; that counts as ordered from them already.';
    return [...notes, { code: 'negativeStock', message, count: this.#negativeStocks }];
  }
}

/** More may have been promised than is there, so a stock may be below 0, and nothing else. */
function faultOf(field: (typeof numbers)[number], value: number): string | null {
  if (field !== 'stock' && value < 0) return 'the number is negative';
  if (field === 'leadTimeDays' && value > longestLeadTimeDays)
    return `a lead time of more than ${longestLeadTimeDays} days is not read`;
  return null;
}
