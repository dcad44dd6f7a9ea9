import { type CellColumn, kinds, type RowSpan, uncommon } from './commonColumns.ts';
import { type MachineRoom, mostRows } from './rowKernel.ts';

const mostWords = 200;
/** As assembly/rowKernel.ts lays out its tables of words. */
const tableBytes = 256 + 72 * mostWords;

/** Cells that hold few different words, such as states: what a word means is asked once, and is then known to the kernel. */
export class WordCells implements CellColumn {
  readonly kind = kinds.word;
  readonly index: number;
  readonly #meaningOf: (word: string) => number;
  readonly #known = new Map<string, number>();
  #starts: Int32Array = new Int32Array();
  #lengths: Int32Array = new Int32Array();
  #meanings: Int8Array = new Int8Array();
  #table: Uint8Array = new Uint8Array();
  #room: MachineRoom | null = null;

  /** `meaningOf` answers with a number from 0 to 127, or -1 for a word that has to be read as text. */
  constructor(index: number, meaningOf: (word: string) => number) {
    this.index = index;
    this.#meaningOf = meaningOf;
  }

  place(room: MachineRoom): ArrayBufferView[] {
    this.#room = room;
    this.#starts = room.integers(mostRows);
    this.#lengths = room.integers(mostRows);
    this.#meanings = room.signedBytes(mostRows);
    this.#table = room.bytes(tableBytes);
    // those of the file before
    this.#table.fill(0);
    return [this.#starts, this.#lengths, this.#meanings, this.#table];
  }

  /** Writes down what words mean; answers how many rows come before one whose word has to be read as text. */
  read({ first, to, rows }: RowSpan, codes: Uint8Array): number {
    for (let row = 0; row < rows; row++) {
      const meaning = this.meaningAt(first + row);
      if (meaning < 0) return row;
      codes[to + row] = meaning;
    }
    return rows;
  }

  /** What the row's word means; -1 where that has to be read as text. */
  meaningAt(row: number): number {
    const meaning = this.#meanings[row] as number;
    return meaning === uncommon ? this.#ask(row) : meaning;
  }

  #ask(row: number): number {
    const { block, machine } = this.#room as MachineRoom;
    const at = block.byteOffset + (this.#starts[row] as number);
    const length = this.#lengths[row] as number;
    const word = Buffer.from(block.buffer, at, length).toString();
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    if (this.#known.size === mostWords) return -1;
    const meaning = this.#meaningOf(word);
    this.#known.set(word, meaning);
    machine.kernel.addWord(this.#table.byteOffset, this.#known.size, at, length, meaning);
    return meaning;
  }
}
