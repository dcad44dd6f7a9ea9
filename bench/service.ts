import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import autocannon from 'autocannon';
import { projectDirectory } from '../local/cloud.ts';
import { type DemoShop, demoShop } from '../local/demo-shop.ts';
import { startBenchCloud } from './cloud.ts';
import { machine, median, printTable, timed } from './measure.ts';

/** The local cloud as its user meets it: how soon it is up, how soon an upload is published, how fast it answers. */

type DemoFile = DemoShop['files'][number];

const customers = 10_000;
const loadSeconds = 8;

const starts: number[] = [];
for (let start = 0; start < 5; start++) {
  const cloud = await startBenchCloud();
  starts.push(cloud.secondsToReady);
  await cloud.stop();
}
printTable(`npx tsx bench/service.ts: start-up of the local cloud, ${machine()}`, [
  ['', 'seconds to ready: median', 'least', 'all', 'target'],
  [
    'npm start -- --empty',
    median(starts),
    Math.min(...starts),
    starts.map((seconds) => seconds.toFixed(1)).join(' '),
    '4',
  ],
]);

const cloud = await startBenchCloud();
try {
  const { files } = demoShop({ seed: 7, customers });
  await measurePublishing(cloud, files);
  await measureAnswers(cloud, files);
} finally {
  await cloud.stop();
}

async function measurePublishing({ apiUrl, s3Url }: { apiUrl: string; s3Url: string }, files: DemoFile[]) {
  const s3 = new S3Client({
    endpoint: s3Url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const rows: (string | number)[][] = [
    ['upload', 'seconds from the start of the upload to the answer over HTTP'],
  ];
  for (const [prefix, path] of [
    ['customers/', '/segments'],
    ['training/', '/models/purchase'],
    ['ads/', '/bids?limit=1'],
  ] as const) {
    const file = files.find(({ key }) => key.startsWith(prefix));
    if (file === undefined) throw new Error(`the demo shop has no file in ${prefix}`);
    const { seconds } = await timed(async () => {
      await s3.send(
        new PutObjectCommand({ Bucket: 'valuecast-local-uploads', Key: file.key, Body: file.body }),
      );
      while ((await fetch(`${apiUrl}${path}`)).status !== 200) await sleep(20);
    });
    rows.push([`${file.key}, ${file.body.trim().split('\n').length - 1} rows`, seconds]);
  }
  s3.destroy();
  printTable(`npx tsx bench/service.ts: upload to published, ${machine()}`, rows);
}

async function measureAnswers({ apiUrl }: { apiUrl: string }, files: DemoFile[]) {
  const customersCsv = files.find(({ key }) => key.startsWith('customers/'))?.body ?? '';
  const floor = await startFloor(customersCsv);
  try {
    const gets = askedCustomers(customersCsv);
    const posts = [askedBids()];
    const rows: (string | number)[][] = [];
    for (const [name, requests] of [
      ['GET /customers/{id}', gets],
      ['POST /bids, 100 ads', posts],
    ] as const) {
      for (const connections of [1, 50]) {
        const ours = await load(apiUrl, { requests, connections });
        const bare = await load(floor.url, { requests, connections });
        const ratio = bare.requests.average / ours.requests.average;
        rows.push([name, `${connections}`, ...figures(ours), ratio.toFixed(0)]);
        rows.push(['  node:http, a Map and a formula', `${connections}`, ...figures(bare), '1']);
      }
    }
    printTable(
      `npx tsx bench/service.ts: answers, ${loadSeconds} s each, server and load on one machine, ${machine()}`,
      [['', 'connections', 'p50 ms', 'p99 ms', 'answers/s', 'errors', 'floor answers/s ÷ ours'], ...rows],
    );
  } finally {
    await floor.stop();
  }
}

function askedCustomers(csv: string): autocannon.Request[] {
  const lines = csv.trimEnd().split('\n').slice(1, 501);
  return lines.map((line) => ({ method: 'GET', path: `/customers/${line.split(',', 1)[0]}` }));
}

function askedBids(): autocannon.Request {
  const ads = Array.from({ length: 100 }, (_, ad) => ({
    clickRate: (ad % 20) / 100,
    conversionRate: 0.02 + (ad % 7) / 200,
  }));
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', path: '/bids', headers, body: JSON.stringify({ ads }) };
}

function load(
  url: string,
  { requests, connections }: { requests: readonly autocannon.Request[]; connections: number },
): Promise<autocannon.Result> {
  return autocannon({ url, connections, duration: loadSeconds, requests: [...requests] });
}

function figures({ latency, requests, errors, non2xx }: autocannon.Result): (string | number)[] {
  return [latency.p50, latency.p99, Math.round(requests.average).toString(), (errors + non2xx).toString()];
}

/** In a process of its own, as the local cloud is, so that the load does not slow it. */
async function startFloor(customersCsv: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
  const path = join(directory, 'customers.csv');
  await writeFile(path, customersCsv);
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/floor.ts', path], {
    cwd: projectDirectory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: `http://127.0.0.1:${String(port).trim()}`,
    stop: async () => {
      child.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
