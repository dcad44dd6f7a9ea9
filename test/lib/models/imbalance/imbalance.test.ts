import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededGenerator, uniform } from '../../../../lib/math/random.ts';
import { fitFocalLogistic } from '../../../../lib/models/candidates/focalLogistic.ts';
import { withoutMisplaced, withoutTomekLinks } from '../../../../lib/models/imbalance/cleaning.ts';
import { nearestNeighbours } from '../../../../lib/models/imbalance/neighbours.ts';
import {
  correctPrior,
  correctProbabilities,
  priorShift,
  unfocused,
} from '../../../../lib/models/imbalance/priorCorrection.ts';
import { makeUpRows } from '../../../../lib/models/imbalance/smote.ts';
import { type FoldRows, treatRows } from '../../../../lib/models/imbalance/treatRows.ts';
import {
  fitLogisticRegression,
  predictLogisticRegression,
} from '../../../../lib/models/logisticRegression.ts';
import { imbalanceMethodSchema } from '../../../../lib/models/purchaseSettings.ts';
import { allRows, stratifiedFolds, stratifiedSplit } from '../../../../lib/models/validation/folds.ts';
import golden from '../../../golden/calibration.json' with { type: 'json' };
import { matrixOf, simulate } from '../matrices.ts';

const { X, y: goldenLabels, minority, nearest } = golden.neighbours;
const points = { Z: Float64Array.from(X.flat()), columns: 3 };
const all = Uint32Array.from(goldenLabels.keys());
const cellsOf = (rows: Uint32Array): number[][] => [...rows].map((row) => X[row] as number[]);
const inOrder = (rows: number[][]): string[] => rows.map((row) => row.join()).sort();

describe('neighbours', () => {
  it('are those among which scikit-learn lets SMOTE draw', () => {
    const rows = Uint32Array.from(minority);
    const found = nearestNeighbours({ ...points, rows }, { candidates: rows, k: 5 });
    expect(minority.map((_, place) => [...found.subarray(place * 5, place * 5 + 5)])).toEqual(nearest);
  });

  it('leave imbalanced-learn’s rows when Tomek links go, and when misplaced rows go', () => {
    const y = Uint8Array.from(goldenLabels);
    const { withoutTomekLinks: tomek, withoutMisplaced: enn } = golden.neighbours;
    expect(inOrder(cellsOf(withoutTomekLinks({ ...points, rows: all }, y)))).toEqual(inOrder(tomek));
    expect(inOrder(cellsOf(withoutMisplaced({ ...points, rows: all }, y)))).toEqual(inOrder(enn));
  });
});

/** 300 rows, a tenth of them buyers; the last two columns are one of two cities. */
function fold(seed = 2): FoldRows {
  const { cells, y } = simulate(300, { seed, columns: 2, marginOf: ([a = 0]) => 1.5 * a - 3 });
  const generator = seededGenerator(seed);
  const rows = cells.map((row) => {
    const city = uniform(generator) < 0.5 ? 1 : 0;
    return [...row, city, 1 - city];
  });
  return { fold: allRows(300), matrix: matrixOf(rows), y, nominalGroups: [[2, 3]] };
}

const countOf = (y: Uint8Array): number => y.reduce((sum, label) => sum + label, 0);

