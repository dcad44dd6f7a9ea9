import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededGenerator } from '../lib/math/random.ts';
import { fitPurchaseModel } from '../lib/models/fitPurchaseModel.ts';
import { stratifiedHoldOut } from '../lib/models/holdOut.ts';
import { readTraining } from '../lib/tables/readTraining.ts';
import type { TrainingTable } from '../lib/tables/types.ts';
import { projectDirectory } from '../local/cloud.ts';
import { demoShop } from '../local/demo-shop.ts';
import { machine, median, printTable, timed } from './measure.ts';
import { installHint, pythonWith, runPython } from './python.ts';

/** How long the purchase model takes to fit, and how well it does, beside scikit-learn on the same rows. */

interface TrainingFile {
  name: string;
  path: string;
  label: string;
  /** Not a feature. */
  id: string;
}

interface Fit {
  seconds: number;
  candidates: { engine: string; rocAuc: number; logLoss: number }[];
  winner: string;
}

const seed = 7;
const rounds = 3;
const shoppers = join(projectDirectory, '../shared/data/online-shoppers/online_shoppers_intention.csv');

const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
try {
  const demo = join(directory, 'demo.csv');
  const file = demoShop({ seed, customers: 12_000 }).files.find(({ key }) => key.startsWith('training/'));
  await writeFile(demo, file?.body ?? '');
  await compare({ name: 'demo shop, 12,000 rows', path: demo, label: 'purchased', id: 'customer_id' });
  if (existsSync(shoppers)) {
    await compare({ name: 'UCI Online Shoppers, 12,330 rows', path: shoppers, label: 'Revenue', id: '' });
  } else process.stdout.write(`\nUCI Online Shoppers skipped: ${shoppers} is not here\n`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function compare(file: TrainingFile): Promise<void> {
  const source = { key: 'training/bench.csv', open: () => createReadStream(file.path) };
  const { table, files } = await readTraining([source]);
  // Held-out rows are told by their position, which a row set aside would move.
  if (files[0]?.rejected.length !== 0) throw new Error(`bench/purchase-model.ts: ${file.name} has bad rows`);
  const ours = await fitOurs(table);
  const python = pythonWith('sklearn');
  const theirs = python && (await fitTheirs(python.interpreter, { file, heldOut: heldOutRows(table) }));
  printTable(`npx tsx bench/purchase-model.ts: ${file.name} (median of ${rounds}), ${machine()}`, [
    [
      'fit with comparison on held-out rows',
      'seconds',
      'times scikit-learn',
      'held-out ROC-AUC, log-loss; * in use',
    ],
    ['fitPurchaseModel', ours.seconds, theirs ? ours.seconds / theirs.seconds : '', quality(ours)],
    ...(theirs ? [[`scikit-learn ${python?.version}`, theirs.seconds, 1, quality(theirs)]] : []),
  ]);
  if (!theirs) process.stdout.write(`  scikit-learn skipped: it is not here; ${installHint}\n`);
}

async function fitOurs(table: TrainingTable): Promise<Fit> {
  const fits = [];
  for (let round = 0; round < rounds; round++) {
    fits.push(await timed(() => fitPurchaseModel(table, { seed, horizonDays: 30 })));
  }
  const model = fits[0]?.result;
  const candidates = (model?.candidates ?? []).map(({ engine, metrics }) => ({
    engine,
    rocAuc: metrics?.rocAuc ?? Number.NaN,
    logLoss: metrics?.logLoss ?? Number.NaN,
  }));
  return { seconds: median(fits.map(({ seconds }) => seconds)), candidates, winner: model?.engine ?? '' };
}

/** The rows that our fit holds out, so that both are measured on the same ones. */
function heldOutRows({ labels }: TrainingTable): number[] {
  const generator = seededGenerator(seed);
  return [...stratifiedHoldOut(labels, { share: 0.3, generator }).heldOut];
}

async function fitTheirs(
  interpreter: string,
  given: { file: TrainingFile; heldOut: number[] },
): Promise<Fit> {
  const { path, label, id } = given.file;
  const heldOutPath = join(directory, 'held-out.json');
  await writeFile(heldOutPath, JSON.stringify(given.heldOut));
  const fits = Array.from(
    { length: rounds },
    () => runPython(interpreter, 'scikit_learn.py', [path, label, id, heldOutPath]) as Fit,
  );
  return { ...(fits[0] as Fit), seconds: median(fits.map(({ seconds }) => seconds)) };
}

function quality({ candidates, winner }: Fit): string {
  const told = candidates.map(({ engine, rocAuc, logLoss }) => {
    const name = engine === winner ? `${engine}*` : engine;
    return `${name} ${rocAuc.toFixed(3)}, ${logLoss.toFixed(3)}`;
  });
  return told.join('; ');
}
