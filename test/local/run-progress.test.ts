import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunSummary } from '../../local/api-client.ts';
import { progressLine } from '../../local/run-report.ts';
import { followProgress } from '../../local/run-watch.ts';

const run = (facts: Partial<RunSummary>): RunSummary => ({
  runId: '0'.repeat(20),
  dataset: 'orders/model',
  status: 'processing',
  startedAt: '2026-11-01T00:00:00.000Z',
  asOf: '2026-11-01T00:00:00.000Z',
  counts: {},
  problems: [],
  rejects: [],
  ...facts,
});
const fitting = {
  step: 'compare',
  engine: 'randomForest',
  done: 0.4,
  rows: 23570,
  candidates: { done: 5, of: 9 },
  trees: { done: 40, of: 100 },
};

test('a fit tells its candidate, its trees and its rows', () => {
  expect(progressLine(run({ progress: fitting }))).toBe(
    'orders/model: compare randomForest, 5 of 9 candidates done, tree 40 of 100, 23,570 rows, 40 %',
  );
  const scoring = { step: 'score', engine: null, done: 0.5, rows: 1000, candidates: null, trees: null };
  expect(progressLine(run({ dataset: 'orders/scores', progress: scoring }))).toBe(
    'orders/scores: score, 1,000 rows, 50 %',
  );
});

test('a run that has ended, or does not tell, has no such line', () => {
  expect(progressLine(run({}))).toBeNull();
  expect(progressLine(run({ status: 'published', progress: fitting }))).toBeNull();
});

test('what has moved is told once, and nothing while all is quiet', async () => {
  const answers = [
    run({ progress: fitting }),
    run({ progress: fitting }),
    run({ progress: { ...fitting, done: 0.9 } }),
  ];
  let pending = 1;
  const lines: string[] = [];
  const watched = {
    api: {
      runs: async () => [answers.length > 1 ? (answers.shift() as RunSummary) : (answers[0] as RunSummary)],
    },
    cloud: { pending: () => pending, onActivity: () => {} },
  };
  const stop = followProgress(watched, (line) => lines.push(line), { everyMs: 10 });
  await expect.poll(() => lines.length).toBe(2);
  pending = 0;
  answers.unshift(run({ progress: { ...fitting, done: 1 } }));
  await sleep(50);
  stop();
  expect(lines.map((line) => line.slice(-4))).toEqual(['40 %', '90 %']);
});
