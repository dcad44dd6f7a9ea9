import type { Layout } from '../../math/memoryLayout.ts';
import { seededGenerator, uniformBelow } from '../../math/random.ts';
import { countsToSort, type TreeKernel } from './treeKernel.ts';

/** Rows that edges are learnt from, at most: 128 and more for each bin, whose size is then off by a tenth or so. */
const sampleSize = 32_768;

/** Where the values of a column are: the one of row i at `first + i * step`. */
export interface ColumnPlace {
  first: number;
  step: number;
}

/** Positions of what a sample is sorted in. */
export interface SortingRoom {
  numbersAt: number;
  spareAt: number;
  countsAt: number;
}

export function takeSortingRoom(layout: Layout, rows: number): SortingRoom {
  const bytes = 8 * Math.min(rows, sampleSize);
  return {
    numbersAt: layout.take(bytes),
    spareAt: layout.take(bytes),
    countsAt: layout.take(4 * countsToSort),
  };
}

/**
 * Gives what finds ascending edges between the distinct values of a column, NaN aside: between all of them where `maxBins` bins
 * suffice, else between groups of about as many rows each. Edges lie half way, and depend on the order of the values alone.
 */
export function edgeLearner(
  rows: number,
  { kernel, buffer, ...at }: SortingRoom & { kernel: TreeKernel; buffer: ArrayBufferLike },
): (X: Float64Array, maxBins: number, place: ColumnPlace) => Float64Array {
  const learntFrom = rowsToLearnFrom(rows);
  const sample = new Float64Array(buffer, at.numbersAt, learntFrom.length);
  return (X, maxBins, { first, step }) => {
    let count = 0;
    for (let at = 0; at < learntFrom.length; at++) {
      const value = X[first + (learntFrom[at] as number) * step] as number;
      if (!Number.isNaN(value)) sample[count++] = value;
    }
    kernel.sortNumbers({ ...at, count });
    const { distinct, counts } = countDistinct(sample.subarray(0, count));
    const last = distinct.length - 1;
    const cuts = last < maxBins ? range(last) : cutEvenly(counts, maxBins);
    return Float64Array.from(cuts, (cut) => halfWay(distinct[cut] as number, distinct[cut + 1] as number));
  };
}

/** Of so many: all where they are few. Drawn, since an even step may keep time with the table; the same for every column. */
function rowsToLearnFrom(rows: number): Uint32Array {
  const drawn = new Uint32Array(Math.min(rows, sampleSize));
  const generator = seededGenerator(rows);
  for (let at = 0; at < drawn.length; at++)
    drawn[at] = rows <= sampleSize ? at : uniformBelow(generator, rows);
  return drawn;
}

/** Of values that ascend. */
function countDistinct(sorted: Float64Array): { distinct: Float64Array; counts: Uint32Array } {
  const distinct = new Float64Array(sorted.length);
  const counts = new Uint32Array(sorted.length);
  let length = 0;
  let last = Number.NaN;
  for (let at = 0; at < sorted.length; at++) {
    const value = sorted[at] as number;
    // -0 sorts before 0, and compares with it as equal
    if (value !== last) {
      distinct[length++] = value;
      last = value;
    }
    counts[length - 1] = (counts[length - 1] as number) + 1;
  }
  return { distinct: distinct.subarray(0, length), counts: counts.subarray(0, length) };
}

const range = (length: number): number[] => Array.from({ length: Math.max(0, length) }, (_, index) => index);

/** After which of the distinct values to cut. A value that fills a bin by itself does not starve the others. */
function cutEvenly(counts: Uint32Array, maxBins: number): number[] {
  const cuts: number[] = [];
  let rowsLeft = counts.reduce((sum, count) => sum + count, 0);
  let inBin = 0;
  for (let index = 0; index < counts.length - 1 && cuts.length < maxBins - 1; index++) {
    inBin += counts[index] as number;
    const wanted = rowsLeft / (maxBins - cuts.length);
    const next = counts[index + 1] as number;
    if (inBin < wanted && inBin + next / 2 < wanted) continue;
    cuts.push(index);
    rowsLeft -= inBin;
    inBin = 0;
  }
  return cuts;
}

/** A number above `lower` and at most `upper`; in the middle where there is one. */
function halfWay(lower: number, upper: number): number {
  const middle = lower / 2 + upper / 2;
  return middle > lower && middle <= upper ? middle : upper;
}
