import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from '../local/api-client.ts';
import { freePort } from '../local/ports.ts';
import { cloneProject } from './local/project-copy.ts';

let project: ReturnType<typeof cloneProject>;
beforeAll(() => {
  project = cloneProject();
});
afterAll(() => project.remove());

const running: Started[] = [];
afterEach(async () => {
  for (const started of running.splice(0)) await started.interrupt();
});

interface Started {
  output(): string;
  /** Resolves with the text up to the match. */
  shows(pattern: RegExp): Promise<string>;
  exited: Promise<number | null>;
  /** As Ctrl-C does it: to all that belong to the terminal. */
  interrupt(): Promise<number | null>;
}

interface Place {
  httpPort: number;
  s3Port: number;
  environment: Record<string, string>;
}

async function freePlace(): Promise<Place> {
  const ports = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()]);
  const [httpPort, s3Port, dynamodbPort, lambdaPort, eventsPort] = ports;
  const directory = mkdtempSync(join(tmpdir(), 'valuecast-state-'));
  places.push(directory);
  return {
    httpPort,
    s3Port,
    environment: {
      VALUECAST_HTTP_PORT: String(httpPort),
      VALUECAST_S3_PORT: String(s3Port),
      VALUECAST_DYNAMODB_PORT: String(dynamodbPort),
      VALUECAST_LAMBDA_PORT: String(lambdaPort),
      VALUECAST_EVENTS_PORT: String(eventsPort),
      VALUECAST_DIRECTORY: directory,
    },
  };
}
const places: string[] = [];
afterAll(() => {
  for (const place of places) rmSync(place, { recursive: true, force: true });
});

const npmStart = (flags: string[], place: Place): Started =>
  start(['npm', 'start', '--silent', '--', ...flags], place);

/** The same without npm, which does not pass on how its script ended after Ctrl-C. */
const nodeStart = (flags: string[], place: Place): Started =>
  start([process.execPath, '--import', 'tsx', 'local/start.ts', '--no-auth', ...flags], place);

