import fc from 'fast-check';
import { expect, test } from 'vitest';
import { putDraft, readDraft, readTokens, reserveTokens, settleTokens } from '../../../lib/store/words.ts';
import { localTable } from './localTable.ts';

let nowMs = Date.UTC(2026, 0, 1);
const table = await localTable(() => nowMs);
const newDay = (): number => {
  nowMs += 86_400_000;
  return nowMs;
};

test('requests at the same time never take more tokens than the day has, and all of those that fit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 0, max: 3000 }),
      async (wanted, dailyTokens) => {
        const now = newDay();
        const given = await Promise.all(
          wanted.map((tokens) => reserveTokens(table, { tokens, dailyTokens, nowMs: now })),
        );
        const taken = wanted.reduce((sum, tokens, index) => sum + (given[index] ? tokens : 0), 0);
        expect(await readTokens(table, { nowMs: now })).toBe(taken);
        expect(taken).toBeLessThanOrEqual(dailyTokens);
        wanted.forEach((tokens, index) => {
          if (!given[index]) expect(taken + tokens).toBeGreaterThan(dailyTokens);
        });
      },
    ),
    { numRuns: 20 },
  );
});

test('tokens that were not used can be taken again, and a new day begins with all of them', async () => {
  const now = newDay();
  const day = { dailyTokens: 1000, nowMs: now };
  expect(await reserveTokens(table, { tokens: 900, ...day })).toBe(true);
  expect(await reserveTokens(table, { tokens: 200, ...day })).toBe(false);
  await settleTokens(table, { tokens: 700, nowMs: now });
  expect(await reserveTokens(table, { tokens: 200, ...day })).toBe(true);
  expect(await readTokens(table, { nowMs: now })).toBe(400);
  expect(await readTokens(table, { nowMs: newDay() })).toBe(0);
});

test('a server that counted more than was reserved is believed, and a day without any count has nothing to settle', async () => {
  const now = newDay();
  await settleTokens(table, { tokens: 5, nowMs: now });
  expect(await readTokens(table, { nowMs: now })).toBe(0);
  await reserveTokens(table, { tokens: 100, dailyTokens: 1000, nowMs: now });
  await settleTokens(table, { tokens: -50, nowMs: now });
  expect(await readTokens(table, { nowMs: now })).toBe(150);
});

test('a draft is found under its hash for thirty days', async () => {
  const draft = { bodyA: '为您准备：{{f1}}。', subjectA: '您好' };
  await putDraft(table, { hash: 'abc', draft, nowMs });
  expect(await readDraft(table, 'abc')).toEqual(draft);
  expect(await readDraft(table, 'abd')).toBeNull();
  nowMs += 31 * 86_400_000;
  expect(await readDraft(table, 'abc')).toBeNull();
});
