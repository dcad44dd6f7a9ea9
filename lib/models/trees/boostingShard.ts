import { softplus } from '../../math/logistic.ts';
import { type BoostingShardLayout, type BoostingTask, bytesPerLeaf, lossUnits } from './boostingTask.ts';
import type { TreeKernel } from './treeKernel.ts';

export interface SplitOrder {
  /** The leaf that is split; its left side keeps the number. */
  leaf: number;
  newLeaf: number;
  column: number;
  /** The side whose rows are to be counted. */
  counted: (typeof countedSides)[keyof typeof countedSides];
}

export const countedSides = { none: 0, left: 1, right: 2 } as const;

export interface SearchOrder {
  /** The slot that the histograms of the rows which were just counted are for. */
  counted: number;
  /** The slot of their parent, which keeps what is left for the other child; -1 for none. */
  parent: number;
}

/**
 * The part of fitting that a worker does: for each row of a run of them, and for each of some columns. The codes that go left are in
 * the task's table.
 */
export interface BoostingShard {
  /** Takes the gradients at the present margins, and counts all rows, as leaf 0. */
  startTree(): void;
  /** Splits the rows of a leaf and counts those of one side. */
  splitLeaf(order: SplitOrder): void;
  /** Takes the histograms of the shard's columns from what all shards counted, and finds the best threshold on them for the task's nodes. */
  search(order: SearchOrder): void;
  /** Adds the values of so many leaves to the margins. */
  endTree(leaves: number): void;
}

export function boostingShard(
  buffer: ArrayBufferLike,
  kernel: TreeKernel,
  { task, index }: { task: BoostingTask; index: number },
): BoostingShard {
  const { planAt, marginsAt, weightsAt, labelsAt, gradientsAt, sigmoidAt } = task;
  const shard = task.shards[index] as BoostingShardLayout;
  const { rowsAt, validationRowsAt, firstRow, rows, firstValidationRow, validationRows } = shard;
  const words = new Uint32Array(buffer);
  const numbers = new Float64Array(buffer);
  const labels = new Uint8Array(buffer, labelsAt, task.rows + task.validationRows);
  const leafPosition = (leaf: number): number => (shard.leavesAt + bytesPerLeaf * leaf) >>> 2;

  return {
    startTree() {
      const all = { first: firstRow, count: rows };
      kernel.takeGradients({ ...all, marginsAt, weightsAt, labelsAt, gradientsAt, sigmoidAt });
      kernel.listRows({ rowsAt, ...all });
      kernel.listRows({ rowsAt: validationRowsAt, first: firstValidationRow, count: validationRows });
      words.set([0, rows, 0, validationRows], leafPosition(0));
      kernel.countRows({ planAt, shard: index, first: 0, rows });
    },
    splitLeaf: (order) => kernel.splitRows({ planAt, shard: index, ...order }),
    search: (order) => kernel.searchColumns({ planAt, shard: index, ...order }),
    endTree(leaves) {
      for (let leaf = 0; leaf < leaves; leaf++) {
        const value = numbers[(task.leafValuesAt >>> 3) + leaf] as number;
        const add = (list: number, at: number): void => {
          const [first = 0, count = 0] = words.subarray(at, at + 2);
          kernel.addToMargins({ rowsAt: list + 4 * first, count, marginsAt, value });
        };
        add(rowsAt, leafPosition(leaf));
        add(validationRowsAt, leafPosition(leaf) + 2);
      }
      if (task.patience > 0) numbers[shard.lossAt >>> 3] = validationLoss();
    },
  };

  /** In whole units. */
  function validationLoss(): number {
    let loss = 0;
    for (let row = firstValidationRow; row < firstValidationRow + validationRows; row++) {
      const margin = numbers[(marginsAt >>> 3) + row] as number;
      const weight = numbers[(weightsAt >>> 3) + row] as number;
      loss += Math.round(softplus(labels[row] === 1 ? -margin : margin) * weight * lossUnits);
    }
    return loss;
  }
}
