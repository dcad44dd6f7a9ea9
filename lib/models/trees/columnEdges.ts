import { seededGenerator, uniformBelow } from '../../math/random.ts';

/** Rows that edges are learnt from, at most: 128 and more for each bin, whose size is then off by a tenth or so. */
const sampleSize = 32_768;

/**
 * Ascending edges between the distinct values of a column, NaN aside: between all of them where `maxBins` bins suffice, else
 * between groups of about as many rows each. Edges lie half way, and depend on the order of the values alone. `places` are the
 * rows to learn from.
 */
export function learnEdges(
  values: Float64Array,
  maxBins: number,
  places = placesToLearnFrom(values.length),
): Float64Array {
  const { distinct, counts } = countDistinct(sampleOf(values, places));
  const last = distinct.length - 1;
  const cuts = last < maxBins ? range(last) : cutEvenly(counts, maxBins);
  return Float64Array.from(cuts, (cut) => halfWay(distinct[cut] as number, distinct[cut + 1] as number));
}

/** Null for all of so many rows. Drawn, since an even step may keep time with the table; the same for every column. */
export function placesToLearnFrom(rows: number): Uint32Array | null {
  if (rows <= sampleSize) return null;
  const generator = seededGenerator(rows);
  const places = new Uint32Array(sampleSize);
  for (let at = 0; at < sampleSize; at++) places[at] = uniformBelow(generator, rows);
  return places;
}

function sampleOf(values: Float64Array, places: Uint32Array | null): Float64Array {
  const sample = new Float64Array(places?.length ?? values.length);
  let length = 0;
  for (let at = 0; at < sample.length; at++) {
    const value = values[places === null ? at : (places[at] as number)] as number;
    if (!Number.isNaN(value)) sample[length++] = value;
  }
  return sample.subarray(0, length);
}

function countDistinct(values: Float64Array): { distinct: Float64Array; counts: Uint32Array } {
  const sorted = values.sort();
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
