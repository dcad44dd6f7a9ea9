import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startApartCloud } from './apartCloud.ts';
import { writeShop } from './drawShop.ts';
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
const cloud = await startApartCloud(directory);
try {
  const path = join(directory, 'orders.csv.gz');
  const lines = await writeShop(path, { customers });
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

function oneMoreOrder(): Buffer {
  return Buffer.from('customer_id,order_id,ordered_at,product,amount\nC1,one more,2025-12-30,P1,20.00\n');
}
