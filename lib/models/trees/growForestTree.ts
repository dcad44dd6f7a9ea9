import { type RandomGenerator, seededGenerator, uniformBelow } from '../../math/random.ts';
import { type Arena, bufferOf, kernelOf } from './arena.ts';
import { splitRules } from './ensemble.ts';
import type { ForestScratch, ForestTask } from './forestTask.ts';
import {
  addLeafInPlace,
  finishTree,
  type GrowingTree,
  newGrowingTree,
  splitLeafInPlace,
} from './growingTree.ts';
import type { GrownTree } from './grownTree.ts';
import {
  boundedValue,
  type CodeSums,
  childBounds,
  improveSplitInPlace,
  type NodeSums,
  noSplit,
  type Split,
} from './splits.ts';
import { codesPerColumn, type TreeKernel } from './treeKernel.ts';

/** What one worker grows trees with. */
export interface ForestWorkspace {
  task: ForestTask;
  scratch: ForestScratch;
  kernel: TreeKernel;
  words: Uint32Array;
  bytes: Uint8Array;
  sums: CodeSums;
  /** The columns, in the order in which they were last drawn. */
  order: Uint32Array;
  /** How often each row was drawn for the tree. */
  drawn: Uint8Array;
  /** The room of the last tree, for the next. */
  tree: GrowingTree;
}

export function forestWorkspace(
  arena: Arena,
  { task, worker }: { task: ForestTask; worker: number },
): ForestWorkspace {
  const buffer = bufferOf(arena);
  const scratch = task.scratchAt[worker] as ForestScratch;
  return {
    task,
    scratch,
    kernel: kernelOf(arena),
    words: new Uint32Array(buffer),
    bytes: new Uint8Array(buffer),
    sums: codeSumsAt(buffer, scratch.sumsAt),
    order: Uint32Array.from({ length: task.columns }, (_, column) => column),
    drawn: new Uint8Array(task.rows),
    tree: newGrowingTree(),
  };
}

const codeSumsAt = (buffer: ArrayBufferLike, at: number): CodeSums => ({
  length: 0,
  target: new Float64Array(buffer, at, codesPerColumn),
  weight: new Float64Array(buffer, at + 8 * codesPerColumn, codesPerColumn),
  code: new Int32Array(buffer, at + 16 * codesPerColumn, codesPerColumn),
});

interface Leaf extends NodeSums {
  node: number;
  /** Position of its first entry. */
  entriesAt: number;
  count: number;
  depth: number;
  split: Split;
}

const bytesPerEntry = 8;

/** Grows one tree on rows drawn with replacement (Breiman 2001), with columns drawn at every split. */
export function growForestTree(workspace: ForestWorkspace, treeIndex: number): GrownTree {
  const { task, tree } = workspace;
  const generator = seededGenerator(task.treeSeeds[treeIndex] as number);
  workspace.order.forEach((_, column, order) => {
    order[column] = column;
  });
  tree.length = 0;
  const open: Leaf[] = [];
  const openLeaf = (leaf: Omit<Leaf, 'node' | 'split'>): void => {
    const value = boundedValue(leaf.target, leaf.weight, leaf);
    const node = addLeafInPlace(tree, { value, cover: leaf.weight });
    const split = findSplit(workspace, leaf, generator);
    if (split.column >= 0) open.push({ ...leaf, node, split });
  };
  const count = drawEntries(workspace, generator);
  openLeaf(rootLeaf(workspace, count));
  for (let leaves = 1; leaves < task.maxLeaves && open.length > 0; leaves++) {
    const leaf = task.growth === 'depth' ? (open.pop() as Leaf) : takeBest(open);
    splitLeaf(workspace, { tree, leaf, openLeaf });
  }
  return finishTree(tree, 1 / (task.nEstimators + 1));
}

/** Writes the drawn rows as entries, in the order of the rows; gives their number. */
function drawEntries({ task, scratch, words, drawn }: ForestWorkspace, generator: RandomGenerator): number {
  const { rows, massesAt } = task;
  drawn.fill(task.bootstrap ? 0 : 1);
  if (task.bootstrap) {
    for (let draw = 0; draw < rows; draw++) {
      const row = uniformBelow(generator, rows);
      drawn[row] = (drawn[row] as number) + 1;
    }
  }
  const masses = massesAt >>> 2;
  let at = scratch.entriesAt >>> 2;
  for (let row = 0; row < rows; row++) {
    const times = drawn[row] as number;
    const mass = words[masses + row] as number;
    if (times === 0 || mass < 2) continue;
    words[at] = row;
    words[at + 1] = times * (mass & ~1) + (mass & 1);
    at += 2;
  }
  return (at - (scratch.entriesAt >>> 2)) >>> 1;
}

