import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sigmoid } from '../../../../lib/math/logistic.ts';
import { binFeatures } from '../../../../lib/models/trees/binFeatures.ts';
import { fitGradientBoosting } from '../../../../lib/models/trees/fitGradientBoosting.ts';
import { fitRandomForest } from '../../../../lib/models/trees/fitRandomForest.ts';
import { predictMargin } from '../../../../lib/models/trees/predict.ts';
import { matrixOf } from '../matrices.ts';

/** One way to send rows left and right; missing values among them. */
type Side = (row: readonly number[]) => boolean;

const cell = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -2, max: 3 }) }, fc.constant(Number.NaN));
const table = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 14 }))
  .chain(([columns, rows]) =>
    fc.array(fc.tuple(fc.array(cell, { minLength: columns, maxLength: columns }), fc.constantFrom(0, 1)), {
      minLength: rows,
      maxLength: rows,
    }),
  );

describe('on a tiny table, whatever is in it', () => {
  it('a forest tree is the one that a search through all splits of all nodes finds', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 3 }), (rows, minSamplesLeaf) => {
        const matrix = matrixOf(rows.map(([cells]) => cells));
        const y = Uint8Array.from(rows, ([, label]) => label);
        const options = { seed: 1, nEstimators: 1, bootstrap: false, maxFeatures: 3, minSamplesLeaf };
        const { ensemble } = fitRandomForest(binFeatures(matrix), y, options);
        const prior = y.reduce((sum, label) => sum + label, 0) / y.length;
        const naive = naiveTree(rows, minSamplesLeaf);
        // the tree and the prior weigh the same
        for (const [row, margin] of predictMargin(ensemble, matrix).entries())
          expect(margin).toBeCloseTo(((naive[row] as number) + prior) / 2, 6);
      }),
      { numRuns: 400 },
    );
  });

  it('a boosted stump takes the split, and the leaf values, of the exact gradients', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const y = Uint8Array.from(rows, ([, label]) => label);
        fc.pre(y.includes(0) && y.includes(1));
        const matrix = matrixOf(rows.map(([cells]) => cells));
        const options = {
          seed: 1,
          nEstimators: 1,
          maxLeaves: 2,
          minChildWeight: 0.5,
          earlyStopping: false,
        } as const;
        const { ensemble } = fitGradientBoosting(binFeatures(matrix), y, options);
        const p = sigmoid(ensemble.baseMargin);
        const gain = (side: Side): number => {
          const [left, right] = [
            rows.filter(([cells]) => side(cells)),
            rows.filter(([cells]) => !side(cells)),
          ];
          const scores = [left, right, rows].map((part) => {
            const gradient = part.reduce((sum, [, label]) => sum + label - p, 0);
            const curvature = part.length * p * (1 - p);
            return { score: gradient ** 2 / (curvature + 1), step: gradient / (curvature + 1), curvature };
          });
          const [a, b, whole] = scores as [Score, Score, Score];
          return Math.min(a.curvature, b.curvature) < 0.5 ? 0 : a.score + b.score - whole.score;
        };
        const best = Math.max(0, ...allSides(rows).map(({ side }) => gain(side)));
        const margins = predictMargin(ensemble, matrix);
        const high = Math.max(...margins);
        const reached = gain((cells) => margins[rows.findIndex(([other]) => other === cells)] !== high);
        expect(reached).toBeGreaterThan(best - 1e-3);
        for (const value of new Set(margins)) {
          const part = rows.filter((_, row) => margins[row] === value);
          const gradient = part.reduce((sum, [, label]) => sum + label - p, 0);
          const step = (0.1 * gradient) / (part.length * p * (1 - p) + 1);
          expect(value).toBeCloseTo(ensemble.baseMargin + step, 4);
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Score {
  score: number;
  step: number;
  curvature: number;
}

type Row = [cells: number[], label: number];

/** Every threshold between values that occur, with missing values on either side, in the order in which equals are preferred. */
function allSides(rows: Row[]): { side: Side }[] {
  const columns = rows[0]?.[0].length ?? 0;
  return Array.from({ length: columns }, (_, column) => {
    const values = rows.map(([cells]) => cells[column] as number);
    const present = [...new Set(values.filter((value) => !Number.isNaN(value)))].sort((a, b) => a - b);
    const hasGaps = values.some(Number.isNaN);
    const below = (limit: number, missingLeft: boolean) => (cells: readonly number[]) =>
      Number.isNaN(cells[column]) ? missingLeft : (cells[column] as number) < limit;
    const limits = present.slice(1);
    const missingAlone = hasGaps && present.length > 0 ? [below(Number.NEGATIVE_INFINITY, true)] : [];
    const missingRight = hasGaps ? limits.map((limit) => below(limit, false)) : [];
    return [...missingAlone, ...limits.map((limit) => below(limit, true)), ...missingRight];
  })
    .flat()
    .map((side) => ({ side }));
}

/** What each row gets: the share of label 1 in its leaf. */
function naiveTree(rows: Row[], minSamplesLeaf: number): number[] {
  const positives = (part: Row[]): number => part.reduce((sum, [, label]) => sum + label, 0);
  const score = (part: Row[]): number => positives(part) ** 2 / part.length;
  let best = { gain: 1e-12 * rows.length, left: [] as Row[], right: [] as Row[] };
  for (const { side } of allSides(rows)) {
    const [left, right] = [rows.filter(([cells]) => side(cells)), rows.filter(([cells]) => !side(cells))];
    if (left.length < minSamplesLeaf || right.length < minSamplesLeaf) continue;
    const gain = score(left) + score(right) - score(rows);
    if (gain > best.gain) best = { gain, left, right };
  }
  if (best.left.length === 0) return rows.map(() => positives(rows) / rows.length);
  const [left, right] = [naiveTree(best.left, minSamplesLeaf), naiveTree(best.right, minSamplesLeaf)];
  return rows.map((row) => {
    const at = best.left.indexOf(row);
    return (at >= 0 ? left[at] : right[best.right.indexOf(row)]) as number;
  });
}
