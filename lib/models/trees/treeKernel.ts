/**
 * The inner loops of fitting, on one buffer that workers share. Every argument that is named `…At` is a position in bytes.
 * Sums are whole numbers, so that no order of rows and no number of workers changes a bit of them.
 */
export interface TreeKernel {
  /**
   * Sums entries by the code of one column, and gives the number of codes that occur. An entry is two times 32 bits: row,
   * and 2 · weight + label. The column has one byte a row. The histogram, two times 256 pairs of 32 bits, is empty before
   * and after. The sums are 256 weights of label 1, 256 weights, both in 64 bits, and 256 codes in 32 bits.
   */
  sumColumn(span: EntrySpan & { histogramAt: number; sumsAt: number }): number;
  /** Brings entries whose code goes left to the front, in place, both sides in order; gives the number of them. */
  partitionEntries(span: EntrySpan & SideTable): number;
  /** Counts so many rows of a shard's list, by a plan of boostingPlan.ts: what is in the shard's part then is its share. */
  countRows(span: PlanSpan & { first: number; rows: number }): void;
  /**
   * Splits a leaf's rows of a shard by the plan's table of codes that go left: the left side keeps the number. Then it counts those of
   * the left side (1), the right side (2), or none (0).
   */
  splitRows(span: PlanSpan & { leaf: number; newLeaf: number; column: number; counted: number }): void;
  /**
   * For the shard's columns: brings what all parts counted together, in a slot, and takes it from those of the parent's slot, which is
   * left with the other child. -1: nothing was counted, or there is no parent. Then it finds the best threshold for the plan's nodes.
   *
   * Of each node it writes, in 64 bits, of equal gains that of the first column: gain, -∞ where there is no threshold that gains enough with enough weight at
   * both sides; weight and target of the left side; the codes before and behind the threshold; the column; and where its missing
   * values are: 0, it has none; 1, at the left; 2, at the right.
   */
  searchColumns(span: PlanSpan & { counted: number; parent: number }): void;
  /**
   * Splits leaf after leaf of a tree whose root, of such weight and target, is in slot 0, where the order of all columns is free. Gives
   * the number of nodes, `bytesPerGrownNode` each: in 64 bits the value; in 32 the column or -1, the code, 1 where missing values go
   * right, both children and the rows. Null where `growBoostedTree` does it.
   */
  growSplits: ((span: { planAt: number; weight: number; target: number }) => number) | null;
  /** Writes so many rows, one after the other, in 32 bits each. */
  listRows(span: { rowsAt: number; first: number; count: number }): void;
  /** Sorts so many 64-bit numbers in place, none of them NaN. There is room for as many more, and for `countsToSort` of 32 bits. */
  sortNumbers(span: { numbersAt: number; count: number; spareAt: number; countsAt: number }): void;
  /** Writes the code of each 64-bit value, a byte each: 0 for NaN, else 1 plus the number of edges at or below it. */
  encodeOrdered(span: { valuesAt: number; count: number; edgesAt: number; codesAt: number }): void;
  /**
   * Writes second derivatives and negative gradients of the logistic loss, in the units of boostingTask.ts, off by half a
   * unit at most: `sigmoidAt` is a copy of `sigmoidTable`.
   */
  takeGradients(span: GradientSpan): void;
  /** Adds a value to the margins, 64 bits each, of so many rows, 32 bits each. */
  addToMargins(span: { rowsAt: number; count: number; marginsAt: number; value: number }): void;
  /**
   * Adds the leaf that each row reaches in a tree, 32 bits, to its sum, 64 bits. A node has 7 bits of column, 8 of code and
   * 17 of left child, in 32; the right child is the next one. A leaf has code 255, and itself as child. Codes are
   * column-major, a byte each, `stride` from column to column. Rows are a multiple of 8.
   */
  scoreNarrow(span: ScoreSpan): void;
  /** The same for trees of any size: 16 bits of column, 16 of code and 32 of child, and codes of 16 bits. */
  scoreWide(span: ScoreSpan): void;
}

export interface PlanSpan {
  planAt: number;
  shard: number;
}

export interface GradientSpan {
  first: number;
  count: number;
  /** Margins and weights in 64 bits, labels in a byte, gradients as pairs of 32 bits: all of row 0 on. */
  marginsAt: number;
  weightsAt: number;
  labelsAt: number;
  gradientsAt: number;
  sigmoidAt: number;
}

export interface ScoreSpan {
  nodesAt: number;
  valuesAt: number;
  codesAt: number;
  stride: number;
  rows: number;
  sumsAt: number;
}

export interface EntrySpan {
  entriesAt: number;
  count: number;
  columnAt: number;
}

export interface SideTable {
  /** 256 bytes: 1 for each code that goes left. */
  tableAt: number;
  /** Room for all that goes right, and one more. */
  spareAt: number;
}

export const codesPerColumn = 256;
/** 256 pairs of 32 bits. */
export const bytesPerHistogram = codesPerColumn * 8;
/** Of `sumColumn`. */
export const bytesPerSums = codesPerColumn * 20;
export const rowsPerBlock = 8192;
/** Of `sortNumbers`. */
export const countsToSort = 2048;
/** Edges of `encodeOrdered`, padded with NaN. */
export const paddedEdges = 256;
/** Words by which the workers of a fit keep step. */
export const controlBytes = 256;
/** 256 pairs of 64-bit numbers. */
export const bytesPerColumnSums = codesPerColumn * 16;
/** Of `searchColumns`, for each node. */
export const foundNumbers = 7;
/** Of `growSplits`. */
export const bytesPerGrownNode = 40;
