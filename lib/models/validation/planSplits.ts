import { type RandomGenerator, shuffledIndices } from '../../math/random.ts';
import type { PurchaseRows } from '../purchaseRows.ts';
import { partOf, type Split, stratifiedFolds, stratifiedSplit, type TrainingFold } from './folds.ts';
import { temporalSplits } from './temporalSplits.ts';

/** How a comparison divides the rows: one split to report on, and within its training rows some to choose by. */
export interface SplitPlan {
  kind: 'stratified' | 'temporal';
  test: Split;
  /** Numbers are those of the table, too. */
  validation: Split[];
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

/**
 * With two cutoffs or more the last is the test, and of three or more the last but one validates. Otherwise 30 % of the
 * customers are the test, and folds of the others validate; a customer's rows are never divided.
 */
export function planSplits(rows: PurchaseRows, generator: RandomGenerator): SplitPlan {
  const { labels, cutoffs, ids } = rows;
  const byTime = cutoffs === undefined ? null : temporalSplits(cutoffs);
  const groups = groupsOf(ids);
  const whole = byTime?.test ?? stratifiedSplit(labels, { share: heldOutShare, generator, groups });
  const test = {
    training: capped(whole.training, generator) as TrainingFold,
    heldOut: capped(whole.heldOut, generator),
  };
  const chosen = byTime?.validation ?? null;
  const validation =
    chosen === null
      ? foldsWithin(test.training, { labels, groups, generator })
      : [
          {
            training: capped(chosen.training, generator) as TrainingFold,
            heldOut: capped(chosen.heldOut, generator),
          },
        ];
  return {
    kind: byTime === null ? 'stratified' : 'temporal',
    test,
    validation,
    trainingCutoffs: byTime?.trainingCutoffs ?? [],
    heldOutCutoff: byTime?.heldOutCutoff ?? null,
  };
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

function capped(rows: Uint32Array, generator: RandomGenerator): Uint32Array {
  if (rows.length <= maxRows) return rows;
  const drawn = shuffledIndices(generator, rows.length).subarray(0, maxRows);
  return Uint32Array.from(drawn, (place) => rows[place] as number).sort();
}
