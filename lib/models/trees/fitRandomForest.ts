import { seededGenerator } from '../../math/random.ts';
import { stratifiedHoldOut } from '../holdOut.ts';
import { logLoss } from '../metrics.ts';
import type { BinnedFeatures } from './binFeatures.ts';
import type { TreeEnsemble } from './ensemble.ts';
import { forestWorkspace, growForestTree } from './growForestTree.ts';
import { type GrownTree, joinGrownTrees } from './grownTree.ts';
import {
  addOutOfBagInPlace,
  newOutOfBagSums,
  type OutOfBag,
  type OutOfBagSums,
  outOfBagProbability,
} from './outOfBag.ts';
import { prepareForest } from './prepareForest.ts';
import { rowsOf, type TreeOptions } from './treeOptions.ts';

export interface RandomForestOptions extends TreeOptions {
  /** Columns that vary among a node's rows, drawn anew at each split; the square root of all by default. */
  maxFeatures?: number;
  /** The least weight of a leaf, that is rows where there are no sample weights; chosen out of bag by default. */
  minSamplesLeaf?: number;
  /** False: every tree is grown on all rows. */
  bootstrap?: boolean;
  /** Whether to predict each fitted row from the trees that it was not drawn for. */
  outOfBag?: boolean;
}

export interface FittedForest {
  ensemble: TreeEnsemble;
  outOfBag: OutOfBag | null;
  minSamplesLeaf: number;
  /** What it was chosen from, with the out-of-bag log-loss of each; empty where it was given. */
  candidates: { minSamplesLeaf: number; logLoss: number }[];
}

/**
 * A random forest (Breiman 2001) whose leaves hold probabilities. The forest's probability is the mean of its trees and, as
 * one tree more, of the share of label 1: a leaf of few rows is all buyers or none, and a probability of exactly 0 or 1
 * would claim a certainty that a few rows do not give.
 */
export function fitRandomForest(
  binned: BinnedFeatures,
  y: Uint8Array,
  options: RandomForestOptions,
): FittedForest {
  if (options.minSamplesLeaf !== undefined)
    return fitOfLeafSize(binned, y, { ...options, minSamplesLeaf: options.minSamplesLeaf });
  const candidates = leafSizesToTry.map((minSamplesLeaf) => {
    const trial = trialOptions(binned, y, { options, minSamplesLeaf });
    return { minSamplesLeaf, logLoss: trialLogLoss(y, trial, fitOfLeafSize(binned, y, trial)) };
  });
  return {
    ...fitOfLeafSize(binned, y, { ...options, minSamplesLeaf: bestLeafSize(candidates) }),
    candidates,
  };
}

/** Options whose leaf size is known. */
export type SizedForestOptions = RandomForestOptions & { minSamplesLeaf: number };

function fitOfLeafSize(binned: BinnedFeatures, y: Uint8Array, options: SizedForestOptions): FittedForest {
  const { task, arena, prior } = prepareForest(binned, y, { options, workers: 1 });
  const workspace = forestWorkspace(arena, { task, worker: 0 });
  const sums = task.outOfBag ? newOutOfBagSums(task.rows) : null;
  const trees = task.treeSeeds.map((_, index) => {
    const tree = growForestTree(workspace, index);
    if (sums) addOutOfBagInPlace(sums, workspace, tree);
    options.onTree?.(index + 1, task.nEstimators);
    return tree;
  });
  return finishForest(binned, { trees, sums, prior, minSamplesLeaf: options.minSamplesLeaf });
}

export const leafSizesToTry = [2, 5, 10, 20, 50];
const trialRows = 50_000;
const trialTrees = 50;

/** A smaller forest, on a stratified draw of the rows where they are many, to compare leaf sizes out of bag. */
export function trialOptions(
  binned: BinnedFeatures,
  y: Uint8Array,
  { options, minSamplesLeaf }: { options: RandomForestOptions; minSamplesLeaf: number },
): SizedForestOptions {
  const { seed, nEstimators = 100, onTree: _, ...others } = options;
  const trial = {
    ...others,
    seed,
    minSamplesLeaf,
    bootstrap: true,
    outOfBag: true,
    nEstimators: Math.min(trialTrees, nEstimators),
  };
  const all = rowsOf(binned, options.rows);
  if (all.length <= trialRows) return trial;
  const labels = Uint8Array.from(all, (row) => y[row] as number);
  const share = trialRows / all.length;
  const { heldOut } = stratifiedHoldOut(labels, { share, generator: seededGenerator(seed) });
  const rows = Uint32Array.from(heldOut, (index) => all[index] as number);
  if (options.sampleWeight === undefined) return { ...trial, rows };
  return {
    ...trial,
    rows,
    sampleWeight: Float64Array.from(heldOut, (index) => options.sampleWeight?.[index] ?? 1),
  };
}

export function trialLogLoss(
  y: Uint8Array,
  { rows }: RandomForestOptions,
  { outOfBag }: FittedForest,
): number {
  const labels = rows === undefined ? y : Uint8Array.from(rows, (row) => y[row] as number);
  return outOfBag === null ? Number.NaN : logLoss(labels, outOfBag.probability);
}

export const bestLeafSize = (candidates: FittedForest['candidates']): number =>
  candidates.reduce((best, next) => (next.logLoss < best.logLoss ? next : best)).minSamplesLeaf;

export interface GrownForest {
  /** In the order of their seeds. */
  trees: GrownTree[];
  sums: OutOfBagSums | null;
  /** The share of label 1, by weight. */
  prior: number;
  minSamplesLeaf: number;
}

/** Puts the trees together. */
export function finishForest(
  { columnNames, columnCodes }: BinnedFeatures,
  { trees, sums, prior, minSamplesLeaf }: GrownForest,
): FittedForest {
  const nEstimators = trees.length;
  const ensemble: TreeEnsemble = {
    engine: 'randomForest',
    link: 'identity',
    baseMargin: prior / (nEstimators + 1),
    columnNames: [...columnNames],
    columnCodes,
    ...joinGrownTrees(trees),
  };
  return {
    ensemble,
    outOfBag: sums && outOfBagProbability(sums, { nEstimators, prior }),
    minSamplesLeaf,
    candidates: [],
  };
}
