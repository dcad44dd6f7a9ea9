export interface Standardised {
  centre: number;
  /** Standard deviation over all values; 0 for a column that is constant up to rounding. */
  scale: number;
  /** (value - centre) / scale, and 0 throughout for a constant column. */
  values: Float64Array;
}

/** Moves a column to mean 0 and scales it to standard deviation 1, for any finite values, however large or small. */
export function standardise(column: Float64Array): Standardised {
  const largest = column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return constantColumn(column, 0);
  // in units of the largest value, since the square of 1e200 is infinite
  const inUnits = column.map((value) => value / largest);
  const mean = meanOf(inUnits);
  const deviation = Math.sqrt(meanOf(inUnits.map((value) => (value - mean) ** 2)));
  const scale = deviation * largest;
  // a product too small for a number is -0 where the mean is negative, which JSON does not keep
  const centre = mean * largest + 0;
  if (deviation < 1e-9 || scale < smallestScale) return constantColumn(column, centre);
  return { centre, scale, values: inUnits.map((value) => (value - mean) / deviation) };
}

/** Pearson's correlation of two columns that are standardised over the same rows. */
export const correlationOf = (one: Standardised, other: Standardised): number =>
  meanOf(one.values.map((value, index) => value * (other.values[index] as number)));

// Below it a double loses digits, and dividing by it overflows.
const smallestScale = 2 ** -1000;

const constantColumn = (column: Float64Array, centre: number): Standardised => ({
  centre,
  scale: 0,
  values: new Float64Array(column.length),
});

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
