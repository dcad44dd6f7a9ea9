import { type RandomGenerator, shuffledIndices, uniformBelow } from '../../math/random.ts';

export interface BootstrapInterval {
  /** Mean over all rows. */
  difference: number;
  low: number;
  high: number;
}

/** Above so many rows, rows drawn together at random are drawn as one: the interval of a mean stays the same. */
const maxBlocks = 5000;

/**
 * The mean of each column of differences with its 95 % percentile interval (Efron and Tibshirani 1993, section 13.3). The same
 * rows are drawn for all columns, and each column is a difference row by row, so that what is hard for both is no noise.
 */
export function pairedBootstrap(
  differences: readonly Float64Array[],
  { generator, replicates = 1000 }: { generator: RandomGenerator; replicates?: number },
): BootstrapInterval[] {
  const rows = differences[0]?.length ?? 0;
  if (rows === 0) throw new RangeError('pairedBootstrap needs at least one row; got 0');
  const blocks = Math.min(rows, maxBlocks);
  const blockOf = shuffledIndices(generator, rows).map((place) => place % blocks);
  const sizes = new Float64Array(blocks);
  for (const block of blockOf) sizes[block] = (sizes[block] as number) + 1;
  const sums = differences.map((column) => blockSums(column, blockOf, blocks));
  const means = differences.map(() => new Float64Array(replicates));
  for (let replicate = 0; replicate < replicates; replicate++) {
    const times = new Uint16Array(blocks);
    for (let draw = 0; draw < blocks; draw++) {
      const block = uniformBelow(generator, blocks);
      times[block] = (times[block] as number) + 1;
    }
    const drawn = weightedSum(sizes, times);
    for (const [column, values] of sums.entries())
      (means[column] as Float64Array)[replicate] = weightedSum(values, times) / drawn;
  }
  return differences.map((column, index) => {
    const sorted = (means[index] as Float64Array).sort();
    return {
      difference: column.reduce((sum, value) => sum + value, 0) / rows,
      low: sorted[Math.floor(0.025 * (replicates - 1))] as number,
      high: sorted[Math.ceil(0.975 * (replicates - 1))] as number,
    };
  });
}

function blockSums(column: Float64Array, blockOf: Uint32Array, blocks: number): Float64Array {
  const sums = new Float64Array(blocks);
  for (let row = 0; row < column.length; row++) {
    const block = blockOf[row] as number;
    sums[block] = (sums[block] as number) + (column[row] as number);
  }
  return sums;
}

function weightedSum(values: Float64Array, times: Uint16Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++)
    sum += (values[index] as number) * (times[index] as number);
  return sum;
}
