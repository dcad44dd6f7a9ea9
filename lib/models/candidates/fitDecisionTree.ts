import type { FeatureMatrix } from '../../features/matrix.ts';
import { columnOf } from '../../math/standardiseColumns.ts';
import type { DecisionNode, DecisionTree } from './decisionTree.ts';

export interface DecisionTreeOptions {
  weights?: Float64Array | null;
  /** What a leaf must take off the mean log-loss of all rows to be kept. */
  complexity?: number;
  maxDepth?: number;
  /** Few enough to be read. */
  maxLeaves?: number;
  /** A leaf of fewer rows says little: by default 1 %, and 20 rows. */
  minSamplesLeaf?: number;
}

/**
 * Grown by the entropy and then pruned by cost-complexity, weakest link first (Breiman, Friedman, Olshen and Stone 1984,
 * section 3.3), until each leaf earns its `complexity` and the leaves can be read. Thresholds are the roundest numbers
 * between two values that occur.
 */
export function fitDecisionTree(
  matrix: FeatureMatrix,
  y: Uint8Array,
  options: DecisionTreeOptions = {},
): DecisionTree {
  const { weights = null, complexity = 0.001, maxDepth = 6, maxLeaves = 12 } = options;
  const { minSamplesLeaf = Math.max(20, Math.ceil(y.length / 100)) } = options;
  const rows = Uint32Array.from(y.keys());
  const columns = Array.from({ length: matrix.columns }, (_, column) =>
    columnOf(matrix.X, { column, ...matrix }),
  );
  const data: Data = { columns, bins: columns.map(binsOf), y, weights, minSamplesLeaf };
  const root = grow(data, rows, maxDepth);
  prune(root, { least: complexity * root.rows, maxLeaves });
  const share = (root.buyers + 1) / (root.rows + 2);
  const nodes: DecisionNode[] = [];
  flattenInPlace(nodes, root, { share, all: root.rows });
  return { nodes };
}

interface Data {
  columns: Float64Array[];
  bins: ColumnBins[];
  y: Uint8Array;
  weights: Float64Array | null;
  minSamplesLeaf: number;
}

/** Where a column may be split, and on which side of these places each row is. */
interface ColumnBins {
  thresholds: number[];
  /** How many thresholds are at or below the row's value. */
  bin: Uint8Array;
}

/** While it grows. `rows` and `buyers` are sums of weights. */
interface Node {
  rows: number;
  buyers: number;
  split: { column: number; threshold: number; left: Node; right: Node } | null;
}

const maxThresholds = 100;

function binsOf(values: Float64Array): ColumnBins {
  const sorted = values.slice().sort();
  const thresholds: number[] = [];
  for (let step = 1; step <= maxThresholds; step++) {
    const at = Math.floor((step * sorted.length) / (maxThresholds + 1));
    const value = sorted[at] as number;
    // the greatest value below it, were it further down than a step
    const before = sorted[firstOf(sorted, value) - 1];
    if (before === undefined) continue;
    const threshold = roundestBetween(before, value);
    if (threshold !== thresholds.at(-1)) thresholds.push(threshold);
  }
  return { thresholds, bin: Uint8Array.from(values, (value) => countUpTo(thresholds, value)) };
}

