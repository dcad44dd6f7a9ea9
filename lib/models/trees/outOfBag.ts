import { goesLeft } from './ensemble.ts';
import type { ForestWorkspace } from './growForestTree.ts';
import { type GrownTree, joinGrownTrees } from './grownTree.ts';

/** Sums over the trees that a row was not drawn for. In whole numbers, so that workers' sums add up in any order. */
export interface OutOfBagSums {
  /** Of leaf values, in 2^-40. */
  values: Float64Array;
  trees: Uint16Array;
}

export const newOutOfBagSums = (rows: number): OutOfBagSums => ({
  values: new Float64Array(rows),
  trees: new Uint16Array(rows),
});

const unit = 2 ** 40;

/** Adds the tree that the workspace has just grown. */
export function addOutOfBagInPlace(
  sums: OutOfBagSums,
  { task, bytes, drawn }: ForestWorkspace,
  grown: GrownTree,
): void {
  const { rows, codesAt } = task;
  const { nodes: tree } = joinGrownTrees([grown]);
  for (let row = 0; row < rows; row++) {
    if (drawn[row] !== 0) continue;
    let node = 0;
    for (let column = tree.feature[0] as number; column >= 0; column = tree.feature[node] as number) {
      const code = bytes[codesAt + column * rows + row] as number;
      node = goesLeft(tree, node, code) ? node + 1 : (tree.right[node] as number);
    }
    sums.values[row] = (sums.values[row] as number) + Math.round((tree.value[node] as number) * unit);
    sums.trees[row] = (sums.trees[row] as number) + 1;
  }
}

export function addSumsInPlace(sums: OutOfBagSums, more: OutOfBagSums): void {
  for (let row = 0; row < sums.trees.length; row++) {
    sums.values[row] = (sums.values[row] as number) + (more.values[row] as number);
    sums.trees[row] = (sums.trees[row] as number) + (more.trees[row] as number);
  }
}

export interface OutOfBag {
  /** Per fitted row: the mean of the trees that it was not drawn for and, as one tree more, of the prior. */
  probability: Float64Array;
  /** Per fitted row: the number of those trees. */
  trees: Uint16Array;
}

export function outOfBagProbability(
  { values, trees }: OutOfBagSums,
  { nEstimators, prior }: { nEstimators: number; prior: number },
): OutOfBag {
  const probability = values.map((sum, row) => {
    const mean = (sum / unit) * (nEstimators + 1) + prior;
    return mean / ((trees[row] as number) + 1);
  });
  return { probability, trees };
}
