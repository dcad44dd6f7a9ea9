import * as z from 'zod/mini';
import type { FeatureMatrix } from '../features/matrix.ts';

/**
 * Binary trees as parallel arrays, one entry per node, every tree in preorder: the left child of a split is the node after it.
 */
export const treesSchema = z
  .object({
    /** First node of each tree. */
    roots: z.array(z.int()),
    /** Matrix column to compare, or -1 for a leaf. */
    feature: z.array(z.int()),
    /** A row goes left when its value is below this; a leaf's prediction. */
    threshold: z.array(z.number()),
    /** The right child of a split; 0 for a leaf. */
    right: z.array(z.int()),
  })
  .check(z.refine(isWellFormed, 'nodes must point forward, to nodes that are there'));
export type Trees = z.infer<typeof treesSchema>;

/** The mean over the trees of the leaf that each row ends in. */
export function predictTrees(trees: Trees, { X, rows, columns }: FeatureMatrix): Float64Array {
  const feature = Int32Array.from(trees.feature);
  const threshold = Float64Array.from(trees.threshold);
  const right = Int32Array.from(trees.right);
  const sums = new Float64Array(rows);
  for (const root of trees.roots) {
    for (let row = 0; row < rows; row++) {
      const start = row * columns;
      let node = root;
      for (let column = feature[node] as number; column >= 0; column = feature[node] as number) {
        const goesLeft = (X[start + column] as number) < (threshold[node] as number);
        node = goesLeft ? node + 1 : (right[node] as number);
      }
      sums[row] = (sums[row] as number) + (threshold[node] as number);
    }
  }
  return sums.map((sum) => sum / trees.roots.length);
}

function isWellFormed({ roots, feature, threshold, right }: Trees): boolean {
  const nodes = feature.length;
  if (threshold.length !== nodes || right.length !== nodes || roots.length === 0) return false;
  const splitsPointForward = feature.every((column, node) => {
    if (column < 0) return true;
    const other = right[node] as number;
    return other > node + 1 && other < nodes;
  });
  return splitsPointForward && roots.every((root) => root >= 0 && root < nodes);
}
