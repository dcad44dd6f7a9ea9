import { newLayout } from '../../math/memoryLayout.ts';
import { seededGenerator, uniformBelow } from '../../math/random.ts';
import { type Arena, bufferOf, newArena } from './arena.ts';
import type { BinnedFeatures } from './binFeatures.ts';
import type { SizedForestOptions } from './fitRandomForest.ts';
import type { ForestTask } from './forestTask.ts';
import { quantiseWeights } from './quantiseWeights.ts';
import { bytesPerHistogram, bytesPerSums, codesPerColumn } from './treeKernel.ts';
import { checkTreeOptions, monotoneOf, rowsOf } from './treeOptions.ts';

/** With bootstrap draws of a row up to 15 times, a sum of so much stays within 32 bits, doubled. */
const largestSum = 2 ** 27;

export interface PreparedForest {
  task: ForestTask;
  /** What the task's positions are in, with the rows written into it. */
  arena: Arena;
  /** A word by which workers take trees. */
  nextTreeAt: number;
  /** The share of label 1, by weight. */
  prior: number;
}

/** Checks the options and writes what the fit is from; `rows` of the binned features come first, each as often as it is named. */
export function prepareForest(
  binned: BinnedFeatures,
  y: Uint8Array,
  { options, workers }: { options: SizedForestOptions; workers: number },
): PreparedForest {
  const {
    seed,
    nEstimators = 100,
    growth = 'depth',
    bootstrap = true,
    outOfBag = false,
    minSamplesLeaf,
  } = options;
  const { columns } = binned;
  checkTreeOptions('fitRandomForest', { binned, y, options: { ...options, nEstimators } });
  const fitted = options.rows === undefined ? null : rowsOf(binned, options.rows);
  const rows = fitted?.length ?? binned.rows;
  const { whole, scale } = quantiseWeights(options.sampleWeight, {
    rows,
    largestSum,
    caller: 'fitRandomForest',
  });
  const layout = newLayout();
  const nextTreeAt = layout.take(8);
  const codesAt = layout.take(rows * columns);
  const massesAt = layout.take(4 * rows);
  const scratchAt = Array.from({ length: workers }, () => ({
    entriesAt: layout.take(8 * rows),
    spareAt: layout.take(8 * rows + 8),
    histogramAt: layout.take(2 * bytesPerHistogram),
    sumsAt: layout.take(bytesPerSums),
    tableAt: layout.take(codesPerColumn),
  }));
  const generator = seededGenerator(seed);
  const task: ForestTask = {
    rows,
    columns,
    codesAt,
    massesAt,
    scratchAt,
    isOneHot: binned.columnCodes.map(({ kind }) => kind === 'oneHot'),
    monotone: monotoneOf(options.monotone, binned, 'fitRandomForest'),
    nEstimators,
    treeSeeds: Array.from({ length: nEstimators }, () => uniformBelow(generator, 2 ** 31)),
    bootstrap,
    outOfBag,
    growth,
    maxLeaves: options.maxLeaves ?? Number.POSITIVE_INFINITY,
    maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY,
    maxFeatures: options.maxFeatures ?? Math.max(1, Math.round(Math.sqrt(columns))),
    minWeight: Math.max(1, minSamplesLeaf * scale),
  };
  const arena = newArena(layout.bytes, options.kernel);
  const buffer = bufferOf(arena);
  const codes = new Uint8Array(buffer, codesAt, rows * columns);
  for (let column = 0; column < columns; column++) {
    const from = binned.codes.subarray(column * binned.rows, (column + 1) * binned.rows);
    const into = codes.subarray(column * rows, (column + 1) * rows);
    if (fitted === null) into.set(from);
    else for (let row = 0; row < rows; row++) into[row] = from[fitted[row] as number] as number;
  }
  const masses = new Uint32Array(buffer, massesAt, rows);
  for (let row = 0; row < rows; row++)
    masses[row] = 2 * (whole?.[row] ?? 1) + (y[fitted?.[row] ?? row] as number);
  return { task, arena, nextTreeAt, prior: priorOf(masses) };
}

function priorOf(masses: Uint32Array): number {
  let positive = 0;
  let all = 0;
  for (let row = 0; row < masses.length; row++) {
    const mass = masses[row] as number;
    all += mass >>> 1;
    positive += (mass & 1) * (mass >>> 1);
  }
  return positive / all;
}
