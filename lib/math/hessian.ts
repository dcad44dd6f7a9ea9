import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';
import type { Objective } from './lbfgs.ts';

const step = 1e-4;

/** Second derivatives, by central differences of the gradient. */
export function hessianAt(objective: Objective, point: Float64Array): Matrix {
  const size = point.length;
  const slopes = (index: number, by: number): Float64Array => {
    const gradient = new Float64Array(size);
    objective(
      point.map((value, at) => (at === index ? value + by : value)),
      gradient,
    );
    return gradient;
  };
  const hessian = new Matrix(size, size);
  for (let row = 0; row < size; row++) {
    const [above, below] = [slopes(row, step), slopes(row, -step)];
    for (let column = 0; column < size; column++)
      hessian.set(row, column, ((above[column] as number) - (below[column] as number)) / (2 * step));
  }
  return Matrix.add(hessian, hessian.transpose()).mul(0.5);
}

/** Its inverse, where the objective curves upwards in every direction; else null. */
export function invertIfConvex(hessian: Matrix): Matrix | null {
  return new CholeskyDecomposition(hessian).isPositiveDefinite() ? inverse(hessian) : null;
}
