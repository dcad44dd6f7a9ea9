/** What a forest is grown from: positions in a buffer that workers share, and plain options. */
export interface ForestTask {
  rows: number;
  columns: number;
  /** Column-major, a byte each. */
  codesAt: number;
  /** 32 bits a row: 2 · weight + label. */
  massesAt: number;
  /** Where each worker has room of its own. */
  scratchAt: ForestScratch[];
  isOneHot: boolean[];
  monotone: number[];
  nEstimators: number;
  treeSeeds: number[];
  bootstrap: boolean;
  outOfBag: boolean;
  growth: 'depth' | 'leaf';
  maxLeaves: number;
  maxDepth: number;
  maxFeatures: number;
  /** In units of the masses. */
  minWeight: number;
}

export interface ForestScratch {
  entriesAt: number;
  spareAt: number;
  histogramAt: number;
  sumsAt: number;
  tableAt: number;
}
