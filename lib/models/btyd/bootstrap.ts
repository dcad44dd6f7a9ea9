import { inverse, Matrix } from 'ml-matrix';
import { drawPoisson } from '../../math/draws.ts';
import { hessianAt } from '../../math/hessian.ts';
import { minimise, type Objective } from '../../math/lbfgs.ts';
import type { RandomGenerator } from '../../math/random.ts';
import { gammaGammaLikelihoods, type OrderValueColumns } from './fitGammaGamma.ts';
import type { GammaGammaModel } from './gammaGammaModel.ts';
import { likelihoodsOf, logParametersOf } from './likelihoods.ts';
import type { BuyingModel } from './models.ts';
import type { GroupedHistories } from './purchaseHistory.ts';

export interface BootstrapOptions {
  generator: RandomGenerator;
  replicates?: number;
}

/** What the parameters would have been with other customers from the same crowd; all customers share the draws. */
export interface ParameterDraws {
  /** Logarithms of the parameters, one row per replicate. */
  draws: Float64Array[];
  /** Of the logarithms, row by row. */
  covariance: number[][];
}

/** Customers are drawn again (each Poisson(1) times, as is the same for many customers) and the model fitted again. */
export const bootstrapBuyingModel = (
  model: BuyingModel,
  groups: GroupedHistories,
  options: BootstrapOptions,
): ParameterDraws =>
  bootstrapParameters(likelihoodsOf(model.kind, groups), {
    counts: groups.counts,
    estimate: logParametersOf(model),
    ...options,
  });

export const bootstrapGammaGamma = (
  { p, q, v }: GammaGammaModel,
  columns: OrderValueColumns,
  options: BootstrapOptions,
): ParameterDraws => {
  const { counts, likelihoodOf } = gammaGammaLikelihoods(columns);
  return bootstrapParameters(likelihoodOf, {
    counts,
    estimate: Float64Array.of(Math.log(p), Math.log(q), Math.log(v)),
    ...options,
  });
};

/** From one step away; where the likelihood is a ridge, a draw is as good anywhere along it. */
const mostRefitting = 15;

/** In logarithms of parameters. */
const longestStep = 2;

/** Above so many distinct rows one step from the estimate is as good as a new fit: the likelihood is a parabola there. */
const oneStepFrom = 2000;

/** The same of any likelihood of rows under other counts, about an estimate that maximises it under their own. */
export function bootstrapParameters(
  likelihoodOf: (counts: Float64Array) => Objective,
  {
    counts,
    estimate,
    generator,
    replicates = 200,
  }: { counts: Float64Array; estimate: Float64Array } & BootstrapOptions,
): ParameterDraws {
  // directions that the data say nothing about get no step
  const inverseHessian = inverse(hessianAt(likelihoodOf(counts), estimate), true);
  const draws = Array.from({ length: replicates }, () => {
    const drawn = counts.map((count) => drawPoisson(generator, count));
    const objective = likelihoodOf(drawn);
    const gradient = new Float64Array(estimate.length);
    objective(estimate, gradient);
    const step = inverseHessian.mmul(Matrix.columnVector(gradient)).to1DArray();
    // where the parabola is a poor one a step may leave it; shortened as a whole, since parameters move together along a ridge
    const longest = step.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const share = longestStep / Math.max(longest, longestStep);
    const stepped = estimate.map((value, index) => value - share * (step[index] as number));
    if (counts.length >= oneStepFrom) return stepped;
    const refitted = minimise(objective, { start: stepped, tolerance: 1e-4, maxIterations: mostRefitting });
    return Number.isFinite(refitted.value) ? refitted.point : stepped;
  });
  return { draws, covariance: covarianceOf(draws) };
}

function covarianceOf(draws: readonly Float64Array[]): number[][] {
  const size = draws[0]?.length ?? 0;
  const means = Array.from({ length: size }, (_, index) =>
    meanOf(draws.map((draw) => draw[index] as number)),
  );
  const spread = (row: number, column: number): number =>
    meanOf(
      draws.map(
        (draw) =>
          ((draw[row] as number) - (means[row] as number)) *
          ((draw[column] as number) - (means[column] as number)),
      ),
    );
  return means.map((_, row) => means.map((__, column) => spread(row, column)));
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
