/**
 * The inner loops of fitting, on one buffer that workers share. Every argument that is named `…At` is a position in bytes.
 * Sums are whole numbers, so that no order of rows and no number of workers changes a bit of them.
 */
export interface TreeKernel {
  /**
   * Adds entries to the histogram of one column: 256 pairs of 32 bits, weight of label 1 and weight. An entry is two times
   * 32 bits: row, and 2 · weight + label. The column has one byte a row.
   */
  addEntries(span: EntrySpan & { histogramAt: number }): void;
  /** Brings entries whose code goes left to the front, in place, both sides in order; gives the number of them. */
  partitionEntries(span: EntrySpan & SideTable): number;
  /**
   * Adds rows to the histograms of all columns, 256 pairs of 32 bits each: second derivative, negative gradient. Codes are
   * row-major, gradients are such pairs. At most `rowsPerBlock` rows, lest a sum overflow.
   */
  addRows(span: RowSpan & { gradientsAt: number; histogramsAt: number }): void;
  /** As `partitionEntries`, for rows of 32 bits and one column of row-major codes. */
  partitionRows(span: RowSpan & SideTable & { column: number }): number;
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
  columns: number;
}

export interface SideTable {
  /** 256 bytes: 1 for each code that goes left. */
  tableAt: number;
  /** Room for all that goes right. */
  spareAt: number;
}

export const codesPerColumn = 256;
export const bytesPerHistogram = codesPerColumn * 8;
export const rowsPerBlock = 8192;
