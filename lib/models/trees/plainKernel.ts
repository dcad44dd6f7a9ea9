import type { EntrySpan, RowSpan, SideTable, TreeKernel } from './treeKernel.ts';

/** The kernel in TypeScript: what runs where WebAssembly may not, and what the WebAssembly one is held to. */
export function plainKernel(buffer: ArrayBufferLike): TreeKernel {
  const bytes = new Uint8Array(buffer);
  const words = new Uint32Array(buffer);
  const integers = new Int32Array(buffer);
  return {
    addEntries: (span) => addEntries(bytes, words, span),
    partitionEntries: (span) => partitionEntries(bytes, words, span),
    addRows: (span) => addRows(bytes, integers, span),
    partitionRows: (span) => partitionRows(bytes, words, span),
  };
}

function addEntries(
  bytes: Uint8Array,
  words: Uint32Array,
  { entriesAt, count, columnAt, histogramAt }: EntrySpan & { histogramAt: number },
): void {
  const first = entriesAt >>> 2;
  const end = first + 2 * count;
  const histogram = histogramAt >>> 2;
  for (let entry = first; entry < end; entry += 2) {
    const code = bytes[columnAt + (words[entry] as number)] as number;
    const mass = words[entry + 1] as number;
    const weight = mass >>> 1;
    const at = histogram + 2 * code;
    words[at] = (words[at] as number) + (mass & 1) * weight;
    words[at + 1] = (words[at + 1] as number) + weight;
  }
}

function partitionEntries(
  bytes: Uint8Array,
  words: Uint32Array,
  { entriesAt, count, columnAt, tableAt, spareAt }: EntrySpan & SideTable,
): number {
  const first = entriesAt >>> 2;
  const end = first + 2 * count;
  const spare = spareAt >>> 2;
  let left = first;
  let right = spare;
  for (let entry = first; entry < end; entry += 2) {
    const row = words[entry] as number;
    const mass = words[entry + 1] as number;
    // written to both sides, one of which moves on: no branch to guess
    const goesLeft = bytes[tableAt + (bytes[columnAt + row] as number)] as number;
    words[left] = row;
    words[left + 1] = mass;
    words[right] = row;
    words[right + 1] = mass;
    left += 2 * goesLeft;
    right += 2 - 2 * goesLeft;
  }
  words.copyWithin(left, spare, right);
  return (left - first) >>> 1;
}

function addRows(
  bytes: Uint8Array,
  integers: Int32Array,
  {
    rowsAt,
    count,
    codesAt,
    columns,
    gradientsAt,
    histogramsAt,
  }: RowSpan & { gradientsAt: number; histogramsAt: number },
): void {
  const first = rowsAt >>> 2;
  const gradients = gradientsAt >>> 2;
  const histograms = histogramsAt >>> 2;
  for (let index = first; index < first + count; index++) {
    const row = (integers[index] as number) >>> 0;
    const curvature = integers[gradients + 2 * row] as number;
    const target = integers[gradients + 2 * row + 1] as number;
    const codes = codesAt + row * columns;
    for (let column = 0; column < columns; column++) {
      const at = histograms + 512 * column + 2 * (bytes[codes + column] as number);
      integers[at] = (integers[at] as number) + curvature;
      integers[at + 1] = (integers[at + 1] as number) + target;
    }
  }
}

function partitionRows(
  bytes: Uint8Array,
  words: Uint32Array,
  { rowsAt, count, codesAt, columns, column, tableAt, spareAt }: RowSpan & SideTable & { column: number },
): number {
  const first = rowsAt >>> 2;
  const end = first + count;
  const spare = spareAt >>> 2;
  let left = first;
  let right = spare;
  for (let index = first; index < end; index++) {
    const row = words[index] as number;
    const goesLeft = bytes[tableAt + (bytes[codesAt + row * columns + column] as number)] as number;
    words[left] = row;
    words[right] = row;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  words.copyWithin(left, spare, right);
  return left - first;
}
