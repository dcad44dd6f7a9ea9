import type { FeatureMatrix } from '../../features/matrix.ts';
import { type BinnedFeatures, type BinOptions, binColumns } from './binFeatures.ts';
import type { BoostedTrees } from './boost.ts';
import type { TreeEnsemble } from './ensemble.ts';
import {
  type FittedBoosting,
  finishBoosting,
  fitGradientBoosting,
  type GradientBoostingOptions,
} from './fitGradientBoosting.ts';
import {
  bestLeafSize,
  type FittedForest,
  finishForest,
  fitRandomForest,
  type GrownForest,
  leafSizesToTry,
  type RandomForestOptions,
  type SizedForestOptions,
  trialLogLoss,
  trialOptions,
} from './fitRandomForest.ts';
import type { GrownTree } from './grownTree.ts';
import { addSumsInPlace } from './outOfBag.ts';
import { prepareBoosting } from './prepareBoosting.ts';
import { prepareForest } from './prepareForest.ts';
import type { ShapRows } from './shapKernel.ts';
import { meanMargin } from './shapTree.ts';
import { type ShapValues, shapRows, treeShap } from './treeShap.ts';
import type { ForestPart, WorkerJob } from './workerJobs.ts';
import { startWorkers, type Workers, workersFor } from './workers.ts';

/**
 * The same fits, to the last byte, on other threads: the calling thread stays free. `workers` is their number; without it
 * one for few rows, and one for each processor from `rowsForWorkers` on. With 0 the calling thread does it all, where
 * threads cannot be had.
 */
export interface InBackground {
  workers?: number;
}

/** As `binFeatures`, on this thread, which is free between columns: codes are cheaper to make than to hand over. */
export async function binFeaturesInBackground(
  matrix: FeatureMatrix,
  options: BinOptions = {},
): Promise<BinnedFeatures> {
  const steps = binColumns(matrix, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** As `fitRandomForest`. */
export async function fitRandomForestInBackground(
  binned: BinnedFeatures,
  y: Uint8Array,
  { workers = workersFor(binned.rows), ...options }: RandomForestOptions & InBackground,
): Promise<FittedForest> {
  if (workers === 0) return fitRandomForest(binned, y, options);
  const candidates: FittedForest['candidates'] = [];
  const grown = await withWorkers(workers, async (team) => {
    if (options.minSamplesLeaf !== undefined)
      return growForest(binned, y, { team, options: { ...options, minSamplesLeaf: options.minSamplesLeaf } });
    for (const minSamplesLeaf of leafSizesToTry) {
      const trial = trialOptions(binned, y, { options, minSamplesLeaf });
      const fitted = finishForest(binned, await growForest(binned, y, { team, options: trial }));
      candidates.push({ minSamplesLeaf, logLoss: trialLogLoss(y, trial, fitted) });
    }
    return growForest(binned, y, { team, options: { ...options, minSamplesLeaf: bestLeafSize(candidates) } });
  });
  // only now that the workers, and what they shared, are gone: until they are joined the trees are there as they grew too
  return { ...finishForest(binned, grown), candidates };
}

async function growForest(
  binned: BinnedFeatures,
  y: Uint8Array,
  { team, options }: { team: Workers; options: SizedForestOptions },
): Promise<GrownForest> {
  const { task, arena, prior, nextTreeAt } = prepareForest(binned, y, { options, workers: team.count });
  const jobs = task.scratchAt.map(
    (_, worker): WorkerJob => ({ kind: 'forest', arena, task, worker, nextTreeAt }),
  );
  let done = 0;
  const parts = (await team.run(jobs, () => options.onTree?.(++done, task.nEstimators))) as ForestPart[];
  const trees: GrownTree[] = [];
  for (const part of parts) for (const { index, tree } of part.trees) trees[index] = tree;
  const [first, ...others] = parts.map((part) => part.sums);
  for (const sums of others) if (first && sums) addSumsInPlace(first, sums);
  return { trees, sums: first ?? null, prior, minSamplesLeaf: options.minSamplesLeaf };
}

/** As `fitGradientBoosting`. */
export async function fitGradientBoostingInBackground(
  binned: BinnedFeatures,
  y: Uint8Array,
  { workers = workersFor(binned.rows), ...options }: GradientBoostingOptions & InBackground,
): Promise<FittedBoosting> {
  if (workers === 0) return fitGradientBoosting(binned, y, options);
  // they start while the rows are laid out
  return withWorkers(workers, async (team) => {
    const prepared = prepareBoosting(binned, y, { options, shards: workers });
    const { task, arena } = prepared;
    const jobs = task.shards.map((_, worker): WorkerJob => ({ kind: 'boosting', arena, task, worker }));
    let done = 0;
    const onTree = (): void => options.onTree?.(++done, task.nEstimators);
    const [boosted] = await team.run(jobs, onTree);
    return finishBoosting(binned, prepared, boosted as BoostedTrees);
  });
}

/** As `treeShap`. */
export async function treeShapInBackground(
  ensemble: TreeEnsemble,
  matrix: FeatureMatrix,
  { workers = Math.min(matrix.rows, workersFor(Number.POSITIVE_INFINITY)) }: InBackground = {},
): Promise<ShapValues> {
  if (workers === 0) return treeShap(ensemble, matrix);
  const all = shapRows(ensemble, matrix);
  const parts = Array.from({ length: workers }, (_, worker) => partOf(all, { worker, workers }));
  const jobs = parts.map((rows): WorkerJob => ({ kind: 'shap', ensemble, rows }));
  const done = (await withWorkers(workers, (team) => team.run(jobs))) as Float64Array[];
  const contributions = new Float64Array(all.rows * all.columns);
  let at = 0;
  for (const part of done) {
    contributions.set(part, at);
    at += part.length;
  }
  return { baseValue: meanMargin(ensemble), contributions };
}

function partOf(
  { codes, rows, columns }: ShapRows,
  { worker, workers }: { worker: number; workers: number },
): ShapRows {
  const from = Math.floor((rows * worker) / workers);
  const to = Math.floor((rows * (worker + 1)) / workers);
  const part = new Uint16Array((to - from) * columns);
  for (let column = 0; column < columns; column++)
    part.set(codes.subarray(column * rows + from, column * rows + to), column * (to - from));
  return { codes: part, rows: to - from, columns };
}

async function withWorkers<Result>(count: number, work: (team: Workers) => Promise<Result>): Promise<Result> {
  const team = startWorkers(count);
  try {
    return await work(team);
  } finally {
    await team.stop();
  }
}
