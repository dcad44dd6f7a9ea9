import { seededGenerator } from '../../../lib/math/random.ts';
import { fitCandidate, predictCandidate } from '../../../lib/models/candidates/fitCandidate.ts';
import { prepareSplit, type TrainingRows } from '../../../lib/models/candidates/preparedSplit.ts';
import { chooseThreshold, classify } from '../../../lib/models/evaluation/threshold.ts';
import { stack } from '../../../lib/models/imbalance/matrixRows.ts';
import { makeUpRows } from '../../../lib/models/imbalance/smote.ts';
import { purchaseMetrics } from '../../../lib/models/metrics.ts';
import type { Classification } from '../../../lib/models/purchaseReport.ts';
import type { ImbalanceMethod } from '../../../lib/models/purchaseSettings.ts';
import { stratifiedFolds, stratifiedSplit } from '../../../lib/models/validation/folds.ts';
import type { TrainingTable } from '../../../lib/tables/types.ts';

/** Held-out figures of a forest whose training rows were treated. */
export interface TreatmentFigures extends Classification {
  auc: number;
  brier: number;
  liftAt10: number;
}

export interface TreatmentRun {
  method: ImbalanceMethod;
  /** Take probabilities back to the true prior, or leave them as the treated rows made them. */
  corrected: boolean;
  /** SMOTE whose neighbours are the nearest in the columns as they are, as the reference has it: method `none`, and these rows. */
  rawSmote?: boolean;
  minSamplesLeaf: number;
  /** Chosen for F1 on folds of the training rows, instead of .5. */
  tuned?: boolean;
  nEstimators: number;
  seed: number;
}

const roles = { recency: null, spend: null, orders: null, history: null };

/** One stratified 70/30 split, a forest on the treated 70 %. */
export async function measureTreatment(table: TrainingTable, run: TreatmentRun): Promise<TreatmentFigures> {
  const { method, corrected, rawSmote = false, minSamplesLeaf, tuned = false, nEstimators, seed } = run;
  const split = stratifiedSplit(table.labels, { share: 0.3, generator: seededGenerator(seed) });
  const fitted = async (some: typeof split) => {
    const { training, heldOut } = prepareSplit(table, some, { roles });
    const options = { parameters: { minSamplesLeaf, nEstimators }, seed, horizonDays: 30 };
    const rows = rawSmote ? withRawSmote(training, seed) : training;
    const model = await fitCandidate({ engine: 'randomForest', treatment: method }, rows, options);
    const correction = corrected ? model.correction : { beta: 1, focalGamma: null };
    return { y: heldOut.y, probabilities: predictCandidate({ ...model, correction }, heldOut) };
  };
  const { y, probabilities } = await fitted(split);
  const { rocAuc, brier } = purchaseMetrics(y, probabilities);
  const threshold = tuned ? await tunedThreshold() : 0.5;
  return {
    ...classify(y, probabilities, threshold),
    auc: rocAuc ?? Number.NaN,
    brier,
    liftAt10: liftOfTop(y, probabilities, 0.1),
  };

  async function tunedThreshold(): Promise<number> {
    const labels = Uint8Array.from(split.training, (row) => table.labels[row] as number);
    const [fold] = stratifiedFolds(labels, { folds: 3, generator: seededGenerator(seed) });
    const within = (places: Uint32Array) =>
      Uint32Array.from(places, (place) => split.training[place] as number);
    const inner = fold && { training: within(fold.training), heldOut: within(fold.heldOut) };
    const unseen = await fitted(inner as typeof split);
    return chooseThreshold(unseen.y, unseen.probabilities, { economics: null });
  }
}

/** As many buyers as others. */
function withRawSmote(training: TrainingRows, seed: number): TrainingRows {
  const { matrix, y } = training;
  const { X, columns } = matrix;
  const minority = Uint32Array.from(y.keys()).filter((row) => y[row] === 1);
  const input = { X, columns, distances: { Z: X, columns }, minority };
  const count = y.length - 2 * minority.length;
  const made = makeUpRows(input, { generator: seededGenerator(seed), count });
  const labels = new Uint8Array(y.length + count).fill(1);
  labels.set(y);
  return { ...training, matrix: stack(matrix, made), y: labels };
}

function liftOfTop(y: Uint8Array, probabilities: Float64Array, share: number): number {
  const order = Array.from(y.keys()).sort(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number),
  );
  const top = order.slice(0, Math.round(share * y.length));
  const rate = (rows: readonly number[]): number =>
    rows.reduce((sum, row) => sum + (y[row] as number), 0) / rows.length;
  return rate(top) / rate(order);
}
