import type { FeatureMatrix } from '../../features/matrix.ts';
import { newLayout } from '../../math/memoryLayout.ts';
import { bufferOf, type KernelName, kernelOf, newArena } from './arena.ts';
import { columnEncoder } from './encodeColumn.ts';
import type { ColumnCodes, TreeEnsemble } from './ensemble.ts';
import { missingHigh, type PackedTrees, packTrees } from './packTrees.ts';
import { paddedEdges, type TreeKernel } from './treeKernel.ts';

/** Rows whose codes fit in the nearest cache, and over which a tree is read once. */
const rowsPerBlock = 1024;

/** The margins of all rows, a block of them through one packed tree after the other. */
export function scorePacked(
  ensemble: TreeEnsemble,
  matrix: FeatureMatrix,
  kernelName?: KernelName,
): Float64Array {
  const packed = packTrees(ensemble);
  const { isWide, words, values, roots, columns } = packed;
  const layout = newLayout();
  const nodesAt = layout.take(words.byteLength);
  const valuesAt = layout.take(values.byteLength);
  const codeBytes = isWide ? 2 : 1;
  const codesAt = layout.take(Math.max(1, columns.length) * rowsPerBlock * codeBytes);
  const sumsAt = layout.take(8 * rowsPerBlock);
  const block = { cellsAt: layout.take(8 * rowsPerBlock), plainAt: layout.take(rowsPerBlock) };
  const edgesAt = layout.take(8 * paddedEdges * ensemble.columnCodes.length);
  const arena = newArena(layout.bytes, kernelName);
  const buffer = bufferOf(arena);
  const kernel = kernelOf(arena);
  new Uint32Array(buffer, nodesAt, words.length).set(words);
  new Float32Array(buffer, valuesAt, values.length).set(values);
  const encode = blockEncoder(ensemble, matrix, { packed, buffer, kernel, codesAt, block, edgesAt });
  const sums = new Float64Array(buffer, sumsAt, rowsPerBlock);
  const margins = new Float64Array(matrix.rows);
  for (let first = 0; first < matrix.rows; first += rowsPerBlock) {
    const count = Math.min(rowsPerBlock, matrix.rows - first);
    encode(first, count);
    sums.fill(ensemble.baseMargin);
    // rows beyond the last have codes of a block before, and a sum that nobody reads
    const rows = Math.ceil(count / 8) * 8;
    for (const root of roots) {
      const tree = { valuesAt: valuesAt + 4 * root, codesAt, stride: rowsPerBlock, rows, sumsAt };
      if (isWide) kernel.scoreWide({ ...tree, nodesAt: nodesAt + 8 * root });
      else kernel.scoreNarrow({ ...tree, nodesAt: nodesAt + 4 * root });
    }
    margins.set(sums.subarray(0, count), first);
  }
  return margins;
}

interface Encoding {
  packed: PackedTrees;
  buffer: ArrayBufferLike;
  kernel: TreeKernel;
  codesAt: number;
  block: { cellsAt: number; plainAt: number };
  edgesAt: number;
}

/** Writes the codes of a block of rows, for each packed column, where the trees read them. */
function blockEncoder(
  { columnCodes }: TreeEnsemble,
  { X, columns }: FeatureMatrix,
  { packed, buffer, kernel, codesAt, block, edgesAt }: Encoding,
): (first: number, count: number) => void {
  const cells = new Float64Array(buffer, block.cellsAt, rowsPerBlock);
  const edges = new Float64Array(buffer, edgesAt, paddedEdges * columnCodes.length).fill(Number.NaN);
  const encoders = columnCodes.map((codes, column) => {
    if (codes.kind === 'ordered' && codes.edges.length < paddedEdges)
      edges.set(codes.edges, paddedEdges * column);
    return columnEncoder(codes);
  });
  const plain = packed.isWide
    ? new Uint16Array(rowsPerBlock)
    : new Uint8Array(buffer, block.plainAt, rowsPerBlock);
  const byColumn = new Map<number, number[]>();
  for (const [index, { column }] of packed.columns.entries())
    byColumn.set(column, [...(byColumn.get(column) ?? []), index]);
  const into = packed.columns.map((_, index) => {
    const at = codesAt + index * rowsPerBlock * (packed.isWide ? 2 : 1);
    return packed.isWide
      ? new Uint16Array(buffer, at, rowsPerBlock)
      : new Uint8Array(buffer, at, rowsPerBlock);
  });
  const isFast = (codes: ColumnCodes | undefined): boolean => codes?.kind === 'ordered' && !packed.isWide;

  return (first, count) => {
    for (const [column, indices] of byColumn) {
      for (let row = 0; row < count; row++) cells[row] = X[(first + row) * columns + column] as number;
      if (isFast(columnCodes[column])) {
        const columnEdgesAt = edgesAt + 8 * paddedEdges * column;
        kernel.encodeOrdered({
          valuesAt: block.cellsAt,
          count,
          edgesAt: columnEdgesAt,
          codesAt: block.plainAt,
        });
      } else {
        const codeOf = encoders[column] as (value: number) => number;
        for (let row = 0; row < count; row++) plain[row] = codeOf(cells[row] as number);
      }
      for (const index of indices)
        writeView(into[index] as Uint8Array | Uint16Array, plain, { packed, index, count });
    }
  };
}

function writeView(
  into: Uint8Array | Uint16Array,
  plain: Uint8Array | Uint16Array,
  { packed, index, count }: { packed: PackedTrees; index: number; count: number },
): void {
  const view = packed.columns[index]?.view;
  if (view === 'plain') {
    into.set(plain);
    return;
  }
  const high = missingHigh(packed);
  for (let row = 0; row < count; row++) {
    const code = plain[row] as number;
    if (view === 'missingHigh') into[row] = code === 0 ? high : code;
    else into[row] = code === view?.category ? 0 : 1;
  }
}
