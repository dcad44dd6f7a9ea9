import type { HeaderTest } from './preamble.ts';
import { rawCells } from './record.ts';
import type { GateRow } from './recordReader.ts';
import { type TableNote, TableRejected } from './types.ts';

/** So many lines are looked at closely; a file with more of them is one of bad rows. */
const closelySeen = 200;

/** Watches lines for column names: the same again, as in joined exports, or those of another table. */
export class StrayHeaders {
  /** Lines that repeat the column names; they are no rows. */
  repeated = 0;
  #firstRepeated = 0;
  #wordsAlone = 0;
  #firstWordsAlone = 0;
  #seen = 0;
  readonly #table: { key: string; header: readonly string[]; delimiter: string };
  readonly #isHeader: HeaderTest;
  readonly #names: ReadonlySet<string>;

  constructor(table: { key: string; header: readonly string[]; delimiter: string }, isHeader: HeaderTest) {
    this.#table = table;
    this.#isHeader = isHeader;
    this.#names = new Set(table.header.filter((name) => name !== ''));
  }

  /** Answers whether a row, well-formed as it is, repeats the column names; throws `TableRejected` where it begins another table. */
  isNamesInRow({ line, cells, raw }: GateRow): boolean {
    const { header } = this.#table;
    if (cells[0]?.trim() === header[0] && cells.every((cell, index) => cell.trim() === header[index])) {
      this.#repeat(line);
      return true;
    }
    if (!/\d/.test(raw) && this.#isHeader(cells)) throw this.#severalTables(line);
    return false;
  }

  /** Answers whether a bad row repeats the column names; throws `TableRejected` where it begins another table. */
  isHeader({ line, raw }: { line: number; raw: string }): boolean {
    const { header, delimiter } = this.#table;
    if (this.#seen >= closelySeen) return false;
    const cells = rawCells(raw, delimiter).map((cell) => cell.trim());
    const wordsAlone = isWordsAlone(cells);
    if (!wordsAlone && !cells.some((cell) => this.#names.has(cell))) return false;
    this.#seen++;
    if (cells.length === header.length && cells.every((cell, index) => cell === header[index])) {
      this.#repeat(line);
      return true;
    }
    if (this.#isHeader(cells)) throw this.#severalTables(line);
    if (wordsAlone && this.#wordsAlone++ === 0) this.#firstWordsAlone = line;
    return false;
  }

  #repeat(line: number): void {
    if (this.repeated++ === 0) this.#firstRepeated = line;
  }

  #severalTables(line: number): TableRejected {
    const message = `Line ${line} holds column names again, other than those above: the file holds several tables. Upload each as a file of its own.`;
    return new TableRejected(this.#table.key, 'severalTables', message);
  }

  notes(): TableNote[] {
    const notes: TableNote[] = [];
    if (this.repeated > 0) {
      const message = `Lines repeat the column names, first line ${this.#firstRepeated}, as in exports that were joined; they are not counted as rows.`;
      notes.push({ code: 'repeatedHeader', message, count: this.repeated });
    }
    if (this.#wordsAlone > 0) {
      const message = `Bad rows hold words alone, as the column names of another table would, first line ${this.#firstWordsAlone}. If the file holds several tables, upload each as a file of its own.`;
      notes.push({ code: 'maybeSeveralTables', message, count: this.#wordsAlone });
    }
    return notes;
  }
}

/** All but every row of ours has a number or a time. */
const isWordsAlone = (cells: readonly string[]): boolean =>
  cells.length > 1 &&
  cells.filter((cell) => cell !== '').length > cells.length / 2 &&
  !cells.some((cell) => /\d/.test(cell));
