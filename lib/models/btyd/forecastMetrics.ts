import { distinctValues } from '../../math/ranks.ts';
import { correlationOf, standardise } from '../../math/standardise.ts';
import { compensatedSum } from '../../math/sum.ts';

/** How near forecasts came to what customers then did. MAE rewards saying 0, so the totals stand beside it. */
export interface ForecastMetrics {
  customers: number;
  predictedTotal: number;
  actualTotal: number;
  meanAbsoluteError: number;
  rootMeanSquaredError: number;
  /** 0 where one of the two does not vary. */
  correlation: number;
}

export interface RankingMetrics {
  /** Of the ranking by score over that of the perfect ranking: 1 at best, 0 at random. */
  gini: number;
  /** Share of the value that the best-scored tenth of the customers brought. */
  topDecileShare: number;
}

/** One tenth of the customers, by score. */
export interface CalibrationDecile {
  customers: number;
  meanPredicted: number;
  meanActual: number;
}

export function forecastMetrics(predicted: Float64Array, actual: Float64Array): ForecastMetrics {
  const customers = actual.length;
  const errors = actual.map((value, index) => (predicted[index] as number) - value);
  return {
    customers,
    predictedTotal: compensatedSum(predicted),
    actualTotal: compensatedSum(actual),
    meanAbsoluteError: compensatedSum(errors.map(Math.abs)) / customers,
    rootMeanSquaredError: Math.sqrt(compensatedSum(errors.map((error) => error * error)) / customers),
    correlation: correlationOf(standardise(predicted), standardise(actual)),
  };
}

/** How well scores put the customers who bring value first; only their order counts, and ties share what they bring. */
export function rankingMetrics(scores: Float64Array, value: Float64Array): RankingMetrics {
  const perfect = areaOfGains(value, value);
  return {
    gini: perfect === 0 ? 0 : areaOfGains(scores, value) / perfect,
    topDecileShare: shareOfTop(scores, value, 0.1),
  };
}

/** Ten groups of customers, best-scored first, of equal size but for ties in number; in the order of `predicted`. */
export function calibrationByDecile(predicted: Float64Array, actual: Float64Array): CalibrationDecile[] {
  const order = Uint32Array.from(predicted.keys()).sort(
    (one, other) => (predicted[other] as number) - (predicted[one] as number) || one - other,
  );
  return Array.from({ length: 10 }, (_, decile) => {
    const members = order.subarray(
      Math.round((decile * order.length) / 10),
      Math.round(((decile + 1) * order.length) / 10),
    );
    const meanOf = (values: Float64Array): number =>
      members.length === 0
        ? 0
        : compensatedSum(Array.from(members, (index) => values[index] as number)) / members.length;
    return { customers: members.length, meanPredicted: meanOf(predicted), meanActual: meanOf(actual) };
  }).filter(({ customers }) => customers > 0);
}

/** Customers and value for each distinct score, best first. */
function gains(scores: Float64Array, value: Float64Array): { customers: number; value: number }[] {
  const { values } = distinctValues(scores);
  const position = new Map(Array.from(values, (score, index) => [score, values.length - 1 - index]));
  const groups = Array.from(values, () => ({ customers: 0, value: 0 }));
  for (let index = 0; index < scores.length; index++) {
    const group = groups[position.get(scores[index] as number) as number] as (typeof groups)[number];
    group.customers += 1;
    group.value += value[index] as number;
  }
  return groups;
}

/** Area between the curve of cumulated value and the diagonal. */
function areaOfGains(scores: Float64Array, value: Float64Array): number {
  const groups = gains(scores, value);
  const total = compensatedSum(value);
  if (total === 0) return 0;
  let [area, reached] = [0, 0];
  for (const group of groups) {
    area += (group.customers / scores.length) * (reached + group.value / 2 / total);
    reached += group.value / total;
  }
  return area - 0.5;
}

function shareOfTop(scores: Float64Array, value: Float64Array, share: number): number {
  const total = compensatedSum(value);
  if (total === 0) return 0;
  let wanted = share * scores.length;
  let taken = 0;
  for (const group of gains(scores, value)) {
    const part = Math.min(1, wanted / group.customers);
    taken += part * group.value;
    wanted -= part * group.customers;
    if (wanted <= 0) break;
  }
  return taken / total;
}
