import { goesLeft, leafFeature, type TreeNodes } from './ensemble.ts';

/** The lower end of a tree, small enough that many rows go through it alike. */
export interface ShapSubtree {
  /** Those that splits above the root ask for come first. */
  columns: SubtreeColumn[];
  pathColumns: number;
  /** In preorder, as in the tree. */
  nodes: SubtreeNode[];
}

/** Codes of a column by what becomes of them in the subtree. */
export interface SubtreeColumn {
  column: number;
  /** The share of the fitted rows that the splits above the root let through; 1 where there are none. */
  share: number;
  states: number;
  /** An entry per code; 0 for what the splits above the root do not let through. */
  stateOf: Uint8Array;
}

export interface SubtreeNode extends Shares {
  /** Position among the subtree's columns; -1 for a leaf. */
  column: number;
  code: number;
  rule: number;
  /** Positions among the subtree's nodes; 0 for a leaf. */
  right: number;
  value: number;
  /** The node that the split before it on the same column led to; -1 where there is none in the subtree. */
  outer: number;
}

interface Shares {
  /** The share of its parent's rows. */
  ratio: number;
  /** The share of rows that the splits on its parent's column let through, without and with its parent. */
  outerShare: number;
  share: number;
}

/** Splits of a subtree at most. Larger ones are fewer, and part the rows into more groups. */
export const mostSplits = 8;
export const mostNodes = 2 * mostSplits + 1;
/** Of a column on which there are so many splits: one threshold more than splits, and what is left out above. */
export const mostStates = mostSplits + 2;

interface PathColumn {
  column: number;
  share: number;
  /** 1 for the codes that the splits let through. */
  leadsHere: Uint8Array;
}

/** A tree's lower ends, in preorder: every leaf is in one of them. `codesOf` are the numbers of codes, by column. */
export function shapSubtrees(nodes: TreeNodes, codesOf: readonly number[]): ShapSubtree[] {
  const splits = countSplits(nodes);
  const subtrees: ShapSubtree[] = [];
  const walk = (node: number, path: readonly PathColumn[]): void => {
    if ((splits[node] as number) <= mostSplits) {
      subtrees.push(subtreeAt(nodes, node, { path, codesOf }));
      return;
    }
    walk(node + 1, withSplit(nodes, node, { path, codesOf, isLeft: true }));
    walk(nodes.right[node] as number, withSplit(nodes, node, { path, codesOf, isLeft: false }));
  };
  walk(0, []);
  return subtrees;
}

/** The number of splits at and below each node: children come after their parent. */
function countSplits({ feature, right }: TreeNodes): Uint32Array {
  const splits = new Uint32Array(feature.length);
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node] === leafFeature) continue;
    splits[node] = 1 + (splits[node + 1] as number) + (splits[right[node] as number] as number);
  }
  return splits;
}

function withSplit(
  nodes: TreeNodes,
  node: number,
  { path, codesOf, isLeft }: { path: readonly PathColumn[]; codesOf: readonly number[]; isLeft: boolean },
): PathColumn[] {
  const column = nodes.feature[node] as number;
  const child = isLeft ? node + 1 : (nodes.right[node] as number);
  const before = path.find((above) => above.column === column);
  const leadsHere = new Uint8Array(codesOf[column] as number);
  for (let code = 0; code < leadsHere.length; code++)
    if (before?.leadsHere[code] !== 0 && goesLeft(nodes, node, code) === isLeft) leadsHere[code] = 1;
  const own = { column, share: (before?.share ?? 1) * shareOf(nodes, child, node), leadsHere };
  return [...path.filter((above) => above !== before), own];
}

const shareOf = ({ cover }: TreeNodes, child: number, parent: number): number =>
  (cover[child] as number) / (cover[parent] as number);

function subtreeAt(
  tree: TreeNodes,
  root: number,
  { path, codesOf }: { path: readonly PathColumn[]; codesOf: readonly number[] },
): ShapSubtree {
  const asked = path.map(({ column }) => column);
  const splitsOf: number[][] = path.map(() => []);
  const nodes: SubtreeNode[] = [];
  /** By position of the column, on the way to a node: the share that its splits let through, and the node that the last led to. */
  const shares = path.map(({ share }) => share);
  const outers = path.map(() => -1);

  const place = (column: number): number => {
    const known = asked.indexOf(column);
    if (known >= 0) return known;
    asked.push(column);
    splitsOf.push([]);
    shares.push(1);
    outers.push(-1);
    return asked.length - 1;
  };
  const walk = (node: number, { ratio, outerShare, share }: Shares): void => {
    const feature = tree.feature[node] as number;
    const column = feature === leafFeature ? -1 : place(feature);
    const [code, rule, value] = [tree.code[node], tree.rule[node], tree.value[node]] as [
      number,
      number,
      number,
    ];
    const outer = column < 0 ? -1 : (outers[column] as number);
    const own = { column, code, rule, right: 0, value, outer, ratio, outerShare, share };
    nodes.push(own);
    if (column < 0) return;
    splitsOf[column]?.push(node);
    const before = shares[column] as number;
    const visit = (child: number): void => {
      const part = shareOf(tree, child, node);
      outers[column] = nodes.length;
      shares[column] = before * part;
      walk(child, { ratio: part, outerShare: before, share: before * part });
    };
    visit(node + 1);
    own.right = nodes.length;
    visit(tree.right[node] as number);
    outers[column] = outer;
    shares[column] = before;
  };
  walk(root, { ratio: 1, outerShare: 1, share: 1 });
  const columns = asked.map((column, index): SubtreeColumn => {
    const above = path[index];
    const splits = splitsOf[index] as number[];
    if (above && splits.length === 0)
      return { column, share: above.share, states: 2, stateOf: above.leadsHere };
    const states = statesOf(tree, splits, { leadsHere: above?.leadsHere, codes: codesOf[column] as number });
    return { column, share: above?.share ?? 1, ...states };
  });
  return { columns, pathColumns: path.length, nodes };
}

/** Codes of one state are on the same side of each split. */
function statesOf(
  tree: TreeNodes,
  splits: readonly number[],
  { leadsHere, codes }: { leadsHere: Uint8Array | undefined; codes: number },
): { states: number; stateOf: Uint8Array } {
  const stateOf = new Uint8Array(codes);
  /** By state: a number with a bit for each side; -1 for what is left out above. */
  const sidesOf = leadsHere ? [-1] : [];
  for (let code = 0; code < codes; code++) {
    let sides = leadsHere?.[code] === 0 ? -1 : 0;
    if (sides === 0) for (const node of splits) sides = 2 * sides + (goesLeft(tree, node, code) ? 1 : 0);
    const known = sidesOf.indexOf(sides);
    stateOf[code] = known < 0 ? sidesOf.push(sides) - 1 : known;
  }
  return { states: sidesOf.length, stateOf };
}
