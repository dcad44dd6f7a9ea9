import { standardise } from '../math/standardise.ts';
import { columnOf } from '../math/standardiseColumns.ts';

/** Above this skewness a column is compressed: an exponential distribution has 2, a normal one 0. */
const maxSkewness = 2;

/**
 * Money, minutes and counts have a few very large values, which pull a straight line through the margin (on the Online
 * Shoppers sessions a logistic regression's AUC goes from .893 to .905 with them compressed). Gives for each column of a
 * row-major matrix the median size of its values other than 0, or 0 where the column stays as it is.
 */
export function fitCompression(
  X: Float64Array,
  { rows, columns }: { rows: number; columns: number },
): number[] {
  return Array.from({ length: columns }, (_, column) => {
    const values = columnOf(X, { column, rows, columns });
    return Math.abs(skewness(values)) > maxSkewness ? medianSize(values) : 0;
  });
}

/** A copy with asinh(value / scale) in the columns that have a scale: linear near 0, logarithmic far out, on either side. */
export function compress(X: Float64Array, scales: number[]): Float64Array {
  return X.map((value, at) => {
    const scale = scales[at % scales.length] as number;
    return scale > 0 ? asinhOfRatio(value, scale) : value;
  });
}

/** asinh(value / scale), also where the ratio is too large for a number. */
function asinhOfRatio(value: number, scale: number): number {
  const ratio = value / scale;
  if (Number.isFinite(ratio)) return Math.asinh(ratio);
  return Math.sign(value) * (Math.log(Math.abs(value)) - Math.log(scale) + Math.LN2);
}

/** Third standardised moment; 0 for a constant. */
const skewness = (values: Float64Array): number =>
  standardise(values).values.reduce((sum, value) => sum + value ** 3, 0) / values.length;

function medianSize(values: Float64Array): number {
  const sizes = values
    .map(Math.abs)
    .filter((size) => size > 0)
    .sort();
  return sizes[(sizes.length - 1) >>> 1] ?? 0;
}
