import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { throughGate } from '../lib/tables/gate.ts';
import { readCustomers } from '../lib/tables/readCustomers.ts';
import type { TableSource } from '../lib/tables/types.ts';
import { demoShop } from '../local/demo-shop.ts';
import { machine, median, printTable, timed } from './measure.ts';
import { installHint, pythonWith, runPython } from './python.ts';

/** How fast an upload is read: every row checked and every bad one kept, beside pandas, which does neither. */

const customers = 500_000;
const rounds = 5;

const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
try {
  const path = join(directory, 'customers.csv');
  await writeFile(path, customersCsv());
  await measureReading(path);
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** The demo's 2,000 customers again and again, each time with ids of their own. */
function customersCsv(): string {
  const [demo] = demoShop({ seed: 7 }).files;
  const [header = '', ...rows] = (demo?.body ?? '').trimEnd().split('\n');
  const lines = Array.from({ length: customers }, (_, at) => `${at}-${rows[at % rows.length]}`);
  return `${[header, ...lines].join('\n')}\n`;
}

async function measureReading(path: string): Promise<void> {
  const megabytes = (await stat(path)).size / 1e6;
  const source: TableSource = { key: 'customers/bench.csv', open: () => createReadStream(path) };
  const required = ['spend', 'frequency', 'browsingMinutes'] as const;
  const gate = await medianSeconds(() => throughGate(source, ({ batches }) => countRows(batches(null))));
  const reader = await medianSeconds(async () => (await readCustomers(source, { required })).rows.length);
  const python = pythonWith('pandas');
  const pandas = python && pandasSeconds(python.interpreter, path);
  const figures = (seconds: number): string[] => [
    seconds.toFixed(2),
    Math.round(customers / seconds / 1000).toString(),
    (megabytes / seconds).toFixed(0),
    pandas === null ? '' : (seconds / pandas).toFixed(1),
  ];
  const size = `${customers.toLocaleString('en')} customers, ${megabytes.toFixed(1)} MB`;
  printTable(`npx tsx bench/gate.ts: reading ${size} (median of ${rounds}), ${machine()}`, [
    ['', 'seconds', '1,000 rows/s', 'MB/s', 'times pandas'],
    ['the gate: cells as text', ...figures(gate)],
    ['the gate and readCustomers: ids and numbers', ...figures(reader)],
    ...(pandas === null ? [] : [[`pandas.read_csv ${python?.version}`, ...figures(pandas)]]),
  ]);
  if (pandas === null) process.stdout.write(`  pandas.read_csv skipped: it is not here; ${installHint}\n`);
}

async function countRows(batches: AsyncIterable<{ rows: unknown[] }>): Promise<number> {
  let count = 0;
  for await (const { rows } of batches) count += rows.length;
  return count;
}

async function medianSeconds(read: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { result, seconds } = await timed(read);
    if (result !== customers) throw new Error(`bench/gate.ts expects ${customers} rows; got ${result}`);
    all.push(seconds);
  }
  return median(all);
}

function pandasSeconds(interpreter: string, path: string): number {
  const found = runPython(interpreter, 'pandas_read_csv.py', [path, String(rounds)]);
  const { rows, seconds } = found as { rows: number; seconds: number[] };
  if (rows !== customers) throw new Error(`bench/gate.ts expects ${customers} rows of pandas; got ${rows}`);
  return median(seconds);
}
