import { expect, test } from 'vitest';
import { acquireLease, releaseLease } from '../../../lib/store/lease.ts';
import {
  FencedOut,
  listPointers,
  publishPointer,
  readPointer,
  rollBackPointer,
  withdrawPointer,
} from '../../../lib/store/pointer.ts';
import { localTable } from './localTable.ts';

const table = await localTable();
let datasets = 0;
const newDataset = () => `scoring/${datasets++}.csv`;
const publication = (dataset: string, runId: string, fence: number) => ({
  dataset,
  runId,
  fence,
  asOf: '2026-11-01T00:00:00.000Z',
  publishedAt: '2026-11-02T00:00:00.000Z',
  manifest: { kind: 'scores', buckets: 3, '': [null, { 名: 'ß' }] },
  previousRuns: ['run0'],
  lastingFiles: ['bids.csv'],
});

test('what was published is what is read', async () => {
  const dataset = newDataset();
  const published = publication(dataset, 'run1', 1);
  expect(await readPointer(table, dataset)).toBeNull();
  await publishPointer(table, published);
  expect(await readPointer(table, dataset)).toEqual({ ...published, sequence: 1, passedOver: [] });
});

test('every publication counts one further, and a repeated request none', async () => {
  const dataset = newDataset();
  const sequences: number[] = [];
  for (const [runId, fence] of [
    ['run1', 1],
    ['run1', 1],
    ['run2', 1],
    ['run1', 1],
    ['run1', 2],
  ] as const) {
    sequences.push((await publishPointer(table, publication(dataset, runId, fence))).sequence);
  }
  expect(sequences).toEqual([1, 1, 2, 3, 4]);
});

test('an older fence is refused and changes nothing', async () => {
  const dataset = newDataset();
  await publishPointer(table, publication(dataset, 'new', 2));
  const before = await readPointer(table, dataset);
  await expect(publishPointer(table, publication(dataset, 'old', 1))).rejects.toThrow(FencedOut);
  await expect(publishPointer(table, publication(dataset, 'new', 1))).rejects.toThrow(FencedOut);
  await expect(withdrawPointer(table, { dataset, fence: 1 })).rejects.toThrow(FencedOut);
  expect(await readPointer(table, dataset)).toEqual(before);
});

test('once another has taken the lease, its former holder cannot publish, even before the other does', async () => {
  const dataset = newDataset();
  const zombie = await acquireLease(table, { dataset, owner: 'a', nowMs: 0, ttlMs: 10 });
  const holder = await acquireLease(table, { dataset, owner: 'b', nowMs: 20, ttlMs: 10 });
  if (zombie === null || holder === null) throw new Error('both should have got the lease');
  await expect(publishPointer(table, publication(dataset, 'old', zombie.fence))).rejects.toThrow(FencedOut);
  expect(await readPointer(table, dataset)).toBeNull();
  await publishPointer(table, publication(dataset, 'new', holder.fence));
  expect(await releaseLease(table, holder)).toBe('released');
});

test('what is withdrawn is not read, and publishing again counts on', async () => {
  const dataset = newDataset();
  await publishPointer(table, publication(dataset, 'run1', 3));
  await withdrawPointer(table, { dataset, fence: 4 });
  await withdrawPointer(table, { dataset, fence: 4 });
  expect(await readPointer(table, dataset)).toBeNull();
  await expect(publishPointer(table, publication(dataset, 'run1', 3))).rejects.toThrow(FencedOut);
  expect(await publishPointer(table, publication(dataset, 'run2', 5))).toMatchObject({
    runId: 'run2',
    sequence: 3,
  });
});

test('withdrawing what was never published changes nothing', async () => {
  const dataset = newDataset();
  await withdrawPointer(table, { dataset, fence: 1 });
  expect((await publishPointer(table, publication(dataset, 'run1', 1))).sequence).toBe(1);
});

test('pointers are listed by prefix, without those withdrawn and those that are only leased', async () => {
  const names = ['list/a.csv', 'list/b.csv', 'list/客户.csv', 'lists/c.csv'];
  for (const name of names) await publishPointer(table, publication(name, 'run1', 1));
  await withdrawPointer(table, { dataset: 'list/b.csv', fence: 1 });
  await acquireLease(table, { dataset: 'list/d.csv', owner: 'a', nowMs: 0, ttlMs: 10 });
  expect((await listPointers(table, 'list/')).map(({ dataset }) => dataset)).toEqual([
    'list/a.csv',
    'list/客户.csv',
  ]);
  expect((await listPointers(table)).map(({ dataset }) => dataset)).toContain('lists/c.csv');
});

test('an earlier run comes back with one write, and the one that gave way is named until something is published', async () => {
  const dataset = newDataset();
  const earlier = { runId: 'run1', asOf: '2026-10-01T00:00:00.000Z', manifest: { of: 'run1' } };
  const from = await publishPointer(table, {
    ...publication(dataset, 'run2', 1),
    previousRuns: ['run1', 'run0'],
  });
  const back = await rollBackPointer(table, { from, to: earlier, nowMs: 0 });
  expect(back).toMatchObject({
    ...earlier,
    sequence: 2,
    fence: 2,
    previousRuns: ['run2', 'run0'],
    passedOver: ['run2'],
  });
  expect(await readPointer(table, dataset)).toEqual(back);
  const next = await publishPointer(table, publication(dataset, 'run3', 2));
  expect([next.sequence, next.passedOver]).toEqual([3, []]);
});

test('a rollback is refused where readers see another run by now, or somebody works on the dataset', async () => {
  const dataset = newDataset();
  const to = { runId: 'run1', asOf: '2026-10-01T00:00:00.000Z', manifest: {} };
  const from = await publishPointer(table, publication(dataset, 'run2', 1));
  const lease = await acquireLease(table, { dataset, owner: 'a', nowMs: 1000, ttlMs: 500 });
  expect(await rollBackPointer(table, { from, to, nowMs: 1499 })).toBeNull();
  const back = await rollBackPointer(table, { from, to, nowMs: 1500 });
  expect(back?.runId).toBe('run1');
  expect(await rollBackPointer(table, { from, to, nowMs: 9000 })).toBeNull();
  // Whoever held the lease before is too late.
  const late = publication(dataset, 'run2', lease?.fence ?? 0);
  await expect(publishPointer(table, late)).rejects.toThrow(FencedOut);
});
