import { newLayout } from '../../math/memoryLayout.ts';
import { seededGenerator } from '../../math/random.ts';
import { sigmoidTable } from '../../math/sigmoidTable.ts';
import { stratifiedHoldOut } from '../holdOut.ts';
import { type Arena, bufferOf, newArena } from './arena.ts';
import type { BinnedFeatures } from './binFeatures.ts';
import { bytesOfPlan, writePlan } from './boostingPlan.ts';
import {
  type BoostingShardLayout,
  type BoostingTask,
  bytesPerLeaf,
  bytesPerLeafState,
  searchedNodes,
} from './boostingTask.ts';
import type { ColumnCodes } from './ensemble.ts';
import type { GradientBoostingOptions } from './fitGradientBoosting.ts';
import {
  bytesPerColumnSums,
  bytesPerGrownNode,
  bytesPerHistogram,
  codesPerColumn,
  controlBytes,
  foundNumbers,
} from './treeKernel.ts';
import { checkTreeOptions, monotoneOf, rowsOf } from './treeOptions.ts';

export interface PreparedBoosting {
  task: BoostingTask;
  /** What the task's positions are in, with the rows written into it. */
  arena: Arena;
  validationWeight: number;
}

/** Checks the options and writes what the fit is from, for so many shards. */
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
  const shared = {
    controlAt: layout.take(controlBytes),
    planAt: layout.take(bytesOfPlan(shards)),
    statesAt: layout.take(bytesPerLeafState * maxLeaves),
    openAt: layout.take(4 * maxLeaves),
    nodesAt: layout.take(2 * bytesPerGrownNode * maxLeaves),
    codesAt: layout.take((rows + validationRows) * columns),
    labelsAt: layout.take(rows + validationRows),
    weightsAt: layout.take(8 * (rows + validationRows)),
    marginsAt: layout.take(8 * (rows + validationRows)),
    gradientsAt: layout.take(8 * rows),
    leafValuesAt: layout.take(8 * maxLeaves),
    sigmoidAt: layout.take(sigmoidTable.byteLength),
    tableAt: layout.take(codesPerColumn),
    searchAt: layout.take(8 * 3 * searchedNodes),
    partsAt: layout.take(bytesPerPart * shards),
    histogramsAt: layout.take(bytesPerColumnSums * columns * maxLeaves),
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
      partAt: shared.partsAt + bytesPerPart * shard,
      blockAt: layout.take(columns * bytesPerHistogram),
      sumsAt: layout.take(columns * bytesPerColumnSums),
      leavesAt: layout.take(bytesPerLeaf * maxLeaves),
      columnsAt: layout.take(8 * (columns + 1)),
      foundAt: layout.take(8 * foundNumbers * searchedNodes),
      lossAt: layout.take(8),
    };
  };
  const task: BoostingTask = {
    rows,
    validationRows,
    columns,
    ...shared,
    shards: Array.from({ length: shards }, (_, shard) => layoutShard(shard)),
    codes: binned.columnCodes.map(codesOf),
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
  const arena = newArena(layout.bytes, options.kernel);
  fillRows(bufferOf(arena), { task, binned, y, split });
  writePlan(bufferOf(arena), task);
  const validationWeight = split.weights.subarray(rows).reduce((sum, weight) => sum + weight, 0);
  return { task, arena, validationWeight };
}

const bytesPerPart = 8;

/** That of a missing value, and one for each bin or category; of categories one more, which stands for those that are not known. */
const codesOf = (codes: ColumnCodes): number =>
  codes.kind === 'oneHot' ? codes.categories.length + 2 : codes.edges.length + 2;

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
  const given = earlyStopping !== false && 'rows' in earlyStopping ? earlyStopping.rows : null;
  const share = earlyStopping !== false && 'share' in earlyStopping ? earlyStopping.share : 0;
  const held =
    share > 0 ? stratifiedHoldOut(labelsOf(all, y), { share, generator: seededGenerator(seed) }) : null;
  // of too few rows nothing is held out
  const parts = held !== null && held.fitted.length > 0 && held.heldOut.length > 0 ? held : null;
  const fitted = parts === null ? all : take(all, parts.fitted);
  const validation = given
    ? rowsOf(binned, given)
    : parts === null
      ? new Uint32Array()
      : take(all, parts.heldOut);
  const weights = new Float64Array(fitted.length + validation.length).fill(1);
  if (sampleWeight !== undefined) {
    for (let at = 0; at < weights.length; at++) {
      const isFitted = at < fitted.length;
      if (!isFitted && given) continue;
      const places = isFitted ? parts?.fitted : parts?.heldOut;
      const place = isFitted ? at : at - fitted.length;
      weights[at] = sampleWeight[places?.[place] ?? place] as number;
    }
  }
  const largest = sampleWeight === undefined ? 1 : largestWeight(weights.subarray(0, fitted.length));
  return {
    fitted,
    validation,
    weights: largest === 1 ? weights : weights.map((weight) => weight / largest),
    weightScale: largest,
    baseMargin: logit(fitted, y, weights),
    patience: (earlyStopping !== false && earlyStopping.patience) || 20,
  };
}

function labelsOf(rows: Uint32Array, y: Uint8Array): Uint8Array {
  const labels = new Uint8Array(rows.length);
  for (let at = 0; at < rows.length; at++) labels[at] = y[rows[at] as number] as number;
  return labels;
}

function take(rows: Uint32Array, places: Uint32Array): Uint32Array {
  const taken = new Uint32Array(places.length);
  for (let at = 0; at < places.length; at++) taken[at] = rows[places[at] as number] as number;
  return taken;
}

function largestWeight(weights: Float64Array): number {
  let largest = 0;
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row] as number;
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
  let [others, buyers] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    const weight = weights[at] as number;
    if (y[rows[at] as number] === 1) buyers += weight;
    else others += weight;
  }
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
  const place = (sources: Uint32Array, start: number): void => {
    for (let at = 0; at < sources.length; at++) labels[start + at] = y[sources[at] as number] as number;
    // some rows at a time, which stay near while all columns are brought to them
    for (let from = 0; from < sources.length; from += rowsAtATime) {
      const to = Math.min(sources.length, from + rowsAtATime);
      for (let column = 0; column < columns; column++) {
        const first = column * binned.rows;
        let into = (start + from) * columns + column;
        for (let at = from; at < to; at++) {
          codes[into] = binned.codes[first + (sources[at] as number)] as number;
          into += columns;
        }
      }
    }
  };
  place(split.fitted, 0);
  place(split.validation, rows);
  new Float64Array(buffer, task.sigmoidAt, sigmoidTable.length).set(sigmoidTable);
  new Float64Array(buffer, task.weightsAt, rows + validationRows).set(split.weights);
  new Float64Array(buffer, task.marginsAt, rows + validationRows).fill(task.baseMargin);
}

const rowsAtATime = 2048;
