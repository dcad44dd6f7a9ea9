import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expireRun } from '../../lib/store/expiry.ts';
import { putRun } from '../../lib/store/runs.ts';
import { type Answer, type LocalApi, startLocalApi } from './http/localApi.ts';
import { expectToFit } from './http/openApiFit.ts';
import {
  customersOf,
  publishBids,
  publishCustomers,
  publishModel,
  publishScores,
  runRecord,
} from './http/publishedShop.ts';

let api: LocalApi;

beforeAll(async () => {
  api = await startLocalApi();
});
afterAll(() => api.stop());

/** Asks, and holds the answer against the document. */
async function ask(
  method: 'GET' | 'POST',
  path: string,
  { of = path.split('?')[0] as string, body }: { of?: string; body?: unknown } = {},
) {
  const answer = await api.call(method, path, { body });
  expectToFit(method, of, answer);
  return answer;
}

const problem = ({ status, headers, body }: Answer) => ({
  status,
  type: body.type,
  contentType: headers['content-type'],
});
const problemOf = (status: number, type: string) => ({
  status,
  type,
  contentType: 'application/problem+json',
});

describe('before anything is uploaded', () => {
  test('the service is healthy, and nothing is published', async () => {
    const { status, body } = await ask('GET', '/health');
    expect({ status, body }).toEqual({
      status: 200,
      body: { status: 'ok', codeVersion: 'test', datasets: {} },
    });
  });

  test.each([
    ['GET', '/segments', 'customers/'],
    ['GET', '/models/purchase', 'training/'],
    ['GET', '/bids', 'ads/'],
    ['POST', '/bids', 'ads/'],
  ] as const)('%s %s says which folder to upload to', async (method, path, folder) => {
    const body = method === 'POST' ? { ads: [{ clickRate: 0.1, conversionRate: 0.1 }] } : undefined;
    const answer = await ask(method, path, { body });
    expect(problem(answer)).toEqual(problemOf(404, '/problems/nothing-published'));
    expect(answer.body.detail).toContain(folder);
  });

  test('no customer is known and no run is listed', async () => {
    const customer = await ask('GET', '/customers/C00001', { of: '/customers/{customerId}' });
    expect(problem(customer)).toEqual(problemOf(404, '/problems/not-found'));
    expect((await ask('GET', '/runs')).body).toEqual({ runs: [] });
  });
});

