import { type Arena, bufferOf, kernelOf } from './arena.ts';
import { type BoostedTrees, boost } from './boost.ts';
import { boostingShard } from './boostingShard.ts';
import type { BoostingTask } from './boostingTask.ts';
import { follow, leadTeam } from './boostingTeam.ts';
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
  | { kind: 'boosting'; arena: Arena; task: BoostingTask; worker: number }
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

/** The first worker grows the trees; the others do their part of each step. */
export function boostingJob(
  { arena, task, worker }: Extract<WorkerJob, { kind: 'boosting' }>,
  onTree: (done: number) => void,
): BoostedTrees | null {
  const buffer = bufferOf(arena);
  const kernel = kernelOf(arena);
  const shard = boostingShard(buffer, kernel, { task, index: worker });
  const words = new Int32Array(buffer, task.controlAt, controlBytes / 4);
  if (worker > 0) {
    follow(words, shard);
    return null;
  }
  const { team, stop } = leadTeam(words, { shard, followers: task.shards.length - 1 });
  try {
    return boost({ buffer, kernel, task, team, onTree });
  } finally {
    stop();
  }
}

export const shapJob = ({ ensemble, rows }: Extract<WorkerJob, { kind: 'shap' }>): Float64Array =>
  shapOfRows(ensemble, rows);
