import { type RandomGenerator, uniformBelow } from '../../math/random.ts';
import { type BoostingShard, leafOf, splitLimits, takeParts } from './boostingShard.ts';
import {
  type BoostingShardLayout,
  type BoostingTask,
  curvatureUnits,
  gradientUnits,
  searchedNodes,
} from './boostingTask.ts';
import { splitRules } from './ensemble.ts';
import { fillSideTable } from './growForestTree.ts';
import {
  addLeafInPlace,
  finishTree,
  type GrowingTree,
  newGrowingTree,
  splitLeafInPlace,
} from './growingTree.ts';
import type { GrownTree } from './grownTree.ts';
import {
  between,
  boundedValue,
  type CodeSums,
  childBounds,
  improveSplitInPlace,
  isUnbounded,
  type NodeSums,
  newCodeSums,
  noSplit,
  type Split,
} from './splits.ts';
import { bytesPerColumnSums, codesPerColumn, foundNumbers, type TreeKernel } from './treeKernel.ts';

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
  kernel: TreeKernel;
  task: BoostingTask;
  team: BoostingTeam;
  generator: RandomGenerator;
}

/** Grows one tree on the gradients at the present margins, and adds it to them. */
export function growBoostedTree({ buffer, kernel, task, team, generator }: GrowInput): GrownTree {
  const search = splitSearch({ buffer, kernel, task, team }, drawColumns(task, generator));
  const lambda = task.lambda * curvatureUnits;
  const tree = newGrowingTree();
  const open: Leaf[] = [];
  // by leaf: the node that it is, and its value in whole units
  const leafNodes: number[] = [];

  const openLeaves = (leaves: readonly [number, Child][]): number[] => {
    const rowsOf = (leaf: number): number =>
      task.shards.reduce((sum, shard) => sum + leafOf(buffer, { shard, leaf }).rows, 0);
    const opened = leaves.map(([leaf, given]) => {
      const rows = rowsOf(leaf);
      const value = boundedValue(given.target, given.weight + lambda, given);
      const node = addLeafInPlace(tree, { value, cover: rows });
      leafNodes[leaf] = node;
      return { ...given, leaf, node, mayBeSplit: given.depth < task.maxDepth && rows >= 2 };
    });
    const splits = search.find(opened);
    for (const [index, { mayBeSplit: _, ...leaf }] of opened.entries()) {
      const split = splits[index] as Split;
      if (split.column >= 0) open.push({ ...leaf, split });
    }
    return opened.map(({ node }) => node);
  };

  team.startTree();
  const unbounded = { lowest: Number.NEGATIVE_INFINITY, highest: Number.POSITIVE_INFINITY };
  openLeaves([[0, { ...search.totals(), depth: 0, ...unbounded }]]);
  while (leafNodes.length < task.maxLeaves && open.length > 0) {
    const next = task.growth === 'depth' ? (open.shift() as Leaf) : takeBest(open);
    const { split, leaf } = next;
    const newLeaf = leafNodes.length;
    fillSideTable(new Uint8Array(buffer, task.tableAt, codesPerColumn), split);
    team.splitLeaf({ leaf, newLeaf, column: split.column });
    const [left, right] = childrenOf(next, { task, lambda });
    const [leftNode = 0, rightNode = 0] = openLeaves([
      [leaf, left],
      [newLeaf, right],
    ]);
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

interface SplitSearch {
  /** Of all rows; they are leaf 0. */
  totals(): { target: number; weight: number };
  /** The best split of each leaf, one or two of them. */
  find(leaves: readonly SearchedLeaf[]): Split[];
}

type SearchedLeaf = NodeSums & { leaf: number; mayBeSplit: boolean };

/** Columns whose order is free are searched by all shards, a part of them each, and the others here. */
function splitSearch(
  { buffer, kernel, task, team }: Omit<GrowInput, 'generator'>,
  columns: readonly number[],
): SplitSearch {
  const [own] = task.shards as [BoostingShardLayout];
  const { partsAt, sumsAt } = own;
  const merged = new Float64Array(buffer, sumsAt, 2 * codesPerColumn);
  const nodes = new Float64Array(buffer, task.searchAt, 3 * searchedNodes);
  const sums = newCodeSums();
  const limits = splitLimits(task);
  const isPlain = (column: number): boolean => !task.isOneHot[column] && task.monotone[column] === 0;
  const plain = columns.filter(isPlain);
  const others = columns.filter((column) => !isPlain(column));
  for (const [index, shard] of task.shards.entries()) {
    const some = plain.filter((_, place) => place % task.shards.length === index);
    new Uint32Array(buffer, shard.columnsAt, some.length + 1).set([some.length, ...some]);
  }
  const merge = (column: number): Float64Array => {
    const offset = bytesPerColumnSums * column;
    kernel.mergeColumn({ partsAt, parts: task.shards.length, offset, sumsAt });
    return merged;
  };

  return {
    totals() {
      takeParts(buffer, { task, shard: own, leaf: 0 });
      return totals(merge(0));
    },
    find(leaves) {
      const isSearched = (leaf: SearchedLeaf | undefined): leaf is SearchedLeaf =>
        leaf?.mayBeSplit === true && isUnbounded(leaf);
      for (let at = 0; at < searchedNodes; at++) {
        const leaf = leaves[at];
        nodes.set(isSearched(leaf) ? [leaf.leaf, leaf.weight, leaf.target] : [-1, 0, 0], 3 * at);
      }
      if (plain.length > 0 && leaves.some(isSearched)) team.search();
      return leaves.map((leaf, at) => {
        const best = noSplit();
        if (!leaf.mayBeSplit) return best;
        if (plain.length > 0 && isSearched(leaf)) takeThreshold(best, leaf, at);
        const left = isSearched(leaf) ? others : columns;
        if (left.length > 0) takeParts(buffer, { task, shard: own, leaf: leaf.leaf });
        for (const column of left) {
          takeSumsInPlace(sums, merge(column));
          const isOneHot = task.isOneHot[column] as boolean;
          const monotone = task.monotone[column] as number;
          improveSplitInPlace(best, sums, { node: leaf, column: { column, isOneHot, monotone }, limits });
        }
        return best;
      });
    },
  };

  /** The best of what the shards found: as `improveSplitInPlace` would for each of the plain columns. */
  function takeThreshold(best: Split, { weight }: NodeSums, at: number): void {
    for (const { foundAt } of task.shards) {
      const found = new Float64Array(buffer, foundAt + 8 * foundNumbers * at, foundNumbers);
      const [gain = 0, leftWeight = 0, leftTarget = 0, before = 0, behind = 0, column = 0, missing] = found;
      if (gain < best.gain || gain === Number.NEGATIVE_INFINITY) continue;
      if (gain === best.gain && column > best.column) continue;
      // without missing values to learn from, they follow the larger side
      const isRight = missing === 0 ? 2 * leftWeight < weight : missing === 2;
      const rule = isRight ? splitRules.missingRight : splitRules.missingLeft;
      Object.assign(best, { gain, leftWeight, leftTarget, column, rule, code: between(before, behind) });
    }
  }
}

/** Any column has all rows in it. */
function totals(sums: Float64Array): { target: number; weight: number } {
  let [target, weight] = [0, 0];
  for (let at = 0; at < 2 * codesPerColumn; at += 2) {
    weight += sums[at] as number;
    target += sums[at + 1] as number;
  }
  return { target, weight };
}

function takeSumsInPlace(sums: CodeSums, ofColumn: Float64Array): void {
  let length = 0;
  for (let code = 0; code < codesPerColumn; code++) {
    const weight = ofColumn[2 * code] as number;
    const target = ofColumn[2 * code + 1] as number;
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
  { buffer, task, team }: Omit<GrowInput, 'generator' | 'kernel'>,
  tree: GrowingTree,
  leafNodes: number[],
): GrownTree {
  const scale = (task.learningRate * curvatureUnits) / gradientUnits;
  const values = new Float64Array(buffer, task.leafValuesAt, task.maxLeaves);
  // as the saved tree has them, so that margins while fitting are those of the fitted model
  for (const [leaf, node] of leafNodes.entries())
    values[leaf] = Math.fround((tree.value[node] as number) * scale);
  team.endTree(leafNodes.length);
  return finishTree(tree, scale);
}
