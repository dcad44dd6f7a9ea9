import { describe, expect, it } from 'vitest';
import { seededGenerator, standardNormal } from '../../../../lib/math/random.ts';
import { binFeatures } from '../../../../lib/models/trees/binFeatures.ts';
import { columnEncoder } from '../../../../lib/models/trees/encodeColumn.ts';
import { goesLeft, leafFeature, type TreeEnsemble } from '../../../../lib/models/trees/ensemble.ts';
import { fitGradientBoosting } from '../../../../lib/models/trees/fitGradientBoosting.ts';
import { fitRandomForest } from '../../../../lib/models/trees/fitRandomForest.ts';
import { fitRandomForestDraws } from '../../../../lib/models/trees/fitRandomForestDraws.ts';
import { predictMargin } from '../../../../lib/models/trees/predict.ts';
import { treeShap } from '../../../../lib/models/trees/treeShap.ts';
import { matrixOf } from '../matrices.ts';
import { shopMatrix } from './shopMatrix.ts';

const { matrix, y, categoricalColumns } = shopMatrix(600, 31);
const binned = binFeatures(matrix, { categoricalColumns, labels: { y, seed: 1 } });
const engines: [string, TreeEnsemble][] = [
  ['boosting', fitGradientBoosting(binned, y, { seed: 4, nEstimators: 12, maxLeaves: 12 }).ensemble],
  ['a forest', fitRandomForest(binned, y, { seed: 4, nEstimators: 6, minSamplesLeaf: 3 }).ensemble],
  ['draws', fitRandomForestDraws(matrix, y, { seed: 4, nEstimators: 4, maxRowsPerDraw: 200 })],
];

describe.each(engines)('the SHAP values of %s', (_, ensemble) => {
  const rows = 40;
  const some = { ...matrix, rows, X: matrix.X.slice(0, rows * matrix.columns) };
  const { baseValue, contributions } = treeShap(ensemble, some);
  const margins = predictMargin(ensemble, some);
  const ofRow = (row: number) => contributions.subarray(row * matrix.columns, (row + 1) * matrix.columns);

  it('sum, with the base value, to the margin', () => {
    for (let row = 0; row < rows; row++) {
      const sum = ofRow(row).reduce((total, value) => total + value, baseValue);
      expect(Math.abs(sum - (margins[row] as number))).toBeLessThan(1e-9);
    }
    expect(Math.max(...contributions.map(Math.abs))).toBeGreaterThan(0.01);
  });

  it("are Shapley's, added up over all subsets of the columns", () => {
    for (let row = 0; row < 5; row++) {
      const cells = some.X.subarray(row * matrix.columns, (row + 1) * matrix.columns);
      for (const [column, expected] of bruteForceShapley(ensemble, cells).entries())
        expect(Math.abs((ofRow(row)[column] as number) - expected)).toBeLessThan(1e-9);
    }
  });

  it('are the same for a row alone as among many others', () => {
    const all = treeShap(ensemble, matrix).contributions;
    for (const row of [0, 1, 299, 599]) {
      const X = matrix.X.slice(row * matrix.columns, (row + 1) * matrix.columns);
      const alone = treeShap(ensemble, { ...matrix, rows: 1, X }).contributions;
      expect(alone).toEqual(all.slice(row * matrix.columns, (row + 1) * matrix.columns));
    }
    expect(treeShap(ensemble, { ...matrix, rows: 0, X: new Float64Array() }).contributions).toHaveLength(0);
  });

  it('are exactly 0 for a column that no split asks for', () => {
    const unused = matrix.columnNames.indexOf('constant');
    expect(ensemble.nodes.feature.includes(unused)).toBe(false);
    for (let row = 0; row < rows; row++) expect(ofRow(row)[unused]).toBe(0);
  });
});

