import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxBodyBytes } from '../../functions/http/request.ts';
import { answerOf, eventOf, type LocalApi, startLocalApi } from './http/localApi.ts';
import { expectToFit } from './http/openApiFit.ts';
import { publishBids, publishPortfolio } from './http/publishedShop.ts';

let api: LocalApi;

beforeAll(async () => {
  api = await startLocalApi();
  await publishBids(api.table, { runId: 'f0000000000000000001', asOf: '2026-03-01T09:30:00.000Z' });
});
afterAll(() => api.stop());

describe('a body that is not as it must be', () => {
  const rates = { clickRate: 0.1, conversionRate: 0.03 };

  test.each([
    ['no JSON', '{"ads": [', ['']],
    ['nothing', '', ['']],
    ['not an object', '[1]', ['']],
    ['without ads', {}, ['ads']],
    ['ads that are no list', { ads: 'secret-value' }, ['ads']],
    ['no ads at all', { ads: [] }, ['ads']],
    ['too many ads', { ads: Array.from({ length: 2001 }, () => rates) }, ['ads']],
    ['a rate that is text', { ads: [rates, { ...rates, clickRate: 'secret-value' }] }, ['ads.1.clickRate']],
    ['a click rate above 1', { ads: [{ ...rates, clickRate: 1.5 }] }, ['ads.0.clickRate']],
    ['a missing rate', { ads: [{ clickRate: 0.1 }] }, ['ads.0.conversionRate']],
    ['a field that is not understood', { ads: [{ ...rates, 'secret-value': 1 }] }, ['ads.0']],
    ['rates and counts together', { ads: [{ ...rates, clicks: 3 }] }, ['ads.0']],
    [
      'a conversion too small to count',
      { ads: [{ clicks: 1, conversions: 1e-323, revenueMicros: 1 }] },
      ['ads.0.conversions'],
    ],
    ['negative counts', { ads: [{ impressions: 10, clicks: -1, conversions: 0 }] }, ['ads.0.clicks']],
    [
      'more clicks than impressions',
      { ads: [{ impressions: 1, clicks: 2, conversions: 0 }] },
      ['ads.0.clicks'],
    ],
    ['an id that is too long', { ads: [{ ...rates, id: 'secret-value'.repeat(50) }] }, ['ads.0.id']],
    ['a policy that there is not', { ads: [rates], policy: 'secret-value' }, ['policy']],
    [
      '__proto__ as a field',
      `{"ads":[{"clickRate":0.1,"conversionRate":0.1,"__proto__":{"a":1}}]}`,
      ['ads.0'],
    ],
  ])('%s is refused with its path, and nothing of it is repeated', async (_what, body, paths) => {
    const answer = await api.call('POST', '/bids', { body });
    expectToFit('POST', '/bids', answer);
    expect(answer).toMatchObject({ status: 422, body: { type: '/problems/invalid-request' } });
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
    expect(answer.text).not.toContain('secret-value');
    expect(answer.text).not.toContain('Invalid input');
  });

  test('many faults are listed up to a bound', async () => {
    const ads = Array.from({ length: 2000 }, () => ({ clickRate: -1, conversionRate: -1 }));
    const { body } = await api.call('POST', '/bids', { body: { ads } });
    expect(body.errors).toHaveLength(20);
    expect(body.errors[0]).toEqual({ path: 'ads.0.clickRate', message: 'must be at least 0' });
  });

  test('too large is 413, whether or not the gateway has encoded it', async () => {
    const body = `"${'a'.repeat(maxBodyBytes)}"`;
    const plain = await api.call('POST', '/bids', { body });
    expectToFit('POST', '/bids', plain);
    const encoded = {
      ...eventOf('POST', '/bids'),
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    };
    expect([plain.status, (await api.handle(encoded)).statusCode]).toEqual([413, 413]);
  });

  test('bytes that are not UTF-8 are 422 rather than another id', async () => {
    const request = Buffer.from(JSON.stringify({ ads: [{ id: '?', ...rates }] }));
    request[request.indexOf('?')] = 0xff;
    const event = { ...eventOf('POST', '/bids'), body: request.toString('base64'), isBase64Encoded: true };
    expect((await api.handle(event)).statusCode).toBe(422);
  });

  test('what the gateway has encoded is decoded', async () => {
    const body = Buffer.from(JSON.stringify({ ads: [{ id: '春', ...rates }] })).toString('base64');
    const { status, body: answer } = answerOf(
      await api.handle({ ...eventOf('POST', '/bids'), body, isBase64Encoded: true }),
    );
    expect({ status, id: answer.bids[0].adId }).toEqual({ status: 200, id: '春' });
  });
});

