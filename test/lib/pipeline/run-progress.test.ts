import { expect, test } from 'vitest';
import type { Platform } from '../../../lib/pipeline/platform.ts';
import { recordRun } from '../../../lib/pipeline/runRecorder.ts';
import { readRun } from '../../../lib/store/runs.ts';
import { localTable } from '../store/localTable.ts';

const table = await localTable();
let nowMs = Date.parse('2026-11-01T00:00:00Z');
const platform = { table, clock: () => nowMs, codeVersion: 'test', log: () => {} } as unknown as Platform;

const start = (runId: string) =>
  recordRun(platform, {
    plan: { dataset: 'training', runId, inputs: [], asOf: null },
    fence: 1,
    settings: null,
    modelRunId: null,
  });
const fitting = (done: number) => ({
  step: 'compare',
  done,
  rows: 1000,
  engine: 'randomForest',
  candidates: { done: 2, of: 7 },
  trees: { done: 100 * done, of: 100 },
});

test('how far a run has come stands in its record while it is processed, and no longer', async () => {
  const run = start('run1');
  await run.store('processing');
  run.progress(fitting(0.25));
  await expect.poll(async () => (await readRun(table, 'run1'))?.progress?.done).toBe(0.25);
  nowMs += 5000;
  run.progress(fitting(0.5));
  await expect
    .poll(async () => (await readRun(table, 'run1'))?.progress?.trees)
    .toEqual({ done: 50, of: 100 });
  await run.store('published');
  const record = await readRun(table, 'run1');
  expect([record?.status, record?.progress]).toEqual(['published', undefined]);
});

test('a thousand steps cost few writes, and none that is late overwrites the end', async () => {
  let writes = 0;
  const counting = { ...platform, table: { ...table, client: countingClient(() => writes++) } } as Platform;
  const run = recordRun(counting, {
    plan: { dataset: 'training', runId: 'run2', inputs: [], asOf: null },
    fence: 1,
    settings: null,
    modelRunId: null,
  });
  for (let step = 0; step < 1000; step++) {
    nowMs += 10;
    run.progress(fitting(step / 1000));
  }
  await run.store('published');
  expect(writes).toBeLessThanOrEqual(7);
  expect((await readRun(table, 'run2'))?.status).toBe('published');
});

test('a holder who was overtaken goes on without telling', async () => {
  await start('run3').store('published');
  const late = recordRun(platform, {
    plan: { dataset: 'training', runId: 'run3', inputs: [], asOf: null },
    fence: 0,
    settings: null,
    modelRunId: null,
  });
  late.progress(fitting(0.5));
  await expect(late.store('published')).rejects.toThrow('fence 0');
  expect((await readRun(table, 'run3'))?.status).toBe('published');
});

function countingClient(count: () => void): typeof table.client {
  return {
    send: (...args: Parameters<typeof table.client.send>) => {
      count();
      return table.client.send(...args);
    },
  } as typeof table.client;
}
