import { type RandomGenerator, uniformBelow } from '../../math/random.ts';
import { type BoostingShard, histogramsOf, leafOf } from './boostingShard.ts';
import { type BoostingTask, curvatureUnits, gradientUnits } from './boostingTask.ts';
import type { TreeNodes } from './ensemble.ts';
import { fillSideTable } from './growForestTree.ts';
import { addLeafInPlace, finishTree, type GrowingTree, splitLeafInPlace, startTree } from './growingTree.ts';
import {
  boundedValue,
  type CodeSums,
  childBounds,
  improveSplitInPlace,
  type NodeSums,
  newCodeSums,
  noSplit,
  type Split,
} from './splits.ts';
import { codesPerColumn } from './treeKernel.ts';

/** All shards of a fit, however many threads they are on. A call returns when all of them are done. */
export type BoostingTeam = BoostingShard;

interface Leaf extends NodeSums {
  node: number;
  leaf: number;
  depth: number;
  split: Split;
}

export interface GrowInput {
  buffer: ArrayBufferLike;
  task: BoostingTask;
  team: BoostingTeam;
  generator: RandomGenerator;
}

/** Grows one tree on the gradients at the present margins, and adds it to them. */
export function growBoostedTree({ buffer, task, team, generator }: GrowInput): TreeNodes {
  const merged = new Float64Array(task.columns * codesPerColumn * 2);
  const sums = newCodeSums();
  const columns = drawColumns(task, generator);
  const lambda = task.lambda * curvatureUnits;
  const tree = startTree();
  const open: Leaf[] = [];
  // by leaf: the node that it is, and its value in whole units
  const leafNodes: number[] = [];

  const openLeaf = (leaf: number, given: NodeSums & { depth: number }): number => {
    const rows = task.shards.reduce((sum, shard) => sum + leafOf(buffer, { shard, leaf }).rows, 0);
    const value = boundedValue(given.target, given.weight + lambda, given);
    const node = addLeafInPlace(tree, { value, cover: rows });
    leafNodes[leaf] = node;
    if (given.depth >= task.maxDepth || rows < 2) return node;
    mergeHistograms(merged, buffer, { task, leaf });
    const split = findSplit(task, { merged, sums, columns, node: given });
    if (split.column >= 0) open.push({ ...given, leaf, node, split });
    return node;
  };

  team.startTree();
  mergeHistograms(merged, buffer, { task, leaf: 0 });
  openLeaf(0, {
    ...totals(merged),
    depth: 0,
    lowest: Number.NEGATIVE_INFINITY,
    highest: Number.POSITIVE_INFINITY,
  });
  while (leafNodes.length < task.maxLeaves && open.length > 0) {
    const next = task.growth === 'depth' ? (open.shift() as Leaf) : takeBest(open);
    const { split, leaf } = next;
    const newLeaf = leafNodes.length;
    fillSideTable(new Uint8Array(buffer, task.tableAt, codesPerColumn), split);
    team.splitLeaf({ leaf, newLeaf, column: split.column });
    const [left, right] = childrenOf(next, { task, lambda });
    const leftNode = openLeaf(leaf, left);
    const rightNode = openLeaf(newLeaf, right);
    splitLeafInPlace(tree, next.node, { split, left: leftNode, right: rightNode });
  }
  return addTree({ buffer, task, team }, tree, leafNodes);
}

function drawColumns({ columns, maxFeatures }: BoostingTask, generator: RandomGenerator): number[] {
  const order = Array.from({ length: columns }, (_, column) => column);
  if (maxFeatures >= columns) return order;
  for (let drawn = 0; drawn < maxFeatures; drawn++) {
    const other = drawn + uniformBelow(generator, columns - drawn);
    [order[drawn], order[other]] = [order[other] as number, order[drawn] as number];
  }
  return order.slice(0, maxFeatures).sort((a, b) => a - b);
}

function mergeHistograms(
  merged: Float64Array,
  buffer: ArrayBufferLike,
  { task, leaf }: { task: BoostingTask; leaf: number },
): void {
  for (const [index, shard] of task.shards.entries()) {
    const { slot } = leafOf(buffer, { shard, leaf });
    const histograms = histogramsOf(buffer, { task, shard, slot });
    if (index === 0) merged.set(histograms);
    else
      for (let at = 0; at < merged.length; at++)
        merged[at] = (merged[at] as number) + (histograms[at] as number);
  }
}

/** Any column has all rows in it. */
function totals(merged: Float64Array): { target: number; weight: number } {
  let [target, weight] = [0, 0];
  for (let at = 0; at < 2 * codesPerColumn; at += 2) {
    weight += merged[at] as number;
    target += merged[at + 1] as number;
  }
  return { target, weight };
}

function findSplit(
  task: BoostingTask,
  {
    merged,
    sums,
    columns,
    node,
  }: { merged: Float64Array; sums: CodeSums; columns: number[]; node: NodeSums },
): Split {
  const best = noSplit();
  const limits = {
    lambda: task.lambda * curvatureUnits,
    minWeight: task.minChildWeight * curvatureUnits,
    // rounding alone gains so much, in units of gradient² / curvature
    minGain: (1e-9 * gradientUnits * gradientUnits) / curvatureUnits,
  };
  for (const column of columns) {
    takeSumsInPlace(sums, merged, column);
    improveSplitInPlace(best, sums, {
      node,
      column: {
        column,
        isOneHot: task.isOneHot[column] as boolean,
        monotone: task.monotone[column] as number,
      },
      limits,
    });
  }
  return best;
}

function takeSumsInPlace(sums: CodeSums, merged: Float64Array, column: number): void {
  const first = 2 * codesPerColumn * column;
  let length = 0;
  for (let code = 0; code < codesPerColumn; code++) {
    const weight = merged[first + 2 * code] as number;
    const target = merged[first + 2 * code + 1] as number;
    if (weight === 0 && target === 0) continue;
    sums.code[length] = code;
    sums.target[length] = target;
    sums.weight[length] = weight;
    length += 1;
  }
  sums.length = length;
}

function takeBest(open: Leaf[]): Leaf {
  let best = 0;
  for (let index = 1; index < open.length; index++)
    if ((open[index] as Leaf).split.gain > (open[best] as Leaf).split.gain) best = index;
  return open.splice(best, 1)[0] as Leaf;
}

type Child = NodeSums & { depth: number };

function childrenOf(parent: Leaf, { task, lambda }: { task: BoostingTask; lambda: number }): [Child, Child] {
  const { split } = parent;
  const left = { target: split.leftTarget, weight: split.leftWeight };
  const right = { target: parent.target - left.target, weight: parent.weight - left.weight };
  const bounds = childBounds(parent, {
    left: boundedValue(left.target, left.weight + lambda, parent),
    right: boundedValue(right.target, right.weight + lambda, parent),
    monotone: task.monotone[split.column] as number,
  });
  const depth = parent.depth + 1;
  return [
    { ...left, ...bounds.left, depth },
    { ...right, ...bounds.right, depth },
  ];
}

function addTree(
  { buffer, task, team }: Omit<GrowInput, 'generator'>,
  tree: GrowingTree,
  leafNodes: number[],
): TreeNodes {
  const scale = (task.learningRate * curvatureUnits) / gradientUnits;
  const values = new Float64Array(buffer, task.leafValuesAt, task.maxLeaves);
  // as the saved tree has them, so that margins while fitting are those of the fitted model
  for (const [leaf, node] of leafNodes.entries())
    values[leaf] = Math.fround((tree.value[node] as number) * scale);
  team.endTree(leafNodes.length);
  return finishTree(tree, scale);
}
