import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import autocannon from 'autocannon';
import { projectDirectory } from '../local/cloud.ts';
import { type BenchCloud, startBenchCloud } from './cloud.ts';
import { machine, printTable } from './measure.ts';

/**
 * `npm run bench:load -- --seconds 60 --connections 50,500`: asks the API's handler for customers and bids while every few seconds another
 * table of each is published. Every answer must be of a run that was published, and of that run alone. Ends with 1 where one is not.
 */

const customers = 2000;
const ads = 40;
const secondsBetweenUploads = 4;

/** What one run must say, however often it is asked: of `customers` the version of the table, of `ads` the whole answer. */
const saidByRun = new Map<string, string>();
const violations = new Set<string>();

const refusals = new Map<string, number>();
const refused = (status: number, body: string): void => {
  const said = `${status} ${body.slice(0, 300)}`;
  refusals.set(said, (refusals.get(said) ?? 0) + 1);
};

function holdTogether(runId: string, said: string, what: string): void {
  const before = saidByRun.get(runId) ?? said;
  saidByRun.set(runId, before);
  if (before !== said) violations.add(`${what}: run ${runId} says ${before} and ${said}`);
}

/** All columns of a row tell its version, so that a row made of two tables, or of another customer, shows. */
function customersCsv(version: number): string {
  const rows = Array.from(
    { length: customers },
    (_, at) => `${idOf(at)},${version * 10_000 + at},${(version % 90) + 1},${(version % 80) + 10}`,
  );
  return `customer_id,spend,frequency,browsing_minutes\n${rows.join('\n')}\n`;
}
const idOf = (at: number): string => `C${String(at).padStart(5, '0')}`;

function adsCsv(version: number): string {
  const rows = Array.from(
    { length: ads },
    (_, at) =>
      `ad-${at},${20_000 + version},${400 + at + version},${12 + (at % 5)},${250 + at},${900 + version}`,
  );
  return `id,impressions,clicks,conversions,cost,revenue\n${rows.join('\n')}\n`;
}

const askForCustomers: autocannon.Request[] = Array.from({ length: 500 }, (_, index) => {
  const at = (index * 7) % customers;
  return {
    ...{ method: 'GET', path: `/customers/${idOf(at)}` },
    onResponse: (status, body) => {
      if (status !== 200) return refused(status, body);
      const { customerId, runId, segment } = JSON.parse(body);
      const version = (segment.spend - at) / 10_000;
      const isWhole =
        customerId === idOf(at) &&
        Number.isInteger(version) &&
        segment.frequency === (version % 90) + 1 &&
        segment.browsingMinutes === (version % 80) + 10;
      if (!isWhole) violations.add(`GET /customers/${idOf(at)}: ${body.slice(0, 300)}`);
      holdTogether(runId, `version ${version}`, 'GET /customers');
    },
  };
});

const askForBids: autocannon.Request = {
  ...{ method: 'POST', path: '/bids', headers: { 'content-type': 'application/json' } },
  body: JSON.stringify({ ads: Array.from({ length: 20 }, (_, at) => ({ id: `ad-${at}` })), curves: false }),
  onResponse: (status, body) => {
    if (status !== 200) return refused(status, body);
    const { runId, bids } = JSON.parse(body);
    if (bids.length !== 20) violations.add(`POST /bids: ${bids.length} bids`);
    holdTogether(runId, createHash('sha256').update(body).digest('hex'), 'POST /bids');
  },
};

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      connections: { type: 'string', default: '50,500' },
    },
  });
  const cloud = await startBenchCloud();
  const shop = publisher(cloud);
  const api = await startApi(cloud);
  try {
    await shop.publish();
    while (!(await isUp(cloud))) await sleep(100);
    await shop.goOn();
    const rows = [['', 'connections', 'p50 ms', 'p99 ms', 'answers/s', 'answers', 'errors']];
    let errors = 0;
    for (const connections of values.connections.split(',').map(Number))
      for (const [name, requests] of [
        ['GET /customers/{id}', askForCustomers],
        ['POST /bids, 20 ads', [askForBids]],
      ] as const) {
        const result = await autocannon({
          ...{ url: api.url, connections, duration: Number(values.seconds), timeout: 30 },
          requests: [...requests],
        });
        const failed = result.errors + result.timeouts + result.non2xx;
        errors += failed;
        const { latency } = result;
        rows.push([
          name,
          ...[connections, latency.p50, latency.p99, Math.round(result.requests.average)].map(String),
          ...[result['2xx'], failed].map(String),
        ]);
      }
    await shop.stop();
    const published = await publishedRuns(cloud);
    for (const runId of saidByRun.keys())
      if (!published.has(runId)) violations.add(`run ${runId} was never published`);
    printTable(`npm run bench:load -- --seconds ${values.seconds}: while runs publish, ${machine()}`, rows);
    console.log(
      `\nuploads ${shop.uploads()}, runs answered from ${saidByRun.size}, of published ${published.size}`,
    );
    console.log(`errors ${errors}, violations ${violations.size}`);
    for (const [said, count] of refusals) console.log(`${count} times ${said}`);
    for (const violation of [...violations].slice(0, 10)) console.log(violation);
    return errors + violations.size;
  } finally {
    await shop.stop();
    api.stop();
    await cloud.stop();
  }
}

async function startApi({ dynamodbUrl }: BenchCloud): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/apiServer.ts'], {
    cwd: projectDirectory,
    env: {
      ...process.env,
      ...{ AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl, AWS_REGION: 'us-east-1', TABLE_NAME: 'valuecast-local' },
      ...{ AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${String(port).trim()}`, stop: () => child.kill() };
}

/** Uploads another table of each kind, time after time; the events of the local cloud do the rest. */
function publisher({ s3Url }: BenchCloud) {
  const s3 = new S3Client({
    ...{ endpoint: s3Url, region: 'us-east-1' },
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  let [version, isOver, going] = [0, false, Promise.resolve()];
  const put = (Key: string, Body: string) =>
    s3.send(new PutObjectCommand({ Bucket: 'valuecast-local-uploads', Key, Body }));
  const publish = async () => {
    version++;
    await put('customers/all.csv', customersCsv(version));
    await put('ads/all.csv', adsCsv(version));
  };
  const goOn = async () => {
    while (!isOver) {
      await sleep(secondsBetweenUploads * 1000);
      await publish();
    }
  };
  return {
    publish,
    goOn: async () => {
      going = goOn();
    },
    uploads: () => version,
    stop: async () => {
      isOver = true;
      await going;
    },
  };
}

async function isUp({ apiUrl }: BenchCloud): Promise<boolean> {
  const statuses = await Promise.all(
    ['/segments', '/bids?limit=1'].map(async (path) => (await fetch(`${apiUrl}${path}`)).status),
  );
  return statuses.every((status) => status === 200);
}

async function publishedRuns({ apiUrl }: BenchCloud): Promise<Set<string>> {
  const found = new Set<string>();
  for (const dataset of ['customers', 'ads'])
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const answer = await fetch(`${apiUrl}/runs?dataset=${dataset}&limit=500${next}`);
      const page = (await answer.json()) as { runs: { runId: string; status: string }[]; cursor?: string };
      for (const { runId, status } of page.runs) if (status === 'published') found.add(runId);
      cursor = page.cursor;
    }
  return found;
}

process.exitCode = (await main()) === 0 ? 0 : 1;
