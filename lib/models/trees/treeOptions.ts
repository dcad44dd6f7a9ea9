import type { KernelName } from './arena.ts';
import type { BinnedFeatures } from './binFeatures.ts';

/** Options that every tree engine of ours has. */
export interface TreeOptions {
  seed: number;
  nEstimators?: number;
  /** Rows of the binned features to fit on, all by default. A row may be named more than once. */
  rows?: Uint32Array;
  /** One for each row that is fitted on, in the order of `rows`; 1 each by default. */
  sampleWeight?: Float64Array;
  /** Per column. 1: the probability may not fall as the column grows; -1: it may not rise; 0: either. */
  monotone?: Int8Array;
  /** `depth`: node by node. `leaf`: the leaf that gains most is split next, which matters where `maxLeaves` ends it. */
  growth?: 'depth' | 'leaf';
  maxLeaves?: number;
  maxDepth?: number;
  /** The inner loops: WebAssembly by default, where it is there. Both give the same bytes. */
  kernel?: KernelName;
  /** Called after each tree; not necessarily on the thread that fits. */
  onTree?: (done: number, nEstimators: number) => void;
}

interface Checked extends TreeOptions {
  minSamplesLeaf?: number;
  maxFeatures?: number;
}

/** Throws, with the name of the caller, where options or labels do not suit the features. */
export function checkTreeOptions(
  caller: string,
  { binned, y, options }: { binned: BinnedFeatures; y: Uint8Array; options: Checked },
): void {
  if (y.length !== binned.rows)
    throw new Error(`${caller} needs a label for each of ${binned.rows} rows; got ${y.length}`);
  const wrong = y.findIndex((label) => label > 1);
  if (wrong >= 0) throw new Error(`${caller} needs labels of 0 and 1; row ${wrong} has ${y[wrong]}`);
  if (binned.rows === 0) throw new Error(`${caller} needs at least one row; got 0`);
  const { nEstimators, maxLeaves, maxDepth, maxFeatures, minSamplesLeaf, seed } = options;
  if (!Number.isInteger(seed)) throw new Error(`${caller} needs a whole number as seed; got ${seed}`);
  const counts = { nEstimators, maxLeaves, maxDepth, maxFeatures };
  for (const [name, value] of Object.entries(counts))
    if (value !== undefined && value !== Number.POSITIVE_INFINITY && !(Number.isInteger(value) && value >= 1))
      throw new Error(`${caller} needs ${name} to be a whole number from 1 up; got ${value}`);
  if (minSamplesLeaf !== undefined && !(minSamplesLeaf > 0 && minSamplesLeaf < Number.POSITIVE_INFINITY))
    throw new Error(`${caller} needs minSamplesLeaf above 0; got ${minSamplesLeaf}`);
}

export function rowsOf(binned: BinnedFeatures, rows: Uint32Array | undefined): Uint32Array {
  const fitted = rows ?? rowNumbers(binned.rows);
  if (fitted.length === 0) throw new Error('a tree needs at least one row to be fitted on; got 0');
  const outside = fitted.find((row) => row >= binned.rows);
  if (outside !== undefined)
    throw new Error(`a tree was to be fitted on row ${outside} of ${binned.rows}, which is not there`);
  return fitted;
}

function rowNumbers(rows: number): Uint32Array {
  const numbers = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) numbers[row] = row;
  return numbers;
}

export function monotoneOf(
  monotone: Int8Array | undefined,
  binned: BinnedFeatures,
  caller: string,
): number[] {
  if (monotone === undefined) return new Array<number>(binned.columns).fill(0);
  if (monotone.length !== binned.columns)
    throw new Error(
      `${caller} needs a constraint for each of ${binned.columns} columns; got ${monotone.length}`,
    );
  for (const [column, constraint] of monotone.entries()) {
    const name = `"${binned.columnNames[column]}"`;
    if (constraint < -1 || constraint > 1)
      throw new Error(`${caller} knows the constraints -1, 0 and 1; ${name} has ${constraint}`);
    if (constraint !== 0 && binned.columnCodes[column]?.kind !== 'ordered')
      throw new Error(`${caller} cannot hold ${name} to be monotone: it is categorical`);
  }
  return [...monotone];
}
