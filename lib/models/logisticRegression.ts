import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import * as z from 'zod/mini';
import type { FeatureMatrix } from '../features/matrix.ts';
import { sigmoid, softplus } from '../math/logistic.ts';
import { fitColumnStandards, standardiseColumns } from '../math/standardiseColumns.ts';
import { compress, fitCompression } from './compression.ts';

export const logisticRegressionSchema = z.object({
  intercept: z.number(),
  /** Per standardised column. */
  coefficients: z.array(z.number()),
  /** Per column; 0 where values are taken as they are. See compression.ts. */
  compression: z.array(z.number()),
  means: z.array(z.number()),
  scales: z.array(z.number()),
  iterations: z.number(),
});
export type LogisticRegression = z.infer<typeof logisticRegressionSchema>;

const maxIterations = 50;

export interface LogisticRegressionOptions {
  /** How much each row counts; null: as one. */
  weights?: Float64Array | null;
  /** On standardised columns, so that it weighs on all alike; 1 is scikit-learn's default. */
  l2?: number;
}

/**
 * Minimises Σ weight · log-loss + l2/2 · |coefficients|² by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani
 * & Friedman 2009, equation 4.26), halving a step that does not descend. The intercept is not penalised; the penalty keeps
 * the coefficients of a table that can be separated perfectly finite.
 */
export function fitLogisticRegression(
  { X, rows, columns }: FeatureMatrix,
  y: Uint8Array,
  { weights: rowWeights = null, l2 = 1 }: LogisticRegressionOptions = {},
): LogisticRegression {
  const { Z, ...scaling } = scaleColumns({ X, rows, columns });
  const problem: Problem = { Z, y, columns, rowWeights, l2 };
  let weights: Float64Array = new Float64Array(columns + 1);
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const { gradient, hessian } = derivatives(problem, weights);
    const step = new CholeskyDecomposition(hessian).solve(Matrix.columnVector(gradient)).to1DArray();
    const decrement = step.reduce((sum, value, index) => sum + value * (gradient[index] as number), 0);
    const loss = penalizedLoss(problem, weights);
    if (decrement <= 1e-12 * (1 + loss)) {
      const [intercept = 0, ...coefficients] = weights;
      return { intercept, coefficients, ...scaling, iterations };
    }
    weights = descend(problem, weights, { step, decrement, loss });
  }
  throw new Error(`fitLogisticRegression did not converge in ${maxIterations} iterations on ${rows} rows`);
}

/** Compressed and standardised columns, and what does the same to new rows. */
export function scaleColumns({ X, rows, columns }: Pick<FeatureMatrix, 'X' | 'rows' | 'columns'>): {
  Z: Float64Array;
} & ColumnScaling {
  const compression = fitCompression(X, { rows, columns });
  const compressed = compress(X, compression);
  const standards = fitColumnStandards(compressed, { rows, columns });
  return { Z: standardiseColumns(compressed, standards), compression, ...standards };
}

/** What takes a matrix to the columns that coefficients are of. */
export type ColumnScaling = Pick<LogisticRegression, 'compression' | 'means' | 'scales'>;

export const applyScaling = (scaling: ColumnScaling, X: Float64Array): Float64Array =>
  standardiseColumns(compress(X, scaling.compression), scaling);

/** The probability of label 1 for each row. */
export function predictLogisticRegression(
  model: LogisticRegression,
  { X, rows, columns }: FeatureMatrix,
): Float64Array {
  const Z = applyScaling(model, X);
  const weights = Float64Array.of(model.intercept, ...model.coefficients);
  return Float64Array.from({ length: rows }, (_, row) => sigmoid(margin(Z, weights, { row, columns })));
}

interface Problem {
  /** Standardised, row-major. */
  Z: Float64Array;
  y: Uint8Array;
  columns: number;
  rowWeights: Float64Array | null;
  l2: number;
}

/** Intercept plus coefficients · row. */
function margin(
  Z: Float64Array,
  weights: Float64Array,
  { row, columns }: { row: number; columns: number },
): number {
  let sum = weights[0] as number;
  const start = row * columns;
  for (let column = 0; column < columns; column++) {
    sum += (weights[column + 1] as number) * (Z[start + column] as number);
  }
  return sum;
}

function penalizedLoss({ Z, y, columns, rowWeights, l2 }: Problem, weights: Float64Array): number {
  let loss = 0;
  for (let column = 1; column <= columns; column++) loss += (l2 / 2) * (weights[column] as number) ** 2;
  for (let row = 0; row < y.length; row++) {
    const rowMargin = margin(Z, weights, { row, columns });
    loss += (rowWeights?.[row] ?? 1) * softplus(y[row] === 1 ? -rowMargin : rowMargin);
  }
  return loss;
}

function derivatives(
  { Z, y, columns, rowWeights, l2 }: Problem,
  weights: Float64Array,
): { gradient: number[]; hessian: Matrix } {
  const size = columns + 1;
  const gradient = Array.from(weights, (weight, index) => (index === 0 ? 0 : l2 * weight));
  const lower = new Float64Array(size * size);
  for (let index = 1; index < size; index++) lower[index * size + index] = l2;
  const padded = new Float64Array(size).fill(1);
  for (let row = 0; row < y.length; row++) {
    padded.set(Z.subarray(row * columns, (row + 1) * columns), 1);
    const p = sigmoid(margin(Z, weights, { row, columns }));
    const rowWeight = rowWeights?.[row] ?? 1;
    const residual = rowWeight * (p - (y[row] as number));
    const curvature = rowWeight * p * (1 - p);
    for (let i = 0; i < size; i++) {
      const value = padded[i] as number;
      gradient[i] = (gradient[i] as number) + residual * value;
      const weighted = curvature * value;
      const start = i * size;
      for (let j = 0; j <= i; j++)
        lower[start + j] = (lower[start + j] as number) + weighted * (padded[j] as number);
    }
  }
  return { gradient, hessian: symmetric(lower, size) };
}

function symmetric(lower: Float64Array, size: number): Matrix {
  const matrix = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = lower[i * size + j] as number;
      matrix.set(i, j, value);
      matrix.set(j, i, value);
    }
  }
  return matrix;
}

interface NewtonStep {
  step: number[];
  decrement: number;
  loss: number;
}

/** The first of the full, half, quarter … step that descends enough (Armijo's rule). */
function descend(
  problem: Problem,
  weights: Float64Array,
  { step, decrement, loss }: NewtonStep,
): Float64Array {
  for (let length = 1; length > 1e-9; length /= 2) {
    const next = weights.map((weight, index) => weight - length * (step[index] as number));
    if (penalizedLoss(problem, next) <= loss - 1e-4 * length * decrement + 1e-13 * loss) return next;
  }
  throw new Error(`fitLogisticRegression found no step that descends from a loss of ${loss}`);
}
