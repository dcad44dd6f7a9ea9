import { sortedOrder } from '../../math/sortedOrder.ts';
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
  const all = { customers: value.length, total: compensatedSum(value) };
  const gains = gainsOf(scores, value);
  const perfect = areaOfGains(gainsOf(value, value), all);
  return {
    gini: perfect === 0 ? 0 : areaOfGains(gains, all) / perfect,
    topDecileShare: shareOfTop(gains, { wanted: 0.1 * all.customers, total: all.total }),
  };
}

/** Ten groups of customers, best-scored first, of equal size but for ties in number; in the order of `predicted`. */
export function calibrationByDecile(predicted: Float64Array, actual: Float64Array): CalibrationDecile[] {
  const order = bestFirst(predicted);
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

const bestFirst = (scores: Float64Array): Uint32Array => sortedOrder(scores.map((score) => -score));

/** Customers and value of each distinct score, best first. */
interface Gains {
  customers: Float64Array;
  value: Float64Array;
}

function gainsOf(scores: Float64Array, value: Float64Array): Gains {
  const gains = { customers: new Float64Array(scores.length), value: new Float64Array(scores.length) };
  let groups = 0;
  let last = Number.NaN;
  for (const index of bestFirst(scores)) {
    const score = scores[index] as number;
    if (score !== last) groups += 1;
    last = score;
    const group = groups - 1;
    gains.customers[group] = (gains.customers[group] as number) + 1;
    gains.value[group] = (gains.value[group] as number) + (value[index] as number);
  }
  return { customers: gains.customers.subarray(0, groups), value: gains.value.subarray(0, groups) };
}

/** Area between the curve of cumulated value and the diagonal. */
function areaOfGains(gains: Gains, { customers, total }: { customers: number; total: number }): number {
  if (total === 0) return 0;
  let [area, reached] = [0, 0];
  for (let group = 0; group < gains.value.length; group++) {
    const share = (gains.value[group] as number) / total;
    area += ((gains.customers[group] as number) / customers) * (reached + share / 2);
    reached += share;
  }
  return area - 0.5;
}

function shareOfTop(gains: Gains, { wanted, total }: { wanted: number; total: number }): number {
  if (total === 0) return 0;
  let [left, taken] = [wanted, 0];
  for (let group = 0; group < gains.value.length && left > 0; group++) {
    const members = gains.customers[group] as number;
    const part = Math.min(1, left / members);
    taken += part * (gains.value[group] as number);
    left -= part * members;
  }
  return taken / total;
}
