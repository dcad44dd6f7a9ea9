import { type RandomGenerator, uniformBelow } from '../../math/random.ts';
import { type BoostingShard, countedSides } from './boostingShard.ts';
import {
  type BoostingTask,
  bytesPerLeaf,
  bytesPerLeafState,
  curvatureUnits,
  gradientUnits,
  splitLimits,
} from './boostingTask.ts';
import { leafFeature, splitRules } from './ensemble.ts';
import { fillSideTable } from './growForestTree.ts';
import {
  addLeafInPlace,
  finishTree,
  type GrowingTree,
  newGrowingTree,
  splitLeafInPlace,
} from './growingTree.ts';
import type { GrownTree } from './grownTree.ts';
import { type Child, type SplitSearch, splitSearch } from './splitSearch.ts';
import { boundedValue, childBounds, type Split } from './splits.ts';
import { bytesPerGrownNode, codesPerColumn, type TreeKernel } from './treeKernel.ts';

/** All shards of a fit, however many threads they are on. A call returns when all of them are done. */
export type BoostingTeam = BoostingShard;

interface Leaf extends Child {
  node: number;
  leaf: number;
  split: Split;
}

export interface GrowInput {
  buffer: ArrayBufferLike;
  kernel: TreeKernel;
  task: BoostingTask;
  team: BoostingTeam;
  generator: RandomGenerator;
}

/** A tree whose leaves have values in whole units, and the node that each leaf is. */
interface SplitTree {
  tree: GrowingTree;
  leafNodes: number[];
}

/** Gives what grows one tree on the gradients at the present margins, and adds it to them. */
export function boostedTreeGrower({ generator, ...input }: GrowInput): () => GrownTree {
  const { kernel, task, team } = input;
  const ofAll = task.maxFeatures < task.columns ? null : splitSearch(input, drawColumns(task, generator));
  return () => {
    const search = ofAll ?? splitSearch(input, drawColumns(task, generator));
    team.startTree();
    const totals = search.totals();
    if (kernel.growSplits === null || !search.isFree)
      return addTree(input, growSplits(input, search, totals));
    return addTree(input, readTree(input, kernel.growSplits({ planAt: task.planAt, ...totals })));
  };
}

function readTree({ buffer, task }: Omit<GrowInput, 'generator'>, length: number): SplitTree {
  const words = new Int32Array(buffer);
  const numbers = new Float64Array(buffer);
  const tree = newGrowingTree(length);
  for (let node = 0; node < length; node++) {
    const at = task.nodesAt + bytesPerGrownNode * node;
    const first = (at >>> 2) + 2;
    tree.value[node] = numbers[at >>> 3] as number;
    tree.feature[node] = words[first] as number;
    tree.cover[node] = words[first + 5] as number;
    if (tree.feature[node] === leafFeature) continue;
    tree.code[node] = words[first + 1] as number;
    tree.rule[node] = words[first + 2] === 1 ? splitRules.missingRight : splitRules.missingLeft;
    tree.left[node] = words[first + 3] as number;
    tree.right[node] = words[first + 4] as number;
  }
  const nodeOf = (leaf: number): number =>
    words[(task.statesAt + bytesPerLeafState * leaf + 40) >>> 2] as number;
  return {
    tree: { ...tree, length },
    leafNodes: Array.from({ length: (length + 1) / 2 }, (_, leaf) => nodeOf(leaf)),
  };
}

