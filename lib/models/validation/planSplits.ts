import { type RandomGenerator, shuffledIndices } from '../../math/random.ts';
import type { PurchaseRows } from '../purchaseRows.ts';
import {
  partOf,
  type Split,
  stratifiedFolds,
  stratifiedSplit,
  stratifiedSplitById,
  type TrainingFold,
} from './folds.ts';
import { temporalSplits } from './temporalSplits.ts';

/** How a comparison divides the rows: one split to report on, and within its training rows some to choose by. */
export interface SplitPlan {
  kind: 'stratified' | 'temporal';
  test: Split;
  /** Numbers are those of the table, too. */
  validation: Split[];
  /** Whether each of these is a cutoff after those that it is fitted to, instead of customers among others. */
  validatesByTime: boolean;
  trainingCutoffs: string[];
  heldOutCutoff: string | null;
}

const heldOutShare = 0.3;
/** Rows to fit on and rows to measure on, at most, while candidates are compared; the winner is fitted to all. */
const maxRows = 100_000;
/** Fewer rows are too dear to be used once; more make one split as good as several. */
const foldsBelow = [
  { rows: 2000, folds: 5 },
  { rows: 20_000, folds: 3 },
];

/** Of each label: fewer say nothing. */
const leastPerLabel = 3;

/**
 * With two cutoffs or more the last is the test, and of three or more each but the first validates what was fitted to those
 * before it. Otherwise 30 % of the customers are the test, by a hash of the id, and folds of the others validate; a customer's
 * rows are never divided.
 */
export function planSplits(rows: PurchaseRows, generator: RandomGenerator): SplitPlan {
  const { labels, cutoffs, ids } = rows;
  const byTime = cutoffs === undefined ? null : temporalSplits(cutoffs);
  const groups = groupsOf(ids);
  const capRows = (split: Split): Split => cappedSplit(split, generator);
  const test = capRows(byTime?.test ?? stratifiedSplitById(labels, { share: heldOutShare, ids }));
  const earlier = (byTime?.validation ?? []).filter(
    ({ training, heldOut }) => hasBothLabels(labels, training) && hasBothLabels(labels, heldOut),
  );
  const validatesByTime = earlier.length > 0;
  return {
    kind: byTime === null ? 'stratified' : 'temporal',
    test,
    validation: validatesByTime
      ? earlier.map(capRows)
      : foldsWithin(test.training, { labels, groups, generator }),
    validatesByTime,
    trainingCutoffs: byTime?.trainingCutoffs ?? [],
    heldOutCutoff: byTime?.heldOutCutoff ?? null,
  };
}

function hasBothLabels(labels: Uint8Array, rows: Uint32Array): boolean {
  const positives = rows.reduce((sum, row) => sum + (labels[row] as number), 0);
  return Math.min(positives, rows.length - positives) >= leastPerLabel;
}

/** Ids that come more than once; where none does, rows are as good as groups and cheaper. */
function groupsOf(ids: readonly string[]): readonly string[] | undefined {
  return new Set(ids).size < ids.length ? ids : undefined;
}

function foldsWithin(
  fold: TrainingFold,
  {
    labels,
    groups,
    generator,
  }: { labels: Uint8Array; groups: readonly string[] | undefined; generator: RandomGenerator },
): Split[] {
  const y = Uint8Array.from(fold, (row) => labels[row] as number);
  const within = { generator, groups: groups && Array.from(fold, (row) => groups[row] as string) };
  const folds = foldsBelow.find(({ rows }) => y.length < rows)?.folds;
  const splits =
    folds === undefined
      ? [stratifiedSplit(y, { share: 0.25, ...within })]
      : stratifiedFolds(y, { folds, ...within });
  return splits.map(({ training, heldOut }) => ({
    training: partOf(fold, training),
    heldOut: Uint32Array.from(heldOut, (place) => fold[place] as number),
  }));
}

const cappedSplit = ({ training, heldOut }: Split, generator: RandomGenerator): Split => ({
  training: capped(training, generator) as TrainingFold,
  heldOut: capped(heldOut, generator),
});

function capped(rows: Uint32Array, generator: RandomGenerator): Uint32Array {
  if (rows.length <= maxRows) return rows;
  const drawn = shuffledIndices(generator, rows.length).subarray(0, maxRows);
  return Uint32Array.from(drawn, (place) => rows[place] as number).sort();
}