function start([command = '', ...args]: string[], { environment }: Place): Started {
  const child: ChildProcess = spawn(command, args, {
    cwd: project.directory,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  let over = false;
  void exited.then(() => {
    over = true;
  });
  const started: Started = {
    output: () => text,
    async shows(pattern) {
      while (!pattern.test(text)) {
        if (over) throw new Error(`ended without showing ${pattern}:\n${text}`);
        await sleep(20);
      }
      return text;
    },
    exited,
    async interrupt() {
      if (!over && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
      return exited;
    },
  };
  running.push(started);
  return started;
}

const refuses = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => false,
    () => true,
  );

const s3At = ({ s3Port }: Place) =>
  new S3Client({
    endpoint: `http://127.0.0.1:${s3Port}`,
    forcePathStyle: true,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
const upload = (place: Place, key: string, body: string) =>
  s3At(place).send(new PutObjectCommand({ Bucket: 'valuecast-local-uploads', Key: key, Body: body }));
const remove = (place: Place, key: string) =>
  s3At(place).send(new DeleteObjectCommand({ Bucket: 'valuecast-local-uploads', Key: key }));

const invoke = async (name: string, place: Place): Promise<string> => {
  const framework = join(project.directory, 'node_modules/serverless/bin/serverless.js');
  const event = `examples/events/${name}.json`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [framework, 'invoke', 'local', '-f', name, '-p', event],
    {
      cwd: project.directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...place.environment },
    },
  );
  return stdout;
};

describe('npm start in a clean clone', () => {
  // One place for three tests, in this order: a demo shop takes most of their time, and need not be computed anew for each.
  let place: Place;
  beforeAll(async () => {
    place = await freePlace();
  });

  it('with --once ends with 0 after the result', async () => {
    const started = npmStart(['--once'], place);
    expect(await started.exited).toBe(0);
    expect(started.output()).toMatch(/ROC-AUC/);
    expect(started.output()).toMatch(/Campaigns +\d+ campaigns are expected to bring [\d,.]+ USD/);
    expect(started.output()).toMatch(/spring-mail raised the share of buyers by [\d.]+ percentage points/);
    expect(started.output()).toMatch(/Products +\d+ products have to be ordered now/);
    expect(started.output()).toMatch(/In words +Your customers are expected to spend [\d,.]+ USD/);
  }, 300_000);

  it('shows what the API says of the demo shop, serves `serverless invoke local`, tells of a new upload, stops at Ctrl-C and remembers', async () => {
    const first = nodeStart([], place);
    const shown = await first.shows(/Runs from now on/);
    const api = apiClient(`http://127.0.0.1:${place.httpPort}`);
    const [segments, model, bids] = await Promise.all([api.segments(), api.model(), api.bids()]);

    expect(segments?.customers).toBe(2000);
    for (const { segment, customers, spend } of segments?.segments ?? []) {
      const line = shown.split('\n').find((text) => text.startsWith(`  ${segment} `));
      expect(line).toContain(` ${customers.toLocaleString('en')} `);
      expect(line).toContain(Math.round(spend).toLocaleString('en'));
    }
    const value = segments?.history?.total;
    expect(value?.customers).toBe(2000);
    expect(shown).toContain(
      `expected to spend $${Math.round(value?.next12m ?? 0).toLocaleString('en')} in 12 months`,
    );
    for (const group of segments?.history?.rfmGroups ?? [])
      expect(shown).toMatch(new RegExp(`^  ${group.segment} +${group.customers.toLocaleString('en')} `, 'm'));
    expect(shown).toContain('forecasts purchases best');
    expect(model?.status).toBe('ok');
    expect(shown).toMatch(new RegExp(`ROC-AUC +${model?.metrics?.rocAuc?.toFixed(3)} +base rate 0\\.500`));
    if (bids === null || !('portfolio' in bids)) throw new Error('the demo’s bids are not of the portfolio');
    const moveOf = ({ currentBidMicros, suggestedBidMicros }: (typeof bids.bids)[number]) =>
      Math.abs(suggestedBidMicros / (currentBidMicros ?? Number.NaN) - 1);
    const [most] = bids.bids.toSorted((left, right) => moveOf(right) - moveOf(left));
    const inUnits = (micros = Number.NaN) =>
      (micros / 1e6).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const line = shown.split('\n').find((text) => text.startsWith(`  ${most?.id} `));
    expect(line).toContain(inUnits(most?.suggestedBidMicros));
    expect(shown).toContain(`brings $${inUnits(bids.portfolio.expectedValueMicros)}`);
    expect(shown).toContain(
      `aws s3 cp my.csv s3://valuecast-local-uploads/customers/ --endpoint-url http://127.0.0.1:${place.s3Port}`,
    );

    expect(JSON.parse(await invoke('api', place))).toMatchObject({ statusCode: 200 });
    // The same code on the same files as the running cloud's: there is nothing left to publish.
    for (const name of ['segment', 'orders']) expect(await invoke(name, place)).not.toContain('published');

    await upload(place, 'customers/五 月+1.csv', '消费金额,购买频率,浏览时长\n100,5,10\n200,10,20\n');
    await first.shows(/customers published: 2,002 of 2,002 rows used/);
    await upload(place, 'customers/bad.csv', 'colour\nred\n');
    await first.shows(/customers rejected: .*customers\/bad\.csv/);
    await remove(place, 'customers/bad.csv');

    const askedAt = performance.now();
    expect(await first.interrupt()).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(3000);
    expect(await Promise.all([refuses(place.httpPort), refuses(place.s3Port)])).toEqual([true, true]);

    await expect(invoke('bid', place)).rejects.toMatchObject({
      stdout: expect.stringContaining('npm start'),
    });
  }, 480_000);

  it('with --once ends with 1 and the reason when a run is rejected', async () => {
    const empty = nodeStart(['--empty'], place);
    expect(await empty.shows(/Runs from now on/)).toMatch(/Customers +2,002 /);
    await upload(place, 'settings.json', '{"value": {"weights": {"spend": -1}}}');
    await empty.interrupt();
    const started = npmStart(['--once'], place);
    expect(await started.exited).toBe(1);
    expect(started.output()).toMatch(/customers rejected: settings\.json: .*weights/);
  }, 300_000);

  it('names the port that is in use and the setting, in one line, and ends', async () => {
    const place = await freePlace();
    const other = createServer().listen(place.httpPort, '127.0.0.1');
    const started = npmStart([], place);
    expect(await started.exited).toBe(1);
    other.close();
    expect(started.output().trim()).toMatch(
      new RegExp(`^Port ${place.httpPort}, for the HTTP API, is in use: .*VALUECAST_HTTP_PORT.*$`),
    );
  }, 120_000);

  it('explains its flags when it is given another', async () => {
    const started = npmStart(['--twice'], await freePlace());
    expect(await started.exited).toBe(2);
    expect(started.output()).toMatch(/npm start -- --once/);
  });
});
