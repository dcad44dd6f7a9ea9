import type { Minimum } from '../../math/lbfgs.ts';
import { ModelFitError } from './modelFitError.ts';
import type { GroupedHistories } from './purchaseHistory.ts';

/** How a fit went, kept with its parameters. */
export interface FitFacts {
  logLikelihood: number;
  customers: number;
  /** Distinct ones. */
  histories: number;
  iterations: number;
  /** Parameters that ran to an edge, where the model is a simpler one in disguise. */
  atEdge: string[];
}

/** The mean age, in which times are measured while fitting. */
export function timeUnitOf(name: string, { frequency, age, counts }: GroupedHistories): number {
  const customers = sumOf(counts);
  if (!frequency.some((x) => x > 0))
    throw new ModelFitError(
      'noRepeatPurchases',
      `${name} needs at least one repeat purchase; got 0 in ${customers} customers: use a longer history`,
    );
  return weightedSum(age, counts) / customers;
}

/** A density over times changes by one unit per purchase: back to the unit of the histories. */
export const fitFacts = ({
  groups,
  timeUnit,
  minimum,
  atEdge,
}: {
  groups: GroupedHistories;
  timeUnit: number;
  minimum: Minimum;
  atEdge: string[];
}): FitFacts => ({
  logLikelihood:
    -minimum.value * sumOf(groups.counts) - weightedSum(groups.frequency, groups.counts) * Math.log(timeUnit),
  customers: sumOf(groups.counts),
  histories: groups.counts.length,
  iterations: minimum.iterations,
  atEdge,
});

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const weightedSum = (values: Float64Array, weights: Float64Array): number =>
  values.reduce((sum, value, index) => sum + value * (weights[index] as number), 0);
