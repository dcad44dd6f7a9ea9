import { minimise, type Objective } from '../../math/lbfgs.ts';
import { type BetaGeometricModel, fitMbgNbd } from './fitBetaGeometric.ts';
import { likelihoodsOf, logParametersOf } from './likelihoods.ts';
import { ModelFitError } from './modelFitError.ts';
import { type GroupedHistories, groupHistories, type HistoryColumns } from './purchaseHistory.ts';

/** What was known of each customer from the first order on and does not change: channel, country, first category. */
export interface Covariate {
  name: string;
  values: readonly (string | null)[];
}

/** How a category differs from the commonest one: factors on a parameter, 1 for no difference. */
export interface CovariateEffect {
  covariate: string;
  category: string;
  customers: number;
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
  /** Deviation of the normal distribution that logarithms of effects are drawn towards 1 with. */
  spread?: number;
}

/**
 * MBG/NBD with covariates as Fader and Hardie (2007) put them into BG/NBD: α e^(-γ1'z), a e^(γ2'z), b e^(γ3'z). Customers
 * with the same categories share their parameters, so their likelihood is that of the plain model, histories grouped.
 */
export function fitMbgNbdWithCovariates(
  histories: HistoryColumns,
  covariates: readonly Covariate[],
  { minCustomers = 50, spread = 1 }: CovariateOptions = {},
): MbgNbdWithCovariates {
  const plain = fitMbgNbd(groupHistories(histories));
  const categories = covariates.flatMap((covariate) => categoriesOf(covariate, minCustomers));
  const strata = stratify(histories, { covariates, categories });
  const objective = objectiveOf(strata, { effects: categories.length, spread });
  const start = [...logParametersOf(plain), ...new Array<number>(3 * categories.length).fill(0)];
  const { point, value, converged } = minimise(objective, { start, maxIterations: 500 });
  if (!converged)
    throw new ModelFitError(
      'notConverged',
      'fitMbgNbdWithCovariates did not converge; leave out covariates, or categories of few customers',
    );
  const at = (index: number): number => Math.exp(point[index] as number);
  const penalty = point.slice(4).reduce((sum, effect) => sum + effect * effect, 0) / (2 * spread * spread);
  const logLikelihood = penalty - value * plain.customers;
  return {
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

interface Category {
  covariate: string;
  category: string;
  customers: number;
}

/** All but the commonest, of enough customers each. */
function categoriesOf({ name, values }: Covariate, minCustomers: number): Category[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([oneName, one], [otherName, other]) => other - one || (oneName < otherName ? -1 : 1))
    .slice(1)
    .filter(([, customers]) => customers >= minCustomers)
    .map(([category, customers]) => ({ covariate: name, category, customers }));
}

/** Customers with the same categories. */
interface Stratum {
  /** Which effects are theirs. */
  effects: number[];
  groups: GroupedHistories;
}

function stratify(
  { frequency, recency, age }: HistoryColumns,
  { covariates, categories }: { covariates: readonly Covariate[]; categories: readonly Category[] },
): Stratum[] {
  const effectOf = new Map(
    categories.map(({ covariate, category }, index) => [JSON.stringify([covariate, category]), index]),
  );
  const strata = new Map<string, { effects: number[]; members: number[] }>();
  for (let customer = 0; customer < frequency.length; customer++) {
    const effects = covariates.flatMap(
      ({ name, values }) => effectOf.get(JSON.stringify([name, values[customer]])) ?? [],
    );
    const key = effects.join();
    const stratum = strata.get(key) ?? { effects, members: [] };
    stratum.members.push(customer);
    strata.set(key, stratum);
  }
  return [...strata.values()].map(({ effects, members }) => {
    const pick = (values: Float64Array): Float64Array =>
      Float64Array.from(members, (customer) => values[customer] as number);
    const groups = groupHistories({ frequency: pick(frequency), recency: pick(recency), age: pick(age) });
    return { effects, groups };
  });
}

/** The strata's likelihoods, each at its own parameters, and a normal prior on the logarithms of the effects. */
function objectiveOf(
  strata: readonly Stratum[],
  { effects, spread }: { effects: number; spread: number },
): Objective {
  const parts = strata.map((stratum) => ({
    effects: stratum.effects,
    customers: stratum.groups.groupOf.length,
    objective: likelihoodsOf('mbgNbd', stratum.groups)(stratum.groups.counts),
  }));
  const customers = parts.reduce((sum, part) => sum + part.customers, 0);
  return (point, gradient) => {
    gradient.fill(0);
    let value = 0;
    for (const part of parts) {
      const share = part.customers / customers;
      const own = point.slice(0, 4);
      for (const effect of part.effects)
        for (const [offset, sign] of signs.entries())
          own[offset + 1] = (own[offset + 1] as number) + sign * (point[4 + 3 * effect + offset] as number);
      const slopes = new Float64Array(4);
      value += share * part.objective(own, slopes);
      for (let index = 0; index < 4; index++) add(gradient, index, share * (slopes[index] as number));
      for (const effect of part.effects)
        for (const [offset, sign] of signs.entries())
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

/** An effect on the rate of purchases divides α; one on a or b multiplies it. */
const signs = [-1, 1, 1] as const;

const add = (values: Float64Array, index: number, term: number): void => {
  values[index] = (values[index] as number) + term;
};