describe('with results published', () => {
  const customers = { runId: 'c0000000000000000001', asOf: '2026-03-01T09:00:00.000Z' };
  const training = { runId: 'd0000000000000000001', asOf: '2026-03-01T09:10:00.000Z' };
  const ads = { runId: 'f0000000000000000001', asOf: '2026-03-01T09:30:00.000Z' };
  const odd = '2026/五月 1+.csv:7';

  beforeAll(async () => {
    const shop = customersOf(1000);
    const last = { ...shop[999], customerId: odd } as (typeof shop)[number];
    await publishCustomers(api.table, { ...customers, customers: [...shop.slice(0, 999), last] });
    await publishModel(api.table, training);
    await publishBids(api.table, ads);
    const score = { customerId: 'C00001', probability: 0.25, decile: 3, reasons: [] };
    const only = { customerId: 'only scored', probability: 0.5, decile: 1, reasons: [] };
    const modelRunId = training.runId;
    await publishScores(api.table, {
      runId: 'e0000000000000000001',
      asOf: '2026-03-01T09:20:00.000Z',
      file: 'a.csv',
      scores: [score],
      modelRunId,
    });
    await publishScores(api.table, {
      runId: 'e0000000000000000002',
      asOf: '2026-03-02T09:20:00.000Z',
      file: 'b.csv',
      scores: [{ ...score, probability: 0.75 }, only],
      modelRunId,
    });
  });

  test('health lists what is published', async () => {
    const { body } = await ask('GET', '/health');
    expect(Object.keys(body.datasets).sort()).toEqual([
      'ads',
      'customers',
      'scoring/a.csv',
      'scoring/b.csv',
      'training',
    ]);
    expect(body.datasets.customers).toMatchObject(customers);
  });

  test('a customer comes with segment and scores, the newest score first, each with its run', async () => {
    const { status, body } = await ask('GET', '/customers/C00001', { of: '/customers/{customerId}' });
    expect(status).toBe(200);
    expect(body).toEqual({
      customerId: 'C00001',
      ...customers,
      segment: { spend: 10000, frequency: 3, browsingMinutes: 20, score: 100, tier: 'high', rank: 1 },
      history: null,
      value: null,
      scores: [
        {
          from: 'scoring',
          file: 'b.csv',
          runId: 'e0000000000000000002',
          asOf: '2026-03-02T09:20:00.000Z',
          modelRunId: training.runId,
          modelStatus: 'ok',
          horizonDays: 30,
          probability: 0.75,
          decile: 3,
          reasons: [],
        },
        {
          from: 'scoring',
          file: 'a.csv',
          runId: 'e0000000000000000001',
          asOf: '2026-03-01T09:20:00.000Z',
          modelRunId: training.runId,
          modelStatus: 'ok',
          horizonDays: 30,
          probability: 0.25,
          decile: 3,
          reasons: [],
        },
      ],
    });
  });

  test('a customer who is only scored has no segment, and carries the run of the score', async () => {
    const { body } = await ask('GET', '/customers/only%20scored', { of: '/customers/{customerId}' });
    expect(body).toMatchObject({
      runId: 'e0000000000000000002',
      segment: null,
      scores: [{ probability: 0.5 }],
    });
  });

  test.each([
    ['still encoded, as a local gateway hands it over', `/customers/${encodeURIComponent(odd)}`, {}],
    ['decoded, as API Gateway hands it to the catch-all', `/customers/${odd}`, {}],
    [
      'matched by the gateway',
      '/whatever',
      { routeKey: 'GET /customers/{customerId}', pathParameters: { customerId: odd } },
    ],
  ])(
    'an id with slash, plus, space and Chinese is found when its path is %s',
    async (_how, path, options) => {
      const answer = await api.call('GET', path, options);
      expect(answer.status).toBe(200);
      expect(answer.body.customerId).toBe(odd);
      expectToFit('GET', '/customers/{customerId}', answer);
    },
  );

  test('an unknown id is 404 and is not repeated', async () => {
    const answer = await ask('GET', '/customers/anna%40example.com', { of: '/customers/{customerId}' });
    expect(problem(answer)).toEqual(problemOf(404, '/problems/not-found'));
    expect(answer.text).not.toContain('anna');
  });

  test('segments come best first, with counts and money that add up', async () => {
    const { body } = await ask('GET', '/segments');
    expect(body).toMatchObject({ ...customers, customers: 1000, currency: 'CNY', edges: [40, 80] });
    expect(
      body.segments.map(({ segment, customers: count }: { segment: string; customers: number }) => [
        segment,
        count,
      ]),
    ).toEqual([
      ['high', 200],
      ['mid', 600],
      ['low', 200],
    ]);
  });

  test('a segment read page by page is each of its customers once, best first', async () => {
    const of = '/segments/{segment}/customers';
    const seen: string[] = [];
    let path = '/segments/mid/customers?limit=77';
    for (;;) {
      const { body } = await ask('GET', path, { of });
      expect(body).toMatchObject({ ...customers, segment: 'mid' });
      expect(body.customers.length).toBeLessThanOrEqual(77);
      seen.push(...body.customers.map(({ customerId }: { customerId: string }) => customerId));
      if (body.cursor === undefined) break;
      path = `/segments/mid/customers?limit=77&cursor=${body.cursor}`;
    }
    expect(seen).toEqual(
      customersOf(1000)
        .slice(200, 800)
        .map(({ customerId }) => customerId),
    );
  });

  test('a segment that is none is 404', async () => {
    const answer = await ask('GET', '/segments/best/customers', { of: '/segments/{segment}/customers' });
    expect(problem(answer)).toEqual(problemOf(404, '/problems/not-found'));
  });

  test('the model comes with its held-out quality beside the base rate', async () => {
    const { body } = await ask('GET', '/models/purchase');
    expect(body).toMatchObject({
      ...training,
      engine: 'logisticRegression',
      metrics: { rocAuc: 0.89 },
      baseline: { rocAuc: 0.5 },
    });
    expect(body).not.toHaveProperty('kind');
  });

  test('the bids of the uploaded ads come in their order, labelled a baseline', async () => {
    const { body } = await ask('GET', '/bids');
    expect(body).toMatchObject({ ...ads, policy: 'linear', label: 'baseline', currency: 'CNY' });
    expect(body.bids.map(({ suggestedBid }: { suggestedBid: number }) => suggestedBid)).toEqual([
      120, 240, 360, 480, 600,
    ]);
    expect(body.cursor).toBeUndefined();
  });

  test('bids are paged too', async () => {
    const first = await ask('GET', '/bids?limit=3');
    const second = await ask('GET', `/bids?limit=3&cursor=${first.body.cursor}`);
    expect(
      [first, second].flatMap(({ body }) => body.bids.map(({ adId }: { adId: string }) => adId)),
    ).toEqual([1, 2, 3, 4, 5].map((place) => `ads.csv:${place}`));
    expect(second.body).not.toHaveProperty('cursor');
  });

  test('ads in a request get their bids, from rates or from the counts that make them', async () => {
    const { status, body } = await ask('POST', '/bids', {
      body: {
        ads: [
          { id: 'spring', clickRate: 0.1, conversionRate: 0.03 },
          { impressions: 1000, clicks: 100, conversions: 3 },
          { impressions: 0, clicks: 0, conversions: 0 },
          { clickRate: 0.1, conversionRate: null },
        ],
      },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...ads, policy: 'linear', label: 'baseline', currency: 'CNY' });
    expect(body.bids).toEqual([
      { adId: 'spring', clickRate: 0.1, conversionRate: 0.03, suggestedBid: 240, reason: null },
      { adId: '2', clickRate: 0.1, conversionRate: 0.03, suggestedBid: 240, reason: null },
      {
        adId: '3',
        clickRate: null,
        conversionRate: null,
        suggestedBid: null,
        reason: expect.stringContaining('the ad has no'),
      },
      {
        adId: '4',
        clickRate: 0.1,
        conversionRate: null,
        suggestedBid: null,
        reason: expect.stringContaining('the ad has no'),
      },
    ]);
  });

  describe('and replaced while a list is read', () => {
    const later = { runId: 'c0000000000000000002', asOf: '2026-03-05T09:00:00.000Z' };
    const of = '/segments/{segment}/customers';
    let cursor: string;

    beforeAll(async () => {
      const first = await ask('GET', '/segments/high/customers?limit=50', { of });
      cursor = first.body.cursor;
      await publishCustomers(api.table, { ...later, fence: 2, customers: customersOf(500, 'N') });
    });

    test('the cursor goes on in the run where it began', async () => {
      const { body } = await ask('GET', `/segments/high/customers?limit=500&cursor=${cursor}`, { of });
      expect(body).toMatchObject({ ...customers });
      expect(body.customers.map(({ customerId }: { customerId: string }) => customerId)).toEqual(
        customersOf(1000)
          .slice(50, 200)
          .map(({ customerId }) => customerId),
      );
    });

    test('without a cursor the new run is read', async () => {
      const { body } = await ask('GET', '/segments/high/customers?limit=1', { of });
      expect(body).toMatchObject({ ...later, customers: [{ customerId: 'N00001' }] });
    });

    test('the cursor of one list opens no other', async () => {
      const other = await ask('GET', `/segments/low/customers?cursor=${cursor}`, { of });
      expect(problem(other)).toEqual(problemOf(422, '/problems/invalid-request'));
      const bids = await ask('GET', `/bids?cursor=${cursor}`);
      expect(bids.body.errors).toEqual([{ path: 'cursor', message: expect.any(String) }]);
    });

    test('once the old run has expired its cursor is gone', async () => {
      await expireRun(api.table, { runId: customers.runId, expiresAtSeconds: 1 });
      const answer = await ask('GET', `/segments/high/customers?cursor=${cursor}`, { of });
      expect(problem(answer)).toEqual(problemOf(410, '/problems/cursor-expired'));
    });
  });
});

