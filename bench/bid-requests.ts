import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { adHistoryOf } from '../lib/bids/adHistory.ts';
import { fitBidModel } from '../lib/bids/fitBidModel.ts';
import { bidSettings } from '../lib/bids/settings.ts';
import { suggestBids } from '../lib/bids/suggestBids.ts';
import { drawPoisson } from '../lib/math/draws.ts';
import { seededGenerator, uniform } from '../lib/math/random.ts';
import { writeBidLists } from '../lib/pipeline/bids/bidLists.ts';
import { writeFit } from '../lib/pipeline/bids/storedFit.ts';
import { publishPointer } from '../lib/store/pointer.ts';
import type { Table } from '../lib/store/table.ts';
import { bundleFunctions } from '../local/bundle.ts';
import { projectDirectory } from '../local/cloud.ts';
import { logNormal } from '../local/demo-draws.ts';
import { createTable, localClient, startLocalDynamo, type TableProperties } from '../local/dynamo.ts';
import { readServiceFile } from '../local/service-file.ts';
import { machine, median, printTable } from './measure.ts';

/**
 * `POST /bids` at the handler of the packaged bundle, warm: from the event to the answer's text, the table's answers included. The handler is alone
 * in its process, with the options of serverless.yml, and the table is in another, as they are on AWS. Beside it what a script does:
 * revenue per click, rescaled to the budget.
 */

async function serveTable(): Promise<void> {
  const { endpoint } = await startLocalDynamo({ port: 0, directory: null });
  process.stdout.write(`${endpoint}\n`);
}

async function measure(): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', import.meta.filename, 'table'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [endpoint] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const table = await makeTable(endpoint);
    const { ids } = await publishFit(table);
    const handler = await startHandler();
    const rows: (string | number)[][] = [];
    for (const count of [100, 2000]) {
      const known = JSON.stringify({
        ads: ids.slice(0, count).map((id) => ({ id })),
        budgetMicros: count * 3_000_000,
      });
      const own = JSON.stringify({ ads: ownAds(count), budgetMicros: count * 3_000_000 });
      const target = count === 100 ? 25 : 150;
      const bodies = {
        'uploaded ads by id': known,
        'ads with figures of their own': own,
        'ads with figures, no curves': own.replace('{"ads"', '{"curves":false,"ads"'),
      };
      for (const [title, body] of Object.entries(bodies))
        rows.push([`${count} ${title}`, ...summaryOf(await timesOf(handler, body, count)), target]);
      rows.push([`${count} ads, revenue per click by a script`, ...summaryOf(scriptTimes(own, count)), '']);
    }
    handler.kill();
    printTable(`npx tsx bench/bid-requests.ts, ${machine()}`, [
      ['POST /bids', 'p50 ms', 'p99 ms', 'CPU ms', 'p99 CPU ms', 'KB answered', 'aim p99'],
      ...rows,
    ]);
  } finally {
    child.kill();
  }
}

/** As it is packaged for AWS, in a process with the options of Node that serverless.yml gives the function. */
async function startHandler(): Promise<ChildProcess> {
  const bundles = await bundleFunctions(projectDirectory, readServiceFile(projectDirectory));
  const api = bundles.find(({ functionName }) => functionName === 'api');
  if (api === undefined) throw new Error('bid-requests: serverless.yml has no function api');
  const { functions } = parse(readFileSync(join(projectDirectory, 'serverless.yml'), 'utf8'));
  return fork(join(import.meta.dirname, 'timeHandler.cjs'), [api.file], {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: functions.api.environment.NODE_OPTIONS },
  });
}

async function makeTable(endpoint: string): Promise<Table> {
  const file = join(projectDirectory, 'resources/table.yml');
  const properties: TableProperties = {
    ...parse(readFileSync(file, 'utf8')).Resources.Table.Properties,
    TableName: 'bench',
  };
  await createTable(endpoint, properties);
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_REGION: 'eu-central-1', TABLE_NAME: 'bench' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', POWERTOOLS_LOG_LEVEL: 'SILENT' },
  });
  return { client: localClient(endpoint), name: 'bench' };
}

/** Five thousand ads in fifty campaigns over four weeks. */
async function publishFit(table: Table): Promise<{ ids: string[] }> {
  const generator = seededGenerator(7);
  const settings = bidSettings.parse({});
  const fit = fitBidModel(adHistoryOf(history(generator)), { settings, seed: 7 });
  const { rows, portfolio } = suggestBids(fit.model, fit.ads, { settings });
  const place = { runId: 'b0000000000000000001', fence: 1 };
  const list = await writeBidLists(table, { ...place, entries: rows }, () => null);
  await publishPointer(table, {
    ...{
      dataset: 'ads',
      ...place,
      asOf: '2026-09-30T00:00:00.000Z',
      publishedAt: '2026-09-30T00:00:00.000Z',
    },
    ...{ previousRuns: [], lastingFiles: [] },
    manifest: {
      ...{
        kind: 'bids',
        policy: 'portfolio',
        lists: { bids: list },
        currency: 'USD',
        linear: fit.model.linear,
      },
      fit: await writeFit(table, { ...place, fit, settings, segmentWorth: {}, portfolio }),
      files: [],
    },
  });
  return { ids: fit.ads.map(({ id }) => id) };
}

