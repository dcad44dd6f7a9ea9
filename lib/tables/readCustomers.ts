import { aliases } from './aliases.ts';
import { type FoundColumn, findColumns, requireColumns } from './columns.ts';
import type { OpenedTable } from './gate.ts';
import { headerTest } from './headerTest.ts';
import { RowIdentity } from './identity.ts';
import { type NumberCells, readRowsWithNumbers } from './numberCells.ts';
import type { RowFault, RowTaker } from './readRows.ts';
import type { GateRow } from './recordReader.ts';
import type { CustomerRow, ReadTable, TableNote, TableSource } from './types.ts';

const measures = ['spend', 'frequency', 'browsingMinutes'] as const;
export type Measure = (typeof measures)[number];

/** One row per customer with what they spent, how often they bought and how long they browsed. */
export async function readCustomers(
  source: TableSource,
  { required }: { required: readonly Measure[] },
): Promise<ReadTable<CustomerRow>> {
  const { taker, rejected, report } = await readRowsWithNumbers(
    source,
    (table, numbers) => new CustomerTaker(table, { numbers, required }),
    { isHeader: isCustomersHeader },
  );
  return { rows: taker.rows, rejected, report };
}

/** Whether cells name a measure of customers, and another field. */
export const isCustomersHeader = headerTest(
  aliases.customers,
  (fields) => fields.size > 1 && measures.some((measure) => fields.has(measure)),
);

class CustomerTaker implements RowTaker {
  readonly rows: CustomerRow[] = [];
  readonly readAs: (string | null)[];
  readonly #identity: RowIdentity;
  readonly #columns: Map<string, FoundColumn>;
  readonly #numbers: NumberCells;
  readonly #absent: Measure[];
  #negativeSpends = 0;

  constructor(
    { key, header }: OpenedTable,
    { numbers, required }: { numbers: NumberCells; required: readonly Measure[] },
  ) {
    const { fields } = findColumns('customers', header, key);
    this.#absent = measures.filter((measure) => !fields.has(measure));
    const missing = this.#absent.filter((measure) => required.includes(measure));
    requireColumns(
      { kind: 'customers', header, key },
      this.#absent.length === measures.length ? measures : missing,
    );
    this.#columns = fields;
    this.#numbers = numbers;
    this.#identity = new RowIdentity(key, fields.get('customerId'));
    this.readAs = header.map((_, at) => [...fields].find(([, { index }]) => index === at)?.[0] ?? null);
  }

  take(row: GateRow): RowFault | null {
    const customerId = this.#identity.idOf(row);
    if (typeof customerId !== 'string') return customerId;
    const customer: CustomerRow = { customerId, spend: 0, frequency: 0, browsingMinutes: 0 };
    for (const measure of measures) {
      const column = this.#columns.get(measure);
      if (column === undefined) continue;
      const { index, header, factor } = column;
      const value = this.#numbers.read(row.cells[index] ?? '', { factor });
      if (typeof value === 'string') return { column: header, reason: value };
      if (value < 0 && measure !== 'spend') return { column: header, reason: 'the number is negative' };
      customer[measure] = value;
    }
    if (customer.spend < 0) this.#negativeSpends++;
    this.rows.push(customer);
    return null;
  }

  notes(): TableNote[] {
    const notes = this.#identity.notes();
    for (const measure of this.#absent) {
      notes.push({ code: 'absentColumn', message: `There is no column for ${measure}; it counts as 0.` });
    }
    if (this.#negativeSpends > 0) {
      const message = 'Customers whose returns exceed their purchases have a negative spend, which was kept.';
      notes.push({ code: 'negativeSpend', message, count: this.#negativeSpends });
    }
    return notes;
  }
}
