import { RandomForestRegression } from 'ml-random-forest';
import { describe, expect, it } from 'vitest';
import { appendTree, type CartNode } from '../../../lib/models/cartNodes.ts';
import { fitRandomForestDraws, rowsPerDraw } from '../../../lib/models/fitRandomForestDraws.ts';
import { rocAuc } from '../../../lib/models/metrics.ts';
import { predictRandomForestDraws } from '../../../lib/models/randomForestDraws.ts';
import { predictTrees, type Trees, treesSchema } from '../../../lib/models/trees.ts';
import { matrixOf, simulate } from './matrices.ts';

/** Buyers are those with both values high or both low: no single column tells. */
const interaction = { columns: 4, marginOf: ([a = 0, b = 0]: number[]) => (a * b > 0 ? 2.5 : -2.5) };

describe('predictTrees', () => {
  it('predicts what ml-random-forest itself predicts with the same trees', () => {
    const { cells, y } = simulate(400, { seed: 21, ...interaction });
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
    const trees: Trees = { roots: [], feature: [], threshold: [], right: [] };
    for (const [tree, estimator] of (forest.estimators ?? []).entries()) {
      appendTree(trees, (estimator as { root: CartNode }).root, forest.indexes?.[tree] as number[]);
    }
    const unseen = simulate(300, { seed: 22, ...interaction });
    const ours = predictTrees(trees, unseen.matrix);
    const theirs = forest.predict(unseen.cells);
    expect(new Set(theirs).size).toBeGreaterThan(20);
    for (const [row, prediction] of theirs.entries()) expect(ours[row]).toBeCloseTo(prediction, 12);
  });

  it('goes left below the threshold alone', () => {
    const stump: Trees = { roots: [0], feature: [0, -1, -1], threshold: [2, 0.1, 0.9], right: [2, 0, 0] };
    expect([...predictTrees(stump, matrixOf([[1.9], [2], [2.1]]))]).toEqual([0.1, 0.9, 0.9]);
  });

  it('stored trees that would lead nowhere, or round in circles, are refused', () => {
    const stump: Trees = { roots: [0], feature: [0, -1, -1], threshold: [2, 0.1, 0.9], right: [2, 0, 0] };
    expect(treesSchema.safeParse(stump).success).toBe(true);
    for (const broken of [
      { ...stump, right: [0, 0, 0] },
      { ...stump, right: [3, 0, 0] },
      { ...stump, roots: [3] },
      { ...stump, roots: [] },
      { ...stump, threshold: [2, 0.1] },
    ]) {
      expect(treesSchema.safeParse(broken).success).toBe(false);
    }
  });
});

describe('the forest on random draws', () => {
  it('finds an interaction, where no single column tells, on held-out rows', () => {
    const { matrix, y } = simulate(1500, { seed: 1, ...interaction });
    const unseen = simulate(1000, { seed: 2, ...interaction });
    const forest = fitRandomForestDraws(matrix, y, { seed: 3 });
    const auc = rocAuc(unseen.y, predictRandomForestDraws(forest, unseen.matrix)) as number;
    const oracle = rocAuc(unseen.y, unseen.truth) as number;
    expect(oracle).toBeGreaterThan(0.9);
    expect(auc).toBeGreaterThan(oracle - 0.06);
  });

  it('never claims certainty, even where every leaf agrees', () => {
    const matrix = matrixOf(Array.from({ length: 60 }, (_, row) => [row]));
    const y = Uint8Array.from({ length: 60 }, (_, row) => (row < 30 ? 0 : 1));
    const probabilities = predictRandomForestDraws(fitRandomForestDraws(matrix, y, { seed: 1 }), matrix);
    expect(probabilities[0]).toBeGreaterThan(0);
    expect(probabilities[0]).toBeLessThan(0.05);
    expect(probabilities[59]).toBeGreaterThan(0.95);
    expect(probabilities[59]).toBeLessThan(1);
  });

  it('splits a node inside a tree that one split separates perfectly', () => {
    const cells = Array.from({ length: 300 }, (_, row) => [row % 3 === 0 ? 0 : 1, row]);
    // the best first split leaves one side mixed, which the other column then separates without error
    const y = Uint8Array.from(cells, ([a, b]) => (a === 0 || Number(b) >= 150 ? 1 : 0));
    const { trees } = fitRandomForestDraws(matrixOf(cells), y, { seed: 6, nEstimators: 10 });
    const leaves = trees.threshold.filter((_, node) => trees.feature[node] === -1);
    expect(new Set(leaves)).toEqual(new Set([0, 1]));
  });

  it('draws other rows with another seed, and the same with the same', () => {
    const { matrix, y } = simulate(100, { seed: 1, ...interaction });
    const treesBy = (seed: number): Trees => fitRandomForestDraws(matrix, y, { seed, nEstimators: 2 }).trees;
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
      const { trees } = fitRandomForestDraws(matrix, y, { seed: 4, nEstimators: 10 });
      expect(trees.feature.filter((column) => column === 0).length, `all ${pure}`).toBeGreaterThanOrEqual(5);
    }
  });

  it('has a prediction for a table of one column, of none, and of a single row', () => {
    const y = Uint8Array.of(0, 1, 1, 1);
    const none = matrixOf([[], [], [], []]);
    expect([...predictRandomForestDraws(fitRandomForestDraws(none, y, { seed: 1 }), none)]).toEqual([
      0.75, 0.75, 0.75, 0.75,
    ]);
    const one = matrixOf([[3]]);
    expect(predictRandomForestDraws(fitRandomForestDraws(one, Uint8Array.of(1), { seed: 1 }), one)[0]).toBe(
      1,
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
