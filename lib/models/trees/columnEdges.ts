import { seededGenerator, uniformBelow } from '../../math/random.ts';

/** Rows that edges are learnt from, at most: a share of the rows is then off by a thousandth or so. */
const sampleSize = 100_000;

/**
 * Ascending edges between the distinct values of a column, NaN aside: between all of them where `maxBins` bins suffice, else
 * between groups of about as many rows each. Edges lie half way, and depend on the order of the values alone.
 */
export function learnEdges(values: Float64Array, maxBins: number): Float64Array {
  const { distinct, counts } = countDistinct(sampleOf(values));
  const last = distinct.length - 1;
  const cuts = last < maxBins ? range(last) : cutEvenly(counts, maxBins);
  return Float64Array.from(cuts, (cut) => halfWay(distinct[cut] as number, distinct[cut + 1] as number));
}

function sampleOf(values: Float64Array): Float64Array {
  if (values.length <= sampleSize) return values.filter((value) => !Number.isNaN(value));
  // the same rows of every column of so many rows; drawn, since an even step may keep time with the table
  const generator = seededGenerator(values.length);
  const sample = new Float64Array(sampleSize);
  for (let at = 0; at < sampleSize; at++)
    sample[at] = values[uniformBelow(generator, values.length)] as number;
  return sample.filter((value) => !Number.isNaN(value));
}

function countDistinct(values: Float64Array): { distinct: number[]; counts: number[] } {
  const sorted = values.sort();
  const distinct: number[] = [];
  const counts: number[] = [];
  let last = Number.NaN;
  for (const value of sorted) {
    // -0 sorts before 0, and compares with it as equal
    if (value === last) counts[counts.length - 1] = (counts[counts.length - 1] as number) + 1;
    else {
      distinct.push(value);
      counts.push(1);
      last = value;
    }
  }
  return { distinct, counts };
}

const range = (length: number): number[] => Array.from({ length: Math.max(0, length) }, (_, index) => index);

/** After which of the distinct values to cut. A value that fills a bin by itself does not starve the others. */
function cutEvenly(counts: number[], maxBins: number): number[] {
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
