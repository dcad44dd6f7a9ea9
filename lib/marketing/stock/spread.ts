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

/** What past forecasts over so many days were off by, as far as it can be told apart: all products together, and each beside that. */
export interface PastErrors {
  /** Standard deviation of the logarithm of what all products together sold over what was forecast of them. */
  levelSd: number;
  /** Errors beside the common one, in units of the usual one, from the least to the greatest: of forecasts of each size, and of all. */
  bySize: Float64Array[];
  all: Float64Array;
}

/**
 * What a shop sells in all moves by about a quarter within 90 days, and like a random walk within fewer: an assumption of ours, which
 * counts as much as two stretches of the shop's own, since the first years of a shop do not tell its seasons.
 */
const assumedLevel = { sd: 0.25, days: 90, stretches: 2 };
const assumedLevelSd = (horizonDays: number): number =>
  assumedLevel.sd * Math.sqrt(horizonDays / assumedLevel.days);

const normalErrors = Float64Array.from({ length: 199 }, (_, place) => normalQuantile((place + 1) / 200));

/** Where forecasts could not be compared with what came: as if errors were normal. */
export const usualErrors = (horizonDays: number): PastErrors => ({
  levelSd: assumedLevelSd(horizonDays),
  bySize: [...sizeLimits, Number.POSITIVE_INFINITY].map(() => normalErrors),
  all: normalErrors,
});

/** With fewer errors of its own, a size takes those of all. */
const fewestErrors = 50;

/**
 * Of the forecasts made at several past days, `strideDays` apart. Products are off together when the whole shop sells more or less than
 * before, and a quantile that is learnt from few stretches of days must not take their levels for all that can come: the common error is
 * taken out of each stretch, and its variance is that of the stretches and of what is assumed, by their weight.
 */
export function pastErrors(
  trials: readonly (readonly Outcome[])[],
  { horizonDays, strideDays }: { horizonDays: number; strideDays: number },
): PastErrors {
  const levels = trials.map(levelOf);
  // stretches that overlap say less than as many that do not
  const weight = Math.min(1, strideDays / horizonDays);
  const squares = levels.reduce((sum, level) => sum + weight * level ** 2, 0);
  const { stretches } = assumedLevel;
  const variance =
    (stretches * assumedLevelSd(horizonDays) ** 2 + squares) / (stretches + weight * levels.length);
  const usable = trials.flatMap((outcomes, at) => errorsBeside(outcomes, levels[at] as number));
  const errorsOf = (some: readonly { error: number }[]): Float64Array =>
    Float64Array.from(some, ({ error }) => error).sort();
  const all = usable.length < fewestErrors ? normalErrors : errorsOf(usable);
  const bySize = [...sizeLimits, Number.POSITIVE_INFINITY].map((_, size) => {
    const own = usable.filter((one) => one.size === size);
    return own.length < fewestErrors ? all : errorsOf(own);
  });
  return { levelSd: Math.sqrt(variance), bySize, all };
}

function levelOf(outcomes: readonly Outcome[]): number {
  let [forecast, sold] = [0, 0];
  for (const { mean, actual } of outcomes) {
    forecast += mean;
    sold += actual;
  }
  return forecast > 0 && sold > 0 ? Math.log(sold / forecast) : 0;
}

const errorsBeside = (outcomes: readonly Outcome[], level: number): { size: number; error: number }[] =>
  outcomes
    .filter(({ mean }) => mean > 0)
    .map(({ mean: forecast, lotRatio, actual }) => {
      const mean = forecast * Math.exp(level);
      return { size: sizeOf({ mean, lotRatio }), error: (actual - mean) / usualError({ mean, lotRatio }) };
    });

/** Errors of forecasts of this one's size. */
export const errorsOfSize = ({ bySize }: PastErrors, forecast: ProductForecast): Float64Array =>
  bySize[sizeOf(forecast)] as Float64Array;
