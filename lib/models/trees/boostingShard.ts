import { softplus } from '../../math/logistic.ts';
import {
  type BoostingShardLayout,
  type BoostingTask,
  curvatureUnits,
  gradientUnits,
  lossUnits,
  searchedNodes,
} from './boostingTask.ts';
import type { SplitLimits } from './splits.ts';
import { codesPerColumn, foundNumbers, rowsPerBlock, type TreeKernel } from './treeKernel.ts';

export interface SplitOrder {
  /** The leaf that is split; its left side keeps the number. */
  leaf: number;
  newLeaf: number;
  column: number;
}

/** The part of fitting that is done for each row, on one run of rows. The codes that go left are in the task's table. */
export interface BoostingShard {
  /** Takes the gradients at the present margins and the histograms of all rows, as leaf 0. */
  startTree(): void;
  /** Splits the rows of a leaf and takes the histograms of both sides: the smaller is counted, the other is what is left. */
  splitLeaf(order: SplitOrder): void;
  /** Finds the best threshold on the shard's columns, of all shards' rows, for each of the task's nodes. */
  search(): void;
  /** Adds the values of so many leaves to the margins. */
  endTree(leaves: number): void;
}

const wordsPerLeaf = 5;

export function boostingShard(
  buffer: ArrayBufferLike,
  kernel: TreeKernel,
  { task, shard }: { task: BoostingTask; shard: BoostingShardLayout },
): BoostingShard {
  const { columns, codesAt, gradientsAt, tableAt } = task;
  const { spareAt, blockAt } = shard;
  const words = new Uint32Array(buffer);
  const leaves = new Uint32Array(buffer, shard.leavesAt, wordsPerLeaf * task.maxLeaves);
  const labels = new Uint8Array(buffer, task.labelsAt, task.rows + task.validationRows);
  const weights = new Float64Array(buffer, task.weightsAt, task.rows + task.validationRows);
  const margins = new Float64Array(buffer, task.marginsAt, task.rows + task.validationRows);
  const leafValues = new Float64Array(buffer, task.leafValuesAt, task.maxLeaves);
  const loss = new Float64Array(buffer, shard.lossAt, 1);

  const nodes = new Float64Array(buffer, task.searchAt, 3 * searchedNodes);
  const found = new Float64Array(buffer, shard.foundAt, foundNumbers * searchedNodes);
  const limits = splitLimits(task);

  const numbers = columns * codesPerColumn * 2;
  const slotAt = (slot: number): number => slotPosition(task, shard, slot);
  const countRows = (rowsAt: number, rows: number, slot: number): void => {
    if (rows === 0) histogramsOf(buffer, { task, shard, slot }).fill(0);
    for (let from = 0; from < rows; from += rowsPerBlock) {
      const at = rowsAt + 4 * from;
      const count = Math.min(rowsPerBlock, rows - from);
      kernel.addRows({ rowsAt: at, count, codesAt, columns, gradientsAt, histogramsAt: blockAt });
      const block = { blockAt, histogramsAt: slotAt(slot), numbers };
      if (from === 0) kernel.setBlock(block);
      else kernel.addBlock(block);
    }
  };
  const setLeaf = (leaf: number, values: readonly number[]): void => leaves.set(values, wordsPerLeaf * leaf);
  const leafAt = (leaf: number, field: number): number => leaves[wordsPerLeaf * leaf + field] as number;

  return {
    startTree() {
      const { firstRow: first, rows: count } = shard;
      const { marginsAt, weightsAt, labelsAt, sigmoidAt } = task;
      kernel.takeGradients({ first, count, marginsAt, weightsAt, labelsAt, gradientsAt, sigmoidAt });
      kernel.listRows({ rowsAt: shard.rowsAt, first, count });
      const { validationRowsAt, firstValidationRow, validationRows } = shard;
      kernel.listRows({ rowsAt: validationRowsAt, first: firstValidationRow, count: validationRows });
      setLeaf(0, [0, shard.rows, 0, shard.validationRows, 0]);
      countRows(shard.rowsAt, shard.rows, 0);
    },
    splitLeaf({ leaf, newLeaf, column }) {
      const part = (at: number, rows: number): number =>
        kernel.partitionRows({
          rowsAt: at,
          count: rows,
          codesAt: codesAt + column,
          columns,
          tableAt,
          spareAt,
        });
      const [first, rows, firstValidation, validation, slot] = [0, 1, 2, 3, 4].map((field) =>
        leafAt(leaf, field),
      ) as [number, number, number, number, number];
      const left = part(shard.rowsAt + 4 * first, rows);
      const leftValidation = part(shard.validationRowsAt + 4 * firstValidation, validation);
      const leftIsSmaller = 2 * left <= rows;
      if (leftIsSmaller) countRows(shard.rowsAt + 4 * first, left, newLeaf);
      else countRows(shard.rowsAt + 4 * (first + left), rows - left, newLeaf);
      kernel.subtract({ histogramsAt: slotAt(slot), takenAt: slotAt(newLeaf), numbers });
      setLeaf(leaf, [first, left, firstValidation, leftValidation, leftIsSmaller ? newLeaf : slot]);
      setLeaf(newLeaf, [
        first + left,
        rows - left,
        firstValidation + leftValidation,
        validation - leftValidation,
        leftIsSmaller ? slot : newLeaf,
      ]);
    },
    search() {
      for (let at = 0; at < searchedNodes; at++) {
        const [leaf, weight, target] = nodes.subarray(3 * at, 3 * at + 3) as unknown as [
          number,
          number,
          number,
        ];
        found[foundNumbers * at] = Number.NEGATIVE_INFINITY;
        if (leaf < 0) continue;
        takeParts(buffer, { task, shard, leaf });
        kernel.bestThreshold({
          ...{ partsAt: shard.partsAt, parts: task.shards.length, sumsAt: shard.sumsAt },
          ...{ columnsAt: shard.columnsAt + 4, columns: words[shard.columnsAt >>> 2] as number },
          ...{ weight, target, lambda: limits.lambda, minWeight: limits.minWeight, least: limits.minGain },
          foundAt: shard.foundAt + 8 * foundNumbers * at,
        });
      }
    },
    endTree(count) {
      for (let leaf = 0; leaf < count; leaf++) {
        const value = leafValues[leaf] as number;
        addToMargins(shard.rowsAt, { first: leafAt(leaf, 0), rows: leafAt(leaf, 1), value });
        addToMargins(shard.validationRowsAt, { first: leafAt(leaf, 2), rows: leafAt(leaf, 3), value });
      }
      loss[0] = 0;
      for (let index = 0; index < shard.validationRows; index++) {
        const row = shard.firstValidationRow + index;
        const margin = margins[row] as number;
        const rowLoss = softplus(labels[row] === 1 ? -margin : margin) * (weights[row] as number);
        loss[0] += Math.round(rowLoss * lossUnits);
      }
    },
  };

  function addToMargins(
    at: number,
    { first, rows, value }: { first: number; rows: number; value: number },
  ): void {
    const from = (at >>> 2) + first;
    for (let index = from; index < from + rows; index++) {
      const row = words[index] as number;
      margins[row] = (margins[row] as number) + value;
    }
  }
}

