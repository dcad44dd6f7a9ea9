import type { Trees } from './trees.ts';

/** A node as `ml-cart` leaves it after training: without both children it is a leaf, whatever else it carries. */
export interface CartNode {
  left?: CartNode;
  right?: CartNode;
  /** Index into the columns that the tree was given. */
  splitColumn?: number;
  splitValue?: number;
  /** Despite its name, the squared error that is left after the best split. */
  gain?: number;
  /** A leaf's prediction. */
  distribution?: number;
}

/** Adds a fitted tree to the parallel arrays in place; `usedColumns` takes its column numbers to the matrix's. */
export function appendTree(trees: Trees, root: CartNode, usedColumns: number[]): void {
  trees.roots.push(trees.feature.length);
  appendNode(trees, root, usedColumns);
}

function appendNode(trees: Trees, node: CartNode, usedColumns: number[]): void {
  const { left, right } = node;
  if (left === undefined || right === undefined) {
    pushNode(trees, -1, node.distribution);
    return;
  }
  const index = trees.feature.length;
  pushNode(trees, usedColumns[node.splitColumn as number], node.splitValue);
  appendNode(trees, left, usedColumns);
  trees.right[index] = trees.feature.length;
  appendNode(trees, right, usedColumns);
}

function pushNode(trees: Trees, feature: number | undefined, threshold: number | undefined): void {
  if (feature === undefined || !Number.isFinite(threshold)) {
    throw new Error(`appendTree found a node without a column or number: ${feature}, ${threshold}`);
  }
  trees.feature.push(feature);
  trees.threshold.push(threshold as number);
  trees.right.push(0);
}
