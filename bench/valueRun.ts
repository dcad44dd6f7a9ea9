import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { drawBeta, drawExponential, drawGamma } from '../lib/math/draws.ts';
import { type RandomGenerator, seededGenerator, uniform, uniformBelow } from '../lib/math/random.ts';
import { projectDirectory } from '../local/cloud.ts';
import { machine, printTable } from './measure.ts';

/**
 * The whole run of the function `orders` over a shop of so many customers, from its CSV to pages and files, in this process; the
 * local S3 and DynamoDB are another, so that the memory told is the function's own.
 */

const { values: given } = parseArgs({
  options: { customers: { type: 'string', default: '100000' }, runs: { type: 'string', default: '2' } },
});
const customers = Number(given.customers);

const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
const cloud = spawn(process.execPath, ['--import', 'tsx', 'bench/valueCloud.ts', directory], {
  cwd: projectDirectory,
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  Object.assign(process.env, JSON.parse(await firstLine(cloud)), {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const path = join(directory, 'orders.csv.gz');
  const lines = await writeShop(path);
  const s3 = new S3Client({});
  const { size } = await stat(path);
  for (let run = 1; run <= Number(given.runs); run++) {
    const Key = run === 1 ? 'orders/all.csv.gz' : 'orders/more.csv';
    const body = run === 1 ? createReadStream(path) : oneMoreOrder();
    const ContentLength = run === 1 ? size : undefined;
    await s3.send(
      new PutObjectCommand({
        Bucket: process.env.UPLOADS_BUCKET,
        Key,
        Body: body,
        ...(ContentLength && { ContentLength }),
      }),
    );
    const from = performance.now();
    const { handler } = await import('../functions/orders.ts');
    await handler();
    const seconds = (performance.now() - from) / 1000;
    await report({ run, seconds, lines });
  }
  await writeReport();
} finally {
  cloud.kill();
  await rm(directory, { recursive: true, force: true });
}

/** The page that a report is, of what the last run published; its aim is 3 s and 1 MB. */
async function writeReport(): Promise<void> {
  const { handler } = await import('../functions/report.ts');
  const from = performance.now();
  await handler();
  const seconds = (performance.now() - from) / 1000;
  const { Contents = [] } = await new S3Client({}).send(
    new ListObjectsV2Command({ Bucket: process.env.RESULTS_BUCKET, Prefix: 'reports/' }),
  );
  const bytes = Math.max(...Contents.map(({ Size }) => Size ?? 0));
  process.stdout.write(`report: ${seconds.toFixed(2)} s, ${Math.ceil(bytes / 1000)} kB\n`);
}

async function report({
  run,
  seconds,
  lines,
}: {
  run: number;
  seconds: number;
  lines: number;
}): Promise<void> {
  const { handler } = await import('../functions/api.ts');
  const ask = async (rawPath: string, rawQueryString = '') => {
    const event = { rawPath, rawQueryString, requestContext: { http: { method: 'GET' } } };
    return JSON.parse((await handler(event)).body ?? 'null');
  };
  const [newest] = (await ask('/runs', 'dataset=orders&limit=1')).runs;
  const { status, timings, notes, problems } = await ask(`/runs/${newest.runId}`);
  printTable(
    `run ${run} of orders, ${customers.toLocaleString('en')} customers, ${lines.toLocaleString('en')} lines, ${machine()}`,
    [['step', 'seconds'], ...Object.entries(timings as Record<string, number>), ['in all', seconds]],
  );
  process.stdout.write(
    `  ${status}, memory at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n`,
  );
  for (const { code, message } of [...notes, ...problems]) process.stdout.write(`  ${code}: ${message}\n`);
}

/** Two years of a shop; answers how many lines. */
async function writeShop(path: string): Promise<number> {
  const generator = seededGenerator(11);
  const pick = (names: readonly string[]) => names[uniformBelow(generator, names.length)] as string;
  let lines = 0;
  function* csv(): Generator<string> {
    yield 'customer_id,order_id,ordered_at,product,category,quantity,amount,channel,country\n';
    let part = '';
    for (let customer = 0; customer < customers; customer++) {
      const origin = `${pick(['web', 'app', 'store'])},${pick(['DE', 'FR', 'CN'])}`;
      const rate = drawGamma(generator, 4) / 20;
      for (const day of drawPurchases(generator, { days: 730 })) {
        const amount = drawGamma(generator, 6) / rate;
        const date = new Date(Date.UTC(2024, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
        part += `C${customer},${lines},${date},P${uniformBelow(generator, 500)},${pick(['tea', 'cups'])},1,${amount.toFixed(2)},${origin}\n`;
        lines += 1;
      }
      if (part.length < 1_000_000) continue;
      yield part;
      part = '';
    }
    yield part;
  }
  await pipeline(csv, createGzip({ level: 1 }), createWriteStream(path));
  return lines;
}

/** Days with an order, of a customer who begins within them and buys and leaves as MBG/NBD says. */
function* drawPurchases(generator: RandomGenerator, { days }: { days: number }): Generator<number> {
  const rate = drawGamma(generator, 0.6) / 50;
  const leaving = drawBeta(generator, 0.8, 2.5);
  for (let day = uniform(generator) * days; day < days; day += 1 + drawExponential(generator) / rate) {
    yield Math.floor(day);
    if (uniform(generator) < leaving) return;
  }
}

function oneMoreOrder(): Buffer {
  return Buffer.from('customer_id,order_id,ordered_at,product,amount\nC1,one more,2025-12-30,P1,20.00\n');
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout ?? []) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return text.slice(0, text.indexOf('\n'));
}
