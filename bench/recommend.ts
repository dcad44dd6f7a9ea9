import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectDirectory } from '../local/cloud.ts';
import { machine, printTable } from './measure.ts';
import { pythonWith, runPython } from './python.ts';

/**
 * `npm run bench:recommend`: what a run does with the purchases of 100,000 customers: recommenders compared on held-out days, the winner
 * fitted, and ten products for each customer. With 3,000 products by EASE, with 20,000 by neighbours; beside NumPy and `implicit`, each
 * in a process of its own.
 */

const { values: given } = parseArgs({
  options: {
    customers: { type: 'string', default: '100000' },
    products: { type: 'string', default: '3000,20000' },
  },
});
const customers = Number(given.customers);

interface Finding {
  steps: { step: string; seconds: number; cpuSeconds: number }[];
  items: number;
  peakMb: number;
}
interface Ours extends Finding {
  name: 'ease' | 'neighbours';
  winner: string;
  rows: { name: string; ndcgAt10: number }[];
}

for (const products of given.products.split(',').map(Number)) {
  const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
  try {
    const ours = runOurs(products, directory);
    const [called, module] = ours.name === 'ease' ? ['NumPy', 'scipy'] : ['implicit', 'implicit'];
    const python = pythonWith(module as string);
    const parameters = [ours.name, directory, String(products)];
    const theirs = python && (runPython(python.interpreter, 'recommend_peers.py', parameters) as Finding);
    report(products, ours, { called: `${called} (${module} ${python?.version ?? 'is not here'})`, theirs });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function runOurs(products: number, directory: string): Ours {
  const script = join(projectDirectory, 'bench/recommendOurs.ts');
  const parameters = ['--import', 'tsx', script, String(customers), String(products), directory];
  return JSON.parse(execFileSync(process.execPath, parameters, { encoding: 'utf8', maxBuffer: 1e8 }));
}

function report(
  products: number,
  ours: Ours,
  { called, theirs }: { called: string; theirs: Finding | null },
): void {
  const cells = (finding: Finding | null, step: string): (string | number)[] => {
    const found = finding?.steps.find((one) => one.step === step);
    return found === undefined ? ['', ''] : [found.seconds, found.cpuSeconds];
  };
  const inAll = ({ steps }: Finding, of: 'seconds' | 'cpuSeconds'): number =>
    steps.reduce((sum, step) => sum + step[of], 0);
  const quality = ours.rows.map(({ name, ndcgAt10 }) => `${name} ${ndcgAt10.toFixed(3)}`).join(', ');
  printTable(
    `npx tsx bench/recommend.ts: ${customers.toLocaleString('en')} customers × ${products.toLocaleString('en')} products, ${machine()}`,
    [
      ['step', `${ours.name}, ours: s`, 'CPU-s', `${called}: s`, 'CPU-s'],
      ...['compare', 'fit', 'recommend'].map((step) => [step, ...cells(ours, step), ...cells(theirs, step)]),
      [
        'in all',
        ...[inAll(ours, 'seconds'), inAll(ours, 'cpuSeconds')],
        ...(theirs === null ? ['', ''] : [inAll(theirs, 'seconds'), inAll(theirs, 'cpuSeconds')]),
      ],
      ['peak MB', ours.peakMb.toFixed(0), '', theirs?.peakMb.toFixed(0) ?? '', ''],
    ],
  );
  process.stdout.write(`  NDCG@10 on held-out days: ${quality}; ${ours.items} recommendations\n`);
}
