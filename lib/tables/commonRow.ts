/** What the bytes of a cell are, or-ed together. */
export const kinds = {
  digit: 1,
  point: 2,
  minus: 4,
  plus: 8,
  at: 16,
  capital: 32,
  /** Beyond ASCII. */
  wide: 64,
  star: 128,
  other: 256,
} as const;

/** Ends a cell, or is nothing that a common cell holds. */
const stop = 512;
const [nul, lf, cr, quote] = [0, 10, 13, 34] as const;

/**
 * Finds the cells of a row in bytes of UTF-8, where the row is one line of plain cells and of cells quoted as a whole without a quote
 * or line break inside: what `RecordReader` would make the same cells of. The last row that was found is left in the fields, as a
 * file has many millions of them.
 */
export class CommonRow {
  bytes: Uint8Array = new Uint8Array();
  /** Of each cell, without its quotes. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Int32Array;
  /** Where the next row begins. */
  next = 0;
  readonly #delimiter: number;
  readonly #width: number;
  readonly #plain: Uint16Array;
  readonly #quoted: Uint16Array;

  constructor({ delimiter, width }: { delimiter: string; width: number }) {
    this.starts = new Int32Array(width);
    this.ends = new Int32Array(width);
    this.kinds = new Int32Array(width);
    this.#delimiter = delimiter.charCodeAt(0);
    this.#width = width;
    this.#plain = kindsOfBytes([nul, lf, cr, quote, this.#delimiter]);
    this.#quoted = kindsOfBytes([nul, lf, cr, quote]);
  }

  /** Answers whether the row of `bytes` that begins at `from` is common. The bytes have to end with an LF. */
  find(from: number): boolean {
    const { bytes, starts, ends, kinds: found } = this;
    const width = this.#width;
    const delimiter = this.#delimiter;
    const plain = this.#plain;
    const quoted = this.#quoted;
    let at = from;
    let any = 0;
    for (let cell = 0; cell < width; cell++) {
      const inQuotes = bytes[at] === quote;
      const kindOf = inQuotes ? quoted : plain;
      if (inQuotes) at++;
      starts[cell] = at;
      let cellKinds = 0;
      let kind = kindOf[bytes[at] as number] as number;
      while (kind !== stop) {
        cellKinds |= kind;
        kind = kindOf[bytes[++at] as number] as number;
      }
      ends[cell] = at;
      found[cell] = cellKinds;
      any |= cellKinds;
      if (inQuotes && bytes[at++] !== quote) return false;
      if (cell + 1 < width && bytes[at++] !== delimiter) return false;
    }
    if (bytes[at] === cr) at++;
    this.next = at + 1;
    // a row of empty cells is no row
    return bytes[at] === lf && any !== 0;
  }

  isEmpty(cell: number): boolean {
    return this.starts[cell] === this.ends[cell];
  }

  has(cell: number, kind: number): boolean {
    return ((this.kinds[cell] as number) & kind) !== 0;
  }

  /** Whether the cell, which may be -1 for none, begins with the byte. */
  begins(cell: number, byte: number): boolean {
    return cell >= 0 && !this.isEmpty(cell) && this.bytes[this.starts[cell] as number] === byte;
  }

  /** Whether the cell is this byte alone. */
  isByte(cell: number, byte: number): boolean {
    return this.begins(cell, byte) && (this.ends[cell] as number) - (this.starts[cell] as number) === 1;
  }
}

function kindsOfBytes(stops: readonly number[]): Uint16Array {
  const table = Uint16Array.from({ length: 256 }, (_, byte) => kindOf(byte));
  for (const byte of stops) table[byte] = stop;
  return table;
}

function kindOf(byte: number): number {
  if (byte > 127) return kinds.wide;
  const character = String.fromCharCode(byte);
  if (/\d/.test(character)) return kinds.digit;
  if (/[A-Z]/.test(character)) return kinds.capital;
  const signs: Record<string, number> = {
    '.': kinds.point,
    '-': kinds.minus,
    '+': kinds.plus,
    '@': kinds.at,
    '*': kinds.star,
  };
  return signs[character] ?? kinds.other;
}
