import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureMatrix } from '../lib/features/matrix.ts';
import { binFeatures } from '../lib/models/trees/binFeatures.ts';
import type { TreeEnsemble } from '../lib/models/trees/ensemble.ts';
import { fitRandomForestDraws } from '../lib/models/trees/fitRandomForestDraws.ts';
import {
  fitGradientBoostingInBackground,
  fitRandomForestInBackground,
} from '../lib/models/trees/inBackground.ts';
import { predictProbability } from '../lib/models/trees/predict.ts';
import { columns } from './trainData.ts';

/** Fits one engine in a process of its own: `trainOurs.ts <engine> <directory> <workers> <kernel>`, and prints what it took. */

const [engine = '', directory = '', workers = '2', kernel = 'wasm'] = process.argv.slice(2);
const train = await read('train');
const before = process.cpuUsage();
const from = performance.now();
const ensemble = await fitEngine(train.matrix, train.y);
const seconds = (performance.now() - from) / 1000;
const { user, system } = process.cpuUsage(before);
const peakMb = process.resourceUsage().maxRSS / 1024;
const test = await read('test');
const path = join(directory, `ours-${engine}.f64`);
await writeFile(path, new Uint8Array(predictProbability(ensemble, test.matrix).buffer));
process.stdout.write(
  JSON.stringify({
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMb,
    predictions: path,
    nodes: ensemble.nodes.feature.length,
  }),
);

async function read(name: string): Promise<{ matrix: FeatureMatrix; y: Uint8Array }> {
  const y = new Uint8Array(await readFile(join(directory, `${name}.u8`)));
  const bytes = await readFile(join(directory, `${name}.f64`));
  const X = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const columnNames = Array.from({ length: columns }, (_, column) => `x${column}`);
  return { matrix: { X, rows: y.length, columns, columnNames }, y };
}

async function fitEngine(matrix: FeatureMatrix, y: Uint8Array): Promise<TreeEnsemble> {
  const shared = {
    seed: 7,
    workers: Number(workers),
    kernel: kernel === 'plain' ? 'plain' : 'wasm',
    nEstimators: 100,
  } as const;
  switch (engine) {
    case 'forest': {
      // scikit-learn's 20 count a row once, however often it was drawn: 1.58 times on average
      const options = { ...shared, minSamplesLeaf: 32 };
      return (await fitRandomForestInBackground(binFeatures(matrix), y, options)).ensemble;
    }
    case 'boosting': {
      const options = { ...shared, maxLeaves: 31, earlyStopping: false } as const;
      return (await fitGradientBoostingInBackground(binFeatures(matrix), y, options)).ensemble;
    }
    case 'draws':
      return fitRandomForestDraws(matrix, y, { seed: 7 });
    default:
      throw new Error(`trainOurs.ts knows forest, boosting and draws; got "${engine}"`);
  }
}
