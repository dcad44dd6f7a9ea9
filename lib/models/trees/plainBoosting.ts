import { type Plan, readPlan, readPlannedShard } from './boostingPlan.ts';
import { bytesPerLeaf, searchedNodes } from './boostingTask.ts';
import {
  bytesPerColumnSums,
  codesPerColumn,
  foundNumbers,
  rowsPerBlock,
  type SideTable,
  type TreeKernel,
} from './treeKernel.ts';

interface Views {
  bytes: Uint8Array;
  words: Uint32Array;
  integers: Int32Array;
  numbers: Float64Array;
}

/** The part of the plain kernel that boosting is fitted by. */
export function plainBoosting({
  bytes,
  words,
  integers,
  numbers,
}: Views): Pick<TreeKernel, 'countRows' | 'splitRows' | 'searchColumns' | 'growSplits'> {
  const countRows: TreeKernel['countRows'] = ({ planAt, shard, first, rows }) => {
    const { columns, codesAt, gradientsAt } = readPlan(words, numbers, planAt);
    const { rowsAt, blockAt, sumsAt, partAt } = readPlannedShard(words, planAt, shard);
    for (let from = 0; from < rows; from += rowsPerBlock) {
      const block = { blockAt, histogramsAt: sumsAt, numbers: 2 * codesPerColumn * columns };
      if (from > 0) takeBlock(integers, numbers, { ...block, isFirst: from === rowsPerBlock });
      const some = { rowsAt: rowsAt + 4 * (first + from), count: Math.min(rowsPerBlock, rows - from) };
      addRows(bytes, integers, { ...some, codesAt, columns, gradientsAt, histogramsAt: blockAt });
    }
    words.set([blockAt, rows > rowsPerBlock ? sumsAt : 0], partAt >>> 2);
  };
  return {
    countRows,
    splitRows({ planAt, shard, leaf, newLeaf, column, counted }) {
      const { columns, codesAt, tableAt } = readPlan(words, numbers, planAt);
      const { rowsAt, validationRowsAt, spareAt, leavesAt } = readPlannedShard(words, planAt, shard);
      const at = (leavesAt + bytesPerLeaf * leaf) >>> 2;
      const [first, rows, firstValidation, validation] = words.subarray(
        at,
        at + 4,
      ) as unknown as number[] as [number, number, number, number];
      const side = { codesAt: codesAt + column, columns, tableAt, spareAt };
      const split = (list: number, from: number, count: number): number =>
        partitionRows(bytes, words, { rowsAt: list + 4 * from, count, ...side });
      const left = split(rowsAt, first, rows);
      const leftValidation = split(validationRowsAt, firstValidation, validation);
      words.set([first, left, firstValidation, leftValidation], at);
      words.set(
        [first + left, rows - left, firstValidation + leftValidation, validation - leftValidation],
        (leavesAt + bytesPerLeaf * newLeaf) >>> 2,
      );
      if (counted === 1) countRows({ planAt, shard, first, rows: left });
      else if (counted === 2) countRows({ planAt, shard, first: first + left, rows: rows - left });
    },
    searchColumns({ planAt, shard, counted, parent }) {
      const plan = readPlan(words, numbers, planAt);
      const { columnsAt, foundAt } = readPlannedShard(words, planAt, shard);
      const slotAt = (slot: number): number => plan.histogramsAt + bytesPerColumnSums * plan.columns * slot;
      const [free = 0, all = 0] = words.subarray(columnsAt >>> 2);
      const columns = { columnsAt: columnsAt + 8, columns: all };
      if (counted >= 0) {
        const parts = { partsAt: plan.partsAt, parts: plan.shards };
        const into = { histogramsAt: slotAt(counted), parentAt: parent < 0 ? 0 : slotAt(parent) };
        takeHistograms({ words, integers, numbers }, { ...parts, ...columns, ...into });
      }
      for (let index = 0; index < searchedNodes; index++) {
        const [slot = -1, weight = 0, target = 0] = numbers.subarray((plan.searchAt >>> 3) + 3 * index);
        const found = foundAt + 8 * foundNumbers * index;
        numbers[found >>> 3] = Number.NEGATIVE_INFINITY;
        if (slot < 0) continue;
        const node = { histogramsAt: slotAt(slot), weight, target, foundAt: found };
        bestThreshold(words, numbers, { ...plan, ...columns, columns: free, ...node });
      }
    },
    growSplits: null,
  };
}

