import type { FeatureMatrix } from '../../features/matrix.ts';
import { drawInPlace, type RandomGenerator, uniformBelow } from '../../math/random.ts';
import { fitColumnStandards, standardiseColumns } from '../../math/standardiseColumns.ts';
import type { ImbalanceMethod } from '../purchaseSettings.ts';
import type { TrainingFold } from '../validation/folds.ts';
import { markResampled } from '../validation/resampledLabels.ts';
import { withoutMisplaced, withoutTomekLinks } from './cleaning.ts';
import { drawByCluster } from './clusters.ts';
import { rowsOf, stack } from './matrixRows.ts';
import type { Points } from './neighbours.ts';
import { type PriorCorrection, priorShift } from './priorCorrection.ts';
import { makeUpRows } from './smote.ts';

/** A training fold as engines read it: row i of `matrix` and `y[i]` are row `fold[i]` of the table. */
export interface FoldRows {
  fold: TrainingFold;
  /** Without gaps. */
  matrix: FeatureMatrix;
  y: Uint8Array;
  /** Matrix columns that are the categories of one table column, or say that one is missing. */
  nominalGroups: readonly (readonly number[])[];
}

/** Rows to fit, and how to take back what the treatment does to the probabilities. */
export interface TreatedRows {
  matrix: FeatureMatrix;
  y: Uint8Array;
  /** Null: each row counts as one. */
  weights: Float64Array | null;
  correction: PriorCorrection;
}

/** As Lin, Goyal, Girshick, He and Dollár (2017) recommend. */
const focalGamma = 2;

/** The square of the rows is what cleaning costs, so it is given a draw of so many. */
const maxCleanedRows = 12_000;

/**
 * Makes both labels weigh the same, by the method, up to chance and cleaning. It takes a training fold, and what it returns
 * cannot be split again: a held-out row is never a copy or a mixture of rows that were fitted.
 */
export function treatRows(rows: FoldRows, options: TreatmentOptions): TreatedRows {
  const { matrix, y } = rows;
  const untouched: TreatedRows = { matrix, y, weights: null, correction: { beta: 1, focalGamma: null } };
  const { minority, majority } = byLabel(y);
  if (options.method === 'none') return untouched;
  if (options.method === 'focalLoss') return { ...untouched, correction: { beta: 1, focalGamma } };
  if (minority.length === 0)
    throw new RangeError(`treatRows needs rows of both labels; got ${y.length} rows of one`);
  if (options.method === 'classWeights') return withWeights(untouched);
  // the forest draws for each tree by itself
  if (options.method === 'balancedForest') return { ...withWeights(untouched), weights: null };
  const sampled = sample(rows, { ...options, minority, majority });
  const beta = priorShift(countLabels(y), countLabels(sampled.y));
  return { ...sampled, weights: null, correction: { beta, focalGamma: null } };
}

export interface TreatmentOptions {
  method: ImbalanceMethod;
  generator: RandomGenerator;
}

interface Sampled {
  matrix: FeatureMatrix;
  y: Uint8Array;
}

function sample(
  rows: FoldRows,
  { method, generator, minority, majority }: TreatmentOptions & LabelledRows,
): Sampled {
  const kept = (some: Uint32Array): Sampled => take(rows, some.slice().sort());
  switch (method) {
    case 'randomOverSampling': {
      const copies = Uint32Array.from(
        { length: majority.length - minority.length },
        () => minority[uniformBelow(generator, minority.length)] as number,
      );
      return kept(joined(joined(majority, minority), copies));
    }
    case 'randomUnderSampling':
      return kept(joined(minority, drawInPlace(generator, majority.slice(), minority.length)));
    case 'clusterUnderSampling': {
      const points = { ...distances(rows.matrix, rows.nominalGroups), rows: majority };
      return kept(joined(minority, drawByCluster(points, { generator, count: minority.length })));
    }
    case 'smote':
      return withMadeUpRows(rows, { generator, nominal: false });
    case 'smotenc':
      return withMadeUpRows(rows, { generator, nominal: true });
    case 'smoteTomek':
      return cleaned(someOf(rows, generator), { generator, clean: withoutTomekLinks });
    case 'smoteEnn':
      return cleaned(someOf(rows, generator), { generator, clean: withoutMisplaced });
    default:
      throw new Error(`treatRows does not sample by ${method}`);
  }
}

