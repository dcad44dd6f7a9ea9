import { leafFeature, type TreeEnsemble, type TreeNodes, treeRanges } from './ensemble.ts';

/** One tree by itself: positions count from its root. */
export function treesOf({ nodes, ...ensemble }: TreeEnsemble): TreeNodes[] {
  return treeRanges({ nodes, ...ensemble }).map(({ root, length }) => {
    const slice = <Part extends { subarray(from: number, to: number): Part }>(part: Part): Part =>
      part.subarray(root, root + length);
    return {
      feature: slice(nodes.feature),
      code: slice(nodes.code),
      rule: slice(nodes.rule),
      right: slice(nodes.right),
      value: slice(nodes.value),
      cover: slice(nodes.cover),
    };
  });
}

/** The mean margin, as the fitted rows went through the trees. */
export function meanMargin(ensemble: TreeEnsemble): number {
  return treesOf(ensemble).reduce((sum, tree) => sum + meanValue(tree, 0), ensemble.baseMargin);
}

function meanValue(tree: TreeNodes, node: number): number {
  const { feature, right, value, cover } = tree;
  if (feature[node] === leafFeature) return value[node] as number;
  const [left, other] = [node + 1, right[node] as number];
  const share = (cover[left] as number) / (cover[node] as number);
  return share * meanValue(tree, left) + (1 - share) * meanValue(tree, other);
}

/** The largest number of different columns on the way to a leaf. */
export const columnsOnPath = (ensemble: TreeEnsemble): number =>
  treesOf(ensemble).reduce((most, tree) => Math.max(most, columnsOnPathOf(tree)), 0);

function columnsOnPathOf(tree: TreeNodes): number {
  const splits = new Uint32Array(1 + tree.feature.reduce((most, column) => Math.max(most, column), 0));
  let most = 0;
  const walk = (node: number, seen: number): void => {
    const column = tree.feature[node] as number;
    if (column === leafFeature) {
      most = Math.max(most, seen);
      return;
    }
    const before = splits[column] as number;
    splits[column] = before + 1;
    const now = before === 0 ? seen + 1 : seen;
    walk(node + 1, now);
    walk(tree.right[node] as number, now);
    splits[column] = before;
  };
  walk(0, 0);
  return most;
}
