import { customerNumber } from '../../features/customerBucket.ts';
import { type RandomGenerator, shuffledIndices } from '../../math/random.ts';
import { refuseResampled } from './resampledLabels.ts';

declare const trainingFold: unique symbol;

/** Rows that a model may be fitted to, by their places in the table. Only a split makes one; see `Split`. */
export type TrainingFold = Uint32Array & { readonly [trainingFold]: true };

/** Rows to fit on and rows to measure on, by their places in the table, both ascending. */
export interface Split {
  training: TrainingFold;
  heldOut: Uint32Array;
}

export interface FoldOptions {
  generator: RandomGenerator;
  /** Who each row is about: rows of one group are never divided. */
  groups?: readonly string[] | undefined;
}

/** Every row held out once, with shares of label 1 as equal as counts and groups allow. */
export function stratifiedFolds(
  y: Uint8Array,
  { folds, ...options }: FoldOptions & { folds: number },
): Split[] {
  const fold = foldNumbers(y, { folds, ...options });
  return Array.from({ length: folds }, (_, number) => splitBy(y.length, (row) => fold[row] === number));
}

/** One split that holds out about `share` of the rows, and as nearly the same share of label 1. */
export function stratifiedSplit(
  y: Uint8Array,
  { share, ...options }: FoldOptions & { share: number },
): Split {
  refuseResampled('stratifiedSplit', y);
  return splitStrata(y, { share, strata: strataOf(y, shuffled(groupsOf(y, options), options)) });
}

/**
 * The same, where a hash of the id says who is held out, and neither chance nor the other rows do, up to a few at the edge: a
 * customer who comes again in a later table is held out again, so that no model of either has seen him.
 */
export function stratifiedSplitById(
  y: Uint8Array,
  { share, ids }: { share: number; ids: readonly string[] },
): Split {
  refuseResampled('stratifiedSplitById', y);
  const groups = groupsOf(y, { groups: ids }).map((members) => ({
    members,
    place: customerNumber(ids[members[0] as number] as string),
  }));
  const inOrder = groups.sort((a, b) => a.place - b.place).map(({ members }) => members);
  return splitStrata(y, { share, strata: strataOf(y, inOrder) });
}

function splitStrata(y: Uint8Array, { share, strata }: { share: number; strata: Stratum[] }): Split {
  const isHeldOut = new Uint8Array(y.length);
  for (const stratum of strata) {
    const rowsWanted = share * stratum.rows;
    let rows = 0;
    for (const members of stratum.groups) {
      // a group goes where it takes the share nearer to what is wanted
      if (rows + members.length / 2 > rowsWanted) continue;
      rows += members.length;
      for (const row of members) isHeldOut[row] = 1;
    }
  }
  return splitBy(y.length, (row) => isHeldOut[row] === 1);
}

/** All rows to fit on: for a model that has been compared and is fitted again. */
export const allRows = (rows: number): TrainingFold =>
  Uint32Array.from({ length: rows }, (_, row) => row) as TrainingFold;

/** Some of a training fold's rows, by their places in the fold: still rows to fit on. */
export const partOf = (fold: TrainingFold, places: Uint32Array): TrainingFold =>
  Uint32Array.from(places, (place) => fold[place] as number) as TrainingFold;

/** The split's rows where `isHeldOut` says so, and the others. */
export function splitBy(rows: number, isHeldOut: (row: number) => boolean): Split {
  const all = allRows(rows);
  return {
    training: all.filter((row) => !isHeldOut(row)) as TrainingFold,
    heldOut: all.filter(isHeldOut) as Uint32Array,
  };
}

/** The fold, 0 to `folds` - 1, in which each row is held out. */
export function foldNumbers(
  y: Uint8Array,
  { folds, ...options }: FoldOptions & { folds: number },
): Uint8Array {
  refuseResampled('foldNumbers', y);
  if (!(folds >= 2 && folds <= 255)) throw new RangeError(`foldNumbers needs 2 to 255 folds; got ${folds}`);
  const fold = new Uint8Array(y.length);
  const sizes = new Float64Array(folds);
  for (const { groups } of strataOf(y, shuffled(groupsOf(y, options), options))) {
    const inStratum = new Float64Array(folds);
    // the largest first, each into the fold that has least of its kind, and of those the smallest
    for (const members of groups.toSorted((a, b) => b.length - a.length)) {
      let smallest = 0;
      for (let number = 1; number < folds; number++) {
        const [one, other] = [inStratum[number] as number, inStratum[smallest] as number];
        if (one < other || (one === other && (sizes[number] as number) < (sizes[smallest] as number)))
          smallest = number;
      }
      inStratum[smallest] = (inStratum[smallest] as number) + members.length;
      sizes[smallest] = (sizes[smallest] as number) + members.length;
      for (const row of members) fold[row] = smallest;
    }
  }
  return fold;
}

/** Groups of like share of label 1, in the order in which they are given. */
interface Stratum {
  rows: number;
  groups: number[][];
}

/** Groups are those with no buyer, those with some, and those of buyers alone. */
function strataOf(y: Uint8Array, groups: readonly number[][]): Stratum[] {
  const strata: Stratum[] = Array.from({ length: 3 }, () => ({ rows: 0, groups: [] }));
  for (const rows of groups) {
    const positives = rows.reduce((sum, row) => sum + (y[row] as number), 0);
    const stratum = strata[positives === 0 ? 0 : positives === rows.length ? 2 : 1] as Stratum;
    stratum.rows += rows.length;
    stratum.groups.push(rows);
  }
  return strata;
}

/** A row without a group is one of its own. */
const groupsOf = (y: Uint8Array, { groups }: Pick<FoldOptions, 'groups'>): number[][] =>
  groups === undefined ? Array.from(y.keys(), (row) => [row]) : rowsByGroup(groups);

const shuffled = (groups: readonly number[][], { generator }: FoldOptions): number[][] =>
  Array.from(shuffledIndices(generator, groups.length), (place) => groups[place] as number[]);

function rowsByGroup(groups: readonly string[]): number[][] {
  const rows = new Map<string, number[]>();
  for (const [row, group] of groups.entries()) {
    const members = rows.get(group);
    if (members === undefined) rows.set(group, [row]);
    else members.push(row);
  }
  return [...rows.values()];
}
