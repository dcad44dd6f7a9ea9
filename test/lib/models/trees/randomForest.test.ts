import { describe, expect, it } from 'vitest';
import { logLoss, rocAuc } from '../../../../lib/models/metrics.ts';
import { binFeatures } from '../../../../lib/models/trees/binFeatures.ts';
import { leafFeature } from '../../../../lib/models/trees/ensemble.ts';
import { fitRandomForest, type RandomForestOptions } from '../../../../lib/models/trees/fitRandomForest.ts';
import { predictProbability } from '../../../../lib/models/trees/predict.ts';
import { simulate } from '../matrices.ts';
import { shopMatrix } from './shopMatrix.ts';

const shop = shopMatrix(1500, 3);
const binned = binFeatures(shop.matrix, {
  categoricalColumns: shop.categoricalColumns,
  oneHotCategories: 40,
});
const grow = (options: Partial<RandomForestOptions> = {}) =>
  fitRandomForest(binned, shop.y, { seed: 7, nEstimators: 20, minSamplesLeaf: 5, ...options });

describe('a random forest', () => {
  it('ranks customers that it has not seen nearly as well as the truth does', () => {
    const [known, unseen] = [shopMatrix(5000, 5), shopMatrix(2000, 4)];
    const { categoricalColumns } = known;
    const codes = binFeatures(known.matrix, { categoricalColumns, labels: { y: known.y, seed: 1 } });
    const { ensemble } = fitRandomForest(codes, known.y, { seed: 7, nEstimators: 50, minSamplesLeaf: 20 });
    const auc = rocAuc(unseen.y, predictProbability(ensemble, unseen.matrix)) as number;
    const oracle = rocAuc(unseen.y, unseen.truth) as number;
    expect(oracle).toBeGreaterThan(0.75);
    expect(auc).toBeGreaterThan(oracle - 0.04);
  });

  it('keeps every leaf at its least weight, and its tree within the leaves and the depth that it may have', () => {
    const { nodes } = grow({ minSamplesLeaf: 12 }).ensemble;
    const covers = nodes.cover.filter((_, node) => nodes.feature[node] === leafFeature);
    expect(Math.min(...covers)).toBe(12);
    const small = grow({ maxLeaves: 6, growth: 'leaf', nEstimators: 3 }).ensemble;
    expect(small.nodes.feature.length).toBe(3 * 11);
    const shallow = grow({ maxDepth: 2, nEstimators: 3 }).ensemble;
    expect(shallow.nodes.feature.length).toBeLessThanOrEqual(3 * 7);
  });

  it('is the same tree by tree whether its leaves or its nodes come first, as long as nothing ends it', () => {
    const all = { bootstrap: false, maxFeatures: 6, nEstimators: 2 };
    expect(grow({ ...all, growth: 'leaf' })).toEqual(grow({ ...all, growth: 'depth' }));
  });

  it('predicts out of bag by the trees that a row was not drawn for, and the prior as one more', () => {
    // a forest of one tree, grown from the same seed, tells which rows the tree did not see
    const nEstimators = 4;
    const { outOfBag, ensemble } = grow({ nEstimators, outOfBag: true });
    const prior = ensemble.baseMargin * (nEstimators + 1);
    expect(prior).toBeCloseTo(shop.y.reduce((sum, label) => sum + label, 0) / 1500, 12);
    const sums = new Float64Array(1500).fill(prior);
    const trees = new Uint16Array(1500);
    for (const [tree, root] of ensemble.roots.entries()) {
      const end = ensemble.roots[tree + 1] ?? ensemble.nodes.feature.length;
      const part = <Part extends { slice(from: number, to: number): Part }>(all: Part) =>
        all.slice(root, end);
      const { feature, code, rule, right, value, cover } = ensemble.nodes;
      const alone = {
        ...ensemble,
        baseMargin: 0,
        roots: Uint32Array.of(0),
        nodes: {
          feature: part(feature),
          code: part(code),
          rule: part(rule),
          right: part(right),
          value: part(value),
          cover: part(cover),
        },
      };
      const leaf = predictProbability(alone, shop.matrix);
      const only = grow({ nEstimators: tree + 1, outOfBag: true }).outOfBag?.trees as Uint16Array;
      const before =
        tree === 0 ? null : (grow({ nEstimators: tree, outOfBag: true }).outOfBag?.trees as Uint16Array);
      for (let row = 0; row < 1500; row++) {
        if ((only[row] as number) === (before?.[row] ?? 0)) continue;
        trees[row] = (trees[row] as number) + 1;
        sums[row] = (sums[row] as number) + (leaf[row] as number) * (nEstimators + 1);
      }
    }
    expect(outOfBag?.trees).toEqual(trees);
    // a third of the rows or so is not drawn for a tree
    expect(trees.reduce((sum, count) => sum + count, 0) / 1500 / nEstimators).toBeCloseTo(Math.exp(-1), 1);
    for (let row = 0; row < 1500; row++)
      expect(outOfBag?.probability[row]).toBeCloseTo((sums[row] as number) / ((trees[row] as number) + 1), 9);
  });

  it('takes the leaf size whose out-of-bag log-loss is the smallest of those it tried', () => {
    const noisy = simulate(600, { seed: 5, columns: 3, marginOf: ([a = 0]) => 0.4 * a });
    const forest = fitRandomForest(binFeatures(noisy.matrix), noisy.y, { seed: 1, nEstimators: 20 });
    const losses = forest.candidates.map((candidate) => candidate.logLoss);
    const chosen = forest.candidates.find(({ minSamplesLeaf }) => minSamplesLeaf === forest.minSamplesLeaf);
    expect(losses).toHaveLength(5);
    expect(chosen?.logLoss).toBe(Math.min(...losses));
    expect(forest.minSamplesLeaf).toBeGreaterThan(5);
    const given = { seed: 1, nEstimators: 20, minSamplesLeaf: 20, outOfBag: true };
    const again = fitRandomForest(binFeatures(noisy.matrix), noisy.y, given);
    const expected = forest.candidates.find(({ minSamplesLeaf }) => minSamplesLeaf === 20)?.logLoss;
    expect(logLoss(noisy.y, again.outOfBag?.probability as Float64Array)).toBe(expected);
  });

  it('gives the same forest for the same seed, another for another', () => {
    expect(grow()).toEqual(grow());
    expect(grow({ seed: 8 }).ensemble.nodes).not.toEqual(grow().ensemble.nodes);
  });

  it('fits the rows that it is told to, and no others', () => {
    const rows = Uint32Array.from({ length: 700 }, (_, index) => 2 * index);
    const wrongElsewhere = shop.y.map((label, row) => (row % 2 === 0 && row < 1400 ? label : 1 - label));
    const options = { seed: 1, nEstimators: 3, minSamplesLeaf: 3, rows };
    expect(fitRandomForest(binned, wrongElsewhere, options)).toEqual(
      fitRandomForest(binned, shop.y, options),
    );
  });

  it.each<[string, Partial<RandomForestOptions>]>([
    ['minSamplesLeaf above 0; got 0', { minSamplesLeaf: 0 }],
    ['maxLeaves to be a whole number from 1 up; got 0.5', { maxLeaves: 0.5 }],
    ['1500 sample weights, as many as rows; got 2', { sampleWeight: Float64Array.of(1, 1) }],
    ['sample weights from 0 up; row 0 has -1', { sampleWeight: new Float64Array(1500).fill(-1) }],
    ['a constraint for each of 6 columns; got 1', { monotone: Int8Array.of(1) }],
    ['cannot hold "channel" to be monotone: it is categorical', { monotone: Int8Array.of(0, 0, 1, 0, 0, 0) }],
    ['row 1500 of 1500, which is not there', { rows: Uint32Array.of(1500) }],
  ])('says what is wrong: %s', (message, options) => {
    expect(() => grow(options)).toThrow(message);
  });
});
