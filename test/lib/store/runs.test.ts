import { expect, test } from 'vitest';
import { BadCursor } from '../../../lib/store/byTime.ts';
import { expireRun } from '../../../lib/store/expiry.ts';
import { FencedOut } from '../../../lib/store/pointer.ts';
import { listRuns, putRun, type RunRecord, readRun } from '../../../lib/store/runs.ts';
import { localTable } from './localTable.ts';

let nowMs = Date.parse('2026-12-01T00:00:00Z');
const table = await localTable(() => nowMs);

const record = (runId: string, changes: Partial<RunRecord> = {}): RunRecord => ({
  runId,
  dataset: 'customers',
  status: 'published',
  startedAt: '2026-11-01T00:00:00.000Z',
  asOf: '2026-10-31T00:00:00.000Z',
  codeVersion: 'abc',
  settings: { weights: { spend: 0.5 } },
  inputs: [{ key: 'customers/may.csv', etag: 'e', sizeBytes: 3, lastModified: '2026-10-31T00:00:00.000Z' }],
  counts: { rowsIn: 5, rowsOk: 5, rowsQuarantined: 0 },
  files: [{ key: 'customers/may.csv', encoding: 'utf-8' }],
  notes: [],
  problems: [],
  rejects: [],
  metrics: null,
  timings: { read: 0.1 },
  ...changes,
});
const minute = (index: number) => new Date(Date.parse('2026-11-10T00:00:00Z') + index * 60_000).toISOString();

test('a record is read as it was written, and an unknown run is null', async () => {
  await putRun(table, record('run1'), { fence: 1 });
  expect(await readRun(table, 'run1')).toEqual(record('run1'));
  expect(await readRun(table, 'nobody')).toBeNull();
});

test('a newer lease overwrites a record, an older one is refused', async () => {
  await putRun(table, record('run2', { status: 'processing' }), { fence: 2 });
  await putRun(table, record('run2', { status: 'failed' }), { fence: 3 });
  await expect(putRun(table, record('run2'), { fence: 2 })).rejects.toThrow(FencedOut);
  expect(await readRun(table, 'run2')).toMatchObject({ status: 'failed' });
});

test('runs are listed newest first, part by part, of one dataset or of all', async () => {
  const runIds = Array.from({ length: 23 }, (_, index) => `listed${index}`);
  for (const [index, runId] of runIds.entries()) {
    const dataset = index % 2 === 0 ? 'ads' : 'training';
    await putRun(table, record(runId, { dataset, startedAt: minute(index) }), { fence: 1 });
  }
  const newestFirst = [...runIds].reverse();
  expect((await inParts({ limit: 7 })).slice(0, 23)).toEqual(newestFirst);
  expect(await inParts({ limit: 6, dataset: 'ads' })).toEqual(
    newestFirst.filter((_, index) => index % 2 === 0),
  );
});

test('a list that ends with a full part says that it ends', async () => {
  const { runs, cursor } = await listRuns(table, { dataset: 'training', limit: 11 });
  expect([runs.length, cursor]).toEqual([11, null]);
});

test('a cursor that is not ours is refused', async () => {
  for (const cursor of ['x', '####', Buffer.from('{"listSort":1}').toString('base64url')]) {
    await expect(listRuns(table, { limit: 5, cursor })).rejects.toThrow(BadCursor);
  }
});

test('the record of a run whose pages expire stays', async () => {
  await putRun(table, record('retired'), { fence: 1 });
  await expireRun(table, { runId: 'retired', expiresAtSeconds: 0 });
  expect(await readRun(table, 'retired')).not.toBeNull();
});

test('a record is kept for 400 days', async () => {
  await putRun(table, record('old', { dataset: 'old' }), { fence: 1 });
  nowMs = Date.parse('2026-11-01T00:00:00Z') + 400 * 86_400_000 - 1;
  expect(await readRun(table, 'old')).not.toBeNull();
  nowMs += 1;
  expect(await readRun(table, 'old')).toBeNull();
  expect((await listRuns(table, { dataset: 'old', limit: 5 })).runs).toEqual([]);
  nowMs = Date.parse('2026-12-01T00:00:00Z');
});

test('a record too large for an item loses the ends of its longest lists and says so', async () => {
  const inputs = Array.from({ length: 20_000 }, (_, index) => ({
    key: `customers/${index}-客户.csv`,
    etag: 'e'.repeat(32),
    sizeBytes: 1,
    lastModified: minute(index),
  }));
  await putRun(
    table,
    record('large', { inputs, rejects: ['rejects/a.csv'], settings: 'x'.repeat(400_000) }),
    { fence: 1 },
  );
  const read = await readRun(table, 'large');
  expect(read?.inputs.length).toBeGreaterThan(1000);
  expect(read?.rejects).toEqual(['rejects/a.csv']);
  expect(read?.settings).toBeNull();
  expect(read?.notes.map(({ code, message }) => `${code} ${message}`)).toEqual([
    `recordCut inputs: the first ${read?.inputs.length} of 20000 are kept`,
    'recordCut settings is left out',
  ]);
});

async function inParts(options: { limit: number; dataset?: string }): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const part: Awaited<ReturnType<typeof listRuns>> = await listRuns(table, { ...options, cursor });
    expect(part.runs.length).toBeLessThanOrEqual(options.limit);
    found.push(...part.runs.map(({ runId }) => runId));
    cursor = part.cursor;
  } while (cursor !== null);
  return found;
}
