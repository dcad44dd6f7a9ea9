import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededGenerator, uniform } from '../../../../lib/math/random.ts';
import { fitBgNbdCandidate, predictBgNbd } from '../../../../lib/models/candidates/bgNbd.ts';
import { predictDecisionTree } from '../../../../lib/models/candidates/decisionTree.ts';
import { fitDecisionTree, roundestBetween } from '../../../../lib/models/candidates/fitDecisionTree.ts';
import { fitNeuralNetwork } from '../../../../lib/models/candidates/fitNeuralNetwork.ts';
import { focalLoss } from '../../../../lib/models/candidates/focalLogistic.ts';
import {
  neuralNetworkSchema,
  predictNeuralNetwork,
} from '../../../../lib/models/candidates/neuralNetwork.ts';
import { columnRoles } from '../../../../lib/models/candidates/roleColumns.ts';
import { fitSingleScore, predictSingleScore } from '../../../../lib/models/candidates/singleScore.ts';
import { logLoss, rocAuc } from '../../../../lib/models/metrics.ts';
import { matrixOf, simulate } from '../matrices.ts';

const interaction = ([a = 0, b = 0]: number[]): number => (a * b > 0 ? 2 : -2);

describe('the decision tree', () => {
  it('finds the two steps that the truth has, and no more', () => {
    const { matrix, y, truth } = simulate(4000, {
      seed: 1,
      columns: 3,
      marginOf: ([a = 0, b = 0]) => (a < 0.5 ? -3 : b < 0 ? 0 : 2),
    });
    const tree = fitDecisionTree(matrix, y, { complexity: 0.003 });
    expect(tree.nodes.filter(({ column }) => column < 0)).toHaveLength(3);
    expect(tree.nodes.map(({ column }) => column)).toEqual([0, -1, 1, -1, -1]);
    expect(Math.abs((tree.nodes[0]?.threshold ?? 0) - 0.5)).toBeLessThan(0.06);
    const off = predictDecisionTree(tree, matrix).map((p, row) => Math.abs(p - (truth[row] as number)));
    expect(off.reduce((sum, value) => sum + value, 0) / 4000).toBeLessThan(0.03);
  });

  it('of noise is pruned to its root, which says the share of buyers', () => {
    const { matrix, y } = simulate(2000, { seed: 2, columns: 4, marginOf: () => -1 });
    const { nodes } = fitDecisionTree(matrix, y, { complexity: 0.003 });
    expect(nodes).toHaveLength(1);
    expect(nodes[0]?.probability).toBeCloseTo(y.reduce((sum, label) => sum + label, 0) / 2000, 3);
  });

  it('has leaves that its options allow, however little a leaf must earn', () => {
    const { matrix, y } = simulate(3000, { seed: 3, columns: 3, marginOf: interaction });
    const { nodes } = fitDecisionTree(matrix, y, { complexity: 0, maxLeaves: 6, minSamplesLeaf: 100 });
    const leaves = nodes.filter(({ column }) => column < 0);
    expect(leaves.length).toBeLessThanOrEqual(6);
    for (const { share } of leaves) expect(share * 3000).toBeGreaterThanOrEqual(100);
    expect(leaves.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it('splits between two values at the roundest number above the first and up to the second', () => {
    expect([roundestBetween(17.3, 21.8), roundestBetween(0, 0.00035), roundestBetween(-5, 0)]).toEqual([
      20, 0.0003, 0,
    ]);
    const apart = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(apart, ([low, gap]) => {
        fc.pre(low + gap > low);
        const threshold = roundestBetween(low, low + gap);
        expect(threshold > low && threshold <= low + gap).toBe(true);
      }),
    );
  });
});

describe('the neural network', () => {
  const train = simulate(3000, { seed: 4, columns: 2, marginOf: interaction });
  const test = simulate(3000, { seed: 5, columns: 2, marginOf: interaction });

  it('learns what no straight line can, and nearly the probabilities themselves', () => {
    const model = fitNeuralNetwork(train.matrix, train.y, { seed: 1, hidden: [32, 16], patience: 15 });
    const probabilities = predictNeuralNetwork(model, test.matrix);
    expect(rocAuc(test.y, probabilities)).toBeGreaterThan((rocAuc(test.y, test.truth) as number) - 0.02);
    expect(logLoss(test.y, probabilities)).toBeLessThan(logLoss(test.y, test.truth) + 0.035);
  });

  it('is the same for the same seed, and after being stored', () => {
    const network = (seed: number) =>
      fitNeuralNetwork(train.matrix, train.y, { seed, hidden: [4, 3], maxEpochs: 3 });
    expect(network(1)).toEqual(network(1));
    expect(network(1)).not.toEqual(network(2));
    const stored = neuralNetworkSchema.parse(JSON.parse(JSON.stringify(network(1))));
    expect(predictNeuralNetwork(stored, test.matrix)).toEqual(predictNeuralNetwork(network(1), test.matrix));
    const broken = { ...stored, layers: stored.layers.slice(1, 2) };
    expect(neuralNetworkSchema.safeParse(broken).success).toBe(false);
  });

  it('stops before it knows noise by heart', () => {
    const noise = simulate(400, { seed: 6, columns: 10, marginOf: () => 0 });
    const model = fitNeuralNetwork(noise.matrix, noise.y, {
      seed: 1,
      hidden: [32],
      maxEpochs: 200,
      patience: 5,
    });
    expect(model.epochs).toBeLessThan(60);
  });
});

it('the slope of the focal loss is the slope of its value', () => {
  for (const gamma of [0, 0.5, 2])
    for (const margin of [-4, -0.3, 0, 1, 5]) {
      const rise = focalLoss(margin + 1e-5, gamma).value - focalLoss(margin - 1e-5, gamma).value;
      expect(focalLoss(margin, gamma).slope).toBeCloseTo(rise / 2e-5, 6);
    }
});

describe('baselines that sort by one figure', () => {
  const generator = seededGenerator(9);
  const days = Float64Array.from({ length: 3000 }, () => Math.round(200 * uniform(generator)));
  const y = Uint8Array.from(days, (recency) => (uniform(generator) < Math.exp(-recency / 40) ? 1 : 0));
  const names = { recency: 'days', spend: null, orders: null, history: null };
  const roles = { names, recency: days, spend: null, orders: null, history: null };

  it('say of a customer what came of customers like it', () => {
    const model = fitSingleScore('recency', roles, y);
    const asked = { ...roles, recency: Float64Array.of(5, 40, 180, Number.NaN) };
    const [soon = 0, later = 0, long = 0, unknown = 0] = predictSingleScore('recency', model, asked);
    expect(Math.abs(soon - Math.exp(-5 / 40))).toBeLessThan(0.08);
    expect(Math.abs(later - Math.exp(-1))).toBeLessThan(0.08);
    expect(long).toBeLessThan(0.05);
    // nobody without the figure was seen: the share of all
    expect(unknown).toBeCloseTo(y.reduce((sum, label) => sum + label, 0) / 3000, 2);
  });

  it('are there for tables that name their columns as shops do, English or Chinese', () => {
    const table = (...columns: string[]) => ({
      ids: [],
      columns: columns.map((name) => ({ name, kind: 'numeric' as const, values: [] })),
    });
    expect(columnRoles(table('Days Since Last Order', 'Total Spend', 'orders'))).toEqual({
      recency: 'Days Since Last Order',
      spend: 'Total Spend',
      orders: 'orders',
      history: null,
    });
    expect(columnRoles(table('最近购买天数', '累计消费', '购买次数'))).toMatchObject({ spend: '累计消费' });
    expect(columnRoles(table('frequency', 'recency_days', 'age_days')).history).not.toBeNull();
    expect(columnRoles(table('colour'))).toEqual({ recency: null, spend: null, orders: null, history: null });
  });
});

it('BG/NBD says of a history the closed form’s probability, and of no history what came of others without', () => {
  const frequency = Float64Array.from({ length: 400 }, (_, row) => (row % 5 === 0 ? 0 : row % 7));
  const age = Float64Array.from({ length: 400 }, (_, row) => 100 + (row % 200));
  const recency = frequency.map((x, row) =>
    x === 0 ? 0 : Math.max(1, (age[row] as number) - 10 * (row % 9) - 5),
  );
  frequency[3] = Number.NaN;
  const y = Uint8Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? 1 : 0));
  const history = { frequency, recency, age };
  const model = fitBgNbdCandidate(history, y, { horizonDays: 30 });
  const probabilities = predictBgNbd(model, history);
  expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
  // one row without a history, which did not buy, and the share of all as one row more
  expect(probabilities[3]).toBeCloseTo(101 / 402 / 2, 9);
  const { r, alpha, a, b } = model;
  const [x, t_x, T] = [frequency[6] as number, recency[6] as number, age[6] as number];
  // Fader, Hardie and Lee (2005): P(alive), and one less the Pareto waiting time
  const alive = 1 / (1 + (a / (b + x - 1)) * ((alpha + T) / (alpha + t_x)) ** (r + x));
  expect(probabilities[6]).toBeCloseTo(alive * (1 - ((alpha + T) / (alpha + T + 30)) ** (r + x)), 9);
});

it('a matrix of one column and two rows is no trouble for a tree or a network', () => {
  const matrix = matrixOf([[1], [2]]);
  const y = Uint8Array.of(0, 1);
  expect(fitDecisionTree(matrix, y).nodes).toHaveLength(1);
  const [first = 0] = predictNeuralNetwork(fitNeuralNetwork(matrix, y, { seed: 1, maxEpochs: 2 }), matrix);
  expect(first > 0 && first < 1).toBe(true);
});
