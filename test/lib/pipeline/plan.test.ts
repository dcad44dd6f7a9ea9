import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ignoredBecause, planRun, type RunInput } from '../../../lib/pipeline/plan.ts';

const input = fc.record({
  key: fc.string({ minLength: 1 }).map((name) => `customers/${name}.csv`),
  etag: fc.nat().map((number) => number.toString(16)),
  sizeBytes: fc.nat(),
  lastModified: fc
    .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
    .map((date) => date.toISOString()),
});
const inputs = fc.uniqueArray(input, { selector: ({ key }) => key, minLength: 1, maxLength: 8 });
const identity = { settings: { b: 1, a: { d: 2, c: 3 } }, codeVersion: 'v1', modelRunId: null };

describe('the plan of a run', () => {
  test('is the same whatever the order of the listing, and of the fields in the settings', () => {
    fc.assert(
      fc.property(inputs, (listing) => {
        const other = { ...identity, settings: { a: { c: 3, d: 2 }, b: 1 } };
        expect(planRun('customers', [...listing].reverse(), other)).toEqual(
          planRun('customers', listing, identity),
        );
      }),
    );
  });

  test('changes with every file that comes, goes or is overwritten', () => {
    fc.assert(
      fc.property(inputs, (listing) => {
        const [first, ...others] = listing as [RunInput, ...RunInput[]];
        const runId = (files: RunInput[]) => planRun('customers', files, identity).runId;
        const overwritten = { ...first, etag: `${first.etag}0` };
        expect(new Set([runId(listing), runId(others), runId([overwritten, ...others])]).size).toBe(3);
      }),
    );
  });

  test.each([
    ['dataset', planRun('ads', [], identity)],
    ['settings', planRun('customers', [], { ...identity, settings: { b: 2, a: { d: 2, c: 3 } } })],
    ['code', planRun('customers', [], { ...identity, codeVersion: 'v2' })],
    ['model', planRun('customers', [], { ...identity, modelRunId: 'm' })],
  ])('another %s is another run', (_, other) => {
    expect(other.runId).not.toBe(planRun('customers', [], identity).runId);
  });

  test('speaks of the time of its newest input', () => {
    const at = (lastModified: string) => ({ key: lastModified, etag: 'e', sizeBytes: 1, lastModified });
    const listing = [
      at('2026-11-02T00:00:00.000Z'),
      at('2026-11-03T00:00:00.000Z'),
      at('2026-11-01T00:00:00.000Z'),
    ];
    expect(planRun('customers', listing, identity).asOf).toBe('2026-11-03T00:00:00.000Z');
  });
});

test.each([
  ['customers/may.csv', true],
  ['customers/2026/may.csv.gz', true],
  ['customers/', false],
  ['customers/may.xlsx', false],
  ['customers/may.csv.zip', false],
])('%s is read: %s', (key, isRead) => {
  expect(ignoredBecause(key) === null).toBe(isRead);
});
