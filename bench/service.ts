import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import autocannon from 'autocannon';
import { type DemoShop, demoShop } from '../local/demo-shop.ts';
import { startBenchCloud } from './cloud.ts';
import { machine, median, printTable, timed } from './measure.ts';

/** The local cloud as its user meets it: how soon it is up, how soon an upload is published, how fast it answers. */

type DemoFile = DemoShop['files'][number];

const customers = 10_000;
const connections = 50;
const loadSeconds = 8;

const starts: number[] = [];
for (let start = 0; start < 5; start++) {
  const cloud = await startBenchCloud();
  starts.push(cloud.secondsToReady);
  await cloud.stop();
}
printTable(`Start-up of the local cloud, ${machine()}`, [
  ['', 'seconds to ready (median of 5)', 'all', 'target'],
  ['npm start -- --empty', median(starts), starts.map((seconds) => seconds.toFixed(1)).join(' '), '4'],
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
  printTable('Upload to published', rows);
}

async function measureAnswers({ apiUrl }: { apiUrl: string }, files: DemoFile[]) {
  const ids = (files.find(({ key }) => key.startsWith('customers/'))?.body ?? '')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',', 1)[0] ?? '');
  const ads = Array.from({ length: 100 }, (_, ad) => ({
    clickRate: (ad % 20) / 100,
    conversionRate: 0.02 + (ad % 7) / 200,
  }));
  const floor = await startFloor();
  try {
    const asked = ids.slice(0, 500).map((id) => ({ method: 'GET' as const, path: `/customers/${id}` }));
    const get = await load(apiUrl, asked);
    const post = await load(apiUrl, [
      {
        method: 'POST',
        path: '/bids',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ads }),
      },
    ]);
    const nothing = await load(floor.url, [{ method: 'GET', path: '/' }]);
    printTable(
      `Answers under ${connections} connections, ${loadSeconds} s each; the server and the load share the machine`,
      [
        ['', 'p50 ms', 'p99 ms', 'answers/s', 'errors'],
        ['GET /customers/{id}', ...figures(get)],
        ['POST /bids, 100 ads', ...figures(post)],
        ['a bare node:http server that answers a constant', ...figures(nothing)],
      ],
    );
  } finally {
    floor.close();
  }
}

function load(url: string, requests: autocannon.Request[]): Promise<autocannon.Result> {
  return autocannon({ url, connections, duration: loadSeconds, requests });
}

function figures({ latency, requests, errors, non2xx }: autocannon.Result): (string | number)[] {
  return [latency.p50, latency.p99, Math.round(requests.average).toString(), (errors + non2xx).toString()];
}

async function startFloor(): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) => response.end('{"customerId":"C00001"}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