function* history(generator: ReturnType<typeof seededGenerator>) {
  for (let ad = 0; ad < 5000; ad++) {
    const clicksADay = logNormal(generator, 4, 1);
    const rate = logNormal(generator, 0.03, 0.5);
    const bid = 100_000 * Math.ceil(10 * uniform(generator));
    for (let day = 0; day < 28; day++) {
      const clicks = drawPoisson(generator, clicksADay);
      const conversions = Math.min(clicks, drawPoisson(generator, clicks * rate));
      yield {
        ...{
          id: `ad-${ad}`,
          campaign: `campaign-${ad % 50}`,
          adGroup: null,
          keyword: null,
          segment: null,
          device: null,
        },
        date: new Date(Date.UTC(2026, 8, 1 + day)).toISOString().slice(0, 10),
        ...{ impressions: 30 * clicks, clicks, conversions, spendMicros: Math.round(0.7 * bid * clicks) },
        ...{ revenueMicros: conversions * 25_000_000, currentBidMicros: day < 14 ? bid : bid + 50_000 },
        ...{ bidType: 'CPC' as const, servedShare: null },
      };
    }
  }
}

const ownAds = (count: number) =>
  Array.from({ length: count }, (_, ad) => ({
    ...{ id: `own-${ad}`, campaign: `campaign-${ad % 50}`, impressions: 3000 + ad, clicks: 50 + (ad % 90) },
    ...{ conversions: ad % 5, spendMicros: 25_000_000 + 1000 * ad, revenueMicros: (ad % 5) * 25_000_000 },
    currentBidMicros: 400_000 + 100 * ad,
  }));

const post = (body: string) => ({
  ...{
    version: '2.0',
    routeKey: 'POST /bids',
    rawPath: '/bids',
    rawQueryString: '',
    body,
    isBase64Encoded: false,
  },
  requestContext: { requestId: 'bench', http: { method: 'POST', path: '/bids' } },
});

interface Timed {
  ms: number;
  cpuMs: number;
  bytes: number;
  problem?: string | null;
}

async function timesOf(handler: ChildProcess, body: string, count: number): Promise<Timed[]> {
  handler.send({ event: post(body), warm: 30, requests: requestsOf(count) });
  const [answers] = (await once(handler, 'message')) as [Timed[]];
  const failed = answers.find(({ problem }) => problem !== null);
  if (failed !== undefined) throw new Error(`POST /bids answered ${failed.problem}`);
  return answers;
}

const requestsOf = (count: number): number => (count === 100 ? 400 : 150);

/** Median and 99th percentile in ms, mean and 99th percentile of CPU time in ms, and the size of the answer in KB. */
function summaryOf(timed: readonly Timed[]): [number, number, number, number, number] {
  const ms = timed.map((each) => each.ms);
  const cpu = timed.map((each) => each.cpuMs);
  const meanCpu = cpu.reduce((sum, each) => sum + each, 0) / cpu.length;
  return [median(ms), mostOf99(ms), meanCpu, mostOf99(cpu), (timed[0]?.bytes ?? 0) / 1000];
}

const mostOf99 = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.ceil(0.99 * values.length) - 1] as number;

function scriptTimes(body: string, count: number): Timed[] {
  for (let warm = 0; warm < 30; warm++) script(body);
  return Array.from({ length: requestsOf(count) }, () => {
    const from = performance.now();
    const cpuFrom = process.cpuUsage();
    const bytes = script(body).length;
    const { user, system } = process.cpuUsage(cpuFrom);
    return { ms: performance.now() - from, cpuMs: (user + system) / 1000, bytes };
  });
}

/** What is done where there is no model. */
function script(body: string): string {
  const { ads, budgetMicros } = JSON.parse(body) as { ads: ReturnType<typeof ownAds>; budgetMicros: number };
  const wanted = ads.map(({ id, clicks, revenueMicros }) => ({
    id,
    bidMicros: revenueMicros / clicks,
    clicks,
  }));
  const spend = wanted.reduce((sum, { bidMicros, clicks }) => sum + bidMicros * clicks, 0);
  const bids = wanted.map(({ id, bidMicros }) => ({
    id,
    bidMicros: Math.round((bidMicros * budgetMicros) / spend),
  }));
  return JSON.stringify({ bids });
}

const [, , role] = process.argv;
if (role === 'table') await serveTable();
else await measure();