/** The histograms in a slot of the shard: per column 256 pairs, second derivative and negative gradient. */
export function histogramsOf(
  buffer: ArrayBufferLike,
  { task, shard, slot }: { task: BoostingTask; shard: BoostingShardLayout; slot: number },
): Float64Array {
  const numbers = task.columns * codesPerColumn * 2;
  return new Float64Array(buffer, slotPosition(task, shard, slot), numbers);
}

/** Where the histograms in a slot begin. */
export const slotPosition = (
  { columns }: BoostingTask,
  { histogramsAt }: BoostingShardLayout,
  slot: number,
): number => histogramsAt + 2 * 8 * codesPerColumn * columns * slot;

/** Lists where each shard's histograms of a leaf are. */
export function takeParts(
  buffer: ArrayBufferLike,
  { task, shard, leaf }: { task: BoostingTask; shard: BoostingShardLayout; leaf: number },
): void {
  const parts = new Uint32Array(buffer, shard.partsAt, task.shards.length);
  for (const [index, other] of task.shards.entries())
    parts[index] = slotPosition(task, other, leafOf(buffer, { shard: other, leaf }).slot);
}

export const splitLimits = ({ lambda, minChildWeight }: BoostingTask): SplitLimits => ({
  lambda: lambda * curvatureUnits,
  minWeight: minChildWeight * curvatureUnits,
  // rounding alone gains so much, in units of gradient² / curvature
  minGain: (1e-9 * gradientUnits * gradientUnits) / curvatureUnits,
});

/** Rows that the shard has in a leaf, and the slot of its histograms. */
export function leafOf(
  buffer: ArrayBufferLike,
  { shard, leaf }: { shard: BoostingShardLayout; leaf: number },
): { rows: number; slot: number } {
  const [, rows = 0, , , slot = 0] = new Uint32Array(
    buffer,
    shard.leavesAt + 4 * wordsPerLeaf * leaf,
    wordsPerLeaf,
  );
  return { rows, slot };
}
