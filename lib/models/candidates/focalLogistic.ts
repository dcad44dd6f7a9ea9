import type { FeatureMatrix } from '../../features/matrix.ts';
import { minimise } from '../../math/lbfgs.ts';
import { sigmoid, softplus } from '../../math/logistic.ts';
import { type LogisticRegression, scaleColumns } from '../logisticRegression.ts';

/**
 * A logistic regression by the focal loss, Σ -(1 - p_t)^γ log p_t + l2/2 · |coefficients|², p_t being the probability of what
 * happened: rows that are told apart already count for little (Lin, Goyal, Girshick, He and Dollár 2017, equation 4). What it
 * says is no probability yet; see `unfocused`.
 */
export function fitFocalLogistic(
  { X, rows, columns }: FeatureMatrix,
  y: Uint8Array,
  { gamma, l2 = 1 }: { gamma: number; l2?: number },
): LogisticRegression {
  const { Z, ...scaling } = scaleColumns({ X, rows, columns });
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const start = row * columns;
      let margin = point[columns] as number;
      for (let column = 0; column < columns; column++)
        margin += (point[column] as number) * (Z[start + column] as number);
      const sign = y[row] === 1 ? 1 : -1;
      const { value, slope } = focalLoss(sign * margin, gamma);
      loss += value;
      const residual = (sign * slope) / rows;
      for (let column = 0; column < columns; column++)
        gradient[column] = (gradient[column] as number) + residual * (Z[start + column] as number);
      gradient[columns] = (gradient[columns] as number) + residual;
    }
    for (let column = 0; column < columns; column++) {
      const coefficient = point[column] as number;
      loss += (l2 / 2) * coefficient ** 2;
      gradient[column] = (gradient[column] as number) + (l2 * coefficient) / rows;
    }
    return loss / rows;
  };
  const minimum = minimise(objective, { start: new Float64Array(columns + 1), tolerance: 1e-7 });
  if (!minimum.converged)
    throw new Error(`fitFocalLogistic did not converge on ${rows} rows in ${minimum.iterations} iterations`);
  const coefficients = [...minimum.point.subarray(0, columns)];
  const intercept = minimum.point[columns] as number;
  return { intercept, coefficients, ...scaling, iterations: minimum.iterations };
}

/** The loss of a margin towards what happened, and its slope. */
export function focalLoss(margin: number, gamma: number): { value: number; slope: number } {
  const p = sigmoid(margin);
  const rest = sigmoid(-margin);
  const negativeLog = softplus(-margin);
  const focus = rest ** gamma;
  return { value: focus * negativeLog, slope: -focus * (gamma * p * negativeLog + rest) };
}
