import { newDenseKernel } from './denseKernel.ts';

/** The kernel works on blocks of so many rows and columns. */
const block = 32;

/**
 * The negative inverse of a symmetric positive definite matrix of `size` rows, by Cholesky's factors (Golub and Van Loan 2013, section
 * 4.2): `fill` writes the lower triangle into zeros, and what is returned has the lower triangle of the result. Both lie row by row, each
 * row `stride` long. Some size³ multiplications. Throws where the matrix is not positive definite.
 */
export function negatedInverse(
  size: number,
  fill: (matrix: Float64Array, stride: number) => void,
): { matrix: Float64Array; stride: number } {
  const stride = Math.max(block, Math.ceil(size / block) * block);
  const bytes = 8 * stride * stride;
  const { kernel, buffer } = newDenseKernel(2 * bytes);
  const matrix = new Float64Array(buffer, 0, stride * stride);
  fill(matrix, stride);
  for (let row = size; row < stride; row++) matrix[row * stride + row] = 1;
  if (kernel.invertNegated(0, bytes, stride) !== 0)
    throw new RangeError(`negatedInverse: the matrix of ${size} rows is not positive definite`);
  return { matrix, stride };
}
