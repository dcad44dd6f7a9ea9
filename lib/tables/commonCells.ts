import type { CellColumn } from './commonColumns.ts';
import { borrowMachine, giveBack, MachineRoom, mostRows } from './rowKernel.ts';

/** Of a column, as assembly/rowKernel.ts lays it out. */
const columnIntegers = 12;

interface Reading {
  room: MachineRoom;
  /** Where the rows begin, and the last one ends. */
  rowsAt: Int32Array;
  marks: Uint8Array;
  cells: Uint8Array;
  columns: Int32Array;
}

/**
 * Finds the common rows of a file in UTF-8, and reads the cells of its columns: rows of one line, with plain cells and cells quoted as a
 * whole without a quote or line break inside, which are what `RecordReader` would make the same cells of. A WebAssembly kernel does it,
 * some thousand rows at a time.
 */
export class CommonCells {
  /** The row that was asked for last, as the columns count them. */
  first = 0;
  readonly #delimiter: number;
  readonly #width: number;
  readonly #columns: readonly CellColumn[];
  #reading: Reading | null = null;
  #bytes: Uint8Array = new Uint8Array();
  #rows = 0;
  #pointWasDecimal = false;

  /** A column with an index below 0 is none. */
  constructor({ delimiter, width }: { delimiter: string; width: number }, columns: readonly CellColumn[]) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#width = width;
    this.#columns = columns.filter(({ index }) => index >= 0);
  }

  /**
   * Answers how many common rows there are at least from the one that begins at `from` on; 0 where that is not common. The bytes, a block
   * at most, end with an LF. `pointIsDecimal` says whether the file is known to write decimals with a point; else only whole numbers
   * are common.
   */
  find(bytes: Uint8Array, { from, pointIsDecimal }: { from: number; pointIsDecimal: boolean }): number {
    this.#reading ??= this.#begin();
    if (bytes !== this.#bytes) this.#load(bytes, this.#reading);
    // what was read before a row that went elsewhere still holds
    const { rowsAt } = this.#reading;
    while (this.first < this.#rows && (rowsAt[this.first] as number) < from) this.first++;
    const isRead = this.first < this.#rows && rowsAt[this.first] === from;
    if (!isRead || pointIsDecimal !== this.#pointWasDecimal) {
      this.#read(this.#reading, { from, pointIsDecimal });
    }
    return this.#rows - this.first;
  }

  /** Where the row that is so many behind the first begins, or the one before it ends. */
  positionOf(rows: number): number {
    return this.#reading?.rowsAt[this.first + rows] as number;
  }

  /** Nothing is found after it, and the columns no longer hold anything. */
  close(): void {
    if (this.#reading !== null) giveBack(this.#reading.room.machine);
    this.#reading = null;
    this.#bytes = new Uint8Array();
  }

  #begin(): Reading {
    const room = new MachineRoom(borrowMachine());
    const reading = {
      room,
      marks: room.bytes(room.block.length / 8),
      rowsAt: room.integers(mostRows + 1),
      cells: room.bytes(8 * this.#width),
      columns: room.integers(columnIntegers * this.#columns.length),
    };
    reading.columns.fill(0);
    for (const [number, column] of this.#columns.entries()) {
      const outputs = column.place(room).map(({ byteOffset }) => byteOffset);
      const cellAt = reading.cells.byteOffset + 8 * column.index;
      reading.columns.set([column.kind, cellAt, ...outputs], columnIntegers * number);
    }
    return reading;
  }

  #load(bytes: Uint8Array, { room, marks }: Reading): void {
    const { block, machine } = room;
    block.set(bytes);
    machine.kernel.markBytes(block.byteOffset, bytes.length, marks.byteOffset, this.#delimiter);
    this.#bytes = bytes;
    this.#rows = 0;
  }

  #read(
    { room, marks, rowsAt, cells, columns }: Reading,
    { from, pointIsDecimal }: { from: number; pointIsDecimal: boolean },
  ): void {
    const { block, machine } = room;
    this.first = 0;
    this.#pointWasDecimal = pointIsDecimal;
    this.#rows = machine.kernel.readRows(
      ...[block.byteOffset, this.#bytes.length, marks.byteOffset, from, mostRows, rowsAt.byteOffset],
      ...[cells.byteOffset, this.#width, this.#delimiter, columns.byteOffset, this.#columns.length],
      Number(pointIsDecimal),
    );
  }
}
