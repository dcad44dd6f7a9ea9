import type { FeatureMatrix } from '../../features/matrix.ts';
import { sigmoid } from '../../math/logistic.ts';
import { columnOf } from '../../math/standardiseColumns.ts';
import type { KernelName } from './arena.ts';
import { encodeColumnInPlace } from './encodeColumn.ts';
import { goesLeft, type TreeEnsemble } from './ensemble.ts';
import { scorePacked } from './scorePacked.ts';

/** The probability of label 1 for each row. */
export function predictProbability(
  ensemble: TreeEnsemble,
  matrix: FeatureMatrix,
  options: { kernel?: KernelName } = {},
): Float64Array {
  const margins = predictMargin(ensemble, matrix, options);
  // leaves of a forest are rounded to 32 bits, so that a sum may be off by a rounding
  return margins.map(ensemble.link === 'logistic' ? sigmoid : (share) => Math.min(1, Math.max(0, share)));
}

/** `baseMargin` plus the leaf that each row reaches in each tree: a logit for boosting, the probability itself for a forest. */
export function predictMargin(
  ensemble: TreeEnsemble,
  matrix: FeatureMatrix,
  { kernel }: { kernel?: KernelName } = {},
): Float64Array {
  checkColumns(ensemble, matrix, 'predictMargin');
  // to pack the trees takes as long as to walk them with some rows
  return matrix.rows < rowsPerPacking ? walkTrees(ensemble, matrix) : scorePacked(ensemble, matrix, kernel);
}

const rowsPerPacking = 256;

/** Row by row, as the trees stand; gives the same bytes as the packed scorer. */
export function walkTrees(ensemble: TreeEnsemble, { rows, columns, X }: FeatureMatrix): Float64Array {
  const { nodes, roots, columnCodes, baseMargin } = ensemble;
  const codes = columnCodes.map((codes, column) => {
    const into = new Uint16Array(rows);
    encodeColumnInPlace(into, codes, columnOf(X, { column, rows, columns }));
    return into;
  });
  return Float64Array.from({ length: rows }, (_, row) => {
    let margin = baseMargin;
    for (const root of roots) {
      let node = root;
      for (let column = nodes.feature[node] as number; column >= 0; column = nodes.feature[node] as number) {
        const code = codes[column]?.[row] as number;
        node = goesLeft(nodes, node, code) ? node + 1 : root + (nodes.right[node] as number);
      }
      margin += nodes.value[node] as number;
    }
    return margin;
  });
}

/** Throws unless the matrix has the columns that the ensemble was fitted on, by name and in their order. */
export function checkColumns({ columnNames }: TreeEnsemble, matrix: FeatureMatrix, caller: string): void {
  const other = columnNames.findIndex((name, column) => name !== matrix.columnNames[column]);
  if (other >= 0)
    throw new Error(
      `${caller} needs "${columnNames[other]}" as column ${other}; the matrix has "${matrix.columnNames[other]}"`,
    );
  if (matrix.columns !== columnNames.length)
    throw new Error(`${caller} needs ${columnNames.length} columns; the matrix has ${matrix.columns}`);
}
