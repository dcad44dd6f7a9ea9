import { afterLineEnd, lineEnd, readRecord } from './record.ts';
import type { RejectedRow } from './types.ts';

/** A row whose quoting and width are right. `number` counts the data rows from 1, bad ones included. */
export interface GateRow {
  number: number;
  line: number;
  cells: string[];
  raw: string;
}

export const limits = {
  cellCharacters: 1 << 20,
  rowCharacters: 1 << 21,
  columns: 1_000,
  rawCharacters: 1 << 16,
};

interface ReaderOptions {
  delimiter: string;
  header: readonly string[];
  /** Physical line on which the text begins. */
  line: number;
  /** Whether U+FFFD stands for bytes that could not be decoded. */
  damaged: boolean;
}

/**
 * Cuts text that comes in chunks into rows, and sets aside those with wrong quoting or width. A bad row ends with its
 * physical line: reading goes on with the next line, so that a quote that is never closed takes no other row with it.
 */
export class RecordReader {
  rows: GateRow[] = [];
  rejected: RejectedRow[] = [];
  rowsIn = 0;
  /** The line of the last row that was passed over. */
  passedLine = 0;
  blankRows = 0;
  cutRaws = 0;
  /** Rows with line breaks inside quotes that may be several rows between two stray quotes; and the first one's line. */
  suspectRows = 0;
  suspectLine = 0;

