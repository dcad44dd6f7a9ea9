import { RandomForestRegression } from 'ml-random-forest';
import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../../../lib/models/metrics.ts';
import { type CartNode, codesOfThresholds, flattenCartTree } from '../../../../lib/models/trees/cartNodes.ts';
import { leafFeature, type TreeEnsemble } from '../../../../lib/models/trees/ensemble.ts';
import { fitRandomForestDraws, rowsPerDraw } from '../../../../lib/models/trees/fitRandomForestDraws.ts';
import { joinGrownTrees } from '../../../../lib/models/trees/grownTree.ts';
import { predictMargin, predictProbability } from '../../../../lib/models/trees/predict.ts';
import { matrixOf, simulate } from '../matrices.ts';

/** Buyers are those with both values high or both low: no single column tells. */
const interaction = { columns: 4, marginOf: ([a = 0, b = 0]: number[]) => (a * b > 0 ? 2.5 : -2.5) };

describe('trees of ml-random-forest', () => {
  it('predicts what ml-random-forest itself predicts with the same trees', () => {
    const { cells, matrix, y } = simulate(400, { seed: 21, ...interaction });
    const forest = new RandomForestRegression({
      nEstimators: 7,
      maxFeatures: 3,
      replacement: false,
      seed: 5,
      useSampleBagging: true,
      noOOB: true,
      treeOptions: { minNumSamples: 8 },
    });
    forest.train(cells, [...y]);
    const draw = Uint32Array.from(y.keys());
    const cart = (forest.estimators ?? []).map((estimator, tree) => ({
      root: (estimator as { root: CartNode }).root,
      usedColumns: forest.indexes?.[tree] as number[],
      draw,
    }));
    const codes = codesOfThresholds(cart, 4);
    const flat = { cells: { ...matrix, standIns: new Float64Array(4) }, codes, scale: 1 / 7 };
    const ensemble: TreeEnsemble = {
      engine: 'randomForestDraws',
      link: 'identity',
      baseMargin: 0,
      columnNames: matrix.columnNames,
      columnCodes: codes,
      ...joinGrownTrees(cart.map((tree) => flattenCartTree(tree, flat))),
    };
    const unseen = simulate(300, { seed: 22, ...interaction });
    const ours = predictMargin(ensemble, unseen.matrix);
    const theirs = forest.predict(unseen.cells);
    expect(new Set(theirs).size).toBeGreaterThan(20);
    // leaves are kept in 32 bits
    for (const [row, prediction] of theirs.entries()) expect(ours[row]).toBeCloseTo(prediction, 7);
  });

  it('a value at the threshold goes right, and a missing one goes where the median goes', () => {
    const matrix = matrixOf([[1], [1], [1], [1], [5], [5], [5]]);
    const y = Uint8Array.of(0, 0, 0, 0, 1, 1, 1);
    const forest = fitRandomForestDraws(matrix, y, { seed: 1, maxRowsPerDraw: 7, minNumSamples: 1 });
    const [low, middle, high, missing] = predictProbability(forest, matrixOf([[1], [3], [5], [Number.NaN]]));
    expect(middle).toBe(high);
    expect(missing).toBe(low);
    expect(high).toBeGreaterThan(low as number);
  });

  it('a table with missing values is fitted as one whose gaps hold the median', () => {
    const { cells, y } = simulate(200, { seed: 9, ...interaction });
    const gaps = cells.map((row, index) => (index % 5 === 0 ? [Number.NaN, ...row.slice(1)] : row));
    const present = gaps.map(([first]) => first as number).filter((value) => !Number.isNaN(value));
    const median = Float64Array.from(present).sort()[(present.length - 1) >>> 1] as number;
    const filled = gaps.map(([first = 0, ...row]) => [Number.isNaN(first) ? median : first, ...row]);
    const grow = (rows: number[][]) => fitRandomForestDraws(matrixOf(rows), y, { seed: 2, nEstimators: 3 });
    const [withGaps, withMedian] = [grow(gaps), grow(filled)];
    expect(withGaps).toEqual(withMedian);
    expect(predictMargin(withGaps, matrixOf(gaps))).toEqual(predictMargin(withMedian, matrixOf(filled)));
  });
});

