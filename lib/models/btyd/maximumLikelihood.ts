import { hessianAt, invertIfConvex } from '../../math/hessian.ts';
import { type Minimum, minimise, type Objective } from '../../math/lbfgs.ts';
import { ModelFitError } from './modelFitError.ts';

export interface LikelihoodProblem {
  /** Of the function that fits, for what it says when it cannot. */
  name: string;
  /** Minus the mean log-likelihood, in the logarithms of the parameters. */
  objective: Objective;
  /** The same over fewer customers, to choose among the starts cheaply. */
  thinned?: Objective;
  /** Parameters, not their logarithms. */
  starts: readonly (readonly number[])[];
  maxIterations?: number;
}

/**
 * The best of several starts, followed to its end. Likelihoods of these models are flat along ridges, so a gradient that is
 * not near 0 at the end is an error and not an estimate.
 */
export function maximiseLikelihood(problem: LikelihoodProblem): Minimum {
  const { objective, thinned = objective, maxIterations = 500 } = problem;
  const tried = problem.starts
    .map((start) =>
      minimise(withinBounds(thinned), { start: start.map(Math.log), maxIterations, tolerance: 1e-6 }),
    )
    .filter(({ value }) => Number.isFinite(value))
    .sort((one, other) => one.value - other.value);
  for (const { point } of tried) {
    const inverseHessian = invertIfConvex(hessianAt(withinBounds(thinned), point))?.to2DArray() ?? null;
    const minimum = minimise(withinBounds(objective), { start: point, maxIterations, inverseHessian });
    if (minimum.converged) return { ...minimum, point: minimum.point.map(clamped) };
  }
  throw new ModelFitError(
    'notConverged',
    `${problem.name} did not converge from any of ${problem.starts.length} starts; the history is likely too short or too ` +
      'uniform for this model: use a longer history, or a simpler model',
  );
}

const [least, most] = [1e-6, 1e4];
const clamped = (logarithm: number): number => Math.min(Math.log(most), Math.max(Math.log(least), logarithm));

/**
 * Level beyond the bounds. A parameter that wants to be infinite (customers who are all alike, orders that are all the same)
 * changes nothing there any more, while the digits of the gamma functions run out.
 */
const withinBounds =
  (objective: Objective): Objective =>
  (point, gradient) => {
    const inside = point.map(clamped);
    const value = objective(inside, gradient);
    for (let index = 0; index < point.length; index++)
      if (point[index] !== inside[index]) gradient[index] = 0;
    return value;
  };

/** Names of the parameters that ran to an edge, where the model is a simpler one in disguise. */
export function parametersAtEdge(parameters: Record<string, number>): string[] {
  return Object.keys(parameters).filter((name) => {
    const value = parameters[name] as number;
    return value < 1e-4 || value > 0.99 * most;
  });
}
