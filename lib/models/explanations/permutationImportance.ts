import { seededGenerator, shuffledIndices } from '../../math/random.ts';
import type { EngineRows } from '../candidates/engines.ts';
import { pairedBootstrap } from '../evaluation/pairedBootstrap.ts';
import { rowLosses } from '../metrics.ts';
import type { Importance } from '../purchaseReport.ts';
import { shuffleColumn } from './replaceColumn.ts';

export interface ImportanceOptions {
  seed: number;
  shuffles?: number;
}

/**
 * How much worse held-out rows are predicted when a table column is shuffled among them, so that it says nothing (Breiman
 * 2001, section 10; Fisher, Rudin and Dominici 2019), largest first. Two columns that say the same stand in for each other,
 * and both look small.
 */
export function permutationImportance(
  predict: (rows: EngineRows) => Float64Array,
  { y, ...rows }: EngineRows & { y: Uint8Array },
  { seed, shuffles = 3 }: ImportanceOptions,
): Importance[] {
  const generator = seededGenerator(seed);
  const losses = rowLosses(y, predict(rows));
  const orders = Array.from({ length: shuffles }, () => shuffledIndices(generator, y.length));
  const increases = rows.places.map((place) => {
    const sum = new Float64Array(y.length);
    for (const order of orders) {
      const shuffled = rowLosses(y, predict(shuffleColumn(rows, { place, order })));
      for (let row = 0; row < sum.length; row++)
        sum[row] = (sum[row] as number) + ((shuffled[row] as number) - (losses[row] as number)) / shuffles;
    }
    return sum;
  });
  if (increases.length === 0) return [];
  return pairedBootstrap(increases, { generator, replicates: 500 })
    .map(({ difference, low, high }, index) => ({
      column: rows.places[index]?.name as string,
      logLossIncrease: difference,
      low,
      high,
    }))
    .sort((a, b) => b.logLossIncrease - a.logLossIncrease);
}
