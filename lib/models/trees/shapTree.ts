import type { QuadratureRule } from '../../math/gaussLegendre.ts';
import { goesLeft, leafFeature, type TreeEnsemble, type TreeNodes, treeRanges } from './ensemble.ts';

/** A tree with all that its Shapley values need and no row changes. A feature is cold where its splits do not let the row through. */
export interface ShapTree {
  feature: Int32Array;
  right: Uint32Array;
  value: Float32Array;
  /** Whether a row with this code goes left. */
  passes(node: number, code: number): boolean;
  depth: number;
  meanValue: number;
  /** Whether a node's feature has been split on above it. */
  isRepeated: Uint8Array;
  /**
   * One array of tables with an entry per quadrature node. A child has three of them in a row: what the product above is
   * multiplied by while its feature stays hot, what by when it becomes cold, and the weights of a hot feature's contribution.
   */
  tables: Float64Array;
  tableOf: Uint32Array;
  /** From a child's first table to its second. */
  entersCold: number;
  /** The weights of a cold feature's contribution: the same for all. */
  exitsCold: number;
  /** The share of its parent's rows; what the product is multiplied by while the feature stays cold. */
  coldRatio: Float64Array;
  /** The weights of a hot feature's contribution by its splits above the node. */
  outerTableOf: Uint32Array;
}

export function shapTree(
  nodes: TreeNodes,
  { root, length }: { root: number; length: number },
  { nodes: t, weights }: QuadratureRule,
): ShapTree {
  const slice = <Part extends { subarray(from: number, to: number): Part }>(part: Part): Part =>
    part.subarray(root, root + length);
  const own: TreeNodes = {
    feature: slice(nodes.feature),
    code: slice(nodes.code),
    rule: slice(nodes.rule),
    right: slice(nodes.right),
    value: slice(nodes.value),
    cover: slice(nodes.cover),
  };
  const size = t.length;
  const tables = new Float64Array((1 + 3 * length) * size);
  const tableOf = Uint32Array.from({ length }, (_, node) => (1 + 3 * node) * size);
  const isRepeated = new Uint8Array(length);
  const outerTableOf = new Uint32Array(length);
  const coldRatio = new Float64Array(length);
  for (let q = 0; q < size; q++) tables[q] = -(weights[q] as number) / (1 - (t[q] as number));
  let meanValue = 0;
  let depth = 0;

  const fill = (
    node: number,
    level: number,
    { share, path }: { share: number; path: Map<number, Outer> },
  ): void => {
    depth = Math.max(depth, level);
    const column = own.feature[node] as number;
    if (column === leafFeature) {
      meanValue += share * (own.value[node] as number);
      return;
    }
    const outer = path.get(column);
    if (outer) {
      isRepeated[node] = 1;
      outerTableOf[node] = (tableOf[outer.child] as number) + 2 * size;
    }
    const z = outer?.share ?? 1;
    for (const child of [node + 1, own.right[node] as number]) {
      const ratio = (own.cover[child] as number) / (own.cover[node] as number);
      coldRatio[child] = ratio;
      const inner = z * ratio;
      const at = tableOf[child] as number;
      for (let q = 0; q < size; q++) {
        const tq = t[q] as number;
        const before = outer ? z + tq * (1 - z) : 1;
        const after = inner + tq * (1 - inner);
        tables[at + q] = after / before;
        tables[at + size + q] = (inner * (1 - tq)) / before;
        tables[at + 2 * size + q] = ((weights[q] as number) * (1 - inner)) / after;
      }
      fill(child, level + 1, {
        share: share * ratio,
        path: new Map(path).set(column, { child, share: inner }),
      });
    }
  };
  fill(0, 0, { share: 1, path: new Map() });
  return {
    feature: own.feature,
    right: own.right,
    value: own.value,
    passes: (node, code) => goesLeft(own, node, code),
    depth,
    meanValue,
    isRepeated,
    tables,
    tableOf,
    entersCold: size,
    exitsCold: 0,
    coldRatio,
    outerTableOf,
  };
}

/** What a feature's splits above a node let through, and the child that the last of them led to. */
interface Outer {
  child: number;
  share: number;
}

/** The largest number of different features on the way to a leaf. */
export function uniqueFeatures({ nodes, ...ensemble }: TreeEnsemble): number {
  let most = 0;
  for (const { root } of treeRanges({ nodes, ...ensemble })) {
    const walk = (node: number, seen: ReadonlySet<number>): void => {
      const column = nodes.feature[node] as number;
      most = Math.max(most, seen.size);
      if (column === leafFeature) return;
      const next = seen.has(column) ? seen : new Set(seen).add(column);
      walk(node + 1, next);
      walk(root + (nodes.right[node] as number), next);
    };
    walk(root, new Set());
  }
  return most;
}
