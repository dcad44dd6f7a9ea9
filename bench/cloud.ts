import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDirectory } from '../local/cloud.ts';
import { freePort } from '../local/ports.ts';

export interface BenchCloud {
  apiUrl: string;
  s3Url: string;
  dynamodbUrl: string;
  /** From the start of the process until it said that it was up. */
  secondsToReady: number;
  stop(): Promise<void>;
}

/** `npm start -- --empty` on free ports, with a state of its own that is removed afterwards. */
export async function startBenchCloud(): Promise<BenchCloud> {
  const [http, s3, dynamodb, lambda] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
  const from = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/start.ts', '--no-auth', '--empty'], {
    cwd: projectDirectory,
    env: {
      ...process.env,
      VALUECAST_HTTP_PORT: String(http),
      VALUECAST_S3_PORT: String(s3),
      VALUECAST_DYNAMODB_PORT: String(dynamodb),
      VALUECAST_LAMBDA_PORT: String(lambda),
      VALUECAST_DIRECTORY: directory,
      VALUECAST_CHAOS: 'off',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await says(child, /is up/);
  const secondsToReady = (performance.now() - from) / 1000;
  return {
    apiUrl: `http://127.0.0.1:${http}`,
    s3Url: `http://127.0.0.1:${s3}`,
    dynamodbUrl: `http://127.0.0.1:${dynamodb}`,
    secondsToReady,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function says(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
      if (pattern.test(text)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${text}`)));
  });
}
