import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compensatedSum } from '../../../lib/math/sum.ts';
import {
  fitLogisticRegression,
  logisticRegressionSchema,
  predictLogisticRegression,
} from '../../../lib/models/logisticRegression.ts';
import golden from '../../golden/scikit-learn.json' with { type: 'json' };
import { matrixOf, simulate } from './matrices.ts';

describe('logistic regression', () => {
  it('has the coefficients and probabilities of scikit-learn', () => {
    const { X, y, intercept, coefficients, probabilities } = golden.logisticRegression;
    const matrix = matrixOf(X);
    const model = fitLogisticRegression(matrix, Uint8Array.from(y));
    const ours = [model.intercept, ...model.coefficients, ...predictLogisticRegression(model, matrix)];
    const tolerance = golden.relativeTolerance.logisticRegression;
    for (const [index, value] of [intercept, ...coefficients, ...probabilities].entries()) {
      expect(Math.abs((ours[index] as number) - value) / Math.abs(value)).toBeLessThan(tolerance);
    }
  });

  it('finds the coefficients that simulated customers were drawn with', () => {
    const { matrix, y } = simulate(20_000, {
      seed: 3,
      columns: 2,
      marginOf: ([a = 0, b = 0]) => a - 0.5 * b - 1,
    });
    const { intercept, coefficients, scales } = fitLogisticRegression(matrix, y);
    const [a, b] = coefficients.map((coefficient, column) => coefficient / (scales[column] as number));
    // standard errors are about .02
    expect(a).toBeCloseTo(1, 1);
    expect(b).toBeCloseTo(-0.5, 1);
    expect(Math.abs(intercept + 1)).toBeLessThan(0.07);
  });

  it('its mean probability is the share of buyers, for the intercept is free', () => {
    const { matrix, y } = simulate(300, { seed: 8, columns: 3, marginOf: ([a = 0]) => 2 * a + 1 });
    const probabilities = predictLogisticRegression(fitLogisticRegression(matrix, y), matrix);
    const mean = (values: Iterable<number>): number => compensatedSum(values) / 300;
    expect(mean(probabilities)).toBeCloseTo(mean(y), 8);
  });

  it('converges to finite numbers on a table that can be separated perfectly', () => {
    const matrix = matrixOf(Array.from({ length: 40 }, (_, row) => [row, row < 20 ? 0 : 1]));
    const model = fitLogisticRegression(
      matrix,
      Uint8Array.from({ length: 40 }, (_, row) => (row < 20 ? 0 : 1)),
    );
    const probabilities = predictLogisticRegression(model, matrix);
    expect(model.coefficients.every(Number.isFinite)).toBe(true);
    expect(probabilities[0]).toBeGreaterThan(0);
    expect(probabilities[39]).toBeGreaterThan(0.9);
    expect(probabilities[39]).toBeLessThan(1);
  });

  it('gives a probability for any row, however wild the table: copies, constants, huge values', () => {
    const cell = fc.oneof(
      fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
      fc.constantFrom(0, 1, 1e-300, 1e300, -1e300, 5e-324),
    );
    const row = fc.tuple(cell, cell, fc.constantFrom(0, 1));
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), fc.tuple(cell, cell), (table, [a, b]) => {
        const y = Uint8Array.from(table, ([, , label]) => label);
        fc.pre(y.includes(0) && y.includes(1));
        const model = fitLogisticRegression(matrixOf(table.map(([x, z]) => [x, z, x])), y);
        expect(logisticRegressionSchema.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
        for (const p of predictLogisticRegression(model, matrixOf([[a, b, a]]))) {
          expect(p >= 0 && p <= 1, `${p}`).toBe(true);
        }
      }),
      // Means so small that they round to 0 from below: -0 would not survive being stored.
      {
        examples: [
          [
            [
              [5e-324, 0, 0],
              [-1.5e-323, 0, 0],
              [0, 0, 0],
              [5e-324, 0, 1],
            ],
            [0, 0],
          ],
        ],
      },
    );
  });

  it('is not led astray by a few very large spenders', () => {
    const { cells, y } = simulate(2000, { seed: 4, columns: 1, marginOf: ([a = 0]) => a });
    const spend = cells.map(([a = 0]) => [Math.exp(3 * a)]);
    const model = fitLogisticRegression(matrixOf(spend), y);
    const [usual, extreme] = predictLogisticRegression(model, matrixOf([[1], [Math.exp(9)]]));
    // the truth is .5 at a = 0 and .95 at a = 3
    expect(Math.abs((usual as number) - 0.5)).toBeLessThan(0.08);
    expect(Math.abs((extreme as number) - 0.95)).toBeLessThan(0.08);
  });
});