it('the value of a stump is what its split moves, against the mean of the fitted rows', () => {
  const stump: TreeEnsemble = {
    ...leafOf(0),
    nodes: {
      feature: Int32Array.of(0, -1, -1),
      code: Uint16Array.of(1, 0, 0),
      rule: new Uint8Array(3),
      right: Uint32Array.of(2, 0, 0),
      value: Float32Array.of(0, 1, 3),
      cover: Uint32Array.of(4, 3, 1),
    },
  };
  const { baseValue, contributions } = treeShap(stump, matrixOf([[1], [2]]));
  expect(baseValue).toBeCloseTo(0.5 + 1.5, 12);
  expect([...contributions].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([-0.5, 1.5]);
});

it('a tree that is a leaf moves nobody', () => {
  const { baseValue, contributions } = treeShap(leafOf(0.25), matrixOf([[1], [2]]));
  expect(baseValue).toBe(0.75);
  expect([...contributions]).toEqual([0, 0]);
});

it('the values of a tree with more columns than keys have room for sum to the margin', () => {
  const columns = 40;
  const generator = seededGenerator(5);
  const rows = Array.from({ length: 400 }, () =>
    Array.from({ length: columns }, () => standardNormal(generator)),
  );
  const wide = matrixOf(rows);
  const labels = Uint8Array.from(rows, (cells) => (cells.reduce((sum, cell) => sum + cell, 0) > 0 ? 1 : 0));
  const options = { seed: 2, nEstimators: 8, minSamplesLeaf: 1, maxFeatures: 1 };
  const { ensemble } = fitRandomForest(binFeatures(wide), labels, options);
  const { baseValue, contributions } = treeShap(ensemble, wide);
  for (const [row, margin] of predictMargin(ensemble, wide).entries()) {
    const own = contributions.subarray(row * columns, (row + 1) * columns);
    expect(Math.abs(own.reduce((sum, value) => sum + value, baseValue) - margin)).toBeLessThan(1e-9);
  }
});

function leafOf(value: number): TreeEnsemble {
  return {
    engine: 'gradientBoosting',
    link: 'logistic',
    baseMargin: 0.5,
    columnNames: ['x0'],
    columnCodes: [{ kind: 'ordered', edges: Float64Array.of(2) }],
    roots: Uint32Array.of(0),
    nodes: {
      feature: Int32Array.of(-1),
      code: new Uint16Array(1),
      rule: new Uint8Array(1),
      right: new Uint32Array(1),
      value: Float32Array.of(value),
      cover: Uint32Array.of(4),
    },
  };
}

/** Σ over subsets S without j of |S|! (n - |S| - 1)! / n! · (v(S + j) - v(S)), v by algorithm 1 of Lundberg et al. 2020. */
function bruteForceShapley(ensemble: TreeEnsemble, cells: Float64Array): number[] {
  const n = cells.length;
  const codes = ensemble.columnCodes.map((column, index) => columnEncoder(column)(cells[index] as number));
  const worth = Array.from({ length: 2 ** n }, (_, known) => expectedMargin(ensemble, codes, known));
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  return Array.from({ length: n }, (_, column) => {
    let sum = 0;
    for (let known = 0; known < 2 ** n; known++) {
      if (known & (1 << column)) continue;
      const size = known.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(n - size - 1)) / factorial(n);
      sum += weight * ((worth[known | (1 << column)] as number) - (worth[known] as number));
    }
    return sum;
  });
}

/** Of a row of which the columns in the bits of `known` are known: other splits send it both ways, as they sent the fitted rows. */
function expectedMargin({ baseMargin, roots, nodes }: TreeEnsemble, codes: number[], known: number): number {
  const below = (root: number, node: number): number => {
    const column = nodes.feature[node] as number;
    if (column === leafFeature) return nodes.value[node] as number;
    const [left, right] = [node + 1, root + (nodes.right[node] as number)];
    if (known & (1 << column))
      return below(root, goesLeft(nodes, node, codes[column] as number) ? left : right);
    const share = (nodes.cover[left] as number) / (nodes.cover[node] as number);
    return share * below(root, left) + (1 - share) * below(root, right);
  };
  return roots.reduce((sum, root) => sum + below(root, root), baseMargin);
}