  readonly #options: ReaderOptions;
  readonly #width: number;
  #held = '';
  #line: number;
  /** Inside a line that was already set aside. */
  #skipping = false;
  #at = 0;
  #suspectText = false;
  /** The row before had line breaks inside quotes: if quotes are wrong right after it, they may be wrong in it. */
  #lineBreaksBefore = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#width = options.header.length;
    this.#line = options.line;
  }

  /** The physical line that is read next. */
  get line(): number {
    return this.#line;
  }

  /** Whether all text so far was in rows that are complete. */
  get isBetweenRows(): boolean {
    return this.#held === '' && !this.#skipping;
  }

  /** Between rows: counts rows of one line each that were read elsewhere. */
  passOver(rows: number): void {
    if (rows === 0) return;
    this.#line += rows;
    this.passedLine = this.#line - 1;
    this.rowsIn += rows;
    this.#lineBreaksBefore = false;
  }

  /** The rows since the last time. */
  taken(): { rows: GateRow[]; rejected: RejectedRow[] } {
    const { rows, rejected } = this;
    this.rows = [];
    this.rejected = [];
    return { rows, rejected };
  }

  /** Rows that are complete with this text are added to `rows` and `rejected`; `last` says that no text follows. */
  push(chunk: string, last = false): void {
    const text = this.#held === '' ? chunk : this.#held + chunk;
    this.#suspectText = text.includes('\0') || (this.#options.damaged && text.includes('\uFFFD'));
    this.#at = 0;
    if (this.#skipping) this.#skipLine(text, last);
    if (!this.#skipping) this.#readAll(text, last);
    this.#held = text.slice(this.#at);
  }

  #readAll(text: string, last: boolean): void {
    let quote = -1;
    let lf = -1;
    let cr = -1;
    while (this.#at < text.length) {
      const at = this.#at;
      if (quote < at) quote = indexOrEnd(text, '"', at);
      if (lf < at) lf = indexOrEnd(text, '\n', at);
      if (cr < at) cr = indexOrEnd(text, '\r', at);
      const end = Math.min(lf, cr);
      const complete = last || (end < text.length && !(end === cr && end + 1 === text.length));
      if (complete && quote >= end) this.#plainLine(text, end);
      else if (!this.#quotedRecord(text, last)) return;
    }
  }

  /** A line without any quote: the common case, and the fast one. */
  #plainLine(text: string, end: number): void {
    const raw = text.slice(this.#at, end);
    const cells = raw.split(this.#options.delimiter);
    const line = this.#line;
    this.#moveTo(afterLineEnd(text, end), 1);
    this.#lineBreaksBefore = false;
    if (cells.length === this.#width && (cells[0] !== '' || cells.some((cell) => cell !== ''))) {
      this.#accept({ line, cells, raw });
    } else if (raw.trim() === '' || cells.every((cell) => cell === '')) this.blankRows += raw === '' ? 0 : 1;
    else this.#reject({ line, column: null, reason: this.#widthReason(cells.length), raw });
  }

  /** Answers whether there may be more to read. */
  #quotedRecord(text: string, last: boolean): boolean {
    const from = this.#at;
    const reading = readRecord(text, { from, delimiter: this.#options.delimiter, last });
    if (reading.kind === 'record') {
      const { cells, end, next } = reading;
      this.#wellQuoted(text, { cells, raw: text.slice(from, end), next });
      return true;
    }
    const tooLong = text.length - from > limits.rowCharacters;
    if (reading.kind === 'unfinished' && !tooLong) return false;
    this.#doubtRowBefore();
    const column = this.#options.header[reading.cell] ?? null;
    const reason =
      reading.kind === 'fault'
        ? reading.reason
        : reading.inQuotes && lineEnd(text, from) >= 0
          ? 'a quote is opened and not closed within 2 MB'
          : 'the row is longer than 2 MB';
    return this.#rejectLine(text, { column, reason, last, tooLong });
  }

  #wellQuoted(text: string, { cells, raw, next }: { cells: string[]; raw: string; next: number }): void {
    const line = this.#line;
    const [, ...further] = raw.includes('\n') || raw.includes('\r') ? raw.split(/\r\n|\n|\r/) : [raw];
    if (cells.length === this.#width) {
      if (further.some((inner) => this.#isRow(inner) || this.#resemblesRow(inner))) this.#suspect(line);
      this.#moveTo(next, 1 + further.length);
      this.#accept({ line, cells, raw });
      this.#lineBreaksBefore = further.length > 0;
      return;
    }
    this.#doubtRowBefore();
    const reason = this.#widthReason(cells.length);
    if (further.some((inner) => this.#isRow(inner))) {
      this.#rejectLine(text, { column: null, reason, last: true, tooLong: false });
    } else {
      this.#moveTo(next, 1 + further.length);
      this.#reject({ line, column: null, reason, raw });
    }
  }

  #isRow(line: string): boolean {
    const reading = readRecord(line, { from: 0, delimiter: this.#options.delimiter, last: true });
    return this.#width > 1 && reading.kind === 'record' && reading.cells.length === this.#width;
  }

  #resemblesRow(line: string): boolean {
    return this.#width > 1 && line.replaceAll('"', '').split(this.#options.delimiter).length === this.#width;
  }

  #doubtRowBefore(): void {
    if (this.#lineBreaksBefore) this.#suspect(this.#line);
    this.#lineBreaksBefore = false;
  }

  #suspect(line: number): void {
    if (this.suspectRows++ === 0) this.suspectLine = line;
  }

  /** Sets aside the physical line at hand and goes on after it. Answers whether there may be more to read. */
  #rejectLine(
    text: string,
    {
      column,
      reason,
      last,
      tooLong,
    }: { column: string | null; reason: string; last: boolean; tooLong: boolean },
  ): boolean {
    const found = lineEnd(text, this.#at);
    const cut = found < 0 || (text[found] === '\r' && found + 1 === text.length);
    if (cut && !last && !tooLong) return false;
    const end = found < 0 ? text.length : found;
    this.#reject({ line: this.#line, column, reason, raw: text.slice(this.#at, end) });
    if (cut && !last) {
      this.#skipping = true;
      this.#at = end;
      return false;
    }
    this.#moveTo(afterLineEnd(text, end), 1);
    return true;
  }

  #skipLine(text: string, last: boolean): void {
    const end = lineEnd(text, 0);
    const cut = end < 0 || (text[end] === '\r' && end + 1 === text.length);
    if (cut && !last) {
      this.#at = end < 0 ? text.length : end;
      return;
    }
    this.#skipping = false;
    this.#moveTo(end < 0 ? text.length : afterLineEnd(text, end), 1);
  }

  #moveTo(at: number, lines: number): void {
    this.#at = at;
    this.#line += lines;
  }

  #accept(row: { line: number; cells: string[]; raw: string }): void {
    const fault = this.#faultOf(row);
    if (fault !== null) this.#reject({ line: row.line, raw: row.raw, ...fault });
    else this.rows.push({ number: ++this.rowsIn, ...row });
  }

  #faultOf({
    cells,
    raw,
  }: {
    cells: string[];
    raw: string;
  }): { column: string | null; reason: string } | null {
    const { header, damaged } = this.#options;
    const at = (test: (cell: string) => boolean) => header[cells.findIndex(test)] ?? null;
    if (raw.length > limits.cellCharacters) {
      const column = at((cell) => cell.length > limits.cellCharacters);
      if (column !== null) return { column, reason: 'the cell is longer than 1 MB' };
    }
    if (!this.#suspectText) return null;
    if (raw.includes('\0')) {
      return { column: at((cell) => cell.includes('\0')), reason: 'the cell holds a NUL character' };
    }
    if (damaged && raw.includes('\uFFFD')) {
      const reason = 'the cell holds bytes that are not text in the encoding of the file';
      return { column: at((cell) => cell.includes('\uFFFD')), reason };
    }
    return null;
  }

  #reject(row: RejectedRow): void {
    this.rowsIn++;
    const cut = row.raw.length > limits.rawCharacters;
    if (cut) this.cutRaws++;
    this.rejected.push(cut ? { ...row, raw: row.raw.slice(0, limits.rawCharacters) } : row);
  }

  #widthReason(cells: number): string {
    return `the row has ${cells} ${cells === 1 ? 'cell' : 'cells'}, the header ${this.#width}`;
  }
}

function indexOrEnd(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from);
  return index < 0 ? text.length : index;
}
