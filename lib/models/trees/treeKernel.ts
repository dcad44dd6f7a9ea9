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
  /**
   * Adds rows to the histograms of all columns, 256 pairs of 32 bits each: second derivative, negative gradient. Codes are
   * row-major, gradients are such pairs. At most `rowsPerBlock` rows, lest a sum overflow.
   */
  addRows(span: RowSpan & { gradientsAt: number; histogramsAt: number }): void;
  /** Writes so many rows, one after the other, in 32 bits each. */
  listRows(span: { rowsAt: number; first: number; count: number }): void;
  /** As `partitionEntries`, for rows of 32 bits and row-major codes, the first of them those of the column. */
  partitionRows(span: RowSpan & SideTable): number;
  /** Adds so many 32-bit numbers, a multiple of 4, to 64-bit ones, and leaves 0 behind. */
  addBlock(span: BlockSpan): void;
  /** The same in place of the 64-bit ones. */
  setBlock(span: BlockSpan): void;
  /** Takes so many 64-bit numbers from others, in place. */
  subtract(span: { histogramsAt: number; takenAt: number; numbers: number }): void;
  /**
   * Sums a column's histograms of all parts, 256 pairs of 64-bit numbers that stand `offset` behind where each part's begin; those
   * positions are a list of 32-bit numbers.
   */
  mergeColumn(span: { partsAt: number; parts: number; offset: number; sumsAt: number }): void;
  /**
   * Whether a threshold on one of the columns gains more than `least`, both sides having `minWeight`; of equals the first. Then it
   * writes, in 64 bits: gain, weight and target of the left side, the codes before and behind the threshold, the column, and where
   * its missing values are: 0, it has none; 1, at the left; 2, at the right.
   */
  bestThreshold(span: ThresholdSpan): boolean;
  /** Writes the code of each 64-bit value, a byte each: 0 for NaN, else 1 plus the number of edges at or below it. */
  encodeOrdered(span: { valuesAt: number; count: number; edgesAt: number; codesAt: number }): void;
  /**
   * Writes second derivatives and negative gradients of the logistic loss, in the units of boostingTask.ts, off by half a
   * unit at most: `sigmoidAt` is a copy of `sigmoidTable`.
   */
  takeGradients(span: GradientSpan): void;
  /**
   * Adds the leaf that each row reaches in a tree, 32 bits, to its sum, 64 bits. A node has 7 bits of column, 8 of code and
   * 17 of left child, in 32; the right child is the next one. A leaf has code 255, and itself as child. Codes are
   * column-major, a byte each, `stride` from column to column. Rows are a multiple of 8.
   */
  scoreNarrow(span: ScoreSpan): void;
  /** The same for trees of any size: 16 bits of column, 16 of code and 32 of child, and codes of 16 bits. */
  scoreWide(span: ScoreSpan): void;
}

export interface BlockSpan {
  blockAt: number;
  histogramsAt: number;
  numbers: number;
}

export interface ThresholdSpan {
  partsAt: number;
  parts: number;
  /** Columns in 32 bits, ascending. */
  columnsAt: number;
  columns: number;
  weight: number;
  target: number;
  lambda: number;
  minWeight: number;
  least: number;
  /** Room for the sums of a column. */
  sumsAt: number;
  foundAt: number;
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

export interface RowSpan {
  rowsAt: number;
  count: number;
  codesAt: number;
  /** From one row to the next. */
  columns: number;
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
/** Edges of `encodeOrdered`, padded with NaN. */
export const paddedEdges = 256;
/** Eight words by which the workers of a fit keep step. */
export const controlBytes = 32;
/** Of `mergeColumn`: 256 pairs of 64-bit numbers. */
export const bytesPerColumnSums = codesPerColumn * 16;
/** Of `bestThreshold`. */
export const foundNumbers = 7;
