import { type Arena, bufferOf, kernelOf } from './arena.ts';
import { type BoostedTrees, boost } from './boost.ts';
import { type BoostingShard, boostingShard, type SplitOrder } from './boostingShard.ts';
import type { BoostingShardLayout, BoostingTask } from './boostingTask.ts';
import type { TreeEnsemble } from './ensemble.ts';
import type { ForestTask } from './forestTask.ts';
import { forestWorkspace, growForestTree } from './growForestTree.ts';
import type { GrownTree } from './grownTree.ts';
import { addOutOfBagInPlace, newOutOfBagSums, type OutOfBagSums } from './outOfBag.ts';
import type { ShapRows } from './shapKernel.ts';
import { controlBytes } from './treeKernel.ts';
import { shapOfRows } from './treeShap.ts';

/** What a worker is asked to do. Positions are in the arena. */
export type WorkerJob =
  | { kind: 'forest'; arena: Arena; task: ForestTask; worker: number; nextTreeAt: number }
  | { kind: 'boosting'; arena: Arena; task: BoostingTask; worker: number; controlAt: number }
  | { kind: 'shap'; ensemble: TreeEnsemble; rows: ShapRows };

export interface ForestPart {
  trees: { index: number; tree: GrownTree }[];
  sums: OutOfBagSums | null;
}

/** Grows trees until none is left that no other worker has taken. */
export function forestJob(
  { arena, task, worker, nextTreeAt }: Extract<WorkerJob, { kind: 'forest' }>,
  onTree: () => void,
): ForestPart {
  const next = new Int32Array(bufferOf(arena), nextTreeAt, 1);
  const workspace = forestWorkspace(arena, { task, worker });
  const sums = task.outOfBag ? newOutOfBagSums(task.rows) : null;
  const trees: ForestPart['trees'] = [];
  for (;;) {
    const index = Atomics.add(next, 0, 1);
    if (index >= task.nEstimators) return { trees, sums };
    const tree = growForestTree(workspace, index);
    if (sums) addOutOfBagInPlace(sums, workspace, tree);
    trees.push({ index, tree });
    onTree();
  }
}

/** Words of the control block, by which the first worker tells the others what to do. */
const control = { order: 0, pending: 1, command: 2, leaf: 3, newLeaf: 4, column: 5, leaves: 6 };
const commands = { startTree: 0, splitLeaf: 1, search: 2, endTree: 3, stop: 4 };

/** The first worker grows the trees; the others do their shard's part of each step. */
export function boostingJob(
  { arena, task, worker, controlAt }: Extract<WorkerJob, { kind: 'boosting' }>,
  onTree: (done: number) => void,
): BoostedTrees | null {
  const buffer = bufferOf(arena);
  const words = new Int32Array(buffer, controlAt, controlBytes / 4);
  const layout = task.shards[worker] as BoostingShardLayout;
  const kernel = kernelOf(arena);
  const shard = boostingShard(buffer, kernel, { task, shard: layout });
  if (worker > 0) {
    follow(words, shard);
    return null;
  }
  const followers = task.shards.length - 1;
  const team = leadTeam(words, shard, followers);
  try {
    return boost({ buffer, kernel, task, team, onTree });
  } finally {
    order(words, followers, { command: commands.stop });
  }
}

function leadTeam(words: Int32Array, shard: BoostingShard, followers: number): BoostingShard {
  return {
    startTree() {
      order(words, followers, { command: commands.startTree });
      shard.startTree();
      awaitAll(words);
    },
    splitLeaf(split) {
      order(words, followers, { command: commands.splitLeaf, ...split });
      shard.splitLeaf(split);
      awaitAll(words);
    },
    search() {
      order(words, followers, { command: commands.search });
      shard.search();
      awaitAll(words);
    },
    endTree(leaves) {
      order(words, followers, { command: commands.endTree, leaves });
      shard.endTree(leaves);
      awaitAll(words);
    },
  };
}

type Order = { command: number; leaves?: number } & Partial<SplitOrder>;

function order(
  words: Int32Array,
  followers: number,
  { command, leaf = 0, newLeaf = 0, column = 0, leaves = 0 }: Order,
): void {
  words[control.command] = command;
  words[control.leaf] = leaf;
  words[control.newLeaf] = newLeaf;
  words[control.column] = column;
  words[control.leaves] = leaves;
  Atomics.store(words, control.pending, followers);
  Atomics.add(words, control.order, 1);
  Atomics.notify(words, control.order);
}

/** Looks a while before it sleeps: most steps are over sooner than a thread wakes up. */
const looks = 2000;

function awaitAll(words: Int32Array): void {
  for (let look = 0; look < looks; look++) if (Atomics.load(words, control.pending) === 0) return;
  for (;;) {
    const pending = Atomics.load(words, control.pending);
    if (pending === 0) return;
    Atomics.wait(words, control.pending, pending);
  }
}

function follow(words: Int32Array, shard: BoostingShard): void {
  for (let seen = 0; ; seen++) {
    for (let look = 0; look < looks && Atomics.load(words, control.order) === seen; look++);
    Atomics.wait(words, control.order, seen);
    const field = (name: keyof typeof control): number => words[control[name]] as number;
    switch (field('command')) {
      case commands.startTree:
        shard.startTree();
        break;
      case commands.splitLeaf:
        shard.splitLeaf({ leaf: field('leaf'), newLeaf: field('newLeaf'), column: field('column') });
        break;
      case commands.search:
        shard.search();
        break;
      case commands.endTree:
        shard.endTree(field('leaves'));
        break;
      default:
        return;
    }
    if (Atomics.sub(words, control.pending, 1) === 1) Atomics.notify(words, control.pending);
  }
}

export const shapJob = ({ ensemble, rows }: Extract<WorkerJob, { kind: 'shap' }>): Float64Array =>
  shapOfRows(ensemble, rows);