describe('a query that is not as it must be', () => {
  test.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=2.5', 'limit'],
    ['limit=', 'limit'],
    ['limit=1&limit=2', ''],
    ['limti=3', ''],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${'a'.repeat(2001)}`, 'cursor'],
    ['anna%40example.com=1', ''],
  ])('?%s is refused', async (query, path) => {
    const answer = await api.call('GET', `/bids?${query}`);
    expectToFit('GET', '/bids', answer);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path }] } });
    expect(answer.text).not.toContain('anna');
  });
});

describe('paths and methods', () => {
  test.each([
    '/',
    '',
    '/nothing',
    '/customers',
    '/customers/',
    '/segments/high',
    '/bids/',
    '//bids',
    '/__proto__',
  ])('%s is no path of ours', async (path) => {
    const answer = await api.call('GET', path);
    expect(answer).toMatchObject({ status: 404, body: { type: '/problems/not-found' } });
  });

  test.each([
    ['DELETE', '/bids', 'GET, POST, HEAD, OPTIONS'],
    ['POST', '/runs', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/customers/C00001', 'GET, DELETE, HEAD, OPTIONS'],
    ['BREW', '/health', 'GET, HEAD, OPTIONS'],
  ])('%s %s is not allowed, and the answer names what is', async (method, path, allow) => {
    const answer = await api.call(method, path);
    expect(answer).toMatchObject({
      status: 405,
      headers: { allow, 'content-type': 'application/problem+json' },
    });
  });

  test('HEAD answers as GET does, without the body', async () => {
    const [get, head] = [await api.call('GET', '/bids'), await api.call('HEAD', '/bids')];
    expect({ ...head, text: get.text, body: get.body }).toEqual(get);
    expect(head.text).toBe('');
    expect((await api.call('HEAD', '/nothing')).text).toBe('');
  });

  test('OPTIONS tells the methods of a path', async () => {
    expect(await api.call('OPTIONS', '/bids')).toMatchObject({
      status: 204,
      headers: { allow: 'GET, POST, HEAD, OPTIONS' },
    });
    expect((await api.call('OPTIONS', '/nothing')).status).toBe(404);
  });

  test('no answer may be stored on its way', async () => {
    for (const path of ['/bids', '/nothing'])
      expect((await api.call('GET', path)).headers['cache-control']).toBe('no-store');
  });
});

describe('bids by what is known of the ads', () => {
  const ads = [{ id: 'Spring-1' }];

  test('cannot be had where rates alone were uploaded, and the answer says what to upload', async () => {
    for (const [path, body] of [
      ['/bids', { ads, policy: 'portfolio' }],
      ['/bids/simulate', { ads }],
    ] as const) {
      const answer = await api.call('POST', path, { body });
      expectToFit('POST', path, answer);
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'policy' }] } });
      expect(answer.body.errors[0].message).toContain('upload clicks and conversions');
    }
  });

  describe('once counts were uploaded', () => {
    beforeAll(async () => {
      const publication = { runId: 'f0000000000000000002', asOf: '2026-03-02T09:30:00.000Z', fence: 2 };
      await publishPortfolio(api.table, publication);
    });
    const own = { clicks: 3, conversions: 0 };

    test.each([
      ['/bids', { ads: [{ id: 'a' }, { id: 'a' }] }, 'ads.1.id', 'must not come twice'],
      [
        '/bids',
        { ads: [{ clickRate: 0.1, conversionRate: 0.1 }], policy: 'portfolio' },
        'ads.0',
        'rates do not tell',
      ],
      ['/bids', { ads: [{ clicks: 3 }] }, 'ads.0.conversions', 'must come together'],
      ['/bids', { ads: [{ impressions: 3 }] }, 'ads.0.clicks', 'must be there where other figures are'],
      [
        '/bids',
        { ads: [{ id: 'a' }], policy: 'linear' },
        'ads.0',
        'needs impressions, clicks and conversions',
      ],
      ['/bids', { ads: [{ ...own, spend: 3 }] }, 'ads.0', 'not understood'],
      ['/bids', { ads: [{ ...own, spendMicros: 0.5 }] }, 'ads.0.spendMicros', 'must be a whole number'],
      ['/bids', { ads: [{ ...own, currentBidMicros: -1 }] }, 'ads.0.currentBidMicros', 'at least 0'],
      ['/bids', { ads: [{ ...own, bidType: 'CPA' }] }, 'ads.0.bidType', 'must be CPC or CPM'],
      ['/bids', { ads, budget: 5 }, '', 'not understood'],
      ['/bids', { ads, budgetMicros: 0 }, 'budgetMicros', 'at least 1'],
      ['/bids', { ads, target: { roas: 0 } }, 'target.roas', 'above 0'],
      ['/bids', { ads, target: { cpa: 3 } }, 'target', 'not understood'],
      ['/bids', { ads, auction: 'vickrey' }, 'auction', 'must be secondPrice or firstPrice'],
      ['/bids', { ads, curves: 'yes' }, 'curves', 'must be a boolean'],
      ['/bids/simulate', { ads: [] }, 'ads', 'at least 1'],
      ['/bids/simulate', { ads, policy: 'linear' }, '', 'not understood'],
      ['/bids/simulate', { ads, bidsMicros: [] }, 'bidsMicros', 'at least 1'],
      ['/bids/simulate', { ads, bidsMicros: Array(51).fill(1) }, 'bidsMicros', 'at most 50'],
      ['/bids/simulate', { ads, budgetsMicros: Array(21).fill(1) }, 'budgetsMicros', 'at most 20'],
      ['/bids/simulate', { ads, budgetsMicros: [1.5] }, 'budgetsMicros.0', 'must be a whole number'],
      ['/bids/simulate', { ads: Array.from({ length: 2001 }, () => ({})) }, 'ads', 'at most 2000'],
    ])('%s %j is refused at %s', async (path, body, at, says) => {
      const answer = await api.call('POST', path, { body });
      expectToFit('POST', path, answer);
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: at }] } });
      expect(answer.body.errors[0].message).toContain(says);
    });

    test('a campaign that the run does not have is 404, and is not repeated', async () => {
      const answer = await api.call('GET', '/bids?campaign=secret');
      expectToFit('GET', '/bids', answer);
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain('secret');
      const known = await api.call('GET', `/bids?campaign=${encodeURIComponent('Éte 夏')}&limit=2`);
      expectToFit('GET', '/bids', known);
      expect(known.body.bids).toHaveLength(2);
      const elsewhere = await api.call('GET', `/bids?campaign=Spring&cursor=${known.body.cursor}`);
      expect(elsewhere.status).toBe(422);
    });

    test('2,000 ads at once are answered', async () => {
      const many = Array.from({ length: 2000 }, (_, at) => ({
        id: `ad ${at}`,
        ...own,
        impressions: 100 + at,
      }));
      const { status, body } = await api.call('POST', '/bids', {
        body: { ads: many, budgetMicros: 500_000_000 },
      });
      expect([status, body.bids.length]).toEqual([200, 2000]);
    });
  });
});
