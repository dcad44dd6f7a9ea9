import { seededGenerator } from '../../math/random.ts';
import { sigmoidTable } from '../../math/sigmoidTable.ts';
import { stratifiedHoldOut } from '../holdOut.ts';
import { newLayout } from './arena.ts';
import type { BinnedFeatures } from './binFeatures.ts';
import type { BoostingShardLayout, BoostingTask } from './boostingTask.ts';
import type { GradientBoostingOptions } from './fitGradientBoosting.ts';
import { bytesPerHistogram, codesPerColumn, controlBytes } from './treeKernel.ts';
import { checkTreeOptions, monotoneOf, rowsOf } from './treeOptions.ts';

export interface PreparedBoosting {
  task: BoostingTask;
  /** Of the buffer that the task's positions are in. */
  bytes: number;
  /** Writes the rows into that buffer. */
  fill(buffer: ArrayBufferLike): void;
  /** Where the first worker tells the others what to do. */
  controlAt: number;
  validationWeight: number;
}

/** Checks the options and lays out the fit for so many shards. */
export function prepareBoosting(
  binned: BinnedFeatures,
  y: Uint8Array,
  { options, shards }: { options: GradientBoostingOptions; shards: number },
): PreparedBoosting {
  const caller = 'fitGradientBoosting';
  const {
    seed,
    nEstimators = 300,
    growth = 'leaf',
    maxLeaves = 31,
    maxDepth = Number.POSITIVE_INFINITY,
  } = options;
  const { learningRate = 0.1, lambda = 1, minChildWeight = 1, maxFeatures = binned.columns } = options;
  checkTreeOptions(caller, { binned, y, options: { ...options, nEstimators, maxLeaves } });
  if (maxLeaves === Number.POSITIVE_INFINITY) throw new Error(`${caller} needs a number of leaves to end at`);
  if (!(learningRate > 0 && lambda >= 0 && minChildWeight >= 0))
    throw new Error(
      `${caller} needs learningRate above 0, lambda and minChildWeight from 0 up; got ${learningRate}, ${lambda}, ${minChildWeight}`,
    );
  const split = splitRows(binned, y, options);
  const { columns } = binned;
  const [rows, validationRows] = [split.fitted.length, split.validation.length];
  const layout = newLayout();
  const controlAt = layout.take(controlBytes);
  const shared = {
    codesAt: layout.take((rows + validationRows) * columns),
    labelsAt: layout.take(rows + validationRows),
    weightsAt: layout.take(8 * (rows + validationRows)),
    marginsAt: layout.take(8 * (rows + validationRows)),
    gradientsAt: layout.take(8 * rows),
    leafValuesAt: layout.take(8 * maxLeaves),
    sigmoidAt: layout.take(sigmoidTable.byteLength),
    tableAt: layout.take(codesPerColumn),
  };
  const edge = (total: number, shard: number): number => Math.floor((total * shard) / shards);
  const layoutShard = (shard: number): BoostingShardLayout => {
    const firstRow = edge(rows, shard);
    const ownRows = edge(rows, shard + 1) - firstRow;
    const firstValidation = edge(validationRows, shard);
    const ownValidation = edge(validationRows, shard + 1) - firstValidation;
    return {
      firstRow,
      rows: ownRows,
      firstValidationRow: rows + firstValidation,
      validationRows: ownValidation,
      rowsAt: layout.take(4 * ownRows),
      validationRowsAt: layout.take(4 * ownValidation),
      spareAt: layout.take(4 * (Math.max(ownRows, ownValidation) + 1)),
      blockAt: layout.take(columns * bytesPerHistogram),
      histogramsAt: layout.take(2 * columns * bytesPerHistogram * maxLeaves),
      leavesAt: layout.take(20 * maxLeaves),
      lossAt: layout.take(8),
    };
  };
  const task: BoostingTask = {
    rows,
    validationRows,
    columns,
    ...shared,
    shards: Array.from({ length: shards }, (_, shard) => layoutShard(shard)),
    isOneHot: binned.columnCodes.map(({ kind }) => kind === 'oneHot'),
    monotone: monotoneOf(options.monotone, binned, caller),
    seed,
    nEstimators,
    growth,
    maxLeaves,
    maxDepth,
    maxFeatures,
    learningRate,
    // in units of the largest weight, as the rows' weights are
    lambda: lambda / split.weightScale,
    minChildWeight: minChildWeight / split.weightScale,
    baseMargin: split.baseMargin,
    patience: validationRows === 0 ? 0 : split.patience,
  };
  const fill = (buffer: ArrayBufferLike): void => fillRows(buffer, { task, binned, y, split });
  return {
    task,
    bytes: layout.bytes,
    controlAt,
    fill,
    validationWeight: split.weights.subarray(rows).reduce((sum, weight) => sum + weight, 0),
  };
}

