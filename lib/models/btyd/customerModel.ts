import type { Objective } from '../../math/lbfgs.ts';
import { type BootstrapOptions, bootstrapParameters, type ParameterDraws } from './bootstrap.ts';
import type { Covariate } from './covariateStrata.ts';
import { effectSigns, parametersOfStratum } from './covariateStrata.ts';
import { type CovariateEffect, fitByStrata } from './covariates.ts';
import type { BuyingModelKind } from './fitWithFallback.ts';
import { likelihoodsOf, logParametersOf, parameterNames, withLogParameters } from './likelihoods.ts';
import type { BuyingModel, FittedBuyingModel } from './models.ts';
import {
  emptyPredictions,
  type HistoryPredictions,
  type PredictionOptions,
  predictHistories,
} from './predictHistories.ts';
import type { GroupedHistories, HistoryColumns } from './purchaseHistory.ts';

export type CustomerModelName = BuyingModelKind | 'mbgNbdWithCovariates';

/** Customers who share parameters. */
export interface ModelPart {
  model: BuyingModel;
  customers: Uint32Array;
  /** `groups.groupOf[i]` is the history of `customers[i]`. */
  groups: GroupedHistories;
  /** How the logarithms of its parameters, by row, follow from those of the whole model, by column. */
  loadings: number[][];
}

/** A buying model of every customer: one for all, or one for each combination of categories. */
export interface CustomerModel {
  name: CustomerModelName;
  parameters: Record<string, number>;
  effects: CovariateEffect[];
  /** Parameters that ran to an edge, where the model is a simpler one in disguise. */
  atEdge: string[];
  logLikelihood: number;
  customers: number;
  /** Distinct ones. */
  histories: number;
  iterations: number;
  parts: ModelPart[];
  /** Logarithms of all parameters, and the likelihood that they maximise, for the bootstrap. */
  estimate: Float64Array;
  counts: Float64Array;
  likelihoodOf: (counts: Float64Array) => Objective;
}

/** The same as plain data, which can be stored: all that predicting takes. */
export type PlainCustomerModel = Omit<CustomerModel, 'likelihoodOf'>;

/** The fitted model of all customers, whose histories `groups` holds. */
export function customerModelOf(model: FittedBuyingModel, groups: GroupedHistories): CustomerModel {
  const { kind, atEdge, logLikelihood, customers, histories, iterations } = model;
  const estimate = logParametersOf(model);
  const parameters = parametersOf(kind, estimate);
  return {
    ...{ name: kind, parameters, effects: [], atEdge, logLikelihood, customers, histories, iterations },
    parts: [
      {
        model,
        customers: Uint32Array.from(groups.groupOf.keys()),
        groups,
        loadings: identity(estimate.length),
      },
    ],
    estimate,
    counts: groups.counts,
    likelihoodOf: likelihoodsOf(kind, groups),
  };
}

/** MBG/NBD, each customer with the parameters of their categories. Throws `ModelFitError` where the data do not carry it. */
export function fitCovariateModel(
  histories: HistoryColumns,
  covariates: readonly Covariate[],
): CustomerModel {
  const { model, strata, estimate, counts, likelihoodOf, iterations } = fitByStrata(histories, covariates);
  return {
    name: 'mbgNbdWithCovariates',
    parameters: parametersOf('mbgNbd', estimate),
    effects: model.effects,
    atEdge: [],
    logLikelihood: model.logLikelihood,
    customers: histories.frequency.length,
    histories: counts.length,
    iterations,
    parts: strata.map(({ effects, customers, groups }) => ({
      model: withLogParameters('mbgNbd', parametersOfStratum(estimate, effects)),
      customers,
      groups,
      loadings: loadingsOf(effects, estimate.length),
    })),
    estimate,
    counts,
    likelihoodOf,
  };
}

/** Every customer's predictions, one entry each, in the order of the histories. */
export function predictCustomers(
  { customers, parts }: Pick<CustomerModel, 'customers' | 'parts'>,
  options: PredictionOptions,
): HistoryPredictions {
  const all = emptyPredictions(customers);
  for (const part of parts) {
    const byHistory = predictHistories(part.model, part.groups, options);
    for (const name of Object.keys(all) as (keyof HistoryPredictions)[])
      scatterInPlace(part, byHistory[name], all[name]);
  }
  return all;
}

/** Gives each customer of a part what belongs to their history. */
export function scatterInPlace(
  { customers, groups }: ModelPart,
  byHistory: Float64Array,
  target: Float64Array,
): void {
  for (let member = 0; member < customers.length; member++)
    target[customers[member] as number] = byHistory[groups.groupOf[member] as number] as number;
}

/** What the logarithms of all parameters would have been with other customers from the same crowd. */
export const drawParameters = (
  { likelihoodOf, counts, estimate }: Pick<CustomerModel, 'likelihoodOf' | 'counts' | 'estimate'>,
  options: BootstrapOptions,
): ParameterDraws => bootstrapParameters(likelihoodOf, { counts, estimate, ...options });

/** A part's own model under such a draw. */
export const modelOfPart = ({ model, loadings }: ModelPart, draw: Float64Array): BuyingModel =>
  withLogParameters(
    model.kind,
    loadings.map((row) => row.reduce((sum, weight, index) => sum + weight * (draw[index] as number), 0)),
  );

/** The covariance of a part's own parameters. */
export function covarianceOfPart({ loadings }: ModelPart, covariance: readonly number[][]): number[][] {
  return loadings.map((row) =>
    loadings.map((other) =>
      row.reduce(
        (sum, one, i) =>
          one === 0
            ? sum
            : sum + one * other.reduce((inner, two, j) => inner + two * (covariance[i]?.[j] ?? 0), 0),
        0,
      ),
    ),
  );
}

const parametersOf = (kind: BuyingModelKind, logarithms: Float64Array): Record<string, number> =>
  Object.fromEntries(
    parameterNames[kind].map((name, index) => [name, Math.exp(logarithms[index] as number)]),
  );

const identity = (size: number): number[][] =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (__, at) => (at === row ? 1 : 0)));

function loadingsOf(effects: readonly number[], size: number): number[][] {
  const loadings = identity(size).slice(0, 4);
  for (const effect of effects)
    for (const [offset, sign] of effectSigns.entries())
      (loadings[offset + 1] as number[])[4 + 3 * effect + offset] = sign;
  return loadings;
}
