import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { gammaCdf } from '../../math/gammaQuantile.ts';

/** Whether the two groups of a campaign were alike before it, as a random draw makes them. */
export interface Balance {
  covariates: {
    name: string;
    treatedMean: number;
    controlMean: number;
    /** Difference of means in pooled standard deviations (Austin 2009, Statistics in Medicine 28, 3083–3107). */
    standardisedDifference: number;
  }[];
  /** Probability that a random draw gives differences as large as these, all covariates together. */
  pValue: number;
  isBalanced: boolean;
}

/** Below this probability the groups are not taken for a random draw: a shop that runs ten campaigns a year is wrong once in ten years. */
const leastPValue = 0.01;

/**
 * The omnibus test of Hansen & Bowers (2008, Statistical Science 23, 219–236, section 3): the vector of differences of means over their
 * covariance under a random draw is nearly chi-square. Columns that do not vary are left out. Null where there are no columns, or a group
 * has fewer than two rows: then nothing can be said.
 */
export function checkBalance(
  columns: readonly { name: string; values: Float64Array }[],
  treated: Uint8Array,
): Balance | null {
  const ones = treated.reduce((sum, value) => sum + value, 0);
  const zeros = treated.length - ones;
  if (columns.length === 0 || ones < 2 || zeros < 2) return null;
  const stats = columns.map(({ name, values }) => compare(name, values, treated));
  const varying = stats.filter(({ sd }) => sd > 0);
  const covariates = stats.map(({ name, treatedMean, controlMean, pooledSd }) => ({
    name,
    treatedMean,
    controlMean,
    standardisedDifference: pooledSd === 0 ? 0 : (treatedMean - controlMean) / pooledSd,
  }));
  if (varying.length === 0) return { covariates, pValue: 1, isBalanced: true };
  const statistic = mahalanobis(varying, 1 / ones + 1 / zeros);
  const pValue = 1 - gammaCdf(varying.length / 2, statistic / 2);
  return { covariates, pValue, isBalanced: pValue >= leastPValue };
}

interface Compared {
  name: string;
  standardised: Float64Array;
  sd: number;
  treatedMean: number;
  controlMean: number;
  pooledSd: number;
  /** Difference of the standardised means. */
  difference: number;
}

function compare(name: string, values: Float64Array, treated: Uint8Array): Compared {
  const mean = average(values);
  const sd = Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
  const standardised = values.map((value) => (sd === 0 ? 0 : (value - mean) / sd));
  const [one, zero] = [1, 0].map((arm) => {
    const own = values.filter((_, row) => treated[row] === arm);
    const ownMean = average(own);
    return { mean: ownMean, variance: average(own.map((value) => (value - ownMean) ** 2)) };
  }) as [{ mean: number; variance: number }, { mean: number; variance: number }];
  return {
    name,
    standardised,
    sd,
    treatedMean: one.mean,
    controlMean: zero.mean,
    pooledSd: Math.sqrt((one.variance + zero.variance) / 2),
    difference: sd === 0 ? 0 : (one.mean - zero.mean) / sd,
  };
}

const average = (values: Float64Array): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

function mahalanobis(columns: readonly Compared[], perGroup: number): number {
  const rows = (columns[0] as Compared).standardised.length;
  const covariance = Matrix.zeros(columns.length, columns.length);
  for (const [i, one] of columns.entries())
    for (const [j, other] of columns.entries()) {
      let sum = 0;
      for (let row = 0; row < rows; row++)
        sum += (one.standardised[row] as number) * (other.standardised[row] as number);
      // columns that say the same must not make the matrix singular
      covariance.set(i, j, (sum / (rows - 1) + (i === j ? 1e-9 : 0)) * perGroup);
    }
  const difference = Matrix.columnVector(columns.map((column) => column.difference));
  const solved = new CholeskyDecomposition(covariance).solve(difference);
  return difference.transpose().mmul(solved).get(0, 0);
}
