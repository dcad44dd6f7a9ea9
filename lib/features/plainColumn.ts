import type { CellTexts, CodedWords, TextColumn } from '../tables/textColumn.ts';

/** Values of rows as they come: text; or numbers, of which NaN is null. */
export type PlainValues = TextColumn | Float64Array | Int32Array | Int8Array;
export type PlainType = 'VARCHAR' | 'BIGINT' | 'INTEGER' | 'DOUBLE';

/**
 * A column of Parquet in its PLAIN encoding: the values one behind the other, nulls left out, and beside them which rows have one.
 * Columns are filled again and again, so they keep the memory that they grew to.
 */
export class PlainColumn {
  rows = 0;
  readonly #type: PlainType;
  #bytes = Buffer.allocUnsafe(1 << 16);
  #length = 0;
  /** 1 for a row that has a value. */
  #present = new Uint8Array(1 << 12);
  #nulls = 0;

  constructor(type: PlainType) {
    this.#type = type;
  }

  /** The first `count` of the values, as the column's type: BIGINT takes whole numbers in doubles. */
  add(values: PlainValues, count: number): void {
    if ('length' in values && values.length < count)
      throw new Error(`PlainColumn needs ${count} values; got ${values.length}`);
    this.#beginRows(count);
    if (this.#type === 'INTEGER') this.#addIntegers(values as Int32Array | Int8Array, count);
    else if (this.#type === 'VARCHAR') this.#addTexts(values as TextColumn, count);
    else this.#addDoubles(values as Float64Array, count);
    this.rows += count;
  }

  clear(): void {
    this.rows = 0;
    this.#length = 0;
    this.#nulls = 0;
  }

  /** Levels and values of the page that holds all rows; they are the column's own memory. */
  page(): { levels: Uint8Array; values: Uint8Array } {
    return { levels: this.#levels(), values: this.#bytes.subarray(0, this.#length) };
  }

  #beginRows(count: number): void {
    const rows = this.rows + count;
    if (rows > this.#present.length) {
      const grown = new Uint8Array(rows * 2);
      grown.set(this.#present);
      this.#present = grown;
    }
    this.#present.fill(1, this.rows, rows);
  }

  #setNull(row: number): void {
    this.#present[this.rows + row] = 0;
    this.#nulls++;
  }

  #reserve(byteCount: number): void {
    if (this.#length + byteCount <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe((this.#length + byteCount) * 2);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  #view(byteCount: number): DataView {
    this.#reserve(byteCount);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
  }

  #addIntegers(values: Int32Array | Int8Array, count: number): void {
    const view = this.#view(count * 4);
    for (let row = 0; row < count; row++) view.setInt32(this.#length + row * 4, values[row] as number, true);
    this.#length += count * 4;
  }

  #addDoubles(values: Float64Array, count: number): void {
    const view = this.#view(count * 8);
    const isWhole = this.#type === 'BIGINT';
    let at = this.#length;
    for (let row = 0; row < count; row++) {
      const value = values[row] as number;
      if (Number.isNaN(value)) this.#setNull(row);
      else {
        if (isWhole) setWhole(view, at, value);
        else view.setFloat64(at, value, true);
        at += 8;
      }
    }
    this.#length = at;
  }

  #addTexts(texts: TextColumn, count: number): void {
    if ('codes' in texts) this.#addWords(texts, count);
    else if ('bytes' in texts) this.#addCells(texts, count);
    else this.#addStrings(texts, count);
  }

  #addCells({ bytes, starts, lengths }: CellTexts, count: number): void {
    let byteCount = count * 4;
    for (let row = 0; row < count; row++) byteCount += Math.max(0, lengths[row] as number);
    const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const to = this.#view(byteCount + 3);
    const end = bytes.byteLength;
    let at = this.#length;
    for (let row = 0; row < count; row++) {
      const length = lengths[row] as number;
      if (length < 0) {
        this.#setNull(row);
        continue;
      }
      to.setInt32(at, length, true);
      at += 4;
      const start = starts[row] as number;
      // Four at a time: the bytes beyond the cell's end are written over by what comes next.
      if (start + length + 3 <= end)
        for (let byte = 0; byte < length; byte += 4)
          to.setInt32(at + byte, from.getInt32(start + byte, true), true);
      else for (let byte = 0; byte < length; byte++) to.setUint8(at + byte, from.getUint8(start + byte));
      at += length;
    }
    this.#length = at;
  }

  /** Words have few forms, which are made once, and the same one mostly comes many times in a row. */
  #addWords({ words, codes }: CodedWords, count: number): void {
    const forms = words.map((word) => withLength(Buffer.from(word)));
    this.#reserve(count * forms.reduce((most, form) => Math.max(most, form.length), 0));
    for (let row = 0; row < count; ) {
      const code = codes[row] as number;
      const first = row;
      while (row < count && codes[row] === code) row++;
      const form = forms[code] as Uint8Array;
      const end = this.#length + form.length * (row - first);
      this.#bytes.fill(form, this.#length, end);
      this.#length = end;
    }
  }

  #addStrings(texts: readonly (string | null)[], count: number): void {
    for (let row = 0; row < count; row++) {
      const text = texts[row] as string | null;
      if (text === null) {
        this.#setNull(row);
        continue;
      }
      this.#reserve(4 + text.length * 3);
      const length = this.#bytes.write(text, this.#length + 4, 'utf8');
      this.#length = setLength(this.#bytes, this.#length, length) + length;
    }
  }

  /** In Parquet's hybrid of runs and packed bits, of one bit each, behind its length. */
  #levels(): Uint8Array {
    if (this.#nulls === 0) return withLength([...varint(this.rows * 2), 1]);
    if (this.#nulls === this.rows) return withLength([...varint(this.rows * 2), 0]);
    const packed = new Uint8Array(Math.ceil(this.rows / 8));
    for (let row = 0; row < this.rows; row++)
      packed[row >> 3] = (packed[row >> 3] as number) | ((this.#present[row] as number) << (row & 7));
    return withLength(Buffer.concat([Buffer.from(varint(packed.length * 2 + 1)), packed]));
  }
}

/** In 64 bits of two's complement; a BigInt for each value would cost a multiple. */
function setWhole(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / 2 ** 32);
  const low = value - high * 2 ** 32;
  if (low >>> 0 !== low) throw new Error(`PlainColumn needs whole numbers for a BIGINT; got ${value}`);
  view.setUint32(at, low, true);
  view.setInt32(at + 4, high, true);
}

function setLength(bytes: Uint8Array, at: number, length: number): number {
  bytes[at] = length;
  bytes[at + 1] = length >> 8;
  bytes[at + 2] = length >> 16;
  bytes[at + 3] = length >> 24;
  return at + 4;
}

function withLength(bytes: ArrayLike<number>): Uint8Array {
  const prefixed = new Uint8Array(4 + bytes.length);
  setLength(prefixed, 0, bytes.length);
  prefixed.set(bytes, 4);
  return prefixed;
}

/** A number from 0 in groups of seven bits, the lowest first. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  bytes.push(left);
  return bytes;
}
