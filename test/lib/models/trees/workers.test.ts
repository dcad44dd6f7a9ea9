import { describe, expect, it } from 'vitest';
import { binFeatures } from '../../../../lib/models/trees/binFeatures.ts';
import { fitGradientBoosting } from '../../../../lib/models/trees/fitGradientBoosting.ts';
import { fitRandomForest } from '../../../../lib/models/trees/fitRandomForest.ts';
import {
  fitGradientBoostingInBackground,
  fitRandomForestInBackground,
  treeShapInBackground,
} from '../../../../lib/models/trees/inBackground.ts';
import { treeShap } from '../../../../lib/models/trees/treeShap.ts';
import { shopMatrix } from './shopMatrix.ts';

// more than two blocks of a boosting histogram
const { matrix, y, categoricalColumns } = shopMatrix(17_000, 8);
const binned = binFeatures(matrix, { categoricalColumns, labels: { y, seed: 1 } });
const numbers = binFeatures(matrix);
const weighted = {
  rows: Uint32Array.from({ length: 2001 }, (_, row) => 3 * row),
  sampleWeight: Float64Array.from({ length: 2001 }, (_, row) => (row % 7) / 3),
};
const forestOptions = { seed: 3, nEstimators: 6, minSamplesLeaf: 20, outOfBag: true } as const;
const boostingOptions = { seed: 3, nEstimators: 8, maxLeaves: 12 } as const;
const forest = fitRandomForest(binned, y, forestOptions);
const boosting = fitGradientBoosting(binned, y, boostingOptions);

describe('the same bytes', () => {
  it('come from the kernel in WebAssembly and from the plain one', () => {
    expect(fitRandomForest(binned, y, { ...forestOptions, kernel: 'plain' })).toEqual(forest);
    expect(fitGradientBoosting(binned, y, { ...boostingOptions, kernel: 'plain' })).toEqual(boosting);
  });

  it.each([0, 1, 2, 3])('come from %i workers', async (workers) => {
    expect(await fitRandomForestInBackground(binned, y, { ...forestOptions, workers })).toEqual(forest);
    expect(await fitGradientBoostingInBackground(binned, y, { ...boostingOptions, workers })).toEqual(
      boosting,
    );
    const some = { ...matrix, rows: 50, X: matrix.X.slice(0, 50 * matrix.columns) };
    const shap = await treeShapInBackground(boosting.ensemble, some, { workers });
    expect(shap).toEqual(treeShap(boosting.ensemble, some));
  });

  it('come from workers with the plain kernel', async () => {
    const plain = { kernel: 'plain', workers: 2 } as const;
    expect(await fitRandomForestInBackground(binned, y, { ...forestOptions, ...plain })).toEqual(forest);
    expect(await fitGradientBoostingInBackground(binned, y, { ...boostingOptions, ...plain })).toEqual(
      boosting,
    );
  });

  it.each([
    ['leaf by leaf', {}],
    ['level by level', { growth: 'depth', maxDepth: 3, maxFeatures: 3 }],
    ['with weights, to the last row', { ...weighted, minChildWeight: 0, lambda: 0, maxLeaves: 300 }],
  ] as const)(
    'come from the loop that grows a tree in WebAssembly and from the plain one: %s',
    async (_, given) => {
      // numbers alone, so that the order of every column is free
      const options = { ...boostingOptions, nEstimators: 5, ...given };
      const plain = fitGradientBoosting(numbers, y, { ...options, kernel: 'plain' });
      expect(fitGradientBoosting(numbers, y, options)).toEqual(plain);
      expect(await fitGradientBoostingInBackground(numbers, y, { ...options, workers: 3 })).toEqual(plain);
    },
  );

  it('come from workers where the leaf size is chosen by them', async () => {
    const rows = Uint32Array.from({ length: 600 }, (_, row) => row);
    const options = { seed: 1, nEstimators: 5, rows };
    expect(await fitRandomForestInBackground(binned, y, { ...options, workers: 2 })).toEqual(
      fitRandomForest(binned, y, options),
    );
  });
});

it('the calling thread stays free, and hears of each tree', async () => {
  const heard: number[] = [];
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  const onTree = (done: number): number => heard.push(done);
  await fitRandomForestInBackground(binned, y, { ...forestOptions, onTree, nEstimators: 20 });
  await fitGradientBoostingInBackground(binned, y, { ...boostingOptions, onTree });
  clearInterval(timer);
  expect(heard).toEqual([...Array.from({ length: 20 }, (_, tree) => tree + 1), 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(turns).toBeGreaterThan(3);
});

it('what a worker throws is thrown to the caller, with what it said', async () => {
  const broken = { ...matrix, columnNames: [...matrix.columnNames] };
  const ensemble = { ...boosting.ensemble, nodes: { ...boosting.ensemble.nodes, right: new Uint32Array() } };
  await expect(treeShapInBackground(ensemble, broken, { workers: 2 })).rejects.toThrow();
});
