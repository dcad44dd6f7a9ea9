import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startAsynchronousInvoker } from '../../local/asynchronous.ts';
import { FunctionFailed, type LocalFunction, startFunctionPool } from '../../local/function-pool.ts';

const directory = mkdtempSync(join(tmpdir(), 'valuecast-functions-'));
afterAll(() => rmSync(directory, { recursive: true }));

const pools: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.stop()));
});
function pool(options?: { maximumInstances: number }) {
  const started = startFunctionPool(options);
  pools.push(started);
  return started;
}

function functionOf(name: string, body: string, options: Partial<LocalFunction> = {}): LocalFunction {
  const file = join(directory, `${name}.cjs`);
  writeFileSync(file, body);
  return {
    functionName: `valuecast-local-${name}`,
    file,
    exportName: 'handler',
    timeoutSeconds: 5,
    memorySizeMb: 256,
    environment: { GREETING: 'hello' },
    ...options,
  };
}

describe('a function instance', () => {
  it('gets the event, the context and its own environment, and keeps its state for the next event', async () => {
    const fn = functionOf(
      'counts',
      `let calls = 0;
       exports.handler = async (event, context) => ({ calls: ++calls, event, greeting: process.env.GREETING,
         home: process.env.HOME, left: context.getRemainingTimeInMillis() > 4000, id: context.awsRequestId });`,
    );
    const { invoke } = pool();
    await expect(invoke(fn, { a: 1 }, 'first')).resolves.toEqual({
      calls: 1,
      event: { a: 1 },
      greeting: 'hello',
      left: true,
      id: 'first',
    });
    await expect(invoke(fn, {}, 'second')).resolves.toMatchObject({ calls: 2 });
  });

  it.each([
    ['throws', `throw new TypeError('no such thing')`, 'no such thing'],
    ['leaves a rejection unhandled', `return new Promise(() => Promise.reject(new Error('lost')))`, 'lost'],
    ['ends its process', `return new Promise(() => process.exit(3))`, 'code 3'],
  ])('that %s fails that invocation, and the next one is served', async (name, failing, message) => {
    const body = `exports.handler = async ({ fine }) => { if (fine) return 'fine'; ${failing}; };`;
    const fn = functionOf(name.replaceAll(' ', '-'), body);
    const { invoke } = pool();
    const failed = invoke(fn, {});
    await expect(failed).rejects.toThrow(FunctionFailed);
    await expect(failed).rejects.toThrow(message);
    await expect(invoke(fn, { fine: true })).resolves.toBe('fine');
  });

  it.each([
    ['cannot be loaded', `require('./nowhere.cjs');`, 'nowhere'],
    ['has no handler', `exports.other = 1;`, 'handler'],
  ])('that %s fails the invocation', async (name, body, message) => {
    await expect(pool().invoke(functionOf(name.replaceAll(' ', '-'), body), {})).rejects.toThrow(message);
  });

  it('is ended when its time is over, also in a busy loop', async () => {
    const fn = functionOf('loops', `exports.handler = () => { for (;;); };`, { timeoutSeconds: 0.3 });
    await expect(pool().invoke(fn, {})).rejects.toThrow('timed out after 0.3 seconds');
  });

  it('is one of two at most, and the rest waits its turn', async () => {
    const fn = functionOf(
      'slow',
      `const { threadId } = require('node:worker_threads');
       exports.handler = async () => { await new Promise((done) => setTimeout(done, 50)); return threadId; };`,
    );
    const { invoke } = pool({ maximumInstances: 2 });
    const threads = await Promise.all(Array.from({ length: 8 }, () => invoke(fn, {})));
    expect(threads).toHaveLength(8);
    const busiest = await Promise.all([invoke(fn, {}), invoke(fn, {})]);
    expect(new Set(busiest).size).toBe(2);
  });
});

describe('asynchronous invocation', () => {
  function invokerOf(outcomes: (() => unknown)[]) {
    const attempts: string[] = [];
    const lines: string[] = [];
    const failuresDirectory = mkdtempSync(join(directory, 'on-failure-'));
    const invoker = startAsynchronousInvoker({
      invoke: async (_, __, requestId) => {
        attempts.push(requestId);
        return outcomes[Math.min(attempts.length, outcomes.length) - 1]?.();
      },
      maximumRetryAttempts: () => 2,
      functionName: (key) => `valuecast-local-${key}`,
      failuresDirectory,
      retryDelaysMs: [10, 20],
      log: (line) => lines.push(line),
      onChange: () => {},
    });
    const settled = async () => {
      while (invoker.pending() > 0) await sleep(5);
    };
    return { invoker, attempts, lines, failuresDirectory, settled };
  }
  const fails = () => {
    throw new FunctionFailed('TypeError', 'no such thing', ['at handler']);
  };

  it('tries twice more, with the same request id, and stops at the first success', async () => {
    const { invoker, attempts, settled } = invokerOf([fails, fails, () => 'ok']);
    invoker.invoke('segment', {});
    await settled();
    expect(attempts).toHaveLength(3);
    expect(new Set(attempts).size).toBe(1);
  });

  it('keeps an event that failed for good in a file, in the form of an on-failure destination, and says so', async () => {
    const { invoker, attempts, lines, failuresDirectory, settled } = invokerOf([fails]);
    invoker.invoke('segment', { key: 'customers/may.csv' });
    await settled();
    expect(attempts).toHaveLength(3);
    const path = join(failuresDirectory, 'segment.jsonl');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { key: 'customers/may.csv' },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorType: 'TypeError', errorMessage: 'no such thing' },
    });
    expect(lines.at(-1)).toContain(path);
  });

  it('does not try again after it was stopped', async () => {
    const { invoker, attempts } = invokerOf([fails]);
    invoker.invoke('segment', {});
    await sleep(2);
    invoker.stop();
    await sleep(60);
    expect(attempts).toHaveLength(1);
  });
});
