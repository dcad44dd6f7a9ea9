import { describe, expect, it } from 'vitest';
import { seededGenerator, uniform } from '../../../../lib/math/random.ts';
import { decodeEnsemble, encodeEnsemble } from '../../../../lib/models/trees/artifact.ts';
import { binFeatures } from '../../../../lib/models/trees/binFeatures.ts';
import type { TreeEnsemble } from '../../../../lib/models/trees/ensemble.ts';
import { fitGradientBoosting } from '../../../../lib/models/trees/fitGradientBoosting.ts';
import { fitRandomForest } from '../../../../lib/models/trees/fitRandomForest.ts';
import { fitRandomForestDraws } from '../../../../lib/models/trees/fitRandomForestDraws.ts';
import { packTrees } from '../../../../lib/models/trees/packTrees.ts';
import { predictMargin, predictProbability, walkTrees } from '../../../../lib/models/trees/predict.ts';
import { matrixOf } from '../matrices.ts';
import { shopMatrix } from './shopMatrix.ts';

const { matrix, y, categoricalColumns } = shopMatrix(1500, 41);
const binned = binFeatures(matrix, { categoricalColumns, labels: { y, seed: 1 } });
const engines: [string, TreeEnsemble][] = [
  ['boosting', fitGradientBoosting(binned, y, { seed: 4, nEstimators: 12 }).ensemble],
  ['a forest', fitRandomForest(binned, y, { seed: 4, nEstimators: 6, minSamplesLeaf: 3 }).ensemble],
  ['draws', fitRandomForestDraws(matrix, y, { seed: 4, nEstimators: 4, maxRowsPerDraw: 400 })],
];
// other rows, with categories that fitting did not see
const unseen = shopMatrix(2100, 42).matrix;
unseen.X.forEach((value, at) => {
  if (at % 6 === 3 && value < 4) unseen.X[at] = 1000 + value;
  if (at % 6 === 2 && value === 3) unseen.X[at] = at % 4 === 0 ? Number.NaN : 77;
});

describe.each(engines)('%s', (_, ensemble) => {
  it('is scored packed as it is walked, to the last bit, by either kernel', () => {
    const walked = walkTrees(ensemble, unseen);
    expect(new Set(walked).size).toBeGreaterThan(50);
    expect(predictMargin(ensemble, unseen)).toEqual(walked);
    expect(predictMargin(ensemble, unseen, { kernel: 'plain' })).toEqual(walked);
  });

  it('scores after a round trip as before', () => {
    expect(predictMargin(decodeEnsemble(encodeEnsemble(ensemble)), unseen)).toEqual(
      predictMargin(ensemble, unseen),
    );
  });

  it('gives probabilities, and the same one for a row whatever stands around it', () => {
    const all = predictProbability(ensemble, unseen);
    expect(Math.min(...all)).toBeGreaterThan(0);
    expect(Math.max(...all)).toBeLessThan(1);
    const one = { ...unseen, rows: 1, X: unseen.X.slice(6 * 700, 6 * 701) };
    expect(predictProbability(ensemble, one)[0]).toBe(all[700]);
  });

  it('refuses a matrix of other columns', () => {
    const renamed = { ...unseen, columnNames: unseen.columnNames.with(1, 'visits') };
    expect(() => predictMargin(ensemble, renamed)).toThrow(
      'predictMargin needs "orders" as column 1; the matrix has "visits"',
    );
  });
});

it('trees of more nodes than a packed word can count are packed in wider ones, and scored the same', () => {
  const generator = seededGenerator(6);
  const rows = 150_000;
  const X = Float64Array.from({ length: 3 * rows }, () => uniform(generator));
  const labels = Uint8Array.from({ length: rows }, () => (uniform(generator) < 0.5 ? 1 : 0));
  const large = { X, rows, columns: 3, columnNames: ['a', 'b', 'c'] };
  const options = { seed: 1, nEstimators: 1, minSamplesLeaf: 1, bootstrap: false, maxFeatures: 1 };
  const { ensemble } = fitRandomForest(binFeatures(large), labels, options);
  expect(ensemble.nodes.feature.length).toBeGreaterThan(2 ** 17);
  expect(packTrees(ensemble).isWide).toBe(true);
  const some = { ...large, rows: 3001, X: X.slice(0, 9003) };
  const walked = walkTrees(ensemble, some);
  expect(predictMargin(ensemble, some)).toEqual(walked);
  expect(predictMargin(ensemble, some, { kernel: 'plain' })).toEqual(walked);
});

it('infinite values fall below and above all edges', () => {
  const columns = matrixOf([[1], [2], [3], [4], [5], [6]]);
  const forest = fitRandomForest(binFeatures(columns), Uint8Array.of(0, 0, 0, 1, 1, 1), {
    seed: 1,
    nEstimators: 5,
    minSamplesLeaf: 1,
    bootstrap: false,
  }).ensemble;
  const wide = matrixOf(Array.from({ length: 300 }, (_, row) => [row % 2 === 0 ? -Infinity : Infinity]));
  const [low, high] = predictProbability(forest, wide);
  const [first, , , , , last] = predictProbability(forest, columns);
  expect([low, high]).toEqual([first, last]);
});
