import { seededGenerator } from '../../math/random.ts';
import type { BoostingTask } from './boostingTask.ts';
import { type BoostingTeam, boostedTreeGrower } from './growBoostedTree.ts';
import type { GrownTree } from './grownTree.ts';
import type { TreeKernel } from './treeKernel.ts';

export interface BoostedTrees {
  trees: GrownTree[];
  /** In whole units, after each tree. */
  losses: number[];
}

/** Fits tree after tree; trees that early stopping takes back are among them. */
export function boost({
  buffer,
  kernel,
  task,
  team,
  onTree,
}: {
  buffer: ArrayBufferLike;
  kernel: TreeKernel;
  task: BoostingTask;
  team: BoostingTeam;
  onTree: ((done: number, nEstimators: number) => void) | undefined;
}): BoostedTrees {
  const grow = boostedTreeGrower({ buffer, kernel, task, team, generator: seededGenerator(task.seed) });
  const trees: GrownTree[] = [];
  const losses: number[] = [];
  while (trees.length < task.nEstimators && !hasStopped(losses, task.patience)) {
    trees.push(grow());
    if (task.patience > 0) losses.push(lossOf(buffer, task));
    onTree?.(trees.length, task.nEstimators);
  }
  return { trees, losses };
}

const lossOf = (buffer: ArrayBufferLike, { shards }: BoostingTask): number =>
  shards.reduce((sum, { lossAt }) => sum + (new Float64Array(buffer, lossAt, 1)[0] as number), 0);

/** The round with the smallest loss, the first of equals. */
export const bestRound = (losses: number[]): number =>
  losses.reduce((best, loss, round) => (loss < (losses[best] as number) ? round : best), 0);

const hasStopped = (losses: number[], patience: number): boolean =>
  patience > 0 && losses.length - 1 - bestRound(losses) >= patience;
