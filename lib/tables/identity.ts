import type { FoundColumn } from './columns.ts';
import { Disguises } from './disguises.ts';
import { opensFooter } from './footer.ts';
import type { RowFault } from './readRows.ts';
import type { GateRow } from './recordReader.ts';
import { restoreText } from './spreadsheetText.ts';
import type { TableNote } from './types.ts';

const longest = 256;
const total = /^(grand ?)?totals?$|^sum$|^(合计|总计|小计|汇总)$/i;
/** What a spreadsheet makes of a long number; the digits that are gone do not come back. */
const rounded = /^\d(\.\d+)?e\+\d+$/i;

const isTotal = 'the row is a total, not a row of its own';

/** Gives rows their ids: the cell of the id column or, where there is none, file name and row number. */
export class RowIdentity {
  readonly #column: FoundColumn | undefined;
  readonly #file: string;
  readonly #disguises = new Disguises('Ids');

  constructor(key: string, column: FoundColumn | undefined) {
    this.#file = key.slice(key.indexOf('/') + 1);
    this.#column = column;
  }

  idOf({ cells, number }: GateRow): string | RowFault {
    if (this.#column === undefined) return this.#numbered(cells, number);
    const { header: column, index } = this.#column;
    const id = restoreText(cells[index] ?? '').trim();
    if (id === '') return { column, reason: 'the id is empty' };
    if (id.length > longest) return { column, reason: `the id is longer than ${longest} characters` };
    if (total.test(id)) return { column, reason: isTotal };
    if (cells.length > 1 && opensFooter(id) && cells.every((cell, at) => at === index || cell.trim() === ''))
      return { column, reason: 'the row is a remark on the table, not a row of its own' };
    if (rounded.test(id)) {
      return {
        column,
        reason: 'a spreadsheet has rounded the id; format the column as text and export it again',
      };
    }
    this.#disguises.see(id);
    return id;
  }

  #numbered(cells: readonly string[], number: number): string | RowFault {
    const first = cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
    return total.test(first) ? { column: null, reason: isTotal } : `${this.#file}:${number}`;
  }

  notes(): TableNote[] {
    if (this.#column !== undefined) return this.#disguises.notes();
    const message = `There is no id column; rows are named by file and row number, such as ${this.#file}:1.`;
    return [{ code: 'syntheticIds', message }];
  }
}