function withMadeUpRows(
  rows: FoldRows,
  { generator, nominal }: { generator: RandomGenerator; nominal: boolean },
): Sampled {
  const { matrix, y, nominalGroups } = rows;
  const { minority, majority } = byLabel(y);
  const count = majority.length - minority.length;
  const input = {
    X: matrix.X,
    columns: matrix.columns,
    distances: distances(matrix, nominalGroups),
    minority,
  };
  const made = makeUpRows(input, { generator, count, ...(nominal && { nominalGroups }) });
  const label = y[minority[0] as number] as number;
  const labels = new Uint8Array(y.length + count).fill(label);
  labels.set(y);
  return { matrix: stack(matrix, made), y: markResampled(labels) };
}

/** SMOTE, and then without the rows that `clean` leaves out. */
function cleaned(
  rows: FoldRows,
  { generator, clean }: { generator: RandomGenerator; clean: (points: Points, y: Uint8Array) => Uint32Array },
): Sampled {
  const { matrix, y } = withMadeUpRows(rows, { generator, nominal: false });
  const points = { ...distances(matrix, rows.nominalGroups), rows: Uint32Array.from(y.keys()) };
  const kept = clean(points, y);
  const labels = countLabels(Uint8Array.from(kept, (row) => y[row] as number));
  // where labels are so mixed that cleaning leaves one of them alone, it has nothing to say
  return labels.negatives === 0 || labels.positives === 0 ? { matrix, y } : take({ matrix, y }, kept);
}

function someOf(rows: FoldRows, generator: RandomGenerator): FoldRows {
  if (rows.y.length <= maxCleanedRows) return rows;
  const drawn = drawInPlace(generator, Uint32Array.from(rows.y.keys()), maxCleanedRows).slice().sort();
  return { ...rows, ...take(rows, drawn) };
}

/** Weights with which both labels weigh half of all rows. */
function withWeights(rows: TreatedRows): TreatedRows {
  const { negatives, positives } = countLabels(rows.y);
  const total = negatives + positives;
  const perLabel = [total / (2 * negatives), total / (2 * positives)] as const;
  return {
    ...rows,
    weights: Float64Array.from(rows.y, (label) => perLabel[label as 0 | 1]),
    correction: { ...rows.correction, beta: positives / negatives },
  };
}

/**
 * The rows in units of their columns' deviations, as yuan, minutes and counts do not add. Another category is as far as one
 * deviation of a number, which is what SMOTE-NC takes from Chawla et al. (2002): the median of them.
 */
function distances(
  { X, rows, columns }: FeatureMatrix,
  nominalGroups: FoldRows['nominalGroups'],
): { Z: Float64Array; columns: number } {
  const { means, scales } = fitColumnStandards(X, { rows, columns });
  // two columns of a group change with the category, one where it is yes or no
  for (const group of nominalGroups)
    for (const column of group) scales[column] = group.length > 1 ? Math.SQRT2 : 1;
  return { Z: standardiseColumns(X, { means, scales }), columns };
}

interface LabelledRows {
  minority: Uint32Array;
  majority: Uint32Array;
}

function byLabel(y: Uint8Array): LabelledRows {
  const all = Uint32Array.from(y.keys());
  const positives = all.filter((row) => y[row] === 1);
  const negatives = all.filter((row) => y[row] === 0);
  return positives.length <= negatives.length
    ? { minority: positives, majority: negatives }
    : { minority: negatives, majority: positives };
}

function countLabels(y: Uint8Array): { negatives: number; positives: number } {
  const positives = y.reduce((sum, label) => sum + label, 0);
  return { negatives: y.length - positives, positives };
}

const take = ({ matrix, y }: Sampled, rows: Uint32Array): Sampled => ({
  matrix: rowsOf(matrix, rows),
  y: markResampled(Uint8Array.from(rows, (row) => y[row] as number)),
});

function joined(one: Uint32Array, other: Uint32Array): Uint32Array {
  const all = new Uint32Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
