import type { CustomerModelName } from '../../models/btyd/customerModel.ts';
import type { SalesTable } from '../sales/salesTable.ts';
import { type DemandHistory, demandHistory, unitsBetween } from './demandHistory.ts';
import { type ForecasterName, forecastDemand, forecasterNames } from './forecasters.ts';
import { unitsAt } from './simulateUnits.ts';
import { lotRatios, type Outcome, type PastErrors, pastErrors } from './spread.ts';

/** How one method did on stretches of days that it had not seen. */
export interface ForecasterQuality {
  name: ForecasterName;
  /** Sum of absolute errors over products and stretches, over the units that were sold. */
  wape: number;
  /** Forecast units over sold ones, in all. */
  bias: number;
  /** Pinball loss of the units at 90 %, over the units that were sold; null where no stretch came before to learn the spread from. */
  pinballP90: number | null;
  /** Share of products that sold no more than that. */
  coverageP90: number | null;
}

export interface BackTest {
  horizonDays: number;
  /** Last days of the histories that were forecast from, the newest first. */
  cutoffs: number[];
  /** Products on sale, summed over the cutoffs. */
  products: number;
  winner: ForecasterName;
  /** Of the winner's forecasts, for the days that are still to come. */
  errors: PastErrors;
  rows: ForecasterQuality[];
}

export interface BackTestOptions {
  firstDay: number;
  lastDay: number;
  horizonDays: number;
  model: CustomerModelName;
}

const mostCutoffs = 7;
/** Long stretches overlap, a month apart: else a year would hold too few of them to learn from. */
const longestStrideDays = 30;
/** What has not been sold for so long is not on sale any more. */
const onSaleDays = 90;
const share = 0.9;

/**
 * Forecasts from several past days (a rolling origin; Tashman 2000, International Journal of Forecasting 16, 437–450), compared with what
 * was sold then. The spread at a cutoff is learnt from stretches of days that were over by then, so that coverage is that of days which
 * nothing has seen. Null where the history does not hold three horizons.
 */
export function backTest(sales: SalesTable, options: BackTestOptions): BackTest | null {
  const { firstDay, lastDay, horizonDays } = options;
  if (lastDay - firstDay + 1 < 3 * horizonDays) return null;
  const strideDays = Math.min(horizonDays, longestStrideDays);
  const cutoffs = cutoffsOf(options, strideDays);
  const whole = demandHistory(sales, { firstDay, lastDay });
  const trials = cutoffs.map((cutoff) => trialAt(sales, { ...options, cutoff, whole }));
  const names = forecasterNames.filter((name) => trials.every((trial) => trial.has(name)));
  const steps = { horizonDays, strideDays };
  const rows = names.map((name) => {
    const ofName = trials.map((trial) => trial.get(name) as Outcome[]);
    return qualityOf(name, ofName, steps);
  });
  const winner = rows.reduce((best, row) => (row.wape < best.wape ? row : best)).name;
  const ofWinner = trials.map((trial) => trial.get(winner) as Outcome[]);
  return {
    horizonDays,
    cutoffs,
    products: ofWinner.reduce((sum, { length }) => sum + length, 0),
    winner,
    errors: pastErrors(ofWinner, steps),
    rows,
  };
}

/** The newest first; before each of them lie as many days as are forecast, at least. */
function cutoffsOf({ firstDay, lastDay, horizonDays }: BackTestOptions, strideDays: number): number[] {
  const newest = lastDay - horizonDays;
  const count = 1 + Math.floor((newest - firstDay + 1 - horizonDays) / strideDays);
  return Array.from({ length: Math.min(mostCutoffs, count) }, (_, index) => newest - index * strideDays);
}

/** What each method said at a cutoff of the products on sale, and what came. */
function trialAt(
  sales: SalesTable,
  { firstDay, horizonDays, model, cutoff, whole }: BackTestOptions & { cutoff: number; whole: DemandHistory },
): Map<ForecasterName, Outcome[]> {
  const history = demandHistory(sales, { firstDay, lastDay: cutoff });
  const [forecasts = {}] = forecastDemand(history, { horizonsDays: [horizonDays], model });
  const actual = unitsBetween(whole, { afterDay: cutoff, lastDay: cutoff + horizonDays });
  const ratios = lotRatios(history);
  const onSale = productsOnSale(history, horizonDays);
  return new Map(
    Object.entries(forecasts).map(([name, units]) => [
      name as ForecasterName,
      onSale.map((product) => ({
        mean: units[product] as number,
        lotRatio: ratios[product] as number,
        actual: actual[product] as number,
      })),
    ]),
  );
}

function productsOnSale({ starts, day, lastDay }: DemandHistory, horizonDays: number): number[] {
  const since = lastDay - Math.max(onSaleDays, 2 * horizonDays);
  return Array.from({ length: starts.length - 1 }, (_, product) => product).filter(
    (product) =>
      (starts[product + 1] as number) > (starts[product] as number) &&
      (day[(starts[product + 1] as number) - 1] as number) > since,
  );
}

/** Trials from the newest to the oldest. */
function qualityOf(
  name: ForecasterName,
  trials: readonly Outcome[][],
  steps: { horizonDays: number; strideDays: number },
): ForecasterQuality {
  const all = trials.flat();
  const sold = sumOf(all, ({ actual }) => actual);
  const strides = Math.ceil(steps.horizonDays / steps.strideDays);
  const judged = trials.slice(0, -strides).map((outcomes, at) => {
    const errors = pastErrors(trials.slice(at + strides), steps);
    return outcomes.map((outcome) => ({ ...outcome, limit: unitsAt(errors, share, outcome) }));
  });
  const limits = judged.flat();
  const soldOfJudged = sumOf(limits, ({ actual }) => actual);
  return {
    name,
    wape: sumOf(all, ({ mean, actual }) => Math.abs(mean - actual)) / Math.max(sold, Number.MIN_VALUE),
    bias: sumOf(all, ({ mean }) => mean) / Math.max(sold, Number.MIN_VALUE),
    pinballP90:
      limits.length === 0
        ? null
        : sumOf(limits, ({ limit, actual }) =>
            actual > limit ? share * (actual - limit) : (1 - share) * (limit - actual),
          ) / Math.max(soldOfJudged, Number.MIN_VALUE),
    coverageP90:
      limits.length === 0
        ? null
        : sumOf(limits, ({ limit, actual }) => Number(actual <= limit)) / limits.length,
  };
}

const sumOf = <Value>(values: readonly Value[], of: (value: Value) => number): number =>
  values.reduce((sum, value) => sum + of(value), 0);