interface RowSplit {
  fitted: Uint32Array;
  validation: Uint32Array;
  /** Of fitted rows and then validation rows, at most 1 each. */
  weights: Float64Array;
  weightScale: number;
  baseMargin: number;
  patience: number;
}

function splitRows(binned: BinnedFeatures, y: Uint8Array, options: GradientBoostingOptions): RowSplit {
  const { seed, sampleWeight, earlyStopping = { share: 0.15 } } = options;
  const all = rowsOf(binned, options.rows);
  if (sampleWeight !== undefined && sampleWeight.length !== all.length)
    throw new Error(
      `fitGradientBoosting needs ${all.length} sample weights, as many as rows; got ${sampleWeight.length}`,
    );
  const weightOf = (index: number): number => sampleWeight?.[index] ?? 1;
  const everyIndex = Uint32Array.from(all.keys());
  let [fitted, validation]: [Uint32Array, Uint32Array] = [everyIndex, new Uint32Array()];
  if (earlyStopping !== false && 'share' in earlyStopping) {
    const labels = Uint8Array.from(all, (row) => y[row] as number);
    const generator = seededGenerator(seed);
    const held = stratifiedHoldOut(labels, { share: earlyStopping.share, generator });
    // of too few rows nothing is held out
    if (held.fitted.length > 0 && held.heldOut.length > 0) [fitted, validation] = [held.fitted, held.heldOut];
  }
  const takeRow = (index: number): number => all[index] as number;
  const given = earlyStopping !== false && 'rows' in earlyStopping ? earlyStopping.rows : null;
  const validationRows = given ? rowsOf(binned, given) : Uint32Array.from(validation, takeRow);
  const weights = Float64Array.from([
    ...Float64Array.from(fitted, weightOf),
    ...(given ? new Float64Array(given.length).fill(1) : Float64Array.from(validation, weightOf)),
  ]);
  const fittedRows = Uint32Array.from(fitted, takeRow);
  const largest = largestWeight(weights.subarray(0, fittedRows.length));
  return {
    fitted: fittedRows,
    validation: validationRows,
    weights: weights.map((weight) => weight / largest),
    weightScale: largest,
    baseMargin: logit(fittedRows, y, weights),
    patience: (earlyStopping !== false && earlyStopping.patience) || 20,
  };
}

function largestWeight(weights: Float64Array): number {
  let largest = 0;
  for (const [row, weight] of weights.entries()) {
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new Error(`fitGradientBoosting needs sample weights from 0 up; row ${row} has ${weight}`);
    largest = Math.max(largest, weight);
  }
  if (largest === 0)
    throw new Error(`fitGradientBoosting needs a sample weight above 0; all ${weights.length} are 0`);
  return largest;
}

/** Of the share of label 1; where all labels agree, of what Laplace's rule of succession makes of it. */
function logit(rows: Uint32Array, y: Uint8Array, weights: Float64Array): number {
  const sums = [0, 0];
  for (const [index, row] of rows.entries()) {
    const label = y[row] as number;
    sums[label] = (sums[label] as number) + (weights[index] as number);
  }
  const [others = 0, buyers = 0] = sums;
  if (others === 0 || buyers === 0) return Math.log((buyers + 1) / (others + 1));
  return Math.log(buyers / others);
}

function fillRows(
  buffer: ArrayBufferLike,
  { task, binned, y, split }: { task: BoostingTask; binned: BinnedFeatures; y: Uint8Array; split: RowSplit },
): void {
  const { rows, validationRows, columns } = task;
  const codes = new Uint8Array(buffer, task.codesAt, (rows + validationRows) * columns);
  const labels = new Uint8Array(buffer, task.labelsAt, rows + validationRows);
  const sourceOf = (row: number): number =>
    (row < rows ? split.fitted[row] : split.validation[row - rows]) as number;
  for (let row = 0; row < rows + validationRows; row++) {
    const source = sourceOf(row);
    labels[row] = y[source] as number;
    for (let column = 0; column < columns; column++)
      codes[row * columns + column] = binned.codes[column * binned.rows + source] as number;
  }
  new Float64Array(buffer, task.sigmoidAt, sigmoidTable.length).set(sigmoidTable);
  new Float64Array(buffer, task.weightsAt, rows + validationRows).set(split.weights);
  new Float64Array(buffer, task.marginsAt, rows + validationRows).fill(task.baseMargin);
}
