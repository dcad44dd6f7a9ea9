import { newDenseKernel } from './denseKernel.ts';

/** Rows of single precision, to be summed with weights again and again. */
export interface RowSummer {
  /** Row by row, to be filled before it is summed; each row is `stride` long. */
  matrix: Float32Array;
  stride: number;
  /** The sum of `weights[n]` times row `rows[n]`; the array is the same one at every call. */
  sum(rows: Uint32Array, weights: Float32Array): Float32Array;
}

/** A sum of at most `mostRows` rows, of a matrix of `size` rows of `width` numbers. */
export function newRowSummer({
  size,
  width,
  mostRows,
}: {
  size: number;
  width: number;
  mostRows: number;
}): RowSummer {
  const stride = Math.ceil(width / 4) * 4;
  const matrixAt = 0;
  const targetAt = 4 * size * stride;
  const rowsAt = targetAt + 4 * stride;
  const weightsAt = rowsAt + 4 * mostRows;
  const { kernel, buffer } = newDenseKernel(weightsAt + 4 * mostRows);
  const rowsIn = new Uint32Array(buffer, rowsAt, mostRows);
  const weightsIn = new Float32Array(buffer, weightsAt, mostRows);
  const target = new Float32Array(buffer, targetAt, width);
  return {
    matrix: new Float32Array(buffer, matrixAt, size * stride),
    stride,
    sum(rows, weights) {
      if (rows.length > mostRows)
        throw new RangeError(`newRowSummer: a sum of ${rows.length} rows; ${mostRows} are the most`);
      rowsIn.set(rows);
      weightsIn.set(weights);
      kernel.sumRows(targetAt, matrixAt, stride, rowsAt, weightsAt, rows.length);
      return target;
    },
  };
}
