import { emptyNodes, leafFeature, type TreeNodes } from './ensemble.ts';

/**
 * A grown tree in less than half the room that its nodes take, so that all of a forest can wait for the last: nodes in preorder,
 * splits and leaves apart. The rest follows from the order.
 */
export interface GrownTree {
  /** Per node: 1 for a leaf, 0 for a split. */
  isLeaf: Uint8Array;
  /** Per split, as `TreeNodes` has them. */
  feature: Int32Array;
  code: Uint16Array;
  rule: Uint8Array;
  /** Per leaf. A split's cover is that of its leaves. */
  value: Float32Array;
  cover: Uint32Array;
}

/** The trees' nodes, one tree after the other. */
export function joinGrownTrees(trees: readonly GrownTree[]): { roots: Uint32Array; nodes: TreeNodes } {
  const nodes = emptyNodes(trees.reduce((sum, { isLeaf }) => sum + isLeaf.length, 0));
  const roots = new Uint32Array(trees.length);
  let root = 0;
  for (const [index, tree] of trees.entries()) {
    roots[index] = root;
    writeNodesInPlace(nodes, tree, root);
    root += tree.isLeaf.length;
  }
  return { roots, nodes };
}

/** From the last node to the first, so that both children of a split are there before it. */
function writeNodesInPlace(nodes: TreeNodes, tree: GrownTree, root: number): void {
  // the subtrees to the right of where it is, the nearest last
  const waiting: number[] = [];
  let leaf = tree.value.length;
  let split = tree.feature.length;
  for (let node = tree.isLeaf.length - 1; node >= 0; node--) {
    const at = root + node;
    if (tree.isLeaf[node] === 1) {
      leaf -= 1;
      nodes.feature[at] = leafFeature;
      nodes.value[at] = tree.value[leaf] as number;
      nodes.cover[at] = tree.cover[leaf] as number;
    } else {
      split -= 1;
      const left = waiting.pop() as number;
      const right = waiting.pop() as number;
      nodes.feature[at] = tree.feature[split] as number;
      nodes.code[at] = tree.code[split] as number;
      nodes.rule[at] = tree.rule[split] as number;
      nodes.right[at] = right;
      nodes.cover[at] = (nodes.cover[root + left] as number) + (nodes.cover[root + right] as number);
    }
    waiting.push(node);
  }
}
