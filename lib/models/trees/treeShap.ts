import type { FeatureMatrix } from '../../features/matrix.ts';
import { gaussLegendre, type QuadratureRule } from '../../math/gaussLegendre.ts';
import { columnOf } from '../../math/standardiseColumns.ts';
import { encodeColumnInPlace } from './encodeColumn.ts';
import { leafFeature, type TreeEnsemble, treeRanges } from './ensemble.ts';
import { checkColumns } from './predict.ts';
import { type ShapTree, shapTree, uniqueFeatures } from './shapTree.ts';

export interface ShapValues {
  /** The mean margin, as the fitted rows went through the trees. */
  baseValue: number;
  /** Row-major, as the matrix: what each column's value adds to the row's margin, beside `baseValue`. */
  contributions: Float64Array;
}

/**
 * Exact path-dependent SHAP values (Lundberg et al. 2020, algorithm 2): a row's contributions and `baseValue` sum to its margin.
 *
 * A leaf's Shapley values are integrals over t of Π (z + t · (o - z)), a factor for each feature on its path, where z is the
 * share of rows that the feature's splits let through and o whether they let this row through (Owen 1972: the Shapley value
 * is the multilinear extension's gradient along the diagonal). The integrand is a polynomial, so that Gauss and Legendre's
 * rule with half as many nodes as factors is exact. One pass down and up a tree does all of its leaves, at the cost of nodes
 * times quadrature nodes, where algorithm 2 takes leaves times depth².
 */
export function treeShap(ensemble: TreeEnsemble, matrix: FeatureMatrix): ShapValues {
  return shapOfRows(ensemble, shapRows(ensemble, matrix));
}

/** What `treeShap` does for one row, in tree nodes times quadrature nodes: its time grows with it. */
export const shapSteps = (ensemble: TreeEnsemble): number =>
  ensemble.nodes.feature.length * quadratureNodes(ensemble);

const quadratureNodes = (ensemble: TreeEnsemble): number =>
  Math.max(1, Math.ceil(uniqueFeatures(ensemble) / 2));

/** Rows as SHAP values are computed from them. */
export interface ShapRows {
  /** Column-major. */
  codes: Uint16Array;
  rows: number;
  columns: number;
}

export function shapRows(ensemble: TreeEnsemble, matrix: FeatureMatrix): ShapRows {
  checkColumns(ensemble, matrix, 'treeShap');
  const { X, rows, columns } = matrix;
  const codes = new Uint16Array(rows * columns);
  for (const [column, columnCodes] of ensemble.columnCodes.entries()) {
    const into = codes.subarray(column * rows, (column + 1) * rows);
    encodeColumnInPlace(into, columnCodes, columnOf(X, { column, rows, columns }));
  }
  return { codes, rows, columns };
}

export function shapOfRows(ensemble: TreeEnsemble, given: ShapRows): ShapValues {
  const rule = gaussLegendre(quadratureNodes(ensemble));
  const contributions = new Float64Array(given.rows * given.columns);
  let baseValue = ensemble.baseMargin;
  for (const range of treeRanges(ensemble)) {
    const tree = shapTree(ensemble.nodes, range, rule);
    baseValue += tree.meanValue;
    addContributionsInPlace(contributions, tree, { ...given, rule });
  }
  return { baseValue, contributions };
}

interface Rows extends ShapRows {
  rule: QuadratureRule;
}

function addContributionsInPlace(
  contributions: Float64Array,
  tree: ShapTree,
  { codes, rows, columns, rule }: Rows,
): void {
  const { feature, right, value, tables, tableOf, depth, entersCold, exitsCold, coldRatio } = tree;
  const size = rule.nodes.length;
  const products = new Float64Array((depth + 1) * size).fill(1);
  const sums = new Float64Array((depth + 1) * size);
  /** Whether the feature's splits so far let the row through; only read below its first split. */
  const isCold = new Uint8Array(columns);
  let row = 0;

  const visit = (node: number, level: number): void => {
    const at = level * size;
    const column = feature[node] as number;
    if (column === leafFeature) {
      const leafValue = value[node] as number;
      for (let q = at; q < at + size; q++) sums[q] = (products[q] as number) * leafValue;
      return;
    }
    const wasCold = isCold[column] as number;
    const passes = tree.passes(node, codes[column * rows + row] as number);
    const leftCold = wasCold | (passes ? 0 : 1);
    const rightCold = wasCold | (passes ? 1 : 0);
    let phi = 0;
    const below = at + size;
    const first = node + 1;
    const second = right[node] as number;
    descend(first, { wasCold, cold: leftCold, at, level, column });
    for (let q = 0; q < size; q++) sums[at + q] = sums[below + q] as number;
    phi += weigh(first, leftCold, below);
    descend(second, { wasCold, cold: rightCold, at, level, column });
    for (let q = 0; q < size; q++) sums[at + q] = (sums[at + q] as number) + (sums[below + q] as number);
    phi += weigh(second, rightCold, below);
    isCold[column] = wasCold;
    // what the feature's splits above gave these leaves is replaced by what these ones give
    if (tree.isRepeated[node]) phi -= weighOuter(node, wasCold, at);
    const into = row * columns + column;
    contributions[into] = (contributions[into] as number) + phi;
  };

  const descend = (
    child: number,
    {
      wasCold,
      cold,
      at,
      level,
      column,
    }: { wasCold: number; cold: number; at: number; level: number; column: number },
  ): void => {
    isCold[column] = cold;
    const below = at + size;
    if (wasCold) {
      const ratio = coldRatio[child] as number;
      for (let q = 0; q < size; q++) products[below + q] = (products[at + q] as number) * ratio;
    } else {
      const factors = (tableOf[child] as number) + (cold ? entersCold : 0);
      for (let q = 0; q < size; q++)
        products[below + q] = (products[at + q] as number) * (tables[factors + q] as number);
    }
    visit(child, level + 1);
  };

  const weigh = (child: number, cold: number, from: number): number => {
    const factors = cold ? exitsCold : (tableOf[child] as number) + 2 * size;
    let sum = 0;
    for (let q = 0; q < size; q++) sum += (sums[from + q] as number) * (tables[factors + q] as number);
    return sum;
  };

  const weighOuter = (node: number, cold: number, from: number): number => {
    const factors = cold ? exitsCold : (tree.outerTableOf[node] as number);
    let sum = 0;
    for (let q = 0; q < size; q++) sum += (sums[from + q] as number) * (tables[factors + q] as number);
    return sum;
  };

  for (; row < rows; row++) visit(0, 0);
}
