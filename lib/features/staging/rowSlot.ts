import type { CellTexts, CodedWords, TextColumn } from '../../tables/textColumn.ts';
import type { CanonicalColumns } from '../canonicalColumns.ts';
import { arenaBytes, rowsOfFile, type SlotColumn, slotLayout } from './slotLayout.ts';

/** Values of rows as they come: text; or numbers, of which NaN is null. */
export type StagedValues = TextColumn | Float64Array | Int32Array | Int8Array;

/** The least whole number of 32 bits stands for null, as for the kernel. */
const noInteger = -(2 ** 31);
const leftOut = 255;

/** Rows on their way to what writes them: columns as `slotLayout` has them from 0 on. */
export interface GatheredRows {
  columns: CanonicalColumns;
  rows: number;
  arenaUsed: number;
  buffer: ArrayBuffer;
}

/** Gathers rows by column in one buffer: text as places in an arena of bytes. */
export class RowSlot {
  rows = 0;
  readonly #names: CanonicalColumns;
  readonly #buffer: ArrayBuffer;
  readonly #columns: readonly ColumnViews[];
  readonly #buckets: Uint8Array;
  readonly #arena: Buffer;
  #arenaUsed = 0;

  constructor(names: CanonicalColumns, buffer: ArrayBuffer) {
    const { columns, bucketsAt, arenaAt } = slotLayout(names, 0);
    this.#names = names;
    this.#buffer = buffer;
    this.#columns = columns.map((column) => viewsOf(buffer, column));
    this.#buckets = new Uint8Array(buffer, bucketsAt, rowsOfFile).fill(0);
    this.#arena = Buffer.from(buffer, arenaAt, arenaBytes);
  }

