import type { FeatureMatrix } from '../../features/matrix.ts';
import {
  drawFolds,
  type FittedLabels,
  outOfFoldStatistics,
  targetStatistics,
} from '../../features/targetStatistics.ts';
import { newLayout } from '../../math/memoryLayout.ts';
import { columnOf } from '../../math/standardiseColumns.ts';
import { bufferOf, kernelOf, newArena } from './arena.ts';
import { type ColumnPlace, edgeLearner, takeSortingRoom } from './columnEdges.ts';
import { encodeColumnInPlace } from './encodeColumn.ts';
import type { ColumnCodes } from './ensemble.ts';
import { paddedEdges } from './treeKernel.ts';

/** A matrix as trees are fitted on it: a byte for each number. */
export interface BinnedFeatures {
  /** Column-major: the code of row i in column j is `codes[j * rows + i]`. */
  codes: Uint8Array;
  rows: number;
  columns: number;
  columnNames: string[];
  columnCodes: ColumnCodes[];
}

export interface BinOptions {
  /** Of a column, beside the one for missing values; at most 255. */
  maxBins?: number;
  /** Columns whose numbers name categories, in no order. */
  categoricalColumns?: readonly number[];
  /** A categorical column of at most so many categories is split by one category against all others. */
  oneHotCategories?: number;
  /** Needed where a categorical column has more categories than that: they are ordered by the share of label 1. */
  labels?: CategoryLabels;
}

export interface CategoryLabels extends FittedLabels {
  /** Draws the folds out of which a fitted row's own statistic is taken. */
  seed: number;
}

/**
 * Gives each number its code. The codes can be shared by candidates and by folds, except where categories are ordered by
 * their labels: then each fold has codes of its own, from the labels of its fitted rows. A missing value is NaN.
 */
export function binFeatures(matrix: FeatureMatrix, options: BinOptions = {}): BinnedFeatures {
  const steps = binColumns(matrix, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, stopping after each column. */
export function* binColumns(
  matrix: FeatureMatrix,
  { maxBins = 255, categoricalColumns = [], oneHotCategories = 16, labels }: BinOptions,
): Generator<void, BinnedFeatures> {
  const { X, rows, columns, columnNames } = matrix;
  checkBinOptions(matrix, { maxBins, categoricalColumns, ...(labels && { labels }) });
  const codes = new Uint8Array(rows * columns);
  const columnCodes: ColumnCodes[] = [];
  const { learnEdges, encode } = columnBinner(rows);
  for (const [column, name] of columnNames.entries()) {
    const into = codes.subarray(column * rows, (column + 1) * rows);
    if (categoricalColumns.includes(column)) {
      const values = columnOf(X, { column, rows, columns });
      columnCodes.push(binCategories(into, values, { name, maxBins, oneHotCategories, labels, learnEdges }));
    } else {
      const place = { first: column, step: columns };
      const edges = learnEdges(X, maxBins, place);
      encode(into, { X, edges, ...place });
      columnCodes.push({ kind: 'ordered', edges });
    }
    yield;
  }
  return { codes, rows, columns, columnNames: [...columnNames], columnCodes };
}

function checkBinOptions(
  { X, rows, columns, columnNames }: FeatureMatrix,
  { maxBins = 0, categoricalColumns = [], labels }: BinOptions,
): void {
  if (!Number.isInteger(maxBins) || maxBins < 2 || maxBins > 255)
    throw new Error(`binFeatures needs maxBins to be a whole number from 2 to 255; got ${maxBins}`);
  if (X.length !== rows * columns)
    throw new Error(`binFeatures needs ${rows} × ${columns} numbers; got ${X.length}`);
  for (const column of categoricalColumns)
    if (!(column in columnNames))
      throw new Error(`binFeatures was told that column ${column} is categorical; the matrix has ${columns}`);
  if (labels && labels.y.length !== rows)
    throw new Error(`binFeatures needs a label for each of ${rows} rows; got ${labels.y.length}`);
}

const valuesPerRound = 8192;

/** What bins columns of so many rows, by the kernel. */
function columnBinner(rows: number): {
  learnEdges: ReturnType<typeof edgeLearner>;
  encode(into: Uint8Array, column: ColumnPlace & { X: Float64Array; edges: Float64Array }): void;
} {
  const layout = newLayout();
  const valuesAt = layout.take(8 * valuesPerRound);
  const edgesAt = layout.take(8 * paddedEdges);
  const codesAt = layout.take(valuesPerRound);
  const room = takeSortingRoom(layout, rows);
  const arena = newArena(layout.bytes);
  const buffer = bufferOf(arena);
  const kernel = kernelOf(arena);
  const round = new Float64Array(buffer, valuesAt, valuesPerRound);
  const padded = new Float64Array(buffer, edgesAt, paddedEdges);
  const codes = new Uint8Array(buffer, codesAt, valuesPerRound);
  return {
    learnEdges: edgeLearner(rows, { kernel, buffer, ...room }),
    encode(into, { X, edges, first, step }) {
      padded.fill(Number.NaN).set(edges);
      for (let from = 0; from < into.length; from += valuesPerRound) {
        const count = Math.min(valuesPerRound, into.length - from);
        for (let at = 0; at < count; at++) round[at] = X[first + (from + at) * step] as number;
        kernel.encodeOrdered({ valuesAt, count, edgesAt, codesAt });
        into.set(codes.subarray(0, count), from);
      }
    },
  };
}

function binCategories(
  into: Uint8Array,
  values: Float64Array,
  {
    name,
    maxBins,
    oneHotCategories,
    labels,
    learnEdges,
  }: {
    name: string;
    maxBins: number;
    oneHotCategories: number;
    labels: CategoryLabels | undefined;
    learnEdges: ReturnType<typeof edgeLearner>;
  },
): ColumnCodes {
  const categories = distinctCategories(values);
  if (categories.length <= Math.min(oneHotCategories, maxBins - 1)) {
    const learnt: ColumnCodes = { kind: 'oneHot', categories };
    encodeColumnInPlace(into, learnt, values);
    return learnt;
  }
  if (labels === undefined)
    throw new Error(
      `binFeatures needs labels to order the ${categories.length} categories of "${name}": only up to ${oneHotCategories} do without`,
    );
  const statistics = targetStatistics(values, categories, labels);
  const foldOf = drawFolds(values.length, labels.seed);
  const training = outOfFoldStatistics(values, statistics, { categories, labels, foldOf });
  const learnt: ColumnCodes = {
    kind: 'targetStatistics',
    categories,
    ...statistics,
    edges: learnEdges(training, maxBins, { first: 0, step: 1 }),
  };
  encodeColumnInPlace(into, { kind: 'ordered', edges: learnt.edges }, training);
  return learnt;
}

const distinctCategories = (values: Float64Array): Float64Array =>
  Float64Array.from(new Set(values.filter((value) => !Number.isNaN(value)))).sort();
