/**
 * Sample weights as whole numbers: each times the same power of two, so that weights that are such multiples of each other
 * stay exact. Without weights null, for 1 each.
 */
export function quantiseWeights(
  weights: Float64Array | undefined,
  { rows, largestSum, caller }: { rows: number; largestSum: number; caller: string },
): { whole: Uint32Array | null; scale: number } {
  if (weights === undefined) return { whole: null, scale: 1 };
  if (weights.length !== rows)
    throw new Error(`${caller} needs ${rows} sample weights, as many as rows; got ${weights.length}`);
  let sum = 0;
  for (const [row, weight] of weights.entries()) {
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new Error(`${caller} needs sample weights from 0 up; row ${row} has ${weight}`);
    sum += weight;
  }
  if (sum === 0) throw new Error(`${caller} needs a sample weight above 0; all ${rows} are 0`);
  const scale = 2 ** Math.floor(Math.log2(largestSum / sum));
  return { whole: Uint32Array.from(weights, (weight) => Math.round(weight * scale)), scale };
}
