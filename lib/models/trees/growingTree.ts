import { leafFeature } from './ensemble.ts';
import type { GrownTree } from './grownTree.ts';
import type { Split } from './splits.ts';

/** A tree while it grows: nodes in the order in which they were made, of which there is room for more than there are. */
export interface GrowingTree {
  length: number;
  feature: Int32Array;
  code: Uint16Array;
  rule: Uint8Array;
  left: Uint32Array;
  right: Uint32Array;
  value: Float64Array;
  cover: Uint32Array;
}

export const newGrowingTree = (room = 64): GrowingTree => ({
  length: 0,
  feature: new Int32Array(room),
  code: new Uint16Array(room),
  rule: new Uint8Array(room),
  left: new Uint32Array(room),
  right: new Uint32Array(room),
  value: new Float64Array(room),
  cover: new Uint32Array(room),
});

/** Adds a leaf in place and gives its number. */
export function addLeafInPlace(
  tree: GrowingTree,
  { value, cover }: { value: number; cover: number },
): number {
  if (tree.length === tree.feature.length) makeRoomInPlace(tree);
  const node = tree.length++;
  tree.feature[node] = leafFeature;
  tree.code[node] = 0;
  tree.rule[node] = 0;
  tree.value[node] = value;
  tree.cover[node] = cover;
  return node;
}

function makeRoomInPlace(tree: GrowingTree): void {
  const { length, ...full } = tree;
  const larger = newGrowingTree(2 * length);
  for (const field of Object.keys(full) as (keyof typeof full)[]) larger[field].set(full[field]);
  Object.assign(tree, larger, { length });
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
export function finishTree(tree: GrowingTree, scale: number): GrownTree {
  const grown = emptyTree(tree.length);
  let leaf = 0;
  let split = 0;
  const waiting = [0];
  for (let at = 0; at < tree.length; at++) {
    const node = waiting.pop() as number;
    const feature = tree.feature[node] as number;
    if (feature === leafFeature) {
      grown.isLeaf[at] = 1;
      grown.value[leaf] = (tree.value[node] as number) * scale;
      grown.cover[leaf] = tree.cover[node] as number;
      leaf += 1;
    } else {
      grown.feature[split] = feature;
      grown.code[split] = tree.code[node] as number;
      grown.rule[split] = tree.rule[node] as number;
      split += 1;
      waiting.push(tree.right[node] as number, tree.left[node] as number);
    }
  }
  return grown;
}

/** Of two children each, so that there is one leaf more than there are splits. */
function emptyTree(nodes: number): GrownTree {
  const splits = (nodes - 1) / 2;
  return {
    isLeaf: new Uint8Array(nodes),
    feature: new Int32Array(splits),
    code: new Uint16Array(splits),
    rule: new Uint8Array(splits),
    value: new Float32Array(splits + 1),
    cover: new Uint32Array(splits + 1),
  };
}
