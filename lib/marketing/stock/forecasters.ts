import { customerDemand, type DemandOptions } from './customerDemand.ts';
import { type DemandHistory, daysOfWeek, productAges, unitsBetween, weeklyUnits } from './demandHistory.ts';
import { syntetosBoylan, teunterSyntetosBabai } from './intermittent.ts';

/** In the order in which they are preferred where they do equally well: the simpler one. */
export const forecasterNames = [
  'lastPeriod',
  'movingAverage',
  'syntetosBoylan',
  'teunterSyntetosBabai',
  'customers',
  'reconciled',
] as const;
export type ForecasterName = (typeof forecasterNames)[number];

/** Expected units of every product in the days that follow, by method; those that the history does not carry are absent. */
export type Forecasts = Partial<Record<ForecasterName, Float64Array>>;

/** One for each horizon. */
export function forecastDemand(history: DemandHistory, options: DemandOptions): Forecasts[] {
  const { horizonsDays } = options;
  const products = Array.from({ length: history.starts.length - 1 }, (_, product) => product);
  const weeks = products.map((product) => weeklyUnits(history, product));
  const perWeek = {
    syntetosBoylan: Float64Array.from(weeks, syntetosBoylan),
    teunterSyntetosBabai: Float64Array.from(weeks, teunterSyntetosBabai),
  };
  const byCustomers = customerDemand(history, options);
  return horizonsDays.map((days, index): Forecasts => {
    const simple = {
      lastPeriod: unitsBetween(history, { afterDay: history.lastDay - days, lastDay: history.lastDay }),
      movingAverage: movingAverage(history, days),
      syntetosBoylan: perWeek.syntetosBoylan.map((units) => (units * days) / daysOfWeek),
      teunterSyntetosBabai: perWeek.teunterSyntetosBabai.map((units) => (units * days) / daysOfWeek),
    };
    const customers = byCustomers?.units[index];
    if (customers === undefined) return simple;
    return { ...simple, customers, reconciled: reconcile({ ...simple, customers }) };
  });
}

/** Periods that are averaged. */
const averagedPeriods = 3;

/** The mean of the last three periods; of a product that is younger, of its days so far, a week of them at least. */
function movingAverage(history: DemandHistory, days: number): Float64Array {
  const window = Math.min(averagedPeriods * days, history.lastDay - history.firstDay + 1);
  const units = unitsBetween(history, { afterDay: history.lastDay - window, lastDay: history.lastDay });
  return productAges(history).map(
    (age, product) => ((units[product] as number) * days) / Math.max(daysOfWeek, Math.min(window, age)),
  );
}

/**
 * Equal shares of four views that err in different ways (Bates and Granger 1969): the level of now, the average of before, what is left
 * of intermittent demand, and what customers are expected to take.
 */
const reconcile = ({
  lastPeriod,
  movingAverage: average,
  teunterSyntetosBabai: intermittent,
  customers,
}: Required<Omit<Forecasts, 'reconciled' | 'syntetosBoylan'>>): Float64Array =>
  lastPeriod.map(
    (units, product) =>
      (units +
        (average[product] as number) +
        (intermittent[product] as number) +
        (customers[product] as number)) /
      4,
  );
