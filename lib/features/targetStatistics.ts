import { seededGenerator, uniformBelow } from '../math/random.ts';

export interface FittedLabels {
  y: Uint8Array;
  /** The rows that will be fitted on: no label of another row is looked at. All of them by default. */
  rows?: Uint32Array;
}

export interface Statistics {
  /** The smoothed share of label 1, per category. */
  statistics: Float64Array;
  /** The share of label 1 among all fitted rows. */
  otherwise: number;
}

/** The share of all rows counts as so many rows of each category (Micci-Barreca 2001, equation 4). */
const priorRows = 20;
/** In which a row's own statistic is taken from the others. */
export const statisticFolds = 5;

/** Learnt from all fitted rows: for rows that are not among them. */
export function targetStatistics(
  values: Float64Array,
  categories: Float64Array,
  { y, rows = allRows(values) }: FittedLabels,
): Statistics {
  return fromCounts(countCategories(values, { categories, y, rows }));
}

/**
 * Each row's statistic, NaN where it has no category. A fitted row takes it from the folds that it is not in, lest its own
 * label tell it: a category of one row would be known by heart. `foldOf` is each row's.
 */
export function outOfFoldStatistics(
  values: Float64Array,
  whole: Statistics,
  { categories, labels, foldOf }: { categories: Float64Array; labels: FittedLabels; foldOf: Uint8Array },
): Float64Array {
  const { y, rows = allRows(values) } = labels;
  const positions = new Map(Array.from(categories, (category, position) => [category, position]));
  const statisticIn = ({ statistics, otherwise }: Statistics, value: number): number => {
    if (Number.isNaN(value)) return Number.NaN;
    return statistics[positions.get(value) as number] ?? otherwise;
  };
  const all = values.map((value) => statisticIn(whole, value));
  for (let fold = 0; fold < statisticFolds; fold++) {
    const others = rows.filter((row) => foldOf[row] !== fold);
    const statistics = fromCounts(countCategories(values, { categories, y, rows: others }));
    for (const row of rows)
      if (foldOf[row] === fold) all[row] = statisticIn(statistics, values[row] as number);
  }
  return all;
}

/** By row, so that a row that is named twice does not tell itself its label. */
export function drawFolds(rows: number, seed: number): Uint8Array {
  const generator = seededGenerator(seed);
  return Uint8Array.from({ length: rows }, () => uniformBelow(generator, statisticFolds));
}

interface Counts {
  rows: Float64Array;
  positives: Float64Array;
  allRows: number;
  allPositives: number;
}

function countCategories(
  values: Float64Array,
  { categories, y, rows }: { categories: Float64Array; y: Uint8Array; rows: Uint32Array },
): Counts {
  const positions = new Map(Array.from(categories, (category, position) => [category, position]));
  const counts = new Float64Array(categories.length);
  const positives = new Float64Array(categories.length);
  let allPositives = 0;
  for (const row of rows) {
    const label = y[row] as number;
    allPositives += label;
    const position = positions.get(values[row] as number);
    if (position === undefined) continue;
    counts[position] = (counts[position] as number) + 1;
    positives[position] = (positives[position] as number) + label;
  }
  return { rows: counts, positives, allRows: rows.length, allPositives };
}

function fromCounts({ rows, positives, allRows, allPositives }: Counts): Statistics {
  const otherwise = (allPositives + 1) / (allRows + 2);
  const statistics = rows.map(
    (count, category) => ((positives[category] as number) + priorRows * otherwise) / (count + priorRows),
  );
  return { statistics, otherwise };
}

const allRows = (values: Float64Array): Uint32Array => Uint32Array.from(values.keys());
