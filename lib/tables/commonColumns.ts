import { powerOfTen } from './cells/money.ts';
import { type MachineRoom, mostRows } from './rowKernel.ts';
import { type CellTexts, cellTexts } from './textColumn.ts';

/** In place of a length, a scale or a meaning: of a cell with nothing in it, and of one that is not common. */
export const [empty, uncommon] = [-1, -2] as const;

/** What the kernel reads a column's cells as, in its numbers. */
export const kinds = { text: 0, id: 1, flags: 2, decimal: 3, time: 4, word: 5 } as const;

/** What the cells of a column were read as: of `mostRows` rows at most, in the kernel's memory. */
export interface CellColumn {
  readonly kind: number;
  /** Of its cell in a row. */
  readonly index: number;
  /** Takes room for what the kernel writes, and answers with it in the kernel's order. */
  place(room: MachineRoom): ArrayBufferView[];
}

const noStarts = new Int32Array(mostRows);
const noLengths = new Int32Array(mostRows).fill(empty);
const noScales = new Int8Array(mostRows).fill(empty);
const noNumbers = new Float64Array(mostRows);

/** Text that needs nothing taken off its ends; with `kind` id, text that can be an id as it stands. */
export class TextCells implements CellColumn {
  readonly kind: number;
  readonly index: number;
  starts: Int32Array = noStarts;
  /** Of a column that is not there, all are empty. */
  lengths: Int32Array = noLengths;
  #uncommonEnd: Int32Array = noStarts;

  constructor(index: number, kind: 'text' | 'id' = 'text') {
    this.index = index;
    this.kind = kinds[kind];
  }

  /** Behind the last row whose cell is not common. */
  get uncommonEnd(): number {
    return this.#uncommonEnd[0] as number;
  }

  place(room: MachineRoom): ArrayBufferView[] {
    this.starts = room.integers(mostRows);
    this.lengths = room.integers(mostRows);
    this.#uncommonEnd = room.integers(1);
    return [this.starts, this.lengths, this.#uncommonEnd];
  }
}

/** What there is among the bytes of a cell, or-ed together. */
export const flags = { any: 1, digit: 2 } as const;

export class FlagCells implements CellColumn {
  readonly kind = kinds.flags;
  readonly index: number;
  flags: Uint8Array = new Uint8Array();

  constructor(index: number) {
    this.index = index;
  }

  place(room: MachineRoom): ArrayBufferView[] {
    this.flags = room.bytes(mostRows);
    return [this.flags];
  }
}

/** Numbers as `digits` × 10^-`scale`: the narrow form that needs no reading as text. */
export class DecimalCells implements CellColumn {
  readonly kind = kinds.decimal;
  readonly index: number;
  digits: Float64Array = noNumbers;
  /** Of a column that is not there, all are empty. */
  scales: Int8Array = noScales;

  constructor(index: number) {
    this.index = index;
  }

  place(room: MachineRoom): ArrayBufferView[] {
    this.digits = room.doubles(mostRows);
    this.scales = room.signedBytes(mostRows);
    return [this.digits, this.scales];
  }

  /** Of a cell that is common and not empty. */
  valueAt(row: number): number {
    return (this.digits[row] as number) / powerOfTen(this.scales[row] as number);
  }
}

export class TimeCells implements CellColumn {
  readonly kind = kinds.time;
  readonly index: number;
  /** Days since 1970-01-01, as they are written; below 0 where a cell is not common. */
  days: Int32Array = new Int32Array();
  /** -1 where a cell is a date alone. */
  hours: Int8Array = new Int8Array();
  /** From the beginning of 1970 to what is written. */
  seconds: Float64Array = new Float64Array();
  /** 1 where a cell ends with Z. */
  utc: Uint8Array = new Uint8Array();

  constructor(index: number) {
    this.index = index;
  }

  place(room: MachineRoom): ArrayBufferView[] {
    this.days = room.integers(mostRows);
    this.hours = room.signedBytes(mostRows);
    this.seconds = room.doubles(mostRows);
    this.utc = room.bytes(mostRows);
    return [this.days, this.hours, this.seconds, this.utc];
  }
}

/** Rows `first` and on in columns of cells, which are rows `to` and on of a batch. */
export interface RowSpan {
  first: number;
  to: number;
  rows: number;
}

/** Text of a batch: of its own where any of the columns is there. */
export const textsFor = (bytes: Uint8Array, length: number, ...columns: readonly TextCells[]): CellTexts =>
  columns.some(({ index }) => index >= 0)
    ? cellTexts(bytes, length)
    : { bytes, starts: noStarts, lengths: noLengths };

/** Takes over what a column holds, or where that is empty another; answers how many rows come before one that is not common. */
export function copyTexts(
  texts: CellTexts,
  span: RowSpan,
  { cells, orElse }: { cells: TextCells; orElse?: TextCells },
): number {
  const { first, to, rows } = span;
  if (orElse !== undefined && orElse.index >= 0 && orElse !== cells)
    return chooseTexts(texts, span, { cells, orElse });
  if (cells.uncommonEnd > first) return chooseTexts(texts, span, { cells, orElse: cells });
  if (cells.index < 0) return rows;
  texts.starts.set(cells.starts.subarray(first, first + rows), to);
  texts.lengths.set(cells.lengths.subarray(first, first + rows), to);
  return rows;
}

function chooseTexts(
  { starts, lengths }: CellTexts,
  { first, to, rows }: RowSpan,
  { cells, orElse }: { cells: TextCells; orElse: TextCells },
): number {
  for (let row = 0; row < rows; row++) {
    const from = first + row;
    const chosen = cells.lengths[from] === empty ? orElse : cells;
    const length = chosen.lengths[from] as number;
    if (length === uncommon) return row;
    starts[to + row] = chosen.starts[from] as number;
    lengths[to + row] = length;
  }
  return rows;
}
