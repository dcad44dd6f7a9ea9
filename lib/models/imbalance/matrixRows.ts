import type { FeatureMatrix } from '../../features/matrix.ts';

/** The matrix with these rows alone, in this order; a row may come more than once. */
export function rowsOf(matrix: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  const { columns } = matrix;
  const X = new Float64Array(rows.length * columns);
  for (const [place, row] of rows.entries())
    X.set(matrix.X.subarray(row * columns, (row + 1) * columns), place * columns);
  return { ...matrix, X, rows: rows.length };
}

/** The matrix with more rows below. */
export function stack(matrix: FeatureMatrix, below: Float64Array): FeatureMatrix {
  const X = new Float64Array(matrix.X.length + below.length);
  X.set(matrix.X);
  X.set(below, matrix.X.length);
  return { ...matrix, X, rows: matrix.rows + below.length / matrix.columns };
}
