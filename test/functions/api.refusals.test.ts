import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxBodyBytes } from '../../functions/http/request.ts';
import { answerOf, eventOf, type LocalApi, startLocalApi } from './http/localApi.ts';
import { expectToFit } from './http/openApiFit.ts';
import { publishBids } from './http/publishedShop.ts';

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
    ['negative counts', { ads: [{ impressions: 10, clicks: -1, conversions: 0 }] }, ['ads.0.clicks']],
    [
      'more clicks than impressions',
      { ads: [{ impressions: 1, clicks: 2, conversions: 0 }] },
      ['ads.0.clicks'],
    ],
    ['an id that is too long', { ads: [{ ...rates, id: 'secret-value'.repeat(20) }] }, ['ads.0.id']],
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
    ['PATCH', '/customers/C00001', 'GET, HEAD, OPTIONS'],
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
