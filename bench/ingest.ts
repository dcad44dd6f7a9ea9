import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { projectDirectory } from '../local/cloud.ts';
import { lastDay, writeEvents, writeOrders } from './ingestData.ts';
import { compare, type IngestFindings, type IngestTask } from './ingestFindings.ts';
import { machine, printTable } from './measure.ts';

/**
 * Order history to features, beside pandas: seconds, memory, disk, and whether both find the same. Ours runs before and after each of
 * pandas' ways, which is compared with the mean of the two, as a machine that others share is now faster and now slower. With `--alone`
 * pandas is left out, as where it needs more memory than there is.
 */

type Measured = IngestFindings & { scratchMb: number };

/** As one would first write it, with the reader that one would rather take, and with that one for less. */
const pandasScripts = [
  { name: 'pandas as first written', features: 'all', reader: 'c' },
  { name: "pandas with pyarrow's reader", features: 'all', reader: 'pyarrow' },
  { name: "pandas with pyarrow's reader, fewer features", features: 'some', reader: 'pyarrow' },
] as const;

const run = promisify(execFile);
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    memory: { type: 'string', default: '500' },
    alone: { type: 'boolean', default: false },
  },
});
const lines = Number(values.lines);
const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
const task: IngestTask = {
  orders: join(directory, 'orders.csv'),
  events: join(directory, 'events.csv'),
  scratch: join(directory, 'scratch'),
  lastDay,
  memoryLimitMb: Number(values.memory),
};
try {
  await writeOrders(task.orders, lines);
  await writeEvents(task.events, { events: lines / 2, lines });
  const bytes = (await stat(task.orders)).size + (await stat(task.events)).size;
  const ours = [await measureOurs()];
  const python = values.alone ? null : await pythonWithPandas();
  const pandas: [string, Measured][] = [];
  for (const { name, features, reader } of python === null ? [] : pandasScripts) {
    pandas.push([name, await measurePandas(python as string, features, reader)]);
    ours.push(await measureOurs());
  }
  print({ ours, pandas, bytes });
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** Bundled as the function is: what runs the sources as they are would slow them. */
async function measureOurs(): Promise<Measured> {
  const output = join(projectDirectory, '.build', 'bench');
  const outfile = join(output, 'ingestOurs.cjs');
  await build({
    entryPoints: [join(projectDirectory, 'bench', 'ingestOurs.ts')],
    ...{ outfile, bundle: true, platform: 'node', target: 'node20', format: 'cjs', minify: true },
    external: ['@duckdb/node-bindings-*', 'detect-libc'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: `const importMetaUrl=require('node:url').pathToFileURL(__filename).href;` },
  });
  await cp(join(projectDirectory, 'lib', 'features', 'sql'), join(output, 'sql'), { recursive: true });
  await rm(task.scratch, { recursive: true, force: true });
  await mkdir(task.scratch);
  return measured(process.execPath, [outfile, JSON.stringify(task)]);
}

function measurePandas(python: string, features: 'all' | 'some', reader: 'c' | 'pyarrow'): Promise<Measured> {
  const script = join(projectDirectory, 'bench', 'ingest_pandas.py');
  return measured(python, [script, task.orders, task.events, String(task.lastDay), features, reader]);
}

/** An environment of the bench's own, made when it is not there; null where python3 or pandas cannot be had. */
async function pythonWithPandas(): Promise<string | null> {
  const environment = join(projectDirectory, '.local', 'bench-python');
  const python = join(environment, 'bin', 'python');
  try {
    if (!existsSync(python)) await run('python3', ['-m', 'venv', environment]);
    await run(python, ['-c', 'import pandas, pyarrow']).catch(() =>
      run(python, ['-m', 'pip', 'install', '-q', 'pandas', 'pyarrow']),
    );
    return python;
  } catch (error) {
    process.stderr.write(
      `pandas is skipped: ${error instanceof Error ? error.message.split('\n')[0] : error}\n`,
    );
    return null;
  }
}

async function measured(command: string, parameters: string[]): Promise<Measured> {
  let scratchMb = 0;
  const watch = setInterval(async () => {
    scratchMb = Math.max(scratchMb, await megabytesIn(task.scratch));
  }, 100);
  try {
    const { stdout } = await run(command, parameters, { maxBuffer: 1 << 28 });
    return { ...(JSON.parse(stdout) as IngestFindings), scratchMb };
  } finally {
    clearInterval(watch);
  }
}

async function megabytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}

interface Results {
  /** One more than of pandas' ways: each is between two of them. */
  ours: Measured[];
  /** By name; none where it is not here. */
  pandas: [name: string, Measured][];
  bytes: number;
}

function print({ ours, pandas, bytes }: Results): void {
  const rows = lines + lines / 2;
  const row = (name: string, found: Measured, scratch: string) => [
    name,
    found.seconds.toFixed(1),
    found.cpuSeconds.toFixed(1),
    found.peakMb.toFixed(0),
    scratch,
    Math.round(rows / found.seconds).toLocaleString('en'),
  ];
  printTable(
    `${lines.toLocaleString('en')} order lines and ${(lines / 2).toLocaleString('en')} events, ${(bytes / 1e6).toFixed(0)} MB of CSV; ${machine()}`,
    [
      ['', 'seconds', 'CPU-s', 'peak RSS, MB', 'scratch, MB', 'rows/s'],
      ...ours.flatMap((found, index) => {
        const after = pandas[index];
        return [
          row('ours', found, found.scratchMb.toFixed(0)),
          ...(after === undefined ? [] : [row(...after, '–')]),
        ];
      }),
    ],
  );
  for (const { parts, customers } of ours) {
    const seconds = Object.entries(parts ?? {}).map(([name, part]) => `${name} ${part.toFixed(1)} s`);
    process.stdout.write(`  of ours: ${seconds.join(', ')}; ${customers.toLocaleString('en')} customers\n`);
  }
  for (const [index, [name, found]] of pandas.entries())
    printComparison(name, [ours[index], ours[index + 1]] as [Measured, Measured], found);
}

function printComparison(name: string, around: [Measured, Measured], pandas: Measured): void {
  const ratio = (of: 'seconds' | 'cpuSeconds') =>
    ((around[0][of] + around[1][of]) / 2 / pandas[of]).toFixed(3);
  process.stdout.write(`  by ${name}: seconds ${ratio('seconds')}, CPU-s ${ratio('cpuSeconds')}; `);
  const [ours] = around;
  const { compared, different } = compare(ours, pandas);
  const sampled = Object.keys(pandas.sample).length;
  process.stdout.write(
    different.length === 0 && ours.customers === pandas.customers
      ? `${compared.length} features agree: all totals, and ${sampled} customers one by one\n`
      : `features differ in ${different.join(', ')}; customers ${ours.customers} and ${pandas.customers}\n`,
  );
}
