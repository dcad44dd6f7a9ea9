import type { SplitLimits } from './splits.ts';
import { bytesPerColumnSums } from './treeKernel.ts';

/** What boosting is fitted from: positions in a buffer that workers share, and plain options. */
export interface BoostingTask {
  /** Fitted rows come first, rows that early stopping looks at after them. */
  rows: number;
  validationRows: number;
  columns: number;
  /** Row-major, a byte each. */
  codesAt: number;
  /** A byte a row. */
  labelsAt: number;
  /** 64-bit numbers, at most 1. */
  weightsAt: number;
  /** 64-bit numbers. */
  marginsAt: number;
  /** Pairs of 32 bits, fitted rows alone. */
  gradientsAt: number;
  /** 64-bit numbers, one per leaf: what the tree adds. */
  leafValuesAt: number;
  /** A copy of `sigmoidTable`. */
  sigmoidAt: number;
  /** 256 bytes: the codes that go left. */
  tableAt: number;
  /** Up to two nodes to find a split for, 64 bits each: slot of its histograms, or -1 for none, weight and target. */
  searchAt: number;
  /** By which the first worker tells the others what to do. */
  controlAt: number;
  /** What the kernel reads of all this, and its room for a tree that grows: leaves, those that are open, and nodes. */
  planAt: number;
  statesAt: number;
  openAt: number;
  nodesAt: number;
  /** Of all shards, their `partAt` one after the other. */
  partsAt: number;
  /** Histograms of each leaf, in pairs of 64-bit numbers, by slot. */
  histogramsAt: number;
  shards: BoostingShardLayout[];
  /** Per column, the missing value's included. */
  codes: number[];
  isOneHot: boolean[];
  monotone: number[];
  seed: number;
  nEstimators: number;
  growth: 'depth' | 'leaf';
  maxLeaves: number;
  maxDepth: number;
  maxFeatures: number;
  learningRate: number;
  lambda: number;
  minChildWeight: number;
  baseMargin: number;
  /** Trees without a smaller loss on the validation rows before it ends; 0 where there are none. */
  patience: number;
}

/** A run of rows and some columns that one worker works on, and its room. */
export interface BoostingShardLayout {
  firstRow: number;
  rows: number;
  firstValidationRow: number;
  validationRows: number;
  rowsAt: number;
  validationRowsAt: number;
  spareAt: number;
  /** What it counted last: the position of its block, and that of its sums where there are any, else 0. */
  partAt: number;
  /** Histograms of a block of rows, in pairs of 32 bits. */
  blockAt: number;
  /** Of the blocks before it, in pairs of 64-bit numbers. */
  sumsAt: number;
  /** Per leaf, 32 bits each: first row, rows, first validation row, validation rows. */
  leavesAt: number;
  /**
   * Columns of which this shard keeps the histograms, each beside the number of its codes, 32 bits each. Before them two numbers: of
   * those that it looks for thresholds on, which come first, and of all.
   */
  columnsAt: number;
  /** Of `bestThreshold`, for each of the nodes; the gain is -∞ where there is none. */
  foundAt: number;
  /** One 64-bit number: the loss of its validation rows, in whole units. */
  lossAt: number;
}

/** A gradient of 1 in whole units; second derivatives, at most 1/4, take four times as many. */
export const gradientUnits = 2 ** 17;
export const curvatureUnits = 2 ** 19;
/** A loss of 1 in whole units: sums of a hundred million rows stay exact. */
export const lossUnits = 2 ** 22;

/** Nodes that are searched at once: both sides of a split. */
export const searchedNodes = 2;

export const bytesPerLeaf = 16;
/** Of a leaf while the kernel grows a tree. */
export const bytesPerLeafState = 64;

/** Where the histograms in a slot begin. */
export const slotPosition = ({ columns, histogramsAt }: BoostingTask, slot: number): number =>
  histogramsAt + bytesPerColumnSums * columns * slot;

export const splitLimits = ({ lambda, minChildWeight }: BoostingTask): SplitLimits => ({
  lambda: lambda * curvatureUnits,
  minWeight: minChildWeight * curvatureUnits,
  // rounding alone gains so much, in units of gradient² / curvature
  minGain: (1e-9 * gradientUnits * gradientUnits) / curvatureUnits,
});