interface RowSpan {
  rowsAt: number;
  count: number;
  codesAt: number;
  /** From one row to the next. */
  columns: number;
}

interface BlockSpan {
  blockAt: number;
  histogramsAt: number;
  numbers: number;
}

/** Columns, ascending, each beside the number of its codes: pairs of 32 bits. */
interface ColumnSpan {
  columnsAt: number;
  columns: number;
}

interface HistogramSpan extends ColumnSpan {
  partsAt: number;
  parts: number;
  histogramsAt: number;
  parentAt: number;
}

type ThresholdSpan = ColumnSpan &
  Pick<Plan, 'lambda' | 'minWeight' | 'minGain'> & {
    histogramsAt: number;
    weight: number;
    target: number;
    foundAt: number;
  };

/** At most `rowsPerBlock` rows, lest a sum of 32 bits overflow. */
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

/** Moves the block's sums to those of 64 bits: in place of what is there where it is the first, else onto it. */
function takeBlock(
  integers: Int32Array,
  numbers: Float64Array,
  { blockAt, histogramsAt, numbers: length, isFirst }: BlockSpan & { isFirst: boolean },
): void {
  const block = blockAt >>> 2;
  const histograms = histogramsAt >>> 3;
  for (let at = 0; at < length; at++) {
    const before = isFirst ? 0 : (numbers[histograms + at] as number);
    numbers[histograms + at] = before + (integers[block + at] as number);
    integers[block + at] = 0;
  }
}

function takeHistograms(
  { words, integers, numbers }: { words: Uint32Array; integers: Int32Array; numbers: Float64Array },
  { partsAt, parts, columnsAt, columns, histogramsAt, parentAt }: HistogramSpan,
): void {
  for (let index = 0; index < columns; index++) {
    const column = words[(columnsAt >>> 2) + 2 * index] as number;
    const length = 2 * (words[(columnsAt >>> 2) + 2 * index + 1] as number);
    const offset = 2 * codesPerColumn * column;
    for (let at = offset; at < offset + length; at++) {
      let sum = 0;
      for (let part = partsAt >>> 2; part < (partsAt >>> 2) + 2 * parts; part += 2) {
        const block = ((words[part] as number) >>> 2) + at;
        const sumsAt = words[part + 1] as number;
        sum += integers[block] as number;
        integers[block] = 0;
        if (sumsAt > 0) sum += numbers[(sumsAt >>> 3) + at] as number;
      }
      numbers[(histogramsAt >>> 3) + at] = sum;
      const parent = (parentAt >>> 3) + at;
      if (parentAt > 0) numbers[parent] = (numbers[parent] as number) - sum;
    }
  }
}

function bestThreshold(words: Uint32Array, numbers: Float64Array, span: ThresholdSpan): void {
  const found = span.foundAt >>> 3;
  let best = span.minGain;
  for (let index = 0; index < span.columns; index++) {
    const column = words[(span.columnsAt >>> 2) + 2 * index] as number;
    const sums = (span.histogramsAt + bytesPerColumnSums * column) >>> 3;
    const hasMissing = numbers[sums] !== 0 || numbers[sums + 1] !== 0;
    for (const skipped of hasMissing ? [0, 1] : [0]) {
      if (!thresholdOf(numbers, { ...span, sums, skipped, minGain: best })) continue;
      best = numbers[found] as number;
      numbers.set([column, hasMissing ? 1 + skipped : 0], found + 5);
    }
  }
}

function thresholdOf(
  numbers: Float64Array,
  span: ThresholdSpan & { sums: number; skipped: number },
): boolean {
  const {
    sums,
    skipped,
    weight: nodeWeight,
    target: nodeTarget,
    lambda,
    minWeight,
    minGain: least,
    foundAt,
  } = span;
  const score = (target: number, weight: number): number => (weight > 0 ? (target * target) / weight : 0);
  const parent = score(nodeTarget, nodeWeight + lambda);
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
