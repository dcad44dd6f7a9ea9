import type { Objective } from '../../math/lbfgs.ts';
import { likelihoodsOf } from './likelihoods.ts';
import { type GroupedHistories, groupHistories, type HistoryColumns } from './purchaseHistory.ts';

/** What was known of each customer from the first order on and does not change: channel, country, first category. */
export interface Covariate {
  name: string;
  values: readonly (string | null)[];
}

export interface Category {
  covariate: string;
  category: string;
  customers: number;
}

/** Customers with the same categories share their parameters, and so their likelihood is that of the plain model. */
export interface Stratum {
  /** Positions of their categories. */
  effects: number[];
  customers: Uint32Array;
  groups: GroupedHistories;
}

/** An effect on the rate of purchases divides α; one on a or b multiplies it. */
export const effectSigns = [-1, 1, 1] as const;

/** All but the commonest, of enough customers each, the most frequent ones. */
export function categoriesOf(
  { name, values }: Covariate,
  { minCustomers, mostCategories }: { minCustomers: number; mostCategories: number },
): Category[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([oneName, one], [otherName, other]) => other - one || (oneName < otherName ? -1 : 1))
    .slice(1, 1 + mostCategories)
    .filter(([, customers]) => customers >= minCustomers)
    .map(([category, customers]) => ({ covariate: name, category, customers }));
}

export function stratify(
  { frequency, recency, age }: HistoryColumns,
  { covariates, categories }: { covariates: readonly Covariate[]; categories: readonly Category[] },
): Stratum[] {
  const effectOf = covariates.map(
    ({ name }) =>
      new Map(
        categories.flatMap(({ covariate, category }, index) =>
          covariate === name ? [[category, index] as const] : [],
        ),
      ),
  );
  const strata = new Map<string, { effects: number[]; members: number[] }>();
  for (let customer = 0; customer < frequency.length; customer++) {
    const effects = covariates.flatMap(({ values }, index) => {
      const category = values[customer] ?? null;
      return category === null ? [] : (effectOf[index]?.get(category) ?? []);
    });
    const key = effects.join();
    const stratum = strata.get(key) ?? { effects, members: [] };
    if (stratum.members.push(customer) === 1) strata.set(key, stratum);
  }
  return [...strata.values()].map(({ effects, members }) => {
    const pick = (values: Float64Array): Float64Array =>
      Float64Array.from(members, (customer) => values[customer] as number);
    const groups = groupHistories({ frequency: pick(frequency), recency: pick(recency), age: pick(age) });
    return { effects, customers: Uint32Array.from(members), groups };
  });
}

/**
 * Minus the mean log-likelihood of all strata, each at its own parameters, and a normal prior on the logarithms of the effects;
 * `counts` are those of the strata's histories, one stratum after the other.
 */
export function strataLikelihood(
  strata: readonly Stratum[],
  { effects, spread }: { effects: number; spread: number },
): { counts: Float64Array; likelihoodOf: (counts: Float64Array) => Objective } {
  const likelihoods = strata.map(({ groups }) => likelihoodsOf('mbgNbd', groups));
  const counts = Float64Array.from(strata.flatMap(({ groups }) => Array.from(groups.counts)));
  const likelihoodOf = (drawn: Float64Array): Objective => {
    let first = 0;
    const parts = strata.map((stratum, index) => {
      const own = drawn.subarray(first, first + stratum.groups.counts.length);
      first += stratum.groups.counts.length;
      const customers = own.reduce((sum, count) => sum + count, 0);
      return { effects: stratum.effects, customers, objective: (likelihoods[index] as Likelihood)(own) };
    });
    return sumOfStrata(
      parts.filter(({ customers }) => customers > 0),
      { effects, spread },
    );
  };
  return { counts, likelihoodOf };
}

type Likelihood = ReturnType<typeof likelihoodsOf>;

function sumOfStrata(
  parts: readonly { effects: number[]; customers: number; objective: Objective }[],
  { effects, spread }: { effects: number; spread: number },
): Objective {
  const customers = parts.reduce((sum, part) => sum + part.customers, 0);
  const slopes = new Float64Array(4);
  return (point, gradient) => {
    gradient.fill(0);
    let value = 0;
    for (const part of parts) {
      const share = part.customers / customers;
      value += share * part.objective(parametersOfStratum(point, part.effects), slopes);
      for (let index = 0; index < 4; index++) add(gradient, index, share * (slopes[index] as number));
      for (const effect of part.effects)
        for (const [offset, sign] of effectSigns.entries())
          add(gradient, 4 + 3 * effect + offset, sign * share * (slopes[offset + 1] as number));
    }
    for (let index = 4; index < 4 + 3 * effects; index++) {
      const effect = point[index] as number;
      value += (effect * effect) / (2 * spread * spread * customers);
      add(gradient, index, effect / (spread * spread * customers));
    }
    return value;
  };
}

/** Logarithms of r, α, a, b of customers with these effects. */
export function parametersOfStratum(point: Float64Array, effects: readonly number[]): Float64Array {
  const own = point.slice(0, 4);
  for (const effect of effects)
    for (const [offset, sign] of effectSigns.entries())
      add(own, offset + 1, sign * (point[4 + 3 * effect + offset] as number));
  return own;
}

const add = (values: Float64Array, index: number, term: number): void => {
  values[index] = (values[index] as number) + term;
};