/** Where `value` first stands in ascending numbers. */
function firstOf(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countUpTo(thresholds: readonly number[], value: number): number {
  let [low, high] = [0, thresholds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((thresholds[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The number of fewest digits above `low` and up to `high`: 20 for 17.3 and 21.8. */
export function roundestBetween(low: number, high: number): number {
  const magnitude = Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high))));
  for (let exponent = magnitude; exponent > magnitude - 17; exponent--) {
    // a power of ten below 1 is no exact number, its inverse is
    const inverse = 10 ** -exponent;
    const rounded =
      exponent > 0
        ? Math.floor(high / 10 ** exponent) * 10 ** exponent
        : Math.floor(high * inverse) / inverse;
    if (rounded > low && rounded <= high) return rounded;
  }
  return high;
}

function grow(data: Data, rows: Uint32Array, depth: number): Node {
  const node: Node = { ...totalOf(data, rows), split: null };
  if (depth === 0 || node.buyers === 0 || node.buyers === node.rows) return node;
  const best = bestSplit(data, rows, node);
  if (best === null) return node;
  const { column, at } = best;
  const { bin, thresholds } = data.bins[column] as ColumnBins;
  node.split = {
    column,
    threshold: thresholds[at] as number,
    left: grow(
      data,
      rows.filter((row) => (bin[row] as number) <= at),
      depth - 1,
    ),
    right: grow(
      data,
      rows.filter((row) => (bin[row] as number) > at),
      depth - 1,
    ),
  };
  return node;
}

function totalOf({ y, weights }: Data, some: Uint32Array): { rows: number; buyers: number } {
  let [rows, buyers] = [0, 0];
  for (const row of some) {
    const weight = weights?.[row] ?? 1;
    rows += weight;
    buyers += weight * (y[row] as number);
  }
  return { rows, buyers };
}

function bestSplit(data: Data, some: Uint32Array, total: Node): { column: number; at: number } | null {
  const { bins, y, weights, minSamplesLeaf } = data;
  let best: { column: number; at: number } | null = null;
  let least = deviance(total) - 1e-9;
  for (const [column, { thresholds, bin }] of bins.entries()) {
    const counts = new Uint32Array(thresholds.length + 1);
    const rows = new Float64Array(thresholds.length + 1);
    const buyers = new Float64Array(thresholds.length + 1);
    for (const row of some) {
      const place = bin[row] as number;
      const weight = weights?.[row] ?? 1;
      counts[place] = (counts[place] as number) + 1;
      rows[place] = (rows[place] as number) + weight;
      if (y[row] === 1) buyers[place] = (buyers[place] as number) + weight;
    }
    const left = { count: 0, rows: 0, buyers: 0 };
    for (let at = 0; at < thresholds.length; at++) {
      left.count += counts[at] as number;
      left.rows += rows[at] as number;
      left.buyers += buyers[at] as number;
      if (left.count < minSamplesLeaf || counts[at] === 0) continue;
      if (some.length - left.count < minSamplesLeaf) break;
      const right = { rows: total.rows - left.rows, buyers: total.buyers - left.buyers };
      const rest = deviance(left) + deviance(right);
      if (rest < least) [best, least] = [{ column, at }, rest];
    }
  }
  return best;
}

/** Rows times entropy: the log-loss of giving all rows their share of buyers. */
function deviance({ rows, buyers }: { rows: number; buyers: number }): number {
  const others = rows - buyers;
  const term = (count: number): number => (count <= 0 ? 0 : -count * Math.log(count / rows));
  return term(buyers) + term(others);
}

/** Cuts the subtree whose leaves earn least, again and again. */
function prune(root: Node, { least, maxLeaves }: { least: number; maxLeaves: number }): void {
  for (;;) {
    const weakest = weakestLink(root);
    if (weakest === null || (weakest.gainPerLeaf >= least && leavesOf(root).length <= maxLeaves)) return;
    weakest.node.split = null;
  }
}

function weakestLink(node: Node): { node: Node; gainPerLeaf: number } | null {
  if (node.split === null) return null;
  const leaves = leavesOf(node);
  const kept = leaves.reduce((sum, leaf) => sum + deviance(leaf), 0);
  const own = { node, gainPerLeaf: (deviance(node) - kept) / (leaves.length - 1) };
  return [weakestLink(node.split.left), weakestLink(node.split.right)].reduce(
    (weakest: typeof own, other) =>
      other !== null && other.gainPerLeaf < weakest.gainPerLeaf ? other : weakest,
    own,
  );
}

function leavesOf(node: Node): Node[] {
  return node.split === null ? [node] : [...leavesOf(node.split.left), ...leavesOf(node.split.right)];
}

function flattenInPlace(
  nodes: DecisionNode[],
  { rows, buyers, split }: Node,
  totals: { share: number; all: number },
): void {
  const node: DecisionNode = {
    column: split?.column ?? -1,
    threshold: split?.threshold ?? 0,
    right: 0,
    probability: (buyers + totals.share) / (rows + 1),
    share: rows / totals.all,
  };
  nodes.push(node);
  if (split === null) return;
  flattenInPlace(nodes, split.left, totals);
  node.right = nodes.length;
  flattenInPlace(nodes, split.right, totals);
}
