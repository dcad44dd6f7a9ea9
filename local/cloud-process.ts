import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudMessage } from './plugin.ts';

/** `serverless offline start` as a child process, whose chatter goes to a file. */
export interface CloudProcess {
  /** Resolves when HTTP, S3 and DynamoDB answer; throws what kept them from it. */
  ready(): Promise<void>;
  /** Events and invocations on their way, as the cloud last told. */
  pending(): number;
  /** Called whenever `pending` changes. */
  onActivity(listener: () => void): void;
  /** Resolves with the reason when the cloud ends without having been asked to. */
  ended(): Promise<string>;
  /** The whole process tree is gone when this resolves. */
  stop(): Promise<void>;
}

const stopWithinMs = 2800;

export function startCloudProcess(options: { directory: string; logPath: string }): CloudProcess {
  const { directory, logPath } = options;
  mkdirSync(dirname(logPath), { recursive: true });
  const framework = createRequire(join(directory, 'package.json')).resolve('serverless/bin/serverless.js');
  // A group of its own: Ctrl-C reaches us alone, and we end the child in order.
  const child = spawn(process.execPath, [framework, 'offline', 'start', '--noSponsor'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  });
  const logFile = createWriteStream(logPath);
  child.stdout?.pipe(logFile, { end: false });
  child.stderr?.pipe(logFile, { end: false });

  let pending = 0;
  let stopping = false;
  const listeners: (() => void)[] = [];
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const isReady = new Promise<void>((resolve, reject) => {
    child.on('message', (message: CloudMessage) => {
      if (message.kind === 'ready') resolve();
      if (message.kind === 'failed') reject(new Error(message.message));
      if (message.kind !== 'pending') return;
      pending = message.pending;
      for (const listener of listeners) listener();
    });
    void exited.then(async () => reject(new Error(await lastWords(logPath))));
  });
  isReady.catch(() => {});

  return {
    ready: () => isReady,
    pending: () => pending,
    onActivity: (listener) => void listeners.push(listener),
    ended: () =>
      new Promise((resolve) => void exited.then(async () => stopping || resolve(await lastWords(logPath)))),
    async stop() {
      stopping = true;
      await endChild(child, exited);
      logFile.end();
    },
  };
}

async function endChild(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await Promise.race([exited, sleep(stopWithinMs, undefined, { ref: false })]);
  child.kill('SIGKILL');
  await exited;
}

async function lastWords(logPath: string): Promise<string> {
  const lines = (await readFile(logPath, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-15);
  return `The local cloud ended. The end of ${logPath}:\n${lines.join('\n')}`;
}
