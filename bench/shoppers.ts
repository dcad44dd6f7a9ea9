import { encodeFeatures } from '../lib/features/encoder.ts';
import { applyEncoder } from '../lib/features/matrix.ts';
import { takeRows } from '../lib/features/rows.ts';
import { seededGenerator } from '../lib/math/random.ts';
import { stratifiedHoldOut } from '../lib/models/holdOut.ts';
import { purchaseMetrics } from '../lib/models/metrics.ts';
import { binFeatures } from '../lib/models/trees/binFeatures.ts';
import { fitGradientBoosting } from '../lib/models/trees/fitGradientBoosting.ts';
import { fitRandomForest } from '../lib/models/trees/fitRandomForest.ts';
import { fitRandomForestDraws } from '../lib/models/trees/fitRandomForestDraws.ts';
import { predictProbability } from '../lib/models/trees/predict.ts';
import { onlineShoppersAreThere, readOnlineShoppers } from '../test/lib/models/onlineShoppers.ts';
import { machine, printTable } from './measure.ts';

/** The tree engines as they come, on ten stratified 70/30 splits of UCI Online Shoppers. */

const splits = 10;
const names = ['forest', 'boosting', 'ml-random-forest on draws'] as const;
const measures = ['AUC', 'average precision', 'Brier', 'log-loss', 'lift@10 %'];

if (!onlineShoppersAreThere)
  process.stdout.write('UCI Online Shoppers skipped: ../shared/data is not here\n');
else {
  const table = readOnlineShoppers();
  const found: number[][][] = names.map(() => []);
  for (let seed = 1; seed <= splits; seed++) {
    const { fitted, heldOut } = stratifiedHoldOut(table.labels, {
      share: 0.3,
      generator: seededGenerator(seed),
    });
    const [known, unseen] = [takeRows(table, fitted), takeRows(table, heldOut)];
    const { encoder } = encodeFeatures(known);
    const matrix = applyEncoder(encoder, known);
    const binned = binFeatures(matrix);
    const engines = [
      fitRandomForest(binned, known.labels, { seed }).ensemble,
      fitGradientBoosting(binned, known.labels, { seed }).ensemble,
      fitRandomForestDraws(matrix, known.labels, { seed }),
    ];
    for (const [engine, ensemble] of engines.entries()) {
      const probabilities = predictProbability(ensemble, applyEncoder(encoder, unseen));
      const { rocAuc, averagePrecision, brier, logLoss } = purchaseMetrics(unseen.labels, probabilities);
      const lift = liftAtTenth(unseen.labels, probabilities);
      found[engine]?.push([rocAuc ?? Number.NaN, averagePrecision ?? Number.NaN, brier, logLoss, lift]);
    }
  }
  const mean = (engine: number, measure: number): string =>
    ((found[engine] ?? []).reduce((sum, values) => sum + (values[measure] ?? 0), 0) / splits).toFixed(4);
  printTable(`npx tsx bench/shoppers.ts: mean of ${splits} splits, ${machine()}`, [
    ['engine', ...measures],
    ...names.map((name, engine) => [name, ...measures.map((_, measure) => mean(engine, measure))]),
  ]);
}

/** The share of buyers among the tenth with the highest probability, as a multiple of the share among all. */
function liftAtTenth(y: Uint8Array, probabilities: Float64Array): number {
  const best = [...y.keys()].sort((a, b) => (probabilities[b] as number) - (probabilities[a] as number));
  const top = best.slice(0, Math.round(y.length / 10));
  const positives = y.reduce((sum, label) => sum + label, 0);
  return top.filter((row) => y[row] === 1).length / top.length / (positives / y.length);
}
