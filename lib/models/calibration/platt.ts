import * as z from 'zod/mini';
import { minimise } from '../../math/lbfgs.ts';
import { sigmoid, softplus } from '../../math/logistic.ts';
import { standardise } from '../../math/standardise.ts';

/** Probability = sigmoid(slope · score + intercept). */
export const plattSchema = z.object({ slope: z.number(), intercept: z.number() });
export type Platt = z.infer<typeof plattSchema>;

/**
 * A logistic regression of the label on a score. The labels are those of Platt (1999), drawn a little together as by one more
 * row of each kind, so that perfectly separated scores still end with finite numbers.
 */
export function fitPlatt(scores: Float64Array, y: Uint8Array): Platt {
  const positives = y.reduce((sum, label) => sum + label, 0);
  const negatives = y.length - positives;
  const { values, centre, scale } = standardise(scores);
  const targets = [1 / (negatives + 2), (positives + 1) / (positives + 2)] as const;
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    const [slope = 0, intercept = 0] = point;
    let [loss, bySlope, byIntercept] = [0, 0, 0];
    for (let row = 0; row < y.length; row++) {
      const score = values[row] as number;
      const margin = slope * score + intercept;
      const target = targets[y[row] as 0 | 1];
      loss += softplus(margin) - target * margin;
      const residual = sigmoid(margin) - target;
      bySlope += residual * score;
      byIntercept += residual;
    }
    gradient[0] = bySlope / y.length;
    gradient[1] = byIntercept / y.length;
    return loss / y.length;
  };
  const start = [0, Math.log((positives + 1) / (negatives + 1))];
  const { point, converged } = minimise(objective, { start, tolerance: 1e-10 });
  const [steepness = Number.NaN, level = Number.NaN] = point;
  if (!converged)
    throw new Error(`fitPlatt did not converge on ${y.length} rows; it stood at slope ${steepness}`);
  const slope = scale === 0 ? 0 : steepness / scale;
  return { slope, intercept: level - slope * centre };
}
