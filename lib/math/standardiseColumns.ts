import { standardise } from './standardise.ts';

/** What takes each column to mean 0 and deviation 1; a constant column has scale 1, and so becomes 0. */
export interface ColumnStandards {
  means: number[];
  scales: number[];
}

/** Of the columns of a row-major matrix. */
export function fitColumnStandards(
  X: Float64Array,
  { rows, columns }: { rows: number; columns: number },
): ColumnStandards {
  const standards: ColumnStandards = { means: [], scales: [] };
  for (let column = 0; column < columns; column++) {
    const { centre, scale } = standardise(columnOf(X, { column, rows, columns }));
    standards.means.push(centre);
    standards.scales.push(scale || 1);
  }
  return standards;
}

// no column of a million rows has a value so many deviations out, unless nearly all others agree
const farthest = 1000;

/** The standardised copy of a row-major matrix; new rows may hold anything, and are still given finite numbers. */
export function standardiseColumns(X: Float64Array, { means, scales }: ColumnStandards): Float64Array {
  const columns = means.length;
  return X.map((value, at) => {
    const column = at % columns;
    const deviations = (value - (means[column] as number)) / (scales[column] as number);
    return Math.max(-farthest, Math.min(farthest, deviations));
  });
}

/** A copy of one column of a row-major matrix. */
export function columnOf(
  X: Float64Array,
  { column, rows, columns }: { column: number; rows: number; columns: number },
): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = X[row * columns + column] as number;
  return values;
}