function rootLeaf({ scratch, words }: ForestWorkspace, count: number): Omit<Leaf, 'node' | 'split'> {
  const first = scratch.entriesAt >>> 2;
  let target = 0;
  let weight = 0;
  for (let at = first + 1; at < first + 2 * count; at += 2) {
    const mass = words[at] as number;
    weight += mass >>> 1;
    target += (mass & 1) * (mass >>> 1);
  }
  const bounds = { lowest: Number.NEGATIVE_INFINITY, highest: Number.POSITIVE_INFINITY };
  return { entriesAt: scratch.entriesAt, count, depth: 0, target, weight, ...bounds };
}

/** Tries drawn columns until enough of them vary in the node, and on until one has a split. */
function findSplit(
  workspace: ForestWorkspace,
  leaf: Omit<Leaf, 'node' | 'split'>,
  generator: RandomGenerator,
): Split {
  const { task, scratch, kernel, order, sums } = workspace;
  const best = noSplit();
  const { target, weight } = leaf;
  if (leaf.depth >= task.maxDepth || weight < 2 * task.minWeight || target === 0 || target === weight)
    return best;
  const limits = { lambda: 0, minWeight: task.minWeight, minGain: 1e-12 * weight };
  let tried = 0;
  for (let drawn = 0; drawn < task.columns; drawn++) {
    const other = drawn + uniformBelow(generator, task.columns - drawn);
    const column = order[other] as number;
    order[other] = order[drawn] as number;
    order[drawn] = column;
    const columnAt = task.codesAt + column * task.rows;
    const { histogramAt, sumsAt } = scratch;
    sums.length = kernel.sumColumn({
      entriesAt: leaf.entriesAt,
      count: leaf.count,
      columnAt,
      histogramAt,
      sumsAt,
    });
    improveSplitInPlace(best, sums, {
      node: leaf,
      column: {
        column,
        isOneHot: task.isOneHot[column] as boolean,
        monotone: task.monotone[column] as number,
      },
      limits,
    });
    if (sums.length > 1) tried += 1;
    if (tried >= task.maxFeatures && best.column >= 0) break;
  }
  return best;
}

function takeBest(open: Leaf[]): Leaf {
  let best = 0;
  for (let index = 1; index < open.length; index++)
    if ((open[index] as Leaf).split.gain > (open[best] as Leaf).split.gain) best = index;
  return open.splice(best, 1)[0] as Leaf;
}

function splitLeaf(
  { task, scratch, kernel, bytes }: ForestWorkspace,
  {
    tree,
    leaf,
    openLeaf,
  }: { tree: GrowingTree; leaf: Leaf; openLeaf: (leaf: Omit<Leaf, 'node' | 'split'>) => void },
): void {
  const { split, entriesAt, count } = leaf;
  fillSideTable(bytes.subarray(scratch.tableAt, scratch.tableAt + codesPerColumn), split);
  const columnAt = task.codesAt + split.column * task.rows;
  const { tableAt, spareAt } = scratch;
  const leftCount = kernel.partitionEntries({ entriesAt, count, columnAt, tableAt, spareAt });
  const target = leaf.target - split.leftTarget;
  const weight = leaf.weight - split.leftWeight;
  const bounds = childBounds(leaf, {
    left: boundedValue(split.leftTarget, split.leftWeight, leaf),
    right: boundedValue(target, weight, leaf),
    monotone: task.monotone[split.column] as number,
  });
  const depth = leaf.depth + 1;
  const left = tree.length;
  openLeaf({
    entriesAt,
    count: leftCount,
    depth,
    target: split.leftTarget,
    weight: split.leftWeight,
    ...bounds.left,
  });
  const rightAt = entriesAt + leftCount * bytesPerEntry;
  openLeaf({ entriesAt: rightAt, count: count - leftCount, depth, target, weight, ...bounds.right });
  splitLeafInPlace(tree, leaf.node, { split, left, right: left + 1 });
}

/** 1 for each code that goes left. */
export function fillSideTable(table: Uint8Array, { code, rule }: Pick<Split, 'code' | 'rule'>): void {
  table.fill(0);
  if (rule === splitRules.equal) table[code] = 1;
  else table.fill(1, rule === splitRules.missingRight ? 1 : 0, code + 1);
}