describe('runs', () => {
  beforeAll(async () => {
    for (const hour of [11, 12, 13]) {
      const record = runRecord({
        runId: `ab00000000000000000${hour - 10}`.slice(0, 20).padEnd(20, '0'),
        dataset: 'scoring/runs.csv',
        status: hour === 12 ? 'rejected' : 'published',
        startedAt: `2026-04-01T${hour}:00:00.000Z`,
        problems:
          hour === 12
            ? [{ code: 'missingColumn', message: 'no column', file: 'scoring/runs.csv', line: 1 }]
            : [],
      });
      await putRun(api.table, record, { fence: 1 });
    }
  });

  test('are listed newest first, of one dataset, page by page', async () => {
    const first = await ask('GET', '/runs?dataset=scoring%2Fruns.csv&limit=2');
    expect(first.body.runs.map(({ startedAt }: { startedAt: string }) => startedAt.slice(11, 13))).toEqual([
      '13',
      '12',
    ]);
    expect(first.body.runs[1]).toMatchObject({ status: 'rejected', problems: [{ code: 'missingColumn' }] });
    const second = await ask('GET', `/runs?dataset=scoring%2Fruns.csv&limit=2&cursor=${first.body.cursor}`);
    expect(second.body.runs).toHaveLength(1);
    expect(second.body).not.toHaveProperty('cursor');
  });

  test('each has a record that tells what went in and what came of it', async () => {
    const { runs } = (await ask('GET', '/runs?limit=1')).body;
    const { status, body } = await ask('GET', `/runs/${runs[0].runId}`, { of: '/runs/{runId}' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      dataset: 'scoring/runs.csv',
      counts: { rowsIn: 5 },
      settings: { currency: 'CNY' },
    });
  });

  test.each(['aaaaaaaaaaaaaaaaaaaa', 'not-a-run', `${'a'.repeat(4000)}`])(
    'an unknown one is 404',
    async (runId) => {
      const answer = await ask('GET', `/runs/${runId}`, { of: '/runs/{runId}' });
      expect(problem(answer)).toEqual(problemOf(404, '/problems/not-found'));
    },
  );

  test.each(['nonsense', '', Buffer.from('RUNS#x').toString('base64url')])(
    'a cursor that is none is refused',
    async (cursor) => {
      const answer = await ask('GET', `/runs?cursor=${cursor}&limit=2`);
      if (cursor === '') expect(answer.status).toBe(200);
      else expect(problem(answer)).toEqual(problemOf(422, '/problems/invalid-request'));
    },
  );
});