/** What the kernel does where all columns are free, for any: and what it is held to. */
function growSplits(
  { buffer, task, team }: Omit<GrowInput, 'generator'>,
  search: SplitSearch,
  totals: { weight: number; target: number },
): SplitTree {
  const words = new Uint32Array(buffer);
  const sideTable = new Uint8Array(buffer, task.tableAt, codesPerColumn);
  const lambda = task.lambda * curvatureUnits;
  const { minWeight } = splitLimits(task);
  const rowsOf = (leaf: number): number =>
    task.shards.reduce(
      (sum, { leavesAt }) => sum + (words[((leavesAt + bytesPerLeaf * leaf) >>> 2) + 1] as number),
      0,
    );
  const mayBeSplit = ({ depth, weight }: Child): boolean => depth < task.maxDepth && weight >= 2 * minWeight;
  const searched = (leaf: number, child: Child): Child | null =>
    mayBeSplit(child) && rowsOf(leaf) > 1 ? child : null;
  const tree = newGrowingTree();
  const open: Leaf[] = [];
  // by leaf: the node that it is
  const leafNodes: number[] = [];
  const addLeaf = (leaf: number, child: Child): number => {
    const value = boundedValue(child.target, child.weight + lambda, child);
    const node = addLeafInPlace(tree, { value, cover: rowsOf(leaf) });
    leafNodes[leaf] = node;
    return node;
  };
  const openLeaf = (leaf: number, child: Child, split: Split | undefined): void => {
    if (split !== undefined && split.column >= 0)
      open.push({ ...child, leaf, node: leafNodes[leaf] as number, split });
  };

  const root = { ...totals, ...unbounded, depth: 0, slot: 0 };
  addLeaf(0, root);
  openLeaf(0, root, search.find([searched(0, root)], { counted: -1, parent: -1 })[0]);
  while (leafNodes.length < task.maxLeaves && open.length > 0) {
    const parent = task.growth === 'depth' ? (open.shift() as Leaf) : takeBest(open);
    const { split, leaf } = parent;
    const newLeaf = leafNodes.length;
    const [left, right] = childrenOf(parent, { task, lambda, newSlot: newLeaf });
    const isSearched = newLeaf + 1 < task.maxLeaves && (mayBeSplit(left) || mayBeSplit(right));
    const side = left.slot === newLeaf ? countedSides.left : countedSides.right;
    fillSideTable(sideTable, split);
    const counted = isSearched ? side : countedSides.none;
    team.splitLeaf({ leaf, newLeaf, column: split.column, counted });
    splitLeafInPlace(tree, parent.node, { split, left: addLeaf(leaf, left), right: addLeaf(newLeaf, right) });
    if (!isSearched) continue;
    const order = { counted: newLeaf, parent: parent.slot };
    const [ofLeft, ofRight] = search.find([searched(leaf, left), searched(newLeaf, right)], order);
    openLeaf(leaf, left, ofLeft);
    openLeaf(newLeaf, right, ofRight);
  }
  return { tree, leafNodes };
}

const unbounded = { lowest: Number.NEGATIVE_INFINITY, highest: Number.POSITIVE_INFINITY };
function drawColumns({ columns, maxFeatures }: BoostingTask, generator: RandomGenerator): number[] {
  const order = Array.from({ length: columns }, (_, column) => column);
  if (maxFeatures >= columns) return order;
  for (let drawn = 0; drawn < maxFeatures; drawn++) {
    const other = drawn + uniformBelow(generator, columns - drawn);
    [order[drawn], order[other]] = [order[other] as number, order[drawn] as number];
  }
  return order.slice(0, maxFeatures).sort((a, b) => a - b);
}

function takeBest(open: Leaf[]): Leaf {
  let best = 0;
  for (let index = 1; index < open.length; index++)
    if ((open[index] as Leaf).split.gain > (open[best] as Leaf).split.gain) best = index;
  return open.splice(best, 1)[0] as Leaf;
}

/** The side that weighs less is counted, into a slot of its own; the other is what the parent's slot is left with. */
function childrenOf(
  parent: Leaf,
  { task, lambda, newSlot }: { task: BoostingTask; lambda: number; newSlot: number },
): [Child, Child] {
  const { split } = parent;
  const left = { target: split.leftTarget, weight: split.leftWeight };
  const right = { target: parent.target - left.target, weight: parent.weight - left.weight };
  const bounds = childBounds(parent, {
    left: boundedValue(left.target, left.weight + lambda, parent),
    right: boundedValue(right.target, right.weight + lambda, parent),
    monotone: task.monotone[split.column] as number,
  });
  const depth = parent.depth + 1;
  const leftIsLess = left.weight <= right.weight;
  return [
    { ...left, ...bounds.left, depth, slot: leftIsLess ? newSlot : parent.slot },
    { ...right, ...bounds.right, depth, slot: leftIsLess ? parent.slot : newSlot },
  ];
}

function addTree(
  { buffer, task, team }: Omit<GrowInput, 'generator'>,
  { tree, leafNodes }: SplitTree,
): GrownTree {
  const scale = (task.learningRate * curvatureUnits) / gradientUnits;
  const values = new Float64Array(buffer, task.leafValuesAt, task.maxLeaves);
  // as the saved tree has them, so that margins while fitting are those of the fitted model
  for (const [leaf, node] of leafNodes.entries())
    values[leaf] = Math.fround((tree.value[node] as number) * scale);
  team.endTree(leafNodes.length);
  return finishTree(tree, scale);
}
