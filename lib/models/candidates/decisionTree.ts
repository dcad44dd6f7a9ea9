import * as z from 'zod/mini';
import type { FeatureMatrix } from '../../features/matrix.ts';

/** One tree of few leaves, in preorder: the left child of a split is the node after it. */
export const decisionTreeSchema = z.object({
  nodes: z
    .array(
      z.object({
        /** Matrix column to ask for; -1 for a leaf. */
        column: z.int(),
        /** A row goes left when its value is below this; 0 for a leaf. */
        threshold: z.number(),
        /** 0 for a leaf. */
        right: z.int(),
        /** Share of buyers among the fitted rows that came this way, the share of all counting as one row. */
        probability: z.number(),
        /** Share of the fitted rows that came this way. */
        share: z.number(),
      }),
    )
    .check(z.refine(isWellFormed, 'nodes must point forward, to nodes that are there')),
});
export type DecisionTree = z.infer<typeof decisionTreeSchema>;
export type DecisionNode = DecisionTree['nodes'][number];

/** The probability of label 1 for each row. */
export function predictDecisionTree(
  { nodes }: DecisionTree,
  { X, rows, columns }: FeatureMatrix,
): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let index = 0;
    let node = nodes[0] as DecisionNode;
    while (node.column >= 0) {
      index = (X[row * columns + node.column] as number) < node.threshold ? index + 1 : node.right;
      node = nodes[index] as DecisionNode;
    }
    return node.probability;
  });
}

function isWellFormed(nodes: { column: number; right: number }[]): boolean {
  return (
    nodes.length > 0 &&
    nodes.every(({ column, right }, index) => column < 0 || (right > index + 1 && right < nodes.length))
  );
}
