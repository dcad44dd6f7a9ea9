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
    .map((start) => minimise(thinned, { start: start.map(Math.log), maxIterations, tolerance: 1e-6 }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((one, other) => one.value - other.value);
  for (const { point } of tried) {
    const minimum = minimise(objective, { start: point, maxIterations });
    if (minimum.converged) return minimum;
  }
  throw new ModelFitError(
    'notConverged',
    `${problem.name} did not converge from any of ${problem.starts.length} starts; the history is likely too short or too ` +
      'uniform for this model: use a longer history, or a simpler model',
  );
}

/** Names of the parameters that ran to an edge, where the model is a simpler one in disguise. */
export function parametersAtEdge(parameters: Record<string, number>): string[] {
  return Object.keys(parameters).filter((name) => {
    const value = parameters[name] as number;
    return value < 1e-4 || value > 1e4;
  });
}
