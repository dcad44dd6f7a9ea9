import type { FeatureMatrix } from '../../features/matrix.ts';
import { gaussLegendre } from '../../math/gaussLegendre.ts';
import { columnOf } from '../../math/standardiseColumns.ts';
import { encodeColumnInPlace } from './encodeColumn.ts';
import { numberOfCodes, type TreeEnsemble } from './ensemble.ts';
import { checkColumns } from './predict.ts';
import { newShapSums, type ShapRows } from './shapKernel.ts';
import { mostSplits, shapSubtrees } from './shapSubtrees.ts';
import { columnsOnPath, meanMargin, treesOf } from './shapTree.ts';

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
 * rule with half as many nodes as factors is exact. One pass down and up a subtree does all of its leaves, and does so once for
 * all rows that its splits and those above it send the same ways, of which there are many in a small one.
 */
export function treeShap(ensemble: TreeEnsemble, matrix: FeatureMatrix): ShapValues {
  const contributions = shapOfRows(ensemble, shapRows(ensemble, matrix));
  return { baseValue: meanMargin(ensemble), contributions };
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

/** The contributions of `ShapValues`. */
export function shapOfRows(ensemble: TreeEnsemble, given: ShapRows): Float64Array {
  const codesOf = ensemble.columnCodes.map(numberOfCodes);
  const onPath = columnsOnPath(ensemble);
  const sums = newShapSums(given, {
    rule: gaussLegendre(quadratureNodes(onPath)),
    mostColumns: Math.min(given.columns, onPath + mostSplits),
    codesOf,
  });
  for (const tree of treesOf(ensemble)) for (const subtree of shapSubtrees(tree, codesOf)) sums.add(subtree);
  return sums.contributions();
}

/** What `treeShap` does for a row, in tree nodes times quadrature nodes: its time grows with it, and less than with the rows. */
export const shapSteps = (ensemble: TreeEnsemble): number =>
  ensemble.nodes.feature.length * quadratureNodes(columnsOnPath(ensemble));

const quadratureNodes = (columns: number): number => Math.max(1, Math.ceil(columns / 2));
