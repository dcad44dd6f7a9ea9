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
  /** Up to two nodes to find a split for, 64 bits each: leaf, or -1 for none, weight and target. */
  searchAt: number;
  shards: BoostingShardLayout[];
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

/** A run of rows that one worker works on, and its room. */
export interface BoostingShardLayout {
  firstRow: number;
  rows: number;
  firstValidationRow: number;
  validationRows: number;
  rowsAt: number;
  validationRowsAt: number;
  spareAt: number;
  /** Histograms of a block of rows, in pairs of 32 bits. */
  blockAt: number;
  /** Histograms of each leaf, in pairs of 64-bit numbers, by slot. */
  histogramsAt: number;
  /** Per leaf, 32 bits each: first row, rows, first validation row, validation rows, slot of its histograms. */
  leavesAt: number;
  /** Positions of a leaf's histograms, 32 bits for each shard. */
  partsAt: number;
  /** Columns that this shard looks for thresholds on, 32 bits each, and before them their number. */
  columnsAt: number;
  /** Histograms of one column and all shards, in pairs of 64-bit numbers. */
  sumsAt: number;
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
