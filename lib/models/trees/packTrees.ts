import { leafFeature, splitRules, type TreeEnsemble, treeRanges } from './ensemble.ts';

/**
 * A column of codes as a packed node compares it: always with "up to the split's code goes left". Splits that say otherwise
 * get a column whose codes say the same that way.
 */
export interface PackedColumn {
  column: number;
  /** `missingHigh`: a missing value has the largest code. A category: 0 for it alone, 1 for all others. */
  view: 'plain' | 'missingHigh' | { category: number };
}

export interface PackedTrees {
  /** Nodes of 32 bits and codes of 8, or nodes of 64 and codes of 16. */
  isWide: boolean;
  columns: PackedColumn[];
  /** Nodes in 32-bit words, tree after tree; the children of a split are neighbours. */
  words: Uint32Array;
  values: Float32Array;
  /** First node of each tree. */
  roots: Uint32Array;
}

const narrow = { nodes: 2 ** 17, columns: 2 ** 7, code: 255 };
const wide = { columns: 2 ** 16, code: 65_535 };

/** The code that a missing value has where it goes right: no split has it. */
export const missingHigh = ({ isWide }: { isWide: boolean }): number => (isWide ? wide.code : narrow.code);

export function packTrees(ensemble: TreeEnsemble): PackedTrees {
  const { nodes, roots, columnCodes } = ensemble;
  const { columns, columnOf } = packedColumns(ensemble);
  const ranges = treeRanges(ensemble);
  const isWide =
    ranges.some(({ length }) => length > narrow.nodes) ||
    columns.length > narrow.columns ||
    columnCodes.some((codes) => 'edges' in codes && codes.edges.length >= narrow.code);
  if (columns.length > wide.columns)
    throw new Error(
      `packTrees can tell ${wide.columns} columns and categories apart; the trees have ${columns.length}`,
    );
  const words = new Uint32Array(nodes.feature.length * (isWide ? 2 : 1));
  const values = new Float32Array(nodes.feature.length);
  const pack = (
    at: number,
    { column, code, child }: { column: number; code: number; child: number },
  ): void => {
    if (isWide) {
      words[2 * at] = ((code << 16) | column) >>> 0;
      words[2 * at + 1] = child;
    } else words[at] = ((child << 15) | (code << 7) | column) >>> 0;
  };
  for (const { root } of ranges) {
    // the nodes in the order in which they are packed: both children after their split, side by side
    const order = [root];
    for (let at = 0; at < order.length; at++) {
      const node = order[at] as number;
      const column = nodes.feature[node] as number;
      if (column === leafFeature) {
        values[root + at] = nodes.value[node] as number;
        pack(root + at, { column: 0, code: isWide ? wide.code : narrow.code, child: at });
      } else {
        const code = nodes.rule[node] === splitRules.equal ? 0 : (nodes.code[node] as number);
        pack(root + at, { column: columnOf[node] as number, code, child: order.length });
        order.push(node + 1, root + (nodes.right[node] as number));
      }
    }
  }
  return { isWide, columns, words, values, roots };
}

/** The columns that splits ask for, and for each split which of them it asks. */
function packedColumns({ nodes }: TreeEnsemble): { columns: PackedColumn[]; columnOf: Uint32Array } {
  const columns: PackedColumn[] = [];
  const found = new Map<number, number>();
  const columnOf = new Uint32Array(nodes.feature.length);
  for (let node = 0; node < columnOf.length; node++) {
    const column = nodes.feature[node] as number;
    if (column === leafFeature) continue;
    const rule = nodes.rule[node] as number;
    const code = nodes.code[node] as number;
    // a key for column and view: two codes that no split has stand for the views without a category
    const key = column * 2 ** 17 + (rule === splitRules.equal ? code : 2 ** 16 + rule);
    let index = found.get(key);
    if (index === undefined) {
      index = columns.push({ column, view: viewOf(rule, code) }) - 1;
      found.set(key, index);
    }
    columnOf[node] = index;
  }
  return { columns, columnOf };
}

function viewOf(rule: number, code: number): PackedColumn['view'] {
  if (rule === splitRules.equal) return { category: code };
  return rule === splitRules.missingRight ? 'missingHigh' : 'plain';
}
