import type { QuadratureRule } from '../../math/gaussLegendre.ts';
import { newLayout } from '../../math/memoryLayout.ts';
import { wasmModule } from '../../math/wasmModule.ts';
import { shapKernelWasm } from './generated/shapKernelWasm.ts';
import {
  mostNodes,
  mostStates,
  type ShapSubtree,
  type SubtreeColumn,
  type SubtreeNode,
} from './shapSubtrees.ts';

/** What assembly/shapKernel.ts exports; positions count from the memory's start. */
type ShapKernel = Record<
  'addKeys' | 'numberKeys' | 'addOfGroups' | 'explainGroups',
  (...arguments_: number[]) => number
>;

const newShapKernel = /* @__PURE__ */ wasmModule<ShapKernel>('treeShap', shapKernelWasm);

/** Rows as SHAP values are computed from them. */
export interface ShapRows {
  /** Column-major. */
  codes: Uint16Array;
  rows: number;
  columns: number;
}

export interface ShapOptions {
  rule: QuadratureRule;
  /** Columns of a subtree and of the way to it, at most. */
  mostColumns: number;
  /** Numbers of codes, by column. */
  codesOf: readonly number[];
}

/** Adds up contributions in a memory of its own. */
export interface ShapSums {
  add(subtree: ShapSubtree): void;
  /** Row-major, as the matrix. */
  contributions(): Float64Array;
}

/** Keys that groups are found by: the table of them stays in a processor's cache. */
const mostKeys = 1 << 16;

const bytesPerNode = 40;
const tablesPerNode = 4;
const tablesPerPathColumn = 3;

/**
 * Subtree by subtree: rows that a subtree cannot tell apart get the same contributions from it, which are computed once. Groups
 * are rows whose columns have the same states; they are found by keys, one for each combination of states.
 */
