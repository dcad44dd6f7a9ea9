import { normalQuantile } from '../../math/normalQuantile.ts';
import { type DemandHistory, weeklyUnits } from './demandHistory.ts';

/** Weeks that the spread of a product is taken from. */
const recentWeeks = 26;
/** The shop's own ratio counts as much as so many weeks of a product's. */
const priorWeeks = 8;

/**
 * Variance over mean of each product's weekly units, 1 at least: units come in lots. What few weeks say is drawn towards what products have
 * in common.
 */
export function lotRatios(history: DemandHistory): Float64Array {
  const products = history.starts.length - 1;
  const [ratios, weights] = [new Float64Array(products), new Float64Array(products)];
  for (let product = 0; product < products; product++) {
    const weeks = weeklyUnits(history, product).slice(-recentWeeks);
    const mean = weeks.reduce((sum, units) => sum + units, 0) / Math.max(1, weeks.length);
    if (weeks.length < 2 || mean === 0) continue;
    const squares = weeks.reduce((sum, units) => sum + (units - mean) ** 2, 0);
    ratios[product] = Math.max(1, squares / (weeks.length - 1) / mean);
    weights[product] = weeks.length;
  }
  const common = medianOf(ratios.filter((_, product) => (weights[product] as number) > 0));
  return ratios.map((ratio, product) => {
    const weight = weights[product] as number;
    return (ratio * weight + common * priorWeeks) / (weight + priorWeeks);
  });
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[sorted.length >> 1] ?? 1;
}

/** A product's forecast over a horizon, in units, and how its demand comes. */
export interface ProductForecast {
  mean: number;
  lotRatio: number;
}

/** A forecast and what then came. */
export interface Outcome extends ProductForecast {
  actual: number;
}

/** Of the level itself, which no forecast knows: its standard deviation over the mean, as usual in shops. */
const levelError = 0.5;

/** What a forecast is off by, as a rule: the lots of the product and the level. Errors are told in it, so that products can be compared. */
export const usualError = ({ mean, lotRatio }: ProductForecast): number =>
  Math.sqrt(lotRatio * mean + (levelError * mean) ** 2);

/** Forecasts of less than so many units, and what is above. */
const sizeLimits = [1, 10, 100];
const sizeOf = ({ mean }: ProductForecast): number =>
  sizeLimits.reduce((size, limit) => size + Number(mean >= limit), 0);

/** Errors of past forecasts in units of the usual one, from the least to the greatest: of forecasts of each size, and of all. */
export interface PastErrors {
  bySize: Float64Array[];
  all: Float64Array;
}

/** Where forecasts could not be compared with what came: as if errors were normal. */
const normalErrors = Float64Array.from({ length: 199 }, (_, place) => normalQuantile((place + 1) / 200));
export const usualErrors: PastErrors = {
  bySize: [...sizeLimits, Number.POSITIVE_INFINITY].map(() => normalErrors),
  all: normalErrors,
};

/** With fewer errors of its own, a size takes those of all. */
const fewestErrors = 50;

export function pastErrors(outcomes: readonly Outcome[]): PastErrors {
  const usable = outcomes.filter(({ mean }) => mean > 0);
  const errorsOf = (some: readonly Outcome[]): Float64Array =>
    Float64Array.from(some, (outcome) => (outcome.actual - outcome.mean) / usualError(outcome)).sort();
  const all = usable.length < fewestErrors ? usualErrors.all : errorsOf(usable);
  const bySize = [...sizeLimits, Number.POSITIVE_INFINITY].map((_, size) => {
    const own = usable.filter((outcome) => sizeOf(outcome) === size);
    return own.length < fewestErrors ? all : errorsOf(own);
  });
  return { bySize, all };
}

/** Errors of forecasts of this one's size. */
export const errorsOfSize = ({ bySize }: PastErrors, forecast: ProductForecast): Float64Array =>
  bySize[sizeOf(forecast)] as Float64Array;

/** Units that are not passed with `probability`, if errors are as they were; whole ones, and 0 for what is not expected at all. */
export function unitsAt(errors: PastErrors, probability: number, forecast: ProductForecast): number {
  if (forecast.mean <= 0) return 0;
  const own = errorsOfSize(errors, forecast);
  const place = Math.min(own.length - 1, Math.ceil(probability * own.length) - 1);
  return Math.max(0, Math.ceil(forecast.mean + (own[Math.max(0, place)] ?? 0) * usualError(forecast)));
}
