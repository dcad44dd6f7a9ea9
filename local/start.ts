import { join, resolve } from 'node:path';
import { apiClient } from './api-client.ts';
import { projectDirectory } from './cloud.ts';
import { type CloudProcess, startCloudProcess } from './cloud-process.ts';
import { demoDatasets, dropDemo } from './demo-drop.ts';
import { assertMayAskNobody } from './no-auth.ts';
import { resultsText } from './results-text.ts';
import { runLine } from './run-report.ts';
import { followProgress, followRuns, waitForRuns } from './run-watch.ts';
import { serviceNames } from './service.ts';
import { readServiceFile } from './service-file.ts';
import { type LocalSettings, readSettings } from './settings.ts';

/** `npm start`: the whole product on this machine, with a demo shop in it. */

const usage = `npm start               starts the local cloud, drops the demo shop's CSVs, and shows what comes out
npm start -- --once     the same, then ends: with 0 when every run was published
npm start -- --empty    without the demo shop

It asks nobody who they are, which --no-auth says (npm start gives it): for development on this machine alone. On AWS it does not start.`;

interface Flags {
  once: boolean;
  empty: boolean;
}

async function main(): Promise<number> {
  const flags = process.argv.slice(2);
  const understood = flags.every((flag) => ['--no-auth', '--once', '--empty'].includes(flag));
  if (!understood || !flags.includes('--no-auth')) {
    print(usage);
    return flags.includes('--help') ? 0 : 2;
  }
  assertMayAskNobody(process.env, { host: '127.0.0.1' });
  // The SDK's yearly notice on the Node version, in the middle of what we print.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const settings = readSettings(process.env);
  const logPath = join(resolve(projectDirectory, settings.directory), 'cloud.log');
  const cloud = startCloudProcess({ directory: projectDirectory, logPath });
  const use = useCloud(cloud, settings, { once: flags.includes('--once'), empty: flags.includes('--empty') });
  try {
    return await Promise.race([use, interrupted(), fail(cloud.ended())]);
  } finally {
    await cloud.stop();
  }
}

/** Resolves with the exit code under `--once`; else it goes on until it is interrupted. */
async function useCloud(cloud: CloudProcess, settings: LocalSettings, flags: Flags): Promise<number> {
  const startedAt = new Date(performance.timeOrigin).toISOString();
  await cloud.ready();
  print(
    `Valuecast is up after ${(performance.now() / 1000).toFixed(1)} s, without asking who calls (--no-auth).\n`,
  );
  const { uploadsBucket, resultsBucket } = serviceNames(readServiceFile(projectDirectory));
  const s3Url = `http://127.0.0.1:${settings.s3Port}`;
  const apiUrl = `http://127.0.0.1:${settings.httpPort}`;
  const api = apiClient(apiUrl);

  followProgress({ api, cloud }, (line) => print(`${new Date().toLocaleTimeString('en-GB')}  ${line}`));
  const dropped = !flags.empty && (await dropDemo({ endpoint: s3Url, bucket: uploadsBucket }));
  const expected = dropped ? demoDatasets : [];
  await waitForRuns({ api, cloud, expected });
  const { text, troubled, missing } = await resultsText(api, expected);
  if (text !== '') print(`${text}\n`);
  print(addresses({ apiUrl, s3Url, uploadsBucket, resultsBucket, demo: dropped }));

  if (flags.once) {
    const failed = troubled.filter(({ finishedAt = '' }) => finishedAt >= startedAt);
    return failed.length + missing.length === 0 ? 0 : 1;
  }
  print('\nCtrl-C ends it; what was uploaded is here again at the next start. Runs from now on:');
  followRuns({ api, cloud }, await api.runs(), (run) =>
    print(`${new Date().toLocaleTimeString('en-GB')}  ${runLine(run)}`),
  );
  return new Promise<never>(() => {});
}

function addresses(at: {
  apiUrl: string;
  s3Url: string;
  uploadsBucket: string;
  resultsBucket: string;
  demo: boolean;
}): string {
  const { apiUrl, s3Url, uploadsBucket, resultsBucket, demo } = at;
  return `API         ${apiUrl}/segments  /cohorts  /bids  /models/purchase  /models/value  /campaigns  /actions  /stock  /runs${demo ? '  /customers/C00001' : ''}
Results     ${s3Url}/${resultsBucket}/customers.csv  customer-values.csv${demo ? '  scores/demo.csv' : ''}  bids.csv
Your data   aws s3 cp my.csv s3://${uploadsBucket}/customers/ --endpoint-url ${s3Url}
            into customers/, training/, scoring/, ads/, orders/, events/, products/, contacts/ or campaigns/; any AWS credentials do`;
}

const interrupted = (): Promise<number> =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done(0));
    // Nobody reads any more, as in `npm start | head`.
    process.stdout.on('error', () => done(0));
  });

async function fail(reason: Promise<string>): Promise<never> {
  throw new Error(await reason);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
