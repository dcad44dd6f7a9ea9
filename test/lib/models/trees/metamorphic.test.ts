import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../../../lib/features/matrix.ts';
import { seededGenerator, shuffledIndices } from '../../../../lib/math/random.ts';
import { binFeatures } from '../../../../lib/models/trees/binFeatures.ts';
import type { TreeEnsemble } from '../../../../lib/models/trees/ensemble.ts';
import { fitGradientBoosting } from '../../../../lib/models/trees/fitGradientBoosting.ts';
import { fitRandomForest } from '../../../../lib/models/trees/fitRandomForest.ts';
import { predictMargin } from '../../../../lib/models/trees/predict.ts';
import { simulate } from '../matrices.ts';

const { matrix, y } = simulate(800, {
  seed: 12,
  columns: 4,
  marginOf: ([a = 0, b = 0, c = 0]) => a + (b > 0 ? c : -c) - 1,
});

type Fit = (matrix: FeatureMatrix, y: Uint8Array, sampleWeight?: Float64Array) => TreeEnsemble;
const engines: [string, Fit][] = [
  [
    'boosting',
    (features, labels, sampleWeight = new Float64Array(labels.length).fill(1)) =>
      fitGradientBoosting(binFeatures(features), labels, {
        seed: 1,
        nEstimators: 10,
        maxLeaves: 8,
        earlyStopping: false,
        sampleWeight,
      }).ensemble,
  ],
  [
    'a forest without draws',
    (features, labels, sampleWeight = new Float64Array(labels.length).fill(1)) =>
      fitRandomForest(binFeatures(features), labels, {
        seed: 1,
        nEstimators: 2,
        // in smaller leaves, splits of different columns gain the same, and the first one counts
        minSamplesLeaf: 60,
        bootstrap: false,
        maxFeatures: 4,
        sampleWeight,
      }).ensemble,
  ],
];

describe.each(engines)('%s', (_, fitTo) => {
  const whole = fitTo(matrix, y);

  it('predicts the same when a column is measured in another unit', () => {
    const scaled = { ...matrix, X: matrix.X.map((value, at) => (at % 4 === 1 ? value * 1024 : value)) };
    expect(predictMargin(fitTo(scaled, y), scaled)).toEqual(predictMargin(whole, matrix));
  });

  it('is the same for rows in another order', () => {
    const order = shuffledIndices(seededGenerator(5), matrix.rows);
    const X = Float64Array.from(order, (row) => matrix.X[4 * row] as number);
    const shuffled = { ...matrix, X: new Float64Array(4 * X.length) };
    for (const [to, from] of order.entries())
      shuffled.X.set(matrix.X.subarray(4 * from, 4 * from + 4), 4 * to);
    expect(
      fitTo(
        shuffled,
        Uint8Array.from(order, (row) => y[row] as number),
      ),
    ).toEqual(whole);
  });

  it('predicts the same for columns in another order', () => {
    const order = [2, 0, 3, 1];
    const moved: FeatureMatrix = {
      ...matrix,
      columnNames: order.map((column) => matrix.columnNames[column] as string),
      X: matrix.X.map((_, at) => matrix.X[at - (at % 4) + (order[at % 4] as number)] as number),
    };
    expect(predictMargin(fitTo(moved, y), moved)).toEqual(predictMargin(whole, matrix));
  });

  it('has the same splits and values when every row stands twice with half the weight', () => {
    const twice = { ...matrix, rows: 1600, X: Float64Array.of(...matrix.X, ...matrix.X) };
    const doubled = fitTo(twice, Uint8Array.of(...y, ...y), new Float64Array(1600).fill(0.5));
    const { cover: _, ...nodes } = doubled.nodes;
    expect(whole.nodes).toMatchObject(nodes);
    expect(doubled.baseMargin).toBeCloseTo(whole.baseMargin, 12);
  });

  it('takes a weight of 3 as three rows, and a weight of 0 as none', () => {
    // few values, so that the edges between them are the same
    const coarse = {
      ...matrix,
      X: matrix.X.map((value) => Math.round(2 * Math.max(-2, Math.min(2, value)))),
    };
    const weights = Float64Array.from(y.keys(), (row) => row % 4);
    const rows = Uint32Array.from([...y.keys()].flatMap((row) => new Array<number>(row % 4).fill(row)));
    const repeated = { ...matrix, rows: rows.length, X: new Float64Array(4 * rows.length) };
    for (const [to, from] of rows.entries())
      repeated.X.set(coarse.X.subarray(4 * from, 4 * from + 4), 4 * to);
    const labels = Uint8Array.from(rows, (row) => y[row] as number);
    const weighted = predictMargin(fitTo(coarse, y, weights), coarse);
    const plain = predictMargin(fitTo(repeated, labels), coarse);
    // gradients are rounded in units of the largest weight
    for (const row of rows) expect(weighted[row]).toBeCloseTo(plain[row] as number, 3);
  });
});

describe.each([1, -1])('with the constraint %i', (sign) => {
  const noisy = simulate(1500, {
    seed: 3,
    columns: 2,
    marginOf: ([a = 0, b = 0]) => 1.2 * sign * Math.sin(2 * a) + b,
  });
  const binned = binFeatures(noisy.matrix);
  const bothWith = (constraint: number): TreeEnsemble[] => {
    const monotone = Int8Array.of(constraint, 0);
    const forest = { seed: 2, nEstimators: 15, minSamplesLeaf: 5, maxFeatures: 2, monotone };
    return [
      fitRandomForest(binned, noisy.y, forest).ensemble,
      fitGradientBoosting(binned, noisy.y, { seed: 2, nEstimators: 25, monotone, earlyStopping: false })
        .ensemble,
    ];
  };
  /** The largest step against the sign, along the first column, at several values of the second. */
  const worstStep = (ensemble: TreeEnsemble): number => {
    let worst = 0;
    for (const second of [-1.5, -0.4, 0, 0.7, 1.6]) {
      const along = Array.from({ length: 300 }, (_, step) => [step / 50 - 3, second]).flat();
      const grid = { ...noisy.matrix, rows: 300, X: Float64Array.from(along) };
      const margins = predictMargin(ensemble, grid);
      for (let row = 1; row < 300; row++)
        worst = Math.max(worst, sign * ((margins[row - 1] as number) - (margins[row] as number)));
    }
    return worst;
  };

  it('no prediction moves against it, where without it some do', () => {
    for (const ensemble of bothWith(sign)) expect(worstStep(ensemble)).toBeLessThan(1e-12);
    for (const ensemble of bothWith(0)) expect(worstStep(ensemble)).toBeGreaterThan(0.01);
  });
});
