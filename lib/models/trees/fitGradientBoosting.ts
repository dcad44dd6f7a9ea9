import { bufferOf, kernelOf } from './arena.ts';
import type { BinnedFeatures } from './binFeatures.ts';
import { type BoostedTrees, bestRound, boost } from './boost.ts';
import { boostingShard } from './boostingShard.ts';
import { lossUnits } from './boostingTask.ts';
import type { TreeEnsemble } from './ensemble.ts';
import { joinGrownTrees } from './grownTree.ts';
import { type PreparedBoosting, prepareBoosting } from './prepareBoosting.ts';
import type { TreeOptions } from './treeOptions.ts';

export interface GradientBoostingOptions extends TreeOptions {
  /** What each tree adds is shrunk to this share. */
  learningRate?: number;
  /** L2 penalty on leaf values. */
  lambda?: number;
  /** The least sum of second derivatives of a leaf; a row has p · (1 - p) of them, times its sample weight. */
  minChildWeight?: number;
  /** Columns drawn for each tree; all of them by default. */
  maxFeatures?: number;
  /**
   * Ends once so many trees (`patience`, 20 by default) have not made the log-loss on rows that are not fitted on smaller,
   * and takes those trees back. `rows`: those rows of the binned features, weighing 1 each. `share`: a stratified share of
   * the fitted rows, 0.15 by default, with their weights. False: all `nEstimators` trees are fitted on all rows.
   */
  earlyStopping?: false | { share: number; patience?: number } | { rows: Uint32Array; patience?: number };
}

export interface FittedBoosting {
  ensemble: TreeEnsemble;
  /** On the rows that early stopping looks at: the log-loss after each tree that was fitted, those taken back included. */
  validationLogLoss: number[];
}

/**
 * Gradient boosting of the logistic loss by second-order steps (Friedman 2001; Chen & Guestrin 2016). Up to 300 trees of 31
 * leaves, each added at a tenth.
 */
export function fitGradientBoosting(
  binned: BinnedFeatures,
  y: Uint8Array,
  options: GradientBoostingOptions,
): FittedBoosting {
  const prepared = prepareBoosting(binned, y, { options, shards: 1 });
  const { task, arena } = prepared;
  const buffer = bufferOf(arena);
  const kernel = kernelOf(arena);
  const team = boostingShard(buffer, kernel, { task, index: 0 });
  return finishBoosting(binned, prepared, boost({ buffer, kernel, task, team, onTree: options.onTree }));
}

export function finishBoosting(
  { columnNames, columnCodes }: BinnedFeatures,
  { task, validationWeight }: Pick<PreparedBoosting, 'task' | 'validationWeight'>,
  { trees, losses }: BoostedTrees,
): FittedBoosting {
  const kept = task.patience > 0 ? trees.slice(0, bestRound(losses) + 1) : trees;
  return {
    ensemble: {
      engine: 'gradientBoosting',
      link: 'logistic',
      baseMargin: task.baseMargin,
      columnNames: [...columnNames],
      columnCodes,
      ...joinGrownTrees(kept),
    },
    validationLogLoss: losses.map((loss) => loss / lossUnits / validationWeight),
  };
}
