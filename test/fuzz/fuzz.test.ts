import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FuzzedApi, openFuzzedApi } from './api.ts';
import { faultsOf } from './faults.ts';
import { fuzz, hardlyTried, type Tally } from './fuzz.ts';
import { canary } from './hostile.ts';
import type { FuzzRequest } from './requests.ts';

let api: FuzzedApi;
beforeAll(async () => {
  api = await openFuzzedApi({ seed: 5, customers: 80 });
}, 300_000);
afterAll(() => api?.close());

const requests = 1000;

test(`of ${requests} requests made from the OpenAPI document, fair to hostile, none is answered by a 5xx, a stack or an echo, and all answers fit it`, async () => {
  const tally: Tally = new Map();
  await fuzz(api, { requests, seed: Number(process.env.FAST_CHECK_SEED ?? 7), tally });
  expect(hardlyTried(api, tally).never).toEqual([]);
}, 600_000);

const request: FuzzRequest = {
  ...{ kind: 'hostile', operation: null, method: 'GET', path: '/none', matched: null, query: [] },
  ...{ headers: {}, body: null, isBase64Encoded: false },
};
const refusal = { type: '/problems/not-found', title: 'Not found', status: 404, detail: 'no such path' };
const answerWith = (status: number, body: Record<string, unknown>) => ({
  ...{ status, body, text: JSON.stringify(body) },
  headers: { 'content-type': 'application/problem+json' },
});

test.each<[string, number, Record<string, unknown>, string | null]>([
  ['a fair refusal', 404, refusal, null],
  ['a fault of ours', 500, { ...refusal, status: 500 }, 'answers 500'],
  ['an echo', 404, { ...refusal, detail: `no ${canary}` }, 'repeats what was sent'],
  ['a stack', 404, { ...refusal, detail: 'TypeError: x is not a function' }, 'tells of our code'],
  ['a place in our files', 404, { ...refusal, detail: 'see functions/api.ts:12' }, 'tells of our code'],
  ['a field that is not documented', 404, { ...refusal, more: 1 }, 'must NOT have additional properties'],
])('the fuzz sees %s', (_what, status, body, fault) => {
  const faults = faultsOf(request, answerWith(status, body));
  expect(faults).toEqual(fault === null ? [] : [expect.stringContaining(fault)]);
});
