import {
  type CalibrationDecile,
  calibrationByDecile,
  type ForecastMetrics,
  forecastMetrics,
  type RankingMetrics,
  rankingMetrics,
} from '../models/btyd/forecastMetrics.ts';

/** What a model, fitted to the time before a cutoff, said of the time after it; one entry per customer. */
export interface Forecast {
  name: string;
  purchases: Float64Array;
  value: Float64Array;
}

/** What needs no model: an order of the customers, and perhaps a forecast. */
export interface Baseline {
  name: string;
  purchases?: Float64Array;
  scores: Float64Array;
}

export interface HeldOut {
  purchases: Float64Array;
  value: Float64Array;
}

export interface ChoiceRow {
  name: string;
  baseline: boolean;
  /** Null for what only puts customers in order. */
  purchases: ForecastMetrics | null;
  /** By value, since that is what customers are put in order for. */
  ranking: RankingMetrics;
  calibration: CalibrationDecile[] | null;
}

export interface ModelChoice {
  /** Of the models, the one whose forecasts came nearest. */
  winner: string;
  rows: ChoiceRow[];
  /** Who wins, in a sentence, baselines included. */
  sentence: string;
}

/**
 * The model with the least squared error: of all measures of a forecast of counts it is the one that the mean minimises.
 * (The absolute error is least for a forecast of 0 where most buy nothing.) Baselines stand beside it and are named when better.
 */
export function chooseModel(
  forecasts: readonly Forecast[],
  { baselines, heldOut }: { baselines: readonly Baseline[]; heldOut: HeldOut },
): ModelChoice {
  const models = forecasts.map(({ name, purchases, value }) =>
    rowOf({ name, baseline: false, purchases, scores: value, heldOut }),
  );
  const naive = baselines.map(({ name, purchases, scores }) =>
    rowOf({ name, baseline: true, purchases: purchases ?? null, scores, heldOut }),
  );
  const winner = bestOf(models, errorOf);
  if (winner === undefined) throw new RangeError('chooseModel needs at least one forecast; got 0');
  const rows = [...models, ...naive];
  return { winner: winner.name, rows, sentence: sentenceOn(winner, rows) };
}

function rowOf({
  name,
  baseline,
  purchases,
  scores,
  heldOut,
}: {
  name: string;
  baseline: boolean;
  purchases: Float64Array | null;
  scores: Float64Array;
  heldOut: HeldOut;
}): ChoiceRow {
  return {
    name,
    baseline,
    purchases: purchases === null ? null : forecastMetrics(purchases, heldOut.purchases),
    ranking: rankingMetrics(scores, heldOut.value),
    calibration: purchases === null ? null : calibrationByDecile(purchases, heldOut.purchases),
  };
}

const errorOf = ({ purchases }: ChoiceRow): number =>
  purchases?.rootMeanSquaredError ?? Number.POSITIVE_INFINITY;

// models that say the same differ in the last digits alone: then the first named is as good as any
const noDifference = 1e-3;

const bestOf = (rows: readonly ChoiceRow[], cost: (row: ChoiceRow) => number): ChoiceRow | undefined => {
  const least = Math.min(...rows.map(cost));
  return rows.find((row) => cost(row) <= least + noDifference * Math.abs(least));
};

function sentenceOn(winner: ChoiceRow, rows: readonly ChoiceRow[]): string {
  const { predictedTotal = 0, actualTotal = 0, rootMeanSquaredError = 0 } = winner.purchases ?? {};
  const naive = bestOf(
    rows.filter(({ baseline }) => baseline),
    errorOf,
  );
  const total =
    actualTotal === 0
      ? 'nobody bought in the held-out time'
      : `its total is ${signed(predictedTotal / actualTotal - 1)} off`;
  const beaten =
    naive !== undefined && errorOf(naive) <= rootMeanSquaredError
      ? `${naive.name} does no worse (${errorOf(naive).toFixed(3)})`
      : 'no baseline comes nearer';
  const ranker = bestOf(rows, ({ ranking }) => -ranking.gini) as ChoiceRow;
  const order =
    ranker === winner
      ? `it also puts customers in the best order by value (Gini ${winner.ranking.gini.toFixed(3)})`
      : `${ranker.name} puts customers in a better order by value (Gini ${ranker.ranking.gini.toFixed(3)} against ${winner.ranking.gini.toFixed(3)})`;
  return `${winner.name} forecasts purchases best (error ${rootMeanSquaredError.toFixed(3)}; ${total}; ${beaten}); ${order}`;
}

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(1)} %`;
