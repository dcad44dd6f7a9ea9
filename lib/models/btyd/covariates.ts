import { minimise, type Objective } from '../../math/lbfgs.ts';
import {
  type Category,
  type Covariate,
  categoriesOf,
  type Stratum,
  strataLikelihood,
  stratify,
} from './covariateStrata.ts';
import { type BetaGeometricModel, fitMbgNbd } from './fitBetaGeometric.ts';
import { logParametersOf } from './likelihoods.ts';
import { ModelFitError } from './modelFitError.ts';
import { groupHistories, type HistoryColumns } from './purchaseHistory.ts';

/** How a category differs from the commonest one: factors on a parameter, 1 for no difference. */
export interface CovariateEffect extends Category {
  /** On the rate of purchases: α is divided by it. */
  purchaseRate: number;
  /** On a and on b: more of a is leaving earlier, more of both is differing less. */
  a: number;
  b: number;
}

export interface MbgNbdWithCovariates {
  /** Of customers in the commonest category of every covariate. */
  base: Pick<BetaGeometricModel, 'kind' | 'r' | 'alpha' | 'a' | 'b'>;
  effects: CovariateEffect[];
  logLikelihood: number;
  /** Of the model that knows none of it. */
  plainLogLikelihood: number;
  /** By Akaike's criterion: whether what is known of customers is worth its parameters. */
  worthIt: boolean;
}

export interface CovariateOptions {
  /** A category of fewer customers is taken for the commonest one. */
  minCustomers?: number;
  /** So many of a covariate beside the commonest one; all others are taken for that. */
  mostCategories?: number;
  /** Deviation of the normal distribution that logarithms of effects are drawn towards 1 with. */
  spread?: number;
}

/** A fit with what it was made of, for whoever predicts for its customers or draws them again. */
export interface CovariateFit {
  model: MbgNbdWithCovariates;
  strata: Stratum[];
  /** log r, log α, log a, log b of the commonest, then three effects for each category. */
  estimate: Float64Array;
  counts: Float64Array;
  likelihoodOf: (counts: Float64Array) => Objective;
  iterations: number;
}

/**
 * MBG/NBD with covariates as Fader and Hardie (2007) put them into BG/NBD: α e^(-γ1'z), a e^(γ2'z), b e^(γ3'z). Customers
 * with the same categories share their parameters, so their likelihood is that of the plain model, histories grouped.
 */
export const fitMbgNbdWithCovariates = (
  histories: HistoryColumns,
  covariates: readonly Covariate[],
  options: CovariateOptions = {},
): MbgNbdWithCovariates => fitByStrata(histories, covariates, options).model;

export function fitByStrata(
  histories: HistoryColumns,
  covariates: readonly Covariate[],
  { minCustomers = 50, mostCategories = 8, spread = 1 }: CovariateOptions = {},
): CovariateFit {
  const plain = fitMbgNbd(groupHistories(histories));
  const categories = covariates.flatMap((one) => categoriesOf(one, { minCustomers, mostCategories }));
  const strata = stratify(histories, { covariates, categories });
  const { counts, likelihoodOf } = strataLikelihood(strata, { effects: categories.length, spread });
  const start = [...logParametersOf(plain), ...new Array<number>(3 * categories.length).fill(0)];
  const { point, value, converged, iterations } = minimise(likelihoodOf(counts), {
    start,
    maxIterations: 500,
  });
  if (!converged)
    throw new ModelFitError(
      'notConverged',
      'fitMbgNbdWithCovariates did not converge; leave out covariates, or categories of few customers',
    );
  const at = (index: number): number => Math.exp(point[index] as number);
  const penalty = point.slice(4).reduce((sum, effect) => sum + effect * effect, 0) / (2 * spread * spread);
  const logLikelihood = penalty - value * plain.customers;
  const model: MbgNbdWithCovariates = {
    base: { kind: 'mbgNbd', r: at(0), alpha: at(1), a: at(2), b: at(3) },
    effects: categories.map((category, index) => ({
      ...category,
      purchaseRate: at(4 + 3 * index),
      a: at(5 + 3 * index),
      b: at(6 + 3 * index),
    })),
    logLikelihood,
    plainLogLikelihood: plain.logLikelihood,
    worthIt: logLikelihood - plain.logLikelihood > 3 * categories.length,
  };
  return { model, strata, estimate: point, counts, likelihoodOf, iterations };
}

/** The model of a customer with these categories, for predictions. */
export function modelForCategories(
  { base, effects }: Pick<MbgNbdWithCovariates, 'base' | 'effects'>,
  categories: Record<string, string | null>,
): MbgNbdWithCovariates['base'] {
  const theirs = effects.filter(({ covariate, category }) => categories[covariate] === category);
  const product = (factor: 'purchaseRate' | 'a' | 'b'): number =>
    theirs.reduce((factors, effect) => factors * effect[factor], 1);
  return {
    ...base,
    alpha: base.alpha / product('purchaseRate'),
    a: base.a * product('a'),
    b: base.b * product('b'),
  };
}
