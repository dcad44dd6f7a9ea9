import type { CustomerModelName } from '../../models/btyd/customerModel.ts';
import type { SalesTable } from '../sales/salesTable.ts';
import { type BackTest, backTest } from './backTest.ts';
import type { ExpectedPurchases } from './customerDemand.ts';
import { demandHistory } from './demandHistory.ts';
import { type ForecasterName, type Forecasts, forecastDemand } from './forecasters.ts';
import { horizonsDays } from './horizons.ts';
import { planReorder, type Reorder } from './reorder.ts';
import type { StockSettings } from './settings.ts';
import { simulateUnits, type UnitQuantiles } from './simulateUnits.ts';
import { lotRatios, type PastErrors, usualErrors } from './spread.ts';

/** What the shop says of a product's stock. */
export interface StockFacts {
  stock: number | null;
  leadTimeDays: number | null;
}

export interface StockRow extends Reorder {
  /** Number in the sales table; null for a product that was never sold. */
  product: number | null;
  /** One for each of `horizonsDays`. */
  units: UnitQuantiles[];
}

export interface StockPlan {
  /** Of the products of the sales table, in their order. */
  rows: StockRow[];
  /** The method that each horizon's figures are from, and how it and others did; null where the history is too short to tell. */
  horizons: { horizonDays: number; method: ForecasterName; backTest: BackTest | null }[];
}

export interface StockOptions {
  firstDay: number;
  lastDay: number;
  /** The value model of the published order history, which is fitted anew to each past that is forecast from. */
  model: CustomerModelName;
  /** What that model expects of each customer after the last day; null where it is not known, and is fitted here. */
  published: ExpectedPurchases | null;
  /** By product number. */
  facts: (product: number) => StockFacts;
  settings: StockSettings;
}

/** Where no method could be judged. */
const usualMethod: ForecasterName = 'movingAverage';

/** Expected units and their quantiles of every product that was ever sold, by the method that did best at each horizon, and when to order. */
export function planStock(sales: SalesTable, options: StockOptions): StockPlan {
  const { firstDay, lastDay, model, published, facts, settings } = options;
  const horizons = horizonsDays.map((horizonDays) => {
    const judged = backTest(sales, { firstDay, lastDay, horizonDays, model });
    return { horizonDays, method: judged?.winner ?? usualMethod, backTest: judged };
  });
  const history = demandHistory(sales, { firstDay, lastDay });
  const forecasts = forecastDemand(history, { horizonsDays, model, published });
  const ratios = lotRatios(history);
  const errorsOf = nearestErrors(horizons.flatMap(({ backTest: judged }) => judged ?? []));
  const rows = sales.products.map((_, product): StockRow => {
    const meanOf = cumulativeMean(horizons, forecasts, product);
    const lotRatio = ratios[product] as number;
    const simulate = (days: number): Float64Array =>
      simulateUnits({ mean: meanOf(days), lotRatio }, errorsOf(days));
    return {
      product,
      units: horizonsDays.map((days) => quantilesOf(meanOf(days), simulate(days))),
      ...planReorder({ ...facts(product), meanOf, simulate, settings, lastDay }),
    };
  });
  return { rows: rows.map(withRisingUnits), horizons };
}

/** Expected units up to any day: straight lines between the horizons, which never fall, and on as the last one goes. */
function cumulativeMean(
  horizons: StockPlan['horizons'],
  forecasts: readonly Forecasts[],
  product: number,
): (days: number) => number {
  const points = [{ days: 0, units: 0 }];
  for (const [index, { horizonDays, method }] of horizons.entries()) {
    const units = forecasts[index]?.[method]?.[product] ?? 0;
    points.push({ days: horizonDays, units: Math.max(units, points.at(-1)?.units ?? 0) });
  }
  return (days) => {
    const next = points.findIndex((point) => point.days >= days);
    const to = Math.max(1, next < 0 ? points.length - 1 : next);
    const [from, until] = [points[to - 1], points[to]] as [(typeof points)[0], (typeof points)[0]];
    const slope = (until.units - from.units) / (until.days - from.days);
    return from.units + slope * (days - from.days);
  };
}

/** Errors of the judged horizon that is nearest to so many days. */
function nearestErrors(judged: readonly BackTest[]): (days: number) => PastErrors {
  const [first, ...others] = judged;
  if (first === undefined) return usualErrors;
  return (days) => {
    const distance = ({ horizonDays }: BackTest): number =>
      Math.abs(Math.log(Math.max(1, days) / horizonDays));
    return others.reduce((best, one) => (distance(one) < distance(best) ? one : best), first).errors;
  };
}

function quantilesOf(expected: number, draws: Float64Array): UnitQuantiles {
  const at = (share: number): number => draws[Math.ceil(share * draws.length) - 1] ?? 0;
  return { expected, p50: at(0.5), p90: at(0.9), p95: at(0.95) };
}

/** What is enough for longer is enough for less long, whatever the draws say. */
function withRisingUnits(row: StockRow): StockRow {
  let before: UnitQuantiles = { expected: 0, p50: 0, p90: 0, p95: 0 };
  const units = row.units.map((one) => {
    before = {
      expected: one.expected,
      p50: Math.max(one.p50, before.p50),
      p90: Math.max(one.p90, before.p90),
      p95: Math.max(one.p95, before.p95),
    };
    return before;
  });
  return { ...row, units };
}
