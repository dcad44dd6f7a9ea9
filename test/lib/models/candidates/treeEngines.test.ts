import { expect, it } from 'vitest';
import { encodeFeatures } from '../../../../lib/features/encoder.ts';
import { applyEncoder, columnPlaces, withGaps } from '../../../../lib/features/matrix.ts';
import { seededGenerator, uniform } from '../../../../lib/math/random.ts';
import {
  fitBoosting,
  fitForest,
  rowsInBackground,
  type TreeArtifact,
  type TreeFit,
} from '../../../../lib/models/candidates/treeEngines.ts';
import { encodeEnsemble } from '../../../../lib/models/trees/artifact.ts';
import { binFeatures } from '../../../../lib/models/trees/binFeatures.ts';
import type { TreeEnsemble } from '../../../../lib/models/trees/ensemble.ts';
import { fitGradientBoosting } from '../../../../lib/models/trees/fitGradientBoosting.ts';
import { fitRandomForest } from '../../../../lib/models/trees/fitRandomForest.ts';

/** As few rows as are fitted on another thread. */
const rows = drawRows(rowsInBackground);
const binned = binFeatures(withGaps(rows.matrix, rows.places));
const artifactOf = (ensemble: TreeEnsemble): TreeArtifact => ({
  artifact: Buffer.from(encodeEnsemble(ensemble)).toString('base64'),
});

it('a forest of many rows is grown elsewhere, while this thread is free, and is the same to the byte', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const parameters = { minSamplesLeaf: 20, nEstimators: 4 };
  const told: number[] = [];
  const fitted = await fitForest(rows, { seed: 3, parameters, onTree: (done) => told.push(done) });
  clearInterval(timer);
  expect(fitted).toEqual(artifactOf(fitRandomForest(binned, rows.y, { seed: 3, ...parameters }).ensemble));
  expect(told).toEqual([1, 2, 3, 4]);
  expect(ticks).toBeGreaterThan(0);
}, 60_000);

it('boosting of many rows is the same to the byte as on this thread', async () => {
  const parameters = { maxLeaves: 7, nEstimators: 5 };
  const fitted = await fitBoosting(rows, { seed: 3, parameters });
  const here = fitGradientBoosting(binned, rows.y, { seed: 3, ...parameters });
  expect(fitted).toEqual(artifactOf(here.ensemble));
}, 60_000);

it('what a fit of many rows is refused with is said to the caller', async () => {
  const parameters = { minSamplesLeaf: -1, nEstimators: 4 };
  await expect(fitForest(rows, { seed: 3, parameters })).rejects.toThrow('minSamplesLeaf');
}, 60_000);

function drawRows(count: number): TreeFit {
  const generator = seededGenerator(11);
  const draw = (): number[] => Array.from({ length: count }, () => uniform(generator));
  const [visits, noise] = [draw(), draw()];
  const columns = [
    { name: 'visits', kind: 'numeric' as const, values: visits },
    { name: 'noise', kind: 'numeric' as const, values: noise },
  ];
  const y = Uint8Array.from(visits, (value) => (value + uniform(generator) > 1.4 ? 1 : 0));
  const table = { ids: visits.map((_, row) => `c${row}`), columns, labels: y };
  const { encoder } = encodeFeatures(table);
  return { matrix: applyEncoder(encoder, table), places: columnPlaces(encoder), y, weights: null };
}
