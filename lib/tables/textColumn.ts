/** Text of a batch of rows: as strings, as places in bytes, or as numbers of words. */
export type TextColumn = readonly (string | null)[] | CellTexts | CodedWords;

/** Cells in bytes of UTF-8; a length of -1 is null. */
export interface CellTexts {
  bytes: Uint8Array;
  starts: Int32Array;
  lengths: Int32Array;
}

export interface CodedWords {
  words: readonly string[];
  codes: Uint8Array;
}

export function cellTexts(bytes: Uint8Array, length: number): CellTexts {
  const places = new Int32Array(2 * length);
  return { bytes, starts: places.subarray(0, length), lengths: places.subarray(length) };
}

export function textAt(column: TextColumn, index: number): string | null {
  if ('codes' in column) return column.words[column.codes[index] as number] ?? null;
  if (!('bytes' in column)) return column[index] ?? null;
  const start = column.starts[index] as number;
  const length = column.lengths[index] as number;
  return length < 0 ? null : Buffer.from(column.bytes.subarray(start, start + length)).toString();
}
