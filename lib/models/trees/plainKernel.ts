import { nearSigmoid } from '../../math/sigmoidTable.ts';
import { curvatureUnits, gradientUnits } from './boostingTask.ts';
import {
  type BlockSpan,
  bytesPerColumnSums,
  codesPerColumn,
  type EntrySpan,
  type GradientSpan,
  type RowSpan,
  type ScoreSpan,
  type SideTable,
  type ThresholdSpan,
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
    addRows: (span) => addRows(bytes, integers, span),
    listRows: (span) => listRows(words, span),
    partitionRows: (span) => partitionRows(bytes, words, span),
    addBlock: (span) => addBlock(integers, numbers, span),
    setBlock: (span) => setBlock(integers, numbers, span),
    mergeColumn: (span) => mergeColumn(words, numbers, span),
    bestThreshold: (span) => bestThreshold(words, numbers, span),
    subtract: (span) => subtract(numbers, span),
    encodeOrdered: (span) => encodeOrdered(bytes, numbers, span),
    takeGradients: (span) => takeGradients({ bytes, integers, numbers }, span),
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
      const at = histograms + 2 * codesPerColumn * column + 2 * (bytes[codes + column] as number);
      integers[at] = (integers[at] as number) + curvature;
      integers[at + 1] = (integers[at + 1] as number) + target;
    }
  }
}

function listRows(
  words: Uint32Array,
  { rowsAt, first, count }: { rowsAt: number; first: number; count: number },
): void {
  const at = rowsAt >>> 2;
  for (let index = 0; index < count; index++) words[at + index] = first + index;
}

function partitionRows(
  bytes: Uint8Array,
  words: Uint32Array,
  { rowsAt, count, codesAt, columns, tableAt, spareAt }: RowSpan & SideTable,
): number {
  const first = rowsAt >>> 2;
  const end = first + count;
  const spare = spareAt >>> 2;
  let left = first;
  let right = spare;
  for (let index = first; index < end; index++) {
    const row = words[index] as number;
    const goesLeft = bytes[tableAt + (bytes[codesAt + row * columns] as number)] as number;
    words[left] = row;
    words[right] = row;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  words.copyWithin(left, spare, right);
  return left - first;
}

function addBlock(
  integers: Int32Array,
  numbers: Float64Array,
  { blockAt, histogramsAt, numbers: length }: BlockSpan,
): void {
  const block = blockAt >>> 2;
  const histograms = histogramsAt >>> 3;
  for (let at = 0; at < length; at++) {
    numbers[histograms + at] = (numbers[histograms + at] as number) + (integers[block + at] as number);
    integers[block + at] = 0;
  }
}

function setBlock(
  integers: Int32Array,
  numbers: Float64Array,
  { blockAt, histogramsAt, numbers: length }: BlockSpan,
): void {
  const block = blockAt >>> 2;
  const histograms = histogramsAt >>> 3;
  for (let at = 0; at < length; at++) {
    numbers[histograms + at] = integers[block + at] as number;
    integers[block + at] = 0;
  }
}

function mergeColumn(
  words: Uint32Array,
  numbers: Float64Array,
  { partsAt, parts, offset, sumsAt }: { partsAt: number; parts: number; offset: number; sumsAt: number },
): void {
  const sums = sumsAt >>> 3;
  for (let part = 0; part < parts; part++) {
    const from = ((words[(partsAt >>> 2) + part] as number) + offset) / 8;
    for (let at = 0; at < 2 * codesPerColumn; at++) {
      const number = numbers[from + at] as number;
      numbers[sums + at] = part === 0 ? number : (numbers[sums + at] as number) + number;
    }
  }
}

function bestThreshold(words: Uint32Array, numbers: Float64Array, span: ThresholdSpan): boolean {
  const { partsAt, parts, sumsAt } = span;
  const sums = sumsAt >>> 3;
  const found = span.foundAt >>> 3;
  let best = span.least;
  for (let index = 0; index < span.columns; index++) {
    const column = words[(span.columnsAt >>> 2) + index] as number;
    mergeColumn(words, numbers, { partsAt, parts, offset: bytesPerColumnSums * column, sumsAt });
    const hasMissing = numbers[sums] !== 0 || numbers[sums + 1] !== 0;
    for (const skipped of hasMissing ? [0, 1] : [0]) {
      if (!thresholdOf(numbers, { ...span, skipped, least: best })) continue;
      best = numbers[found] as number;
      numbers.set([column, hasMissing ? 1 + skipped : 0], found + 5);
    }
  }
  return best > span.least;
}

function thresholdOf(numbers: Float64Array, span: ThresholdSpan & { skipped: number }): boolean {
  const { sumsAt, skipped, weight: nodeWeight, target: nodeTarget, lambda, minWeight, least, foundAt } = span;
  const score = (target: number, weight: number): number => (weight > 0 ? (target * target) / weight : 0);
  const parent = score(nodeTarget, nodeWeight + lambda);
  const sums = sumsAt >>> 3;
  let best = least;
  let before = codesPerColumn;
  let [leftWeight, leftTarget] = [0, 0];
  for (let code = skipped; code < codesPerColumn; code++) {
    const weight = numbers[sums + 2 * code] as number;
    const target = numbers[sums + 2 * code + 1] as number;
    if (weight === 0 && target === 0) continue;
    if (before < codesPerColumn && leftWeight >= minWeight) {
      const rightWeight = nodeWeight - leftWeight;
      // with missing values on the right, the right side never runs out of them
      if (rightWeight < minWeight) break;
      const gain =
        score(leftTarget, leftWeight + lambda) +
        score(nodeTarget - leftTarget, rightWeight + lambda) -
        parent;
      if (gain > best) {
        best = gain;
        numbers.set([gain, leftWeight, leftTarget, before, code], foundAt >>> 3);
      }
    }
    leftWeight += weight;
    leftTarget += target;
    before = code;
  }
  return best > least;
}

function subtract(
  numbers: Float64Array,
  { histogramsAt, takenAt, numbers: length }: { histogramsAt: number; takenAt: number; numbers: number },
): void {
  const histograms = histogramsAt >>> 3;
  const taken = takenAt >>> 3;
  for (let at = 0; at < length; at++)
    numbers[histograms + at] = (numbers[histograms + at] as number) - (numbers[taken + at] as number);
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
