import * as z from 'zod/mini';
import type { FeatureMatrix } from '../features/matrix.ts';
import { predictTrees, treesSchema } from './trees.ts';

export const randomForestDrawsSchema = z.object({
  trees: treesSchema,
  /** The share of buyers among the fitted rows. */
  prior: z.number(),
});
export type RandomForestDraws = z.infer<typeof randomForestDrawsSchema>;

/**
 * The mean of the trees and, as one tree more, of the prior: a leaf on a draw can be all buyers or none, and a probability
 * of exactly 0 or 1 would claim a certainty that a few hundred rows do not give.
 */
export function predictRandomForestDraws(
  { trees, prior }: RandomForestDraws,
  matrix: FeatureMatrix,
): Float64Array {
  const nEstimators = trees.roots.length;
  return predictTrees(trees, matrix).map((mean) => (nEstimators * mean + prior) / (nEstimators + 1));
}
