import { type ColumnCodes, splitRules } from './ensemble.ts';
import {
  addLeafInPlace,
  finishTree,
  type GrowingTree,
  newGrowingTree,
  splitLeafInPlace,
} from './growingTree.ts';
import type { GrownTree } from './grownTree.ts';

/** A node as `ml-cart` leaves it after training: without both children it is a leaf, whatever else it carries. */
export interface CartNode {
  left?: CartNode;
  right?: CartNode;
  /** Index into the columns that the tree was given. */
  splitColumn?: number;
  /** Values below it go left. */
  splitValue?: number;
  /** Despite its name, the squared error that is left after the best split. */
  gain?: number;
  /** A leaf's prediction. */
  distribution?: number;
}

/** A tree of `ml-cart` with what it was fitted on. */
export interface CartTree {
  root: CartNode;
  /** Takes the tree's column numbers to the matrix's. */
  usedColumns: number[];
  /** The rows that it was fitted on. */
  draw: Uint32Array;
}

interface Cells {
  /** Row-major. */
  X: Float64Array;
  columns: number;
  /** Per column, what stood in for missing values. */
  standIns: Float64Array;
}

/** Codes that tell values apart as the trees' splits do. */
export function codesOfThresholds(trees: readonly CartTree[], columns: number): ColumnCodes[] {
  const thresholds = Array.from({ length: columns }, () => new Set<number>());
  const collect = (node: CartNode, usedColumns: number[]): void => {
    if (node.left === undefined || node.right === undefined) return;
    const { column, threshold } = splitOf(node, usedColumns);
    thresholds[column]?.add(threshold);
    collect(node.left, usedColumns);
    collect(node.right, usedColumns);
  };
  for (const { root, usedColumns } of trees) collect(root, usedColumns);
  return thresholds.map((found) => ({ kind: 'ordered', edges: Float64Array.from(found).sort() }));
}

/** The tree as ours are, its leaves' values times `scale`; a missing value goes where its stand-in goes. */
export function flattenCartTree(
  { root, usedColumns, draw }: CartTree,
  { cells, codes, scale }: { cells: Cells; codes: ColumnCodes[]; scale: number },
): GrownTree {
  const tree = newGrowingTree();
  const flatten = (node: CartNode, rows: Uint32Array): number => {
    const value = node.distribution ?? 0;
    const at = addLeafInPlace(tree, { value, cover: rows.length });
    if (node.left === undefined || node.right === undefined) {
      if (!Number.isFinite(node.distribution))
        throw new Error(`flattenCartTree found a leaf whose prediction is ${node.distribution}`);
      return at;
    }
    splitInPlace(tree, at, {
      ...splitOf(node, usedColumns),
      cells,
      codes,
      left: (below) => flatten(node.left as CartNode, rows.filter(below)),
      right: (below) =>
        flatten(
          node.right as CartNode,
          rows.filter((row) => !below(row)),
        ),
    });
    return at;
  };
  flatten(root, draw);
  return finishTree(tree, scale);
}

function splitOf(node: CartNode, usedColumns: number[]): { column: number; threshold: number } {
  const column = usedColumns[node.splitColumn as number];
  const threshold = node.splitValue as number;
  if (column === undefined || !Number.isFinite(threshold))
    throw new Error(`a tree of ml-cart has a split without a column or number: ${column}, ${threshold}`);
  return { column, threshold };
}

function splitInPlace(
  tree: GrowingTree,
  at: number,
  {
    column,
    threshold,
    cells: { X, columns, standIns },
    codes,
    left,
    right,
  }: {
    column: number;
    threshold: number;
    cells: Cells;
    codes: ColumnCodes[];
    left: (below: (row: number) => boolean) => number;
    right: (below: (row: number) => boolean) => number;
  },
): void {
  const below = (row: number): boolean => (X[row * columns + column] as number) < threshold;
  const { edges } = codes[column] as Extract<ColumnCodes, { kind: 'ordered' }>;
  const split = {
    column,
    // code 1 is below the first edge
    code: edges.indexOf(threshold) + 1,
    rule: (standIns[column] as number) < threshold ? splitRules.missingLeft : splitRules.missingRight,
    gain: 0,
    leftTarget: 0,
    leftWeight: 0,
  };
  const children = { left: left(below), right: right(below) };
  splitLeafInPlace(tree, at, { split, ...children });
}
