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

/** Of so many customers the spread of the parameters is known well enough; that of more is as much smaller as its root. */
const customersDrawn = 100_000;

/** Of more than 100,000 customers an even part is drawn again, and the draws are brought as near to the estimate as all would be. */
export function bootstrapGammaGamma(
  { p, q, v }: GammaGammaModel,
  columns: OrderValueColumns,
  options: BootstrapOptions,
): ParameterDraws {
  const estimate = Float64Array.of(Math.log(p), Math.log(q), Math.log(v));
  const { part, share } = evenPart(columns, customersDrawn);
  const { counts, likelihoodOf } = gammaGammaLikelihoods(part);
  const drawn = bootstrapParameters(likelihoodOf, { counts, estimate, ...options });
  if (share === 1) return drawn;
  const centre = estimate.map((_, at) => meanOf(drawn.draws.map((draw) => draw[at] as number)));
  return {
    draws: drawn.draws.map((draw) =>
      draw.map((value, at) => (estimate[at] as number) + Math.sqrt(share) * (value - (centre[at] as number))),
    ),
    covariance: drawn.covariance.map((row) => row.map((spread) => share * spread)),
  };
}

function evenPart(
  { orders, meanValue, weights }: OrderValueColumns,
  most: number,
): { part: OrderValueColumns; share: number } {
  const used = Uint32Array.from(orders.keys()).filter((row) => (orders[row] as number) > 0);
  if (used.length <= most) return { part: { orders, meanValue, ...(weights && { weights }) }, share: 1 };
  const rows = Uint32Array.from(
    { length: most },
    (_, at) => used[Math.floor((at * used.length) / most)] as number,
  );
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => values[row] as number);
  const part = {
    orders: pick(orders),
    meanValue: pick(meanValue),
    ...(weights && { weights: pick(weights) }),
  };
  return { part, share: most / used.length };
}

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