export function newShapSums(
  { codes, rows, columns }: ShapRows,
  { rule, mostColumns, codesOf }: ShapOptions,
): ShapSums {
  const numbers = 2 * Math.ceil(rule.nodes.length / 2);
  const tableBytes = 8 * numbers;
  const keys = Math.max(mostKeys, rows * mostStates);
  const layout = newLayout();
  // position 0 says that there is none
  layout.take(16);
  const at = {
    codes: layout.take(2 * rows * columns),
    sums: layout.take(8 * rows * columns),
    groups: layout.take(4 * rows),
    rowOf: layout.take(4 * rows),
    keyOf: layout.take(4 * rows),
    numbers: layout.take(4 * keys),
    added: layout.take(4 * mostColumns * Math.max(0, ...codesOf)),
    values: layout.take(8 * rows * mostColumns),
    columns: layout.take(8 * mostColumns),
    nodes: layout.take(bytesPerNode * mostNodes),
    tables: layout.take(tablesPerNode * tableBytes * mostNodes),
    pathTables: layout.take(tablesPerPathColumn * tableBytes * mostColumns),
    coldWeights: layout.take(tableBytes),
    spare: layout.take(2 * tableBytes * mostNodes + mostNodes + mostColumns),
  };
  const { kernel, buffer } = newShapKernel(layout.bytes);
  const words = new Uint32Array(buffer);
  const integers = new Int32Array(buffer);
  const doubles = new Float64Array(buffer);
  new Uint16Array(buffer, at.codes, codes.length).set(codes);
  const { nodes: t, weights } = rule;
  for (let q = 0; q < t.length; q++)
    doubles[at.coldWeights / 8 + q] = -(weights[q] as number) / (1 - (t[q] as number));

  const tableOf = (node: number): number => at.tables + tablesPerNode * tableBytes * node;
  const pathTableOf = (column: number): number => at.pathTables + tablesPerPathColumn * tableBytes * column;

  return {
    add(subtree) {
      const groups = group(subtree.columns);
      for (let index = 0; index < subtree.pathColumns; index++)
        writePathTables(pathTableOf(index) / 8, (subtree.columns[index] as SubtreeColumn).share);
      for (const [index, node] of subtree.nodes.entries()) {
        writeTables(tableOf(index) / 8, node);
        writeNode((at.nodes + bytesPerNode * index) / 4, node, subtree);
      }
      kernel.explainGroups(
        ...[at.nodes, subtree.nodes.length, at.tables, tableBytes],
        ...[at.columns, subtree.columns.length, subtree.pathColumns, at.pathTables, at.coldWeights],
        ...[at.rowOf, groups, at.values, at.spare],
      );
      for (const [index, { column }] of subtree.columns.entries())
        kernel.addOfGroups(at.sums + 8 * rows * column, rows, at.groups, at.values + 8 * groups * index);
    },
    contributions() {
      const byRow = new Float64Array(rows * columns);
      for (let column = 0; column < columns; column++)
        for (let row = 0; row < rows; row++)
          byRow[row * columns + column] = doubles[at.sums / 8 + column * rows + row] as number;
      return byRow;
    },
  };

  /** Numbers the groups of rows, notes a row of each, and gives the number of them. */
  function group(states: readonly SubtreeColumn[]): number {
    let combinations = 1;
    let addedAt = at.added;
    for (const [index, { column, states: own, stateOf }] of states.entries()) {
      if (combinations * own > mostKeys)
        combinations = kernel.numberKeys(at.groups, rows, at.numbers, at.rowOf, at.keyOf);
      for (let code = 0; code < stateOf.length; code++)
        words[addedAt / 4 + code] = (stateOf[code] as number) * combinations;
      const codesAt = at.codes + 2 * rows * column;
      words.set([codesAt, addedAt], at.columns / 4 + 2 * index);
      kernel.addKeys(at.groups, rows, codesAt, addedAt, index === 0 ? 1 : 0);
      combinations *= own;
      addedAt += 4 * stateOf.length;
    }
    if (states.length === 0) words.fill(0, at.groups / 4, at.groups / 4 + rows);
    return kernel.numberKeys(at.groups, rows, at.numbers, at.rowOf, at.keyOf);
  }

  function writeNode(from: number, node: SubtreeNode, { nodes: { length }, pathColumns }: ShapSubtree): void {
    const { column, code, rule, right, value, outer } = node;
    integers.set([column, code, rule, right, outer < 0 ? length + column : outer], from);
    doubles[from / 2 + 3] = value;
    let outerWeightsAt = 0;
    if (outer >= 0) outerWeightsAt = tableOf(outer) + 3 * tableBytes;
    else if (column >= 0 && column < pathColumns) outerWeightsAt = pathTableOf(column) + 2 * tableBytes;
    words[from + 8] = outerWeightsAt;
  }

  /** What the column gives the product where it lets the row through, and where not; the weights of its contribution in the first case. */
  function writePathTables(from: number, share: number): void {
    for (let q = 0; q < t.length; q++) {
      const tq = t[q] as number;
      const hot = share + tq * (1 - share);
      doubles[from + q] = hot;
      doubles[from + numbers + q] = share * (1 - tq);
      doubles[from + 2 * numbers + q] = ((weights[q] as number) * (1 - share)) / hot;
    }
  }

  /** What the product is multiplied by while the parent's column lets the row through, when it ceases to, and thereafter; and the weights. */
  function writeTables(from: number, { ratio, outerShare, share }: SubtreeNode): void {
    for (let q = 0; q < t.length; q++) {
      const tq = t[q] as number;
      const before = outerShare + tq * (1 - outerShare);
      const hot = share + tq * (1 - share);
      doubles[from + q] = hot / before;
      doubles[from + numbers + q] = (share * (1 - tq)) / before;
      doubles[from + 2 * numbers + q] = ratio;
      doubles[from + 3 * numbers + q] = ((weights[q] as number) * (1 - share)) / hot;
    }
  }
}
