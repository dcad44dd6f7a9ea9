import type { Covariate } from './covariateStrata.ts';
import {
  type CustomerModel,
  type CustomerModelName,
  customerModelOf,
  fitCovariateModel,
  scatterInPlace,
} from './customerModel.ts';
import { fitters, fitWithFallback } from './fitWithFallback.ts';
import { ModelFitError } from './modelFitError.ts';
import { expectedPurchases } from './predict.ts';
import { groupHistories, type HistoryColumns, historyAt } from './purchaseHistory.ts';
import type { ModelWarning } from './warnings.ts';

/** In the order in which they are preferred where they say the same: for churn, then by how little they ask of the data. */
export const candidateNames = [
  'mbgNbd',
  'paretoNbd',
  'bgNbd',
  'nbd',
  'mbgNbdWithCovariates',
] as const satisfies readonly CustomerModelName[];

export interface FitInputs {
  histories: HistoryColumns;
  covariates: readonly Covariate[];
}

/** Every candidate that converges, and a word about each that does not. Covariates are tried where there are any. */
export function fitCandidates({ histories, covariates }: FitInputs): {
  models: CustomerModel[];
  warnings: ModelWarning[];
} {
  const models: CustomerModel[] = [];
  const warnings: ModelWarning[] = [];
  const names = candidateNames.filter((name) => name !== 'mbgNbdWithCovariates' || covariates.length > 0);
  const groups = groupHistories(histories);
  for (const name of names) {
    try {
      models.push(
        name === 'mbgNbdWithCovariates'
          ? fitCovariateModel(histories, covariates)
          : customerModelOf(fitters[name](groups), groups),
      );
    } catch (error) {
      if (!(error instanceof ModelFitError)) throw error;
      warnings.push({ code: 'candidateNotFitted', message: `${name} was left out: ${error.message}` });
    }
  }
  return { models, warnings };
}

/** The model asked for, fitted to all customers; where it does not converge the next simpler one that does. */
export function fitChosen(
  name: CustomerModelName,
  { histories, covariates }: FitInputs,
): { model: CustomerModel; warnings: ModelWarning[] } {
  const warnings: ModelWarning[] = [];
  if (name === 'mbgNbdWithCovariates') {
    try {
      return { model: fitCovariateModel(histories, covariates), warnings };
    } catch (error) {
      if (!(error instanceof ModelFitError)) throw error;
      warnings.push({ code: 'simplerModel', message: `${error.message}; mbgNbd is used instead` });
    }
  }
  const groups = groupHistories(histories);
  const plain = name === 'mbgNbdWithCovariates' ? 'mbgNbd' : name;
  const fitted = fitWithFallback(plain, groups);
  return {
    model: customerModelOf(fitted.model, groups),
    warnings: [...warnings, ...fitted.warnings],
  };
}

/** Expected purchases of every customer in the `horizon` that follows. */
export function expectedOfCustomers(
  { customers, parts }: Pick<CustomerModel, 'customers' | 'parts'>,
  horizon: number,
): Float64Array {
  const expected = new Float64Array(customers);
  for (const part of parts) {
    const byHistory = part.groups.counts.map((_, index) =>
      expectedPurchases(part.model, historyAt(part.groups, index), horizon),
    );
    scatterInPlace(part, byHistory, expected);
  }
  return expected;
}
