import { parseArgs } from 'node:util';
import { binFeatures } from '../lib/models/trees/binFeatures.ts';
import type { TreeEnsemble } from '../lib/models/trees/ensemble.ts';
import { fitRandomForestDraws } from '../lib/models/trees/fitRandomForestDraws.ts';
import {
  fitGradientBoostingInBackground,
  fitRandomForestInBackground,
  treeShapInBackground,
} from '../lib/models/trees/inBackground.ts';
import { predictProbability } from '../lib/models/trees/predict.ts';
import { shapSteps } from '../lib/models/trees/treeShap.ts';
import { mostExplained } from '../lib/pipeline/purchase/explainScores.ts';
import { machine, printTable, timed } from './measure.ts';
import { drawTrainingRows } from './trainData.ts';

/** How fast trees that were fitted on so many rows score on one thread, and explain on all. */

const { values: given } = parseArgs({
  options: {
    fitted: { type: 'string', default: '100000' },
    rows: { type: 'string', default: '200000' },
    explained: { type: 'string', default: '100000' },
  },
});
const train = drawTrainingRows(Number(given.fitted), 1);
const scored = drawTrainingRows(Number(given.rows), 2).matrix;
const binned = binFeatures(train.matrix);
const explained = Number(given.explained);
const some = { ...scored, rows: explained, X: scored.X.slice(0, explained * scored.columns) };

const forest = await fitRandomForestInBackground(binned, train.y, { seed: 7 });
const engines: [string, TreeEnsemble][] = [
  [`forest, 100 trees, leaves of ${forest.minSamplesLeaf} or more (chosen)`, forest.ensemble],
  ['boosting, 100 rounds of 31 leaves', (await fitBoosting()).ensemble],
  ['ml-random-forest on draws, 100 trees', fitRandomForestDraws(train.matrix, train.y, { seed: 7 })],
];
const lines = [];
for (const [name, ensemble] of engines) {
  const rates: { perSecond: number; perCpuSecond: number }[] = [];
  for (let round = 0; round < 3; round++) {
    const cpu = process.cpuUsage();
    const { seconds } = await timed(async () => predictProbability(ensemble, scored));
    const { user, system } = process.cpuUsage(cpu);
    rates.push({ perSecond: scored.rows / seconds, perCpuSecond: (1e6 * scored.rows) / (user + system) });
  }
  const best = (pick: (rate: (typeof rates)[number]) => number): number => Math.max(...rates.map(pick));
  const cpu = process.cpuUsage();
  const { seconds } = await timed(() => treeShapInBackground(ensemble, some));
  const { user, system } = process.cpuUsage(cpu);
  lines.push([
    name,
    ensemble.nodes.feature.length.toLocaleString('en'),
    Math.round(best(({ perSecond }) => perSecond)).toLocaleString('en'),
    Math.round(best(({ perCpuSecond }) => perCpuSecond)).toLocaleString('en'),
    seconds,
    (user + system) / 1e6,
    mostExplained(shapSteps(ensemble)).toLocaleString('en'),
  ]);
}
printTable(`npx tsx bench/score.ts: fitted on ${train.matrix.rows} rows, ${machine()}`, [
  [
    'engine',
    'nodes',
    'rows/s, one thread',
    'rows/CPU-s',
    `seconds to explain ${explained.toLocaleString('en')}`,
    'CPU-s',
    'explained in a run',
  ],
  ...lines,
]);

function fitBoosting() {
  const options = { seed: 7, nEstimators: 100, maxLeaves: 31, earlyStopping: false } as const;
  return fitGradientBoostingInBackground(binned, train.y, options);
}
