import { onlineShoppersAreThere, readOnlineShoppers } from '../test/lib/models/onlineShoppers.ts';
import { measureTreatment, type TreatmentFigures, type TreatmentRun } from '../test/lib/models/treatments.ts';
import { machine, printTable } from './measure.ts';

/** What treatments of the rarer label do to a forest on the UCI Online Shoppers sessions: ten stratified 70/30 splits. */

const splits = Number(process.argv[2] ?? 10);
const nEstimators = Number(process.argv[3] ?? 300);
/** Of treatments whose name has it, all without. */
const some = process.argv[4] ?? '';

const runs: [name: string, run: Omit<TreatmentRun, 'nEstimators' | 'seed'>][] = [
  ['none', { method: 'none', corrected: false, minSamplesLeaf: 1 }],
  ['SMOTE', { method: 'smote', corrected: false, minSamplesLeaf: 1 }],
  ['SMOTE, raw distances', { method: 'none', rawSmote: true, corrected: false, minSamplesLeaf: 1 }],
  ['random under-sampling', { method: 'randomUnderSampling', corrected: false, minSamplesLeaf: 1 }],
  ['under-sampling, corrected', { method: 'randomUnderSampling', corrected: true, minSamplesLeaf: 1 }],
  ['class weights, min leaf 5', { method: 'classWeights', corrected: false, minSamplesLeaf: 5 }],
  ['min leaf 5, tuned threshold', { method: 'none', corrected: false, minSamplesLeaf: 5, tuned: true }],
  ['random over-sampling', { method: 'randomOverSampling', corrected: false, minSamplesLeaf: 1 }],
  ['SMOTE, corrected', { method: 'smote', corrected: true, minSamplesLeaf: 1 }],
  ['SMOTE-NC', { method: 'smotenc', corrected: false, minSamplesLeaf: 1 }],
  ['SMOTE + Tomek', { method: 'smoteTomek', corrected: false, minSamplesLeaf: 1 }],
  ['SMOTE + ENN', { method: 'smoteEnn', corrected: false, minSamplesLeaf: 1 }],
  ['cluster under-sampling', { method: 'clusterUnderSampling', corrected: false, minSamplesLeaf: 1 }],
  ['balanced forest', { method: 'balancedForest', corrected: false, minSamplesLeaf: 1 }],
  ['balanced forest, corrected', { method: 'balancedForest', corrected: true, minSamplesLeaf: 1 }],
  ['class weights, min leaf 5, corrected', { method: 'classWeights', corrected: true, minSamplesLeaf: 5 }],
];

const columns = ['accuracy', 'recall', 'specificity', 'f1', 'auc', 'brier', 'liftAt10'] as const;

if (onlineShoppersAreThere) {
  const table = readOnlineShoppers();
  const rows: string[][] = [];
  for (const [name, run] of runs.filter(([name]) => name.includes(some))) {
    const figures: TreatmentFigures[] = [];
    for (let split = 0; split < splits; split++)
      figures.push(await measureTreatment(table, { ...run, nEstimators, seed: split + 1 }));
    rows.push([name, ...columns.map((column) => meanAndDeviation(figures, column))]);
  }
  printTable(
    `npx tsx bench/imbalance.ts ${splits} ${nEstimators}: forest of ${nEstimators} trees, mean (deviation) of ${splits} splits, ${machine()}`,
    [['treatment', ...columns], ...rows],
  );
} else process.stdout.write('UCI Online Shoppers skipped: it is not in ../shared/data\n');

function meanAndDeviation(figures: readonly TreatmentFigures[], column: (typeof columns)[number]): string {
  const values = figures.map((figure) => figure[column] ?? Number.NaN);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return `${mean.toFixed(3)} (${Math.sqrt(variance).toFixed(3)})`;
}
