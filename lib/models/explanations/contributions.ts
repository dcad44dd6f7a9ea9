import { logOdds } from '../calibration/calibrator.ts';
import { type EngineRows, type FittedEngine, predictEngine } from '../candidates/engines.ts';
import { ensembleOf, treeMatrix } from '../candidates/treeEngines.ts';
import { applyScaling } from '../logisticRegression.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { treeShapInBackground } from '../trees/inBackground.ts';
import { shapSteps, treeShap } from '../trees/treeShap.ts';
import { fixColumn } from './replaceColumn.ts';

/** What each table column adds to the log-odds of each row: row i, column j of the places at `values[i * columns + j]`. */
export interface Contributions {
  values: Float64Array;
  columns: number;
}

/**
 * Per row and table column, on the log-odds of the engine. Of a logistic regression coefficient × (value - mean), of forests
 * and boosting their Shapley values; both add up to the margin less that of the average. Of any other engine, what the row
 * would lose if the column were as it usually is, all else as it is.
 */
export async function contributionsOf(
  fitted: FittedEngine,
  rows: EngineRows,
  { usual }: { usual: readonly (readonly number[])[] },
): Promise<Contributions> {
  const byMatrixColumn = await matrixContributions(fitted, rows);
  return byMatrixColumn === null
    ? byReplacement(fitted, rows, usual)
    : { values: sumByPlace(byMatrixColumn, rows), columns: rows.places.length };
}

/** What it takes to explain one row, as `shapSteps` counts it; 0 where that is next to nothing. */
export function explanationSteps(fitted: FittedEngine): number {
  switch (fitted.engine) {
    case 'gradientBoosting':
    case 'randomForest':
    case 'randomForestDraws':
      return shapSteps(ensembleOf(fitted.parameters));
    default:
      return 0;
  }
}

async function matrixContributions(fitted: FittedEngine, rows: EngineRows): Promise<Float64Array | null> {
  switch (fitted.engine) {
    case 'logisticRegression': {
      const { coefficients } = fitted.parameters;
      const Z = applyScaling(fitted.parameters, rows.matrix.X);
      return Z.map((value, at) => value * (coefficients[at % coefficients.length] as number));
    }
    case 'gradientBoosting':
    case 'randomForest':
    case 'randomForestDraws':
      return shapleyValues(ensembleOf(fitted.parameters), rows);
    default:
      return null;
  }
}

/** From about half a second on, threads are worth their start. What is done for all rows alike takes as long as so many rows. */
const stepsInBackground = 5e8;
const rowsForAll = 300;

/** Those of a forest are of its probability: stretched, row by row, so that they add up on the log-odds instead. */
async function shapleyValues(ensemble: TreeEnsemble, rows: EngineRows): Promise<Float64Array> {
  const isLong = (rowsForAll + rows.matrix.rows) * shapSteps(ensemble) >= stepsInBackground;
  const explain = isLong ? treeShapInBackground : treeShap;
  const { baseValue, contributions } = await explain(ensemble, treeMatrix(ensemble, rows));
  if (ensemble.link === 'logistic') return contributions;
  const { columns } = rows.matrix;
  const from = logOdds(baseValue);
  for (let row = 0; row < rows.matrix.rows; row++) {
    const own = contributions.subarray(row * columns, (row + 1) * columns);
    const moved = own.reduce((sum, value) => sum + value, 0);
    const slope = 1 / Math.max(1e-9, baseValue * (1 - baseValue));
    const stretch = Math.abs(moved) < 1e-9 ? slope : (logOdds(baseValue + moved) - from) / moved;
    for (let column = 0; column < columns; column++) own[column] = (own[column] as number) * stretch;
  }
  return contributions;
}

/** A table column is the sum of its matrix columns: one city is no city of the others. */
function sumByPlace(values: Float64Array, { matrix, places }: EngineRows): Float64Array {
  const placeOf = new Uint32Array(matrix.columns);
  for (const [place, { columns }] of places.entries()) for (const column of columns) placeOf[column] = place;
  const sums = new Float64Array(matrix.rows * places.length);
  for (let row = 0; row < matrix.rows; row++) {
    for (let column = 0; column < matrix.columns; column++) {
      const at = row * places.length + (placeOf[column] as number);
      sums[at] = (sums[at] as number) + (values[row * matrix.columns + column] as number);
    }
  }
  return sums;
}

function byReplacement(
  fitted: FittedEngine,
  rows: EngineRows,
  usual: readonly (readonly number[])[],
): Contributions {
  const { matrix, places } = rows;
  const margins = predictEngine(fitted, rows).map(logOdds);
  const values = new Float64Array(matrix.rows * places.length);
  for (const [index, place] of places.entries()) {
    const fixed = fixColumn(rows, { place, values: usual[index] as number[] });
    const replaced = predictEngine(fitted, fixed).map(logOdds);
    for (let row = 0; row < matrix.rows; row++)
      values[row * places.length + index] = (margins[row] as number) - (replaced[row] as number);
  }
  return { values, columns: places.length };
}
