import { nearSigmoid } from '../../math/sigmoidTable.ts';
import { curvatureUnits, gradientUnits } from './boostingTask.ts';
import { plainBoosting } from './plainBoosting.ts';
import {
  codesPerColumn,
  type EntrySpan,
  type GradientSpan,
  type ScoreSpan,
  type SideTable,
  type TreeKernel,
} from './treeKernel.ts';

/** The kernel in TypeScript: what runs where WebAssembly may not, and what the WebAssembly one is held to. */
export function plainKernel(buffer: ArrayBufferLike): TreeKernel {
  const bytes = new Uint8Array(buffer);
  const words = new Uint32Array(buffer);
  const integers = new Int32Array(buffer);
  const numbers = new Float64Array(buffer);
  return {
    sumColumn: (span) => sumColumn({ bytes, words, numbers }, span),
    partitionEntries: (span) => partitionEntries(bytes, words, span),
    ...plainBoosting({ bytes, words, integers, numbers }),
    listRows: (span) => listRows(words, span),
    sortNumbers: ({ numbersAt, count }) => {
      numbers.subarray(numbersAt >>> 3, (numbersAt >>> 3) + count).sort();
    },
    encodeOrdered: (span) => encodeOrdered(bytes, numbers, span),
    takeGradients: (span) => takeGradients({ bytes, integers, numbers }, span),
    addToMargins: (span) => addToMargins(words, numbers, span),
    scoreNarrow: (span) => scoreNarrow({ bytes, words, floats: new Float32Array(buffer), numbers }, span),
    scoreWide: (span) => scoreWide({ words, floats: new Float32Array(buffer), numbers }, span),
  };
}

function sumColumn(
  { bytes, words, numbers }: { bytes: Uint8Array; words: Uint32Array; numbers: Float64Array },
  { entriesAt, count, columnAt, histogramAt, sumsAt }: EntrySpan & { histogramAt: number; sumsAt: number },
): number {
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
  const targets = sumsAt >>> 3;
  const weights = targets + codesPerColumn;
  const codes = (sumsAt >>> 2) + 4 * codesPerColumn;
  let length = 0;
  for (let code = 0; code < codesPerColumn; code++) {
    const at = histogram + 2 * code;
    const weight = words[at + 1] as number;
    if (weight === 0) continue;
    numbers[targets + length] = words[at] as number;
    numbers[weights + length] = weight;
    words[codes + length] = code;
    words[at] = 0;
    words[at + 1] = 0;
    length += 1;
  }
  return length;
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

function listRows(
  words: Uint32Array,
  { rowsAt, first, count }: { rowsAt: number; first: number; count: number },
): void {
  const at = rowsAt >>> 2;
  for (let index = 0; index < count; index++) words[at + index] = first + index;
}

function encodeOrdered(
  bytes: Uint8Array,
  numbers: Float64Array,
  {
    valuesAt,
    count,
    edgesAt,
    codesAt,
  }: { valuesAt: number; count: number; edgesAt: number; codesAt: number },
): void {
  const values = valuesAt >>> 3;
  const edges = edgesAt >>> 3;
  for (let index = 0; index < count; index++) {
    const value = numbers[values + index] as number;
    let below = 0;
    for (let step = 128; step > 0; step >>>= 1)
      if ((numbers[edges + below + step - 1] as number) <= value) below += step;
    bytes[codesAt + index] = Number.isNaN(value) ? 0 : below + 1;
  }
}

function takeGradients(
  { bytes, integers, numbers }: { bytes: Uint8Array; integers: Int32Array; numbers: Float64Array },
  { first, count, marginsAt, weightsAt, labelsAt, gradientsAt }: GradientSpan,
): void {
  const margins = marginsAt >>> 3;
  const weights = weightsAt >>> 3;
  const gradients = gradientsAt >>> 2;
  for (let row = first; row < first + count; row++) {
    const p = nearSigmoid(numbers[margins + row] as number);
    const weight = numbers[weights + row] as number;
    const residual = (bytes[labelsAt + row] as number) - p;
    integers[gradients + 2 * row] = Math.floor(p * (1 - p) * weight * curvatureUnits + 0.5);
    integers[gradients + 2 * row + 1] = Math.floor(residual * weight * gradientUnits + 0.5);
  }
}

function addToMargins(
  words: Uint32Array,
  numbers: Float64Array,
  { rowsAt, count, marginsAt, value }: { rowsAt: number; count: number; marginsAt: number; value: number },
): void {
  const first = rowsAt >>> 2;
  for (let index = first; index < first + count; index++) {
    const margin = (marginsAt >>> 3) + (words[index] as number);
    numbers[margin] = (numbers[margin] as number) + value;
  }
}

function scoreNarrow(
  {
    bytes,
    words,
    floats,
    numbers,
  }: { bytes: Uint8Array; words: Uint32Array; floats: Float32Array; numbers: Float64Array },
  { nodesAt, valuesAt, codesAt, stride, rows, sumsAt }: ScoreSpan,
): void {
  const nodes = nodesAt >>> 2;
  for (let row = 0; row < rows; row++) {
    let node = 0;
    for (
      let packed = words[nodes] as number;
      ((packed >>> 7) & 255) !== 255;
      packed = words[nodes + node] as number
    ) {
      const code = bytes[codesAt + (packed & 127) * stride + row] as number;
      node = (packed >>> 15) + (code > ((packed >>> 7) & 255) ? 1 : 0);
    }
    const sum = (sumsAt >>> 3) + row;
    numbers[sum] = (numbers[sum] as number) + (floats[(valuesAt >>> 2) + node] as number);
  }
}

function scoreWide(
  { words, floats, numbers }: { words: Uint32Array; floats: Float32Array; numbers: Float64Array },
  { nodesAt, valuesAt, codesAt, stride, rows, sumsAt }: ScoreSpan,
): void {
  const nodes = nodesAt >>> 2;
  const codes = new Uint16Array(words.buffer, codesAt);
  for (let row = 0; row < rows; row++) {
    let node = 0;
    for (
      let packed = words[nodes] as number;
      packed >>> 16 !== 0xffff;
      packed = words[nodes + 2 * node] as number
    ) {
      const code = codes[(packed & 0xffff) * stride + row] as number;
      node = (words[nodes + 2 * node + 1] as number) + (code > packed >>> 16 ? 1 : 0);
    }
    const sum = (sumsAt >>> 3) + row;
    numbers[sum] = (numbers[sum] as number) + (floats[(valuesAt >>> 2) + node] as number);
  }
}
