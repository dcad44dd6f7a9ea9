import { seededGenerator, shuffledIndices } from '../../math/random.ts';
import {
  fitLogisticRegression,
  type LogisticRegression,
  predictLogisticRegression,
} from '../../models/logisticRegression.ts';
import { qiniCoefficient, qiniInterval } from './qini.ts';
import type { Interval } from './uplift.ts';

/** Two models of who orders: of those who were contacted, and of those who were not (Künzel et al. 2019, PNAS 116, 4156–4165). */
export interface TLearner {
  covariates: string[];
  treated: LogisticRegression;
  control: LogisticRegression;
  /** Of customers whom the models that scored them had not seen. */
  qini: number;
  qiniInterval: Interval;
  /** Whether it is better than chance beyond doubt; else it is not to be used. */
  isUseful: boolean;
}

export interface RandomisedOutcomes {
  columns: readonly { name: string; values: Float64Array }[];
  treated: Uint8Array;
  converted: Uint8Array;
}

const folds = 5;

/** With fewer buyers in a group a model of it means nothing. */
export const fewestBuyers = 25;

/** Null where a group has too few buyers, or too few who did not buy. To be called only where the groups are a random draw. */
export function fitTLearner(outcomes: RandomisedOutcomes, { seed }: { seed: number }): TLearner | null {
  if (outcomes.columns.length === 0 || !hasEnough(outcomes)) return null;
  const rows = outcomes.treated.length;
  const shuffled = shuffledIndices(seededGenerator(seed), rows);
  const scores = new Float64Array(rows);
  for (let fold = 0; fold < folds; fold++) {
    const held = shuffled.filter((_, at) => at % folds === fold);
    const models = fitBoth(
      outcomes,
      shuffled.filter((_, at) => at % folds !== fold),
    );
    const uplift = upliftBy(models, outcomes.columns, held);
    for (const [at, row] of held.entries()) scores[row] = uplift[at] as number;
  }
  const scored = { scores, treated: outcomes.treated, converted: outcomes.converted };
  const interval = qiniInterval(scored, { seed });
  return {
    covariates: outcomes.columns.map(({ name }) => name),
    ...fitBoth(outcomes, shuffled),
    qini: qiniCoefficient(scored),
    qiniInterval: interval,
    isUseful: interval.low > 0,
  };
}

/** By how much a contact raises each customer's probability to order, by these columns, which are those of the fit. */
export function predictUplift(
  models: Pick<TLearner, 'treated' | 'control'>,
  columns: readonly { values: Float64Array }[],
): Float64Array {
  const rows = columns[0]?.values.length ?? 0;
  return upliftBy(
    models,
    columns,
    Uint32Array.from({ length: rows }, (_, row) => row),
  );
}

/** By how much a contact raises the logarithm of each customer's odds to order; NaN where a column is not known. */
export function predictLogOddsRise(
  models: Pick<TLearner, 'treated' | 'control'>,
  columns: readonly { values: Float64Array }[],
): Float64Array {
  const rows = columns[0]?.values.length ?? 0;
  const matrix = matrixOf(
    columns,
    Uint32Array.from({ length: rows }, (_, row) => row),
  );
  const without = predictLogisticRegression(models.control, matrix);
  return predictLogisticRegression(models.treated, matrix).map(
    (probability, row) => logit(probability) - logit(without[row] as number),
  );
}

const logit = (probability: number): number => Math.log(probability / (1 - probability));

function hasEnough({ treated, converted }: RandomisedOutcomes): boolean {
  const counts = [0, 0, 0, 0];
  for (const [row, arm] of treated.entries()) {
    const cell = 2 * arm + (converted[row] as number);
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts.every((count) => count >= fewestBuyers);
}

function fitBoth(
  { columns, treated, converted }: RandomisedOutcomes,
  rows: Uint32Array,
): Pick<TLearner, 'treated' | 'control'> {
  const [ofControl, ofTreated] = [0, 1].map((arm) => {
    const own = rows.filter((row) => treated[row] === arm);
    return fitLogisticRegression(
      matrixOf(columns, own),
      Uint8Array.from(own, (row) => converted[row] as number),
    );
  }) as [LogisticRegression, LogisticRegression];
  return { treated: ofTreated, control: ofControl };
}

function upliftBy(
  { treated, control }: Pick<TLearner, 'treated' | 'control'>,
  columns: readonly { values: Float64Array }[],
  rows: Uint32Array,
): Float64Array {
  const matrix = matrixOf(columns, rows);
  const without = predictLogisticRegression(control, matrix);
  return predictLogisticRegression(treated, matrix).map(
    (probability, row) => probability - (without[row] as number),
  );
}

function matrixOf(columns: readonly { values: Float64Array }[], rows: Uint32Array) {
  const X = new Float64Array(rows.length * columns.length);
  for (const [at, row] of rows.entries())
    for (const [column, { values }] of columns.entries())
      X[at * columns.length + column] = values[row] as number;
  const columnNames = columns.map((_, column) => String(column));
  return { X, rows: rows.length, columns: columns.length, columnNames };
}
