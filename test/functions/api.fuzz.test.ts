import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../functions/http/routes.ts';
import { anyRequest } from './http/anyRequest.ts';
import { type Answer, answerOf, type LocalApi, startLocalApi } from './http/localApi.ts';
import { expectToFit } from './http/openApiFit.ts';
import {
  customersOf,
  publishCustomers,
  publishModel,
  publishOrderScores,
  publishPortfolio,
  publishScores,
} from './http/publishedShop.ts';

let api: LocalApi;

beforeAll(async () => {
  api = await startLocalApi();
  const asOf = '2026-03-01T09:00:00.000Z';
  const training = 'd0000000000000000001';
  await publishCustomers(api.table, { runId: 'c0000000000000000001', asOf, customers: customersOf(50) });
  await publishModel(api.table, { runId: training, asOf, before: 'd0000000000000000002' });
  const scores = [{ customerId: 'C00001', probability: 0.25, decile: 3, reasons: [] }];
  await publishScores(api.table, {
    runId: 'e0000000000000000001',
    asOf,
    file: 'a.csv',
    scores,
    modelRunId: training,
  });
  const reason = {
    column: 'days_since_last',
    value: 4,
    direction: 'more' as const,
    effect: 0.7,
    text: { en: 'last order 4 days ago: more likely', zh: '上次下单在4天前:更可能购买' },
  };
  await publishOrderScores(api.table, {
    runId: 'e0000000000000000003',
    asOf,
    scores: [{ customerId: 'C00001', probability: 0.5, decile: 1, reasons: [reason] }],
    modelRunId: 'd0000000000000000003',
  });
  await publishPortfolio(api.table, { runId: 'f0000000000000000001', asOf });
});
afterAll(() => api.stop());

const { FUZZ_REQUESTS = '1500', FUZZ_SEED = '42' } = process.env;
const requests = Number(FUZZ_REQUESTS);

test(`of ${requests} requests, valid to hostile, each gets an answer that fits the document, none a 5xx, and no refusal repeats what was sent`, async () => {
  const statuses = new Map<number, number>();
  const property = fc.asyncProperty(anyRequest, async ({ method, pattern, event }) => {
    const answer = answerOf(await api.handle(event));
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    expect(answer.status).toBeLessThan(500);
    if (answer.status >= 400) expectNoEcho(answer);
    if (pattern !== null && isDocumented(method, pattern)) expectToFit(method, pattern, answer);
  });
  await fc.assert(property, { numRuns: requests, seed: Number(FUZZ_SEED) });
  // otherwise it would have tried one door only
  for (const status of [200, 204, 404, 405, 409, 410, 422])
    expect(statuses.get(status) ?? 0, `answers ${status}`).toBeGreaterThan(0);
}, 600_000);

function expectNoEcho({ text, headers }: Answer): void {
  expect(text + JSON.stringify(headers)).not.toMatch(
    /secret|example\.com|__proto__|OR 1=1|客户|\bat [\w.]+ \(/,
  );
}

const isDocumented = (method: string, path: string): boolean =>
  routes.some((route) => route.method === method && route.path === path);
