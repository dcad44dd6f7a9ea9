import { emptyNodes, leafFeature, type TreeNodes } from './ensemble.ts';
import type { Split } from './splits.ts';

/** A tree while it grows: nodes in the order in which they were made. */
export interface GrowingTree {
  feature: number[];
  code: number[];
  rule: number[];
  left: number[];
  right: number[];
  value: number[];
  cover: number[];
}

export const startTree = (): GrowingTree => ({
  feature: [],
  code: [],
  rule: [],
  left: [],
  right: [],
  value: [],
  cover: [],
});

/** Adds a leaf in place and gives its number. */
export function addLeafInPlace(
  tree: GrowingTree,
  { value, cover }: { value: number; cover: number },
): number {
  tree.code.push(0);
  tree.rule.push(0);
  tree.left.push(0);
  tree.right.push(0);
  tree.value.push(value);
  tree.cover.push(cover);
  return tree.feature.push(leafFeature) - 1;
}

/** Makes a leaf a split in place, with two children that are there already. */
export function splitLeafInPlace(
  tree: GrowingTree,
  node: number,
  { split, left, right }: { split: Split; left: number; right: number },
): void {
  tree.feature[node] = split.column;
  tree.code[node] = split.code;
  tree.rule[node] = split.rule;
  tree.left[node] = left;
  tree.right[node] = right;
  tree.value[node] = 0;
}

/** The tree in preorder, its leaves' values times `scale`. */
export function finishTree(tree: GrowingTree, scale: number): TreeNodes {
  const nodes = emptyNodes(tree.feature.length);
  // each waiting node beside the split whose right child it is
  const waiting: [node: number, parent: number][] = [[0, -1]];
  for (let at = 0; at < nodes.feature.length; at++) {
    const [node, parent] = waiting.pop() as [number, number];
    if (parent >= 0) nodes.right[parent] = at;
    nodes.feature[at] = tree.feature[node] as number;
    nodes.code[at] = tree.code[node] as number;
    nodes.rule[at] = tree.rule[node] as number;
    nodes.value[at] = (tree.value[node] as number) * scale;
    nodes.cover[at] = tree.cover[node] as number;
    if (nodes.feature[at] === leafFeature) continue;
    waiting.push([tree.right[node] as number, at], [tree.left[node] as number, -1]);
  }
  return nodes;
}