  gathered(): GatheredRows {
    return { columns: this.#names, rows: this.rows, arenaUsed: this.#arenaUsed, buffer: this.#buffer };
  }

  /** Takes rows `from` to `to` of the columns, and answers whether there was room for them: where not, none is taken. */
  add(values: readonly StagedValues[], { from, to }: { from: number; to: number }): boolean {
    if (this.rows + to - from > rowsOfFile) return false;
    const texts = values.filter((column): column is CellTexts => 'bytes' in column);
    const span = spanOf(texts, { from, to });
    if (this.#arenaUsed + bytesOf(values, { from, to, span }) > arenaBytes) return false;
    const base = span === null ? 0 : this.#keep(span.bytes, span) - span.start;
    for (const [index, { views, nothing }] of this.#columns.entries()) {
      const column = values[index] as StagedValues;
      if (!('starts' in views)) addNumbers(views.values, column, { from, to, at: this.rows, nothing });
      else if ('codes' in column) this.#addWords(views, column, { from, to });
      else if (!('bytes' in column)) this.#addStrings(views, column as (string | null)[], { from, to });
      else if (span !== null)
        addPlaces(views, column, { from, to, at: this.rows, base, used: this.#arenaUsed });
      else this.#addCells(views, column, { from, to });
    }
    this.rows += to - from;
    return true;
  }

  /** Calls back with each row that has a text in the column. */
  eachText(column: number, found: (text: string, row: number) => void): void {
    const { views } = this.#columns[column] as ColumnViews;
    if (!('starts' in views)) return;
    for (let row = 0; row < this.rows; row++) {
      const start = views.starts[row] as number;
      const length = views.lengths[row] as number;
      if (length >= 0) found(this.#arena.toString('utf8', start, start + length), row);
    }
  }

  leaveOut(row: number): void {
    this.#buckets[row] = leftOut;
  }

  /** Puts bytes into the arena, and gives where they are. */
  #keep(bytes: Uint8Array, { start, end }: { start: number; end: number }): number {
    const at = this.#arenaUsed;
    this.#arena.set(bytes.subarray(start, end), at);
    this.#arenaUsed += end - start;
    return at;
  }

  #addCells({ starts, lengths }: TextViews, cells: CellTexts, { from, to }: Range): void {
    for (let row = from; row < to; row++) {
      const at = this.rows + row - from;
      const length = cells.lengths[row] as number;
      lengths[at] = length;
      const start = cells.starts[row] as number;
      starts[at] = length < 0 ? 0 : this.#keep(cells.bytes, { start, end: start + length });
    }
  }

  #addStrings({ starts, lengths }: TextViews, texts: readonly (string | null)[], { from, to }: Range): void {
    for (let row = from; row < to; row++) {
      const at = this.rows + row - from;
      const text = texts[row] ?? null;
      starts[at] = this.#arenaUsed;
      lengths[at] = text === null ? -1 : this.#arena.write(text, this.#arenaUsed, 'utf8');
      this.#arenaUsed += Math.max(0, lengths[at] as number);
    }
  }

  /** Words have few forms, each of which is kept once. */
  #addWords({ starts, lengths }: TextViews, { words, codes }: CodedWords, { from, to }: Range): void {
    const places = new Uint32Array(words.length);
    const sizes = new Int32Array(words.length);
    for (const [code, word] of words.entries()) {
      const form = Buffer.from(word);
      places[code] = this.#keep(form, { start: 0, end: form.length });
      sizes[code] = form.length;
    }
    const shift = this.rows - from;
    for (let row = from; row < to; row++) {
      const code = codes[row] as number;
      starts[row + shift] = places[code] as number;
      lengths[row + shift] = sizes[code] as number;
    }
  }
}

interface Range {
  from: number;
  to: number;
}

interface ByteSpan {
  bytes: Uint8Array;
  start: number;
  end: number;
}

type TextViews = { starts: Uint32Array; lengths: Int32Array };
type NumberViews = { values: Float64Array | Int32Array };

interface ColumnViews {
  views: TextViews | NumberViews;
  nothing: number | null;
}

function viewsOf(buffer: ArrayBuffer, column: SlotColumn): ColumnViews {
  const { nothing } = column;
  if (column.kind === 'text') {
    const starts = new Uint32Array(buffer, column.startsAt, rowsOfFile);
    return { views: { starts, lengths: new Int32Array(buffer, column.lengthsAt, rowsOfFile) }, nothing };
  }
  const { kind, valuesAt } = column;
  const values =
    kind === 'integer'
      ? new Int32Array(buffer, valuesAt, rowsOfFile)
      : new Float64Array(buffer, valuesAt, rowsOfFile);
  return { views: { values }, nothing };
}

/**
 * Where the cells of the rows are in the bytes that they share, in which rows stand in their order; null where they share none, or most
 * of these are other cells'.
 */
function spanOf(texts: readonly CellTexts[], { from, to }: Range): ByteSpan | null {
  const bytes = texts[0]?.bytes;
  if (bytes === undefined || texts.some((column) => column.bytes !== bytes)) return null;
  let start = bytes.length;
  let end = 0;
  let used = 0;
  for (const { starts, lengths } of texts) {
    let [first, last] = [from, to - 1];
    while (first < to && (lengths[first] as number) < 0) first++;
    while (last > first && (lengths[last] as number) < 0) last--;
    if (first === to) continue;
    start = Math.min(start, starts[first] as number);
    end = Math.max(end, (starts[last] as number) + (lengths[last] as number));
    for (let row = first; row <= last; row += sampled) used += sampled * Math.max(0, lengths[row] as number);
  }
  return end - start <= mostWaste * used ? { bytes, start: Math.min(start, end), end } : null;
}

/** Of so many rows one tells how long cells are. */
const sampled = 16;

/** Copying a row as a whole is so much faster than cell by cell that a few times the room is worth it. */
const mostWaste = 4;

/** What the text of the rows needs in the arena, at most. */
function bytesOf(
  values: readonly StagedValues[],
  { from, to, span }: Range & { span: ByteSpan | null },
): number {
  let bytes = span === null ? 0 : span.end - span.start;
  for (const column of values) {
    if (ArrayBuffer.isView(column)) continue;
    if ('codes' in column) bytes += column.words.reduce((sum, word) => sum + 3 * word.length, 0);
    else if (!('bytes' in column))
      for (let row = from; row < to; row++) bytes += 3 * (column[row]?.length ?? 0);
    else if (span === null)
      for (let row = from; row < to; row++) bytes += Math.max(0, column.lengths[row] as number);
  }
  return bytes;
}

function addPlaces(
  { starts, lengths }: TextViews,
  cells: CellTexts,
  { from, to, at, base, used }: Range & { at: number; base: number; used: number },
): void {
  lengths.set(cells.lengths.subarray(from, to), at);
  const shift = at - from;
  let isOutside = false;
  for (let row = from; row < to; row++) {
    const length = cells.lengths[row] as number;
    const start = length < 0 ? 0 : (cells.starts[row] as number) + base;
    if (start < 0 || start + length > used) isOutside = true;
    starts[row + shift] = start;
  }
  if (isOutside) throw new Error('a stage needs cells of rows in the order of their bytes');
}

function addNumbers(
  views: Float64Array | Int32Array,
  column: StagedValues,
  { from, to, at, nothing }: Range & { at: number; nothing: number | null },
): void {
  if (!ArrayBuffer.isView(column) || column.length < to)
    throw new Error(`a stage needs ${to} numbers in a column of numbers`);
  views.set(column.subarray(from, to), at);
  if (nothing === null) return;
  for (let row = at; row < at + to - from; row++) if (views[row] === nothing) views[row] = noInteger;
}