describe('a treatment of the rarer label', () => {
  const rows = fold();
  const buyers = countOf(rows.y);
  const treated = (method: (typeof imbalanceMethodSchema.options)[number]) =>
    treatRows(rows, { method, generator: seededGenerator(7) });

  it.each(['randomOverSampling', 'smote', 'smotenc'] as const)(
    '%s adds buyers until there are as many',
    (method) => {
      const { y, matrix, correction } = treated(method);
      expect([y.length, matrix.rows, countOf(y)]).toEqual([
        2 * (300 - buyers),
        2 * (300 - buyers),
        300 - buyers,
      ]);
      expect(correction.beta).toBeCloseTo(buyers / (300 - buyers), 12);
    },
  );

  it.each(['randomUnderSampling', 'clusterUnderSampling'] as const)(
    '%s keeps as many others as buyers',
    (method) => {
      const { y, correction } = treated(method);
      expect([y.length, countOf(y)]).toEqual([2 * buyers, buyers]);
      expect(correction.beta).toBeCloseTo(buyers / (300 - buyers), 12);
    },
  );

  it.each(['smoteTomek', 'smoteEnn'] as const)(
    '%s drops rows again that stand among the others',
    (method) => {
      const { y } = treated(method);
      expect(y.length).toBeLessThan(2 * (300 - buyers));
      expect(countOf(y)).toBeGreaterThan(buyers);
    },
  );

  it('classWeights count both labels alike', () => {
    const { weights, y } = treated('classWeights');
    const weightOf = (label: number): number =>
      weights?.reduce((sum, weight, row) => (y[row] === label ? sum + weight : sum), 0) ?? 0;
    expect(weightOf(1)).toBeCloseTo(150, 9);
    expect(weightOf(0)).toBeCloseTo(150, 9);
  });

  it('SMOTE-NC lives in one city or the other, where SMOTE is in between', () => {
    const cityOf = (method: 'smote' | 'smotenc'): number[] =>
      Array.from(
        { length: 300 - 2 * buyers },
        (_, made) => treated(method).matrix.X[(300 + made) * 4 + 2] as number,
      );
    expect(new Set(cityOf('smotenc'))).toEqual(new Set([0, 1]));
    expect(cityOf('smote').some((value) => value > 0 && value < 1)).toBe(true);
  });

  it('made-up rows stay within what the buyers span', () => {
    const some = Uint32Array.from(minority);
    const X = Float64Array.from(golden.neighbours.X.flat());
    const made = makeUpRows(
      { X, columns: 3, distances: points, minority: some },
      { generator: seededGenerator(1), count: 200 },
    );
    for (let column = 0; column < 3; column++) {
      const values = cellsOf(some).map((row) => row[column] as number);
      const own = made.filter((_, at) => at % 3 === column);
      expect(Math.min(...own)).toBeGreaterThanOrEqual(Math.min(...values));
      expect(Math.max(...own)).toBeLessThanOrEqual(Math.max(...values));
    }
  });

  it.each(imbalanceMethodSchema.options)(
    '%s leaves the fold as it was, and gives the same rows for the same seed',
    (method) => {
      const before = structuredClone(rows.matrix.X);
      expect(treated(method)).toEqual(treated(method));
      expect(rows.matrix.X).toEqual(before);
    },
  );

  it.each([
    'randomOverSampling',
    'randomUnderSampling',
    'smote',
    'smotenc',
    'smoteEnn',
    'smoteTomek',
    'clusterUnderSampling',
  ] as const)(
    'rows that %s made cannot be split, so that no held-out row is a copy or a mixture of fitted ones',
    (method) => {
      const { y } = treated(method);
      const generator = seededGenerator(1);
      expect(() => stratifiedSplit(y, { share: 0.3, generator })).toThrow('split first');
      expect(() => stratifiedFolds(y, { folds: 3, generator })).toThrow('split first');
    },
  );

  it('is refused where only one label is there', () => {
    const one = { ...rows, y: new Uint8Array(300) };
    expect(() => treatRows(one, { method: 'smote', generator: seededGenerator(1) })).toThrow('both labels');
  });
});

describe('the correction of the prior', () => {
  const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

  it('is the published formula: keeping a fifth of the majority, .5 comes from 1/6', () => {
    expect(correctPrior(0.5, 0.2)).toBeCloseTo(1 / 6, 12);
    const kept = priorShift({ negatives: 1000, positives: 50 }, { negatives: 200, positives: 50 });
    expect(kept).toBeCloseTo(0.2, 12);
  });

  it('undoes itself, keeps the order, and does nothing to what was not treated', () => {
    fc.assert(
      fc.property(probability, probability, fc.double({ min: 0.01, max: 100, noNaN: true }), (p, q, beta) => {
        expect(correctPrior(correctPrior(p, beta), 1 / beta)).toBeCloseTo(p, 9);
        // Probabilities an ulp or two apart may come out equal, never the other way round.
        expect((correctPrior(p, beta) - correctPrior(q, beta)) * (p - q)).toBeGreaterThanOrEqual(0);
        expect(correctPrior(p, 1)).toBe(p);
      }),
    );
  });

  it('takes back what the focal loss does: its least value is at the probability that this turns into the true one', () => {
    const risk = (q: number, truth: number): number =>
      -truth * (1 - q) ** 2 * Math.log(q) - (1 - truth) * q ** 2 * Math.log(1 - q);
    for (const truth of [0.02, 0.1, 0.3, 0.5, 0.8]) {
      const grid = Array.from({ length: 20_000 }, (_, step) => (step + 0.5) / 20_000);
      const least = grid.reduce((a, b) => (risk(b, truth) < risk(a, truth) ? b : a));
      expect(unfocused(least, 2)).toBeCloseTo(truth, 3);
    }
  });

  const { matrix, y, truth } = simulate(20_000, {
    seed: 21,
    columns: 2,
    marginOf: ([a = 0, b = 0]) => a - b / 2 - 2.5,
  });
  const meanOff = (probabilities: Float64Array): number =>
    probabilities.reduce((sum, p, row) => sum + Math.abs(p - (truth[row] as number)), 0) / truth.length;

  it.each(['classWeights', 'randomUnderSampling', 'randomOverSampling'] as const)(
    'brings a logistic regression under %s back to the true probabilities',
    (method) => {
      const rows: FoldRows = { fold: allRows(y.length), matrix, y, nominalGroups: [] };
      const { correction, ...treated } = treatRows(rows, { method, generator: seededGenerator(3) });
      const model = fitLogisticRegression(treated.matrix, treated.y, { weights: treated.weights });
      const said = predictLogisticRegression(model, matrix);
      expect(meanOff(said)).toBeGreaterThan(0.2);
      expect(meanOff(correctProbabilities(said, correction))).toBeLessThan(0.01);
    },
  );

  it('brings a logistic regression by focal loss back to the true probabilities, nearly', () => {
    const model = fitFocalLogistic(matrix, y, { gamma: 2 });
    const said = predictLogisticRegression(model, matrix);
    expect(meanOff(said)).toBeGreaterThan(0.08);
    expect(meanOff(correctProbabilities(said, { beta: 1, focalGamma: 2 }))).toBeLessThan(0.02);
  });
});
