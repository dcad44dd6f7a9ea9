import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { purchaseMetrics } from '../lib/models/metrics.ts';
import { projectDirectory } from '../local/cloud.ts';
import { machine, printTable } from './measure.ts';
import { pythonWith, runPython } from './python.ts';
import { drawTrainingRows, type TrainingRows, writeTrainingRows } from './trainData.ts';

/** How long trees take to fit, beside what would be picked instead on the same rows, each in a process of its own. */

const { values: given } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '1' },
    'ours-only': { type: 'boolean', default: false },
  },
});
const rows = Number(given.rows);
const { threads } = given;

interface Fit {
  /** Where the engine tells more than we know beforehand. */
  name?: string;
  seconds: number;
  cpuSeconds: number;
  peakMb: number;
  /** Path of the probabilities of the rows held out, 64 bits each. */
  predictions: string;
}

const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
try {
  const script = await bundleOurs();
  await writeTrainingRows(directory, 'train', drawTrainingRows(rows, 1));
  const test = drawTrainingRows(50_000, 2);
  await writeTrainingRows(directory, 'test', test);
  const ours = (engine: string, kernel = 'wasm') => best(() => runOurs(script, engine, kernel));
  const python = given['ours-only'] ? null : pythonWith('sklearn');
  const xgboost = given['ours-only'] ? null : pythonWith('xgboost');
  const hasRanger = !given['ours-only'] && rangerIsThere();
  const peer = (interpreter: string, engine: string) =>
    best(() => runPython(interpreter, 'train_peers.py', [engine, directory, threads]) as Fit);
  const fits: [string, Fit | null][] = [
    ['forest of 100 trees, ours', ours('forest')],
    ['  with the plain kernel', ours('forest', 'plain')],
    [`  scikit-learn ${python?.version ?? ''}`, python && peer(python.interpreter, 'forest')],
    ['  ranger', hasRanger ? best(runRanger) : null],
    ['boosting, 100 rounds of 31 leaves, ours', ours('boosting')],
    ['  with the plain kernel', ours('boosting', 'plain')],
    [`  XGBoost hist ${xgboost?.version ?? ''}`, xgboost && peer(xgboost.interpreter, 'boosting')],
    ['ml-random-forest on draws, 100 trees', ours('draws')],
  ];
  await report(fits, test);
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** The fastest of the rounds: what else the machine does only adds. */
function best(run: () => Fit): Fit {
  const fits = Array.from({ length: Number(given.rounds) }, run);
  return fits.reduce((a, b) => (b.seconds < a.seconds ? b : a));
}

/** As a function's code is: the loader of TypeScript has no part in what is measured. */
async function bundleOurs(): Promise<string> {
  const outfile = join(directory, 'trainOurs.mjs');
  const entryPoints = [join(projectDirectory, 'bench/trainOurs.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20', format: 'esm' });
  return outfile;
}

function runOurs(script: string, engine: string, kernel: string): Fit {
  const parameters = [script, engine, directory, threads, kernel];
  return JSON.parse(execFileSync(process.execPath, parameters, { encoding: 'utf8' }));
}

function rangerIsThere(): boolean {
  try {
    execFileSync('Rscript', ['-e', 'library(ranger)'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function runRanger(): Fit {
  const script = join(projectDirectory, 'bench/train_ranger.R');
  return JSON.parse(execFileSync('Rscript', [script, directory, threads], { encoding: 'utf8' }));
}

async function report(fits: [string, Fit | null][], { y }: TrainingRows): Promise<void> {
  const lines: (string | number)[][] = [];
  let oursSeconds = 0;
  for (const [name, fit] of fits) {
    if (name.endsWith('ours')) oursSeconds = fit?.seconds ?? 0;
    if (fit === null) {
      lines.push([name, 'skipped: not here', '', '', '', '']);
      continue;
    }
    const bytes = await readFile(fit.predictions);
    const probabilities = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
    const { rocAuc, averagePrecision, logLoss } = purchaseMetrics(y, probabilities);
    const quality = [rocAuc, averagePrecision, logLoss].map((value) => value?.toFixed(4)).join(', ');
    lines.push([
      fit.name === undefined ? name : `  ${fit.name}`,
      fit.seconds,
      fit.cpuSeconds,
      fit.seconds / oursSeconds,
      fit.peakMb.toFixed(0),
      quality,
    ]);
  }
  const share = (y.reduce((sum, label) => sum + label, 0) / y.length).toFixed(3);
  printTable(
    `npx tsx bench/train.ts --rows ${rows} --threads ${threads}: 12 columns, share of buyers ${share}, ${machine()}`,
    [['engine', 'seconds', 'CPU-s', 'times ours', 'peak MB', 'held out: AUC, AP, log-loss'], ...lines],
  );
}
