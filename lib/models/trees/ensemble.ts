/** One tree as parallel arrays, an entry per node, in preorder: the left child of a split is the node after it. */
export interface TreeNodes {
  /** Matrix column that a split asks for; -1 for a leaf. */
  feature: Int32Array;
  /** A split compares the column's code with this one, as its rule says. */
  code: Uint16Array;
  /** A `splitRules` entry. */
  rule: Uint8Array;
  /** The right child of a split, counted from the tree's root; 0 for a leaf. */
  right: Uint32Array;
  /** What a leaf adds to the margin; 0 for a split. */
  value: Float32Array;
  /** The weight of the fitted rows that came this way: a row counts 1 in every tree that it is drawn for, times its sample weight. */
  cover: Uint32Array;
}

/** Which codes go left. Code 0 is a missing value. */
export const splitRules = {
  /** Codes up to the split's, and missing values. */
  missingLeft: 0,
  /** Codes from 1 up to the split's. */
  missingRight: 1,
  /** The split's code alone. */
  equal: 2,
} as const;

/** How the numbers of a matrix column become codes. NaN becomes 0 in each of them. */
export type ColumnCodes =
  /** 1 plus the number of edges at or below the value. Edges ascend. */
  | { kind: 'ordered'; edges: Float64Array }
  /** 1 plus the position of the value among the categories, which ascend; one more for a category that fitting did not see. */
  | { kind: 'oneHot'; categories: Float64Array }
  /** The category's statistic, or `otherwise` for a category that fitting did not see, coded as an ordered value. */
  | {
      kind: 'targetStatistics';
      categories: Float64Array;
      statistics: Float64Array;
      otherwise: number;
      edges: Float64Array;
    };

/**
 * What every tree engine fits: a row's margin is `baseMargin` plus the leaf that it reaches in each tree, and `link` takes
 * the margin to the probability of label 1.
 */
export interface TreeEnsemble {
  engine: 'randomForest' | 'gradientBoosting' | 'randomForestDraws';
  /** `identity`: the margin is the probability. `logistic`: it is the logit of the probability. */
  link: 'identity' | 'logistic';
  baseMargin: number;
  columnNames: string[];
  columnCodes: ColumnCodes[];
  /** First node of each tree, ascending. */
  roots: Uint32Array;
  /** The trees' nodes, one tree after the other. */
  nodes: TreeNodes;
}

export const leafFeature = -1;

/** Codes of a column are below it. */
export const numberOfCodes = (column: ColumnCodes): number =>
  2 + (column.kind === 'oneHot' ? column.categories : column.edges).length;

/** Whether a row with this code goes left at the node. */
export function goesLeft(nodes: TreeNodes, node: number, code: number): boolean {
  const limit = nodes.code[node] as number;
  switch (nodes.rule[node]) {
    case splitRules.equal:
      return code === limit;
    case splitRules.missingRight:
      return code !== 0 && code <= limit;
    default:
      return code <= limit;
  }
}

export function joinTrees(trees: readonly TreeNodes[]): { roots: Uint32Array; nodes: TreeNodes } {
  const total = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const nodes = emptyNodes(total);
  const roots = new Uint32Array(trees.length);
  let at = 0;
  for (const [index, tree] of trees.entries()) {
    roots[index] = at;
    nodes.feature.set(tree.feature, at);
    nodes.code.set(tree.code, at);
    nodes.rule.set(tree.rule, at);
    nodes.right.set(tree.right, at);
    nodes.value.set(tree.value, at);
    nodes.cover.set(tree.cover, at);
    at += tree.feature.length;
  }
  return { roots, nodes };
}

export const emptyNodes = (length: number): TreeNodes => ({
  feature: new Int32Array(length).fill(leafFeature),
  code: new Uint16Array(length),
  rule: new Uint8Array(length),
  right: new Uint32Array(length),
  value: new Float32Array(length),
  cover: new Uint32Array(length),
});

/** First node and number of nodes of each tree. */
export function treeRanges({ roots, nodes }: TreeEnsemble): { root: number; length: number }[] {
  return Array.from(roots, (root, tree) => ({
    root,
    length: (roots[tree + 1] ?? nodes.feature.length) - root,
  }));
}