describe('the forest on random draws', () => {
  it('finds an interaction, where no single column tells, on held-out rows', () => {
    const { matrix, y } = simulate(1500, { seed: 1, ...interaction });
    const unseen = simulate(1000, { seed: 2, ...interaction });
    const forest = fitRandomForestDraws(matrix, y, { seed: 3 });
    const auc = rocAuc(unseen.y, predictProbability(forest, unseen.matrix)) as number;
    const oracle = rocAuc(unseen.y, unseen.truth) as number;
    expect(oracle).toBeGreaterThan(0.9);
    expect(auc).toBeGreaterThan(oracle - 0.06);
  });

  it('never claims certainty, even where every leaf agrees', () => {
    const matrix = matrixOf(Array.from({ length: 60 }, (_, row) => [row]));
    const y = Uint8Array.from({ length: 60 }, (_, row) => (row < 30 ? 0 : 1));
    const probabilities = predictProbability(fitRandomForestDraws(matrix, y, { seed: 1 }), matrix);
    expect(probabilities[0]).toBeGreaterThan(0);
    expect(probabilities[0]).toBeLessThan(0.05);
    expect(probabilities[59]).toBeGreaterThan(0.95);
    expect(probabilities[59]).toBeLessThan(1);
  });

  it('splits a node inside a tree that one split separates perfectly', () => {
    const cells = Array.from({ length: 300 }, (_, row) => [row % 3 === 0 ? 0 : 1, row]);
    // the best first split leaves one side mixed, which the other column then separates without error
    const y = Uint8Array.from(cells, ([a, b]) => (a === 0 || Number(b) >= 150 ? 1 : 0));
    const { nodes } = fitRandomForestDraws(matrixOf(cells), y, { seed: 6, nEstimators: 10 });
    const leaves = nodes.value.filter((_, node) => nodes.feature[node] === leafFeature);
    expect(new Set(leaves)).toEqual(new Set([0, Math.fround(1 / 11)]));
  });

  it('draws other rows with another seed, and the same with the same', () => {
    const { matrix, y } = simulate(100, { seed: 1, ...interaction });
    const treesBy = (seed: number) => fitRandomForestDraws(matrix, y, { seed, nEstimators: 2 }).nodes;
    expect(treesBy(5)).toEqual(treesBy(5));
    expect(treesBy(5)).not.toEqual(treesBy(6));
  });

  it('splits on a column of few values where its groups differ, whichever group is all of one label', () => {
    for (const pure of [0, 1]) {
      // group 1 has label `pure` throughout, group 0 both labels: a row order by label alone would hide one of the two
      const matrix = matrixOf(Array.from({ length: 200 }, (_, row) => [row % 2]));
      const y = Uint8Array.from({ length: 200 }, (_, row) =>
        row % 2 === 1 || row % 8 === 0 ? pure : 1 - pure,
      );
      const { nodes } = fitRandomForestDraws(matrix, y, { seed: 4, nEstimators: 10 });
      expect(nodes.feature.filter((column) => column === 0).length, `all ${pure}`).toBeGreaterThanOrEqual(5);
    }
  });

  it('has a prediction for a table of one column, of none, and of a single row', () => {
    const y = Uint8Array.of(0, 1, 1, 1);
    const none = matrixOf([[], [], [], []]);
    expect([...predictProbability(fitRandomForestDraws(none, y, { seed: 1 }), none)]).toEqual([
      0.75, 0.75, 0.75, 0.75,
    ]);
    const one = matrixOf([[3]]);
    // leaves are kept in 32 bits
    expect(predictProbability(fitRandomForestDraws(one, Uint8Array.of(1), { seed: 1 }), one)[0]).toBeCloseTo(
      1,
      6,
    );
  });

  it('reports each tree as it is done', () => {
    const { matrix, y } = simulate(60, { seed: 1, ...interaction });
    const seen: number[] = [];
    fitRandomForestDraws(matrix, y, { seed: 1, nEstimators: 3, onTree: (done) => seen.push(done) });
    expect(seen).toEqual([1, 2, 3]);
  });
});

it('a draw is two thirds of few rows, a quarter of many, at most the limit, and less of a wide table', () => {
  const sizes = [30, 450, 1200, 2000, 12_330, 1_000_000].map((rows) =>
    rowsPerDraw({ rows, columns: 10 }, 1000),
  );
  expect(sizes).toEqual([20, 300, 300, 500, 1000, 1000]);
  expect(rowsPerDraw({ rows: 50_000, columns: 120 }, 1000)).toBe(500);
});
