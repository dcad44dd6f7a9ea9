import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bucket, type Fixture, startFixture } from './s3-fixture.ts';

const rules = `<CORSConfiguration><CORSRule><AllowedOrigin>https://*.shop.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>
<AllowedHeader>content-type</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds></CORSRule></CORSConfiguration>`;

describe('a page of another origin', () => {
  let s3: Fixture;
  beforeAll(async () => {
    s3 = await startFixture();
  });
  afterAll(() => s3.remove());
  const preflight = (origin: string, { method = 'PUT', headers = 'content-type' } = {}) =>
    fetch(`${s3.endpoint}/${bucket}/a.csv`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
    });

  test('may ask for nothing as long as the bucket has no rules', async () => {
    expect((await preflight('https://a.shop.example')).status).toBe(403);
    const answer = await fetch(`${s3.endpoint}/${bucket}/a.csv`, {
      method: 'PUT',
      body: 'a',
      headers: { origin: 'https://a.shop.example' },
    });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });

  test('may do what a rule allows, and read the answer', async () => {
    expect((await fetch(`${s3.endpoint}/${bucket}?cors`, { method: 'PUT', body: rules })).status).toBe(200);
    const asked = await preflight('https://a.shop.example');
    expect(asked.status).toBe(200);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': 'https://a.shop.example',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
    });
    const put = await fetch(`${s3.endpoint}/${bucket}/a.csv`, {
      method: 'PUT',
      body: 'a',
      headers: { origin: 'https://a.shop.example' },
    });
    expect(put.headers.get('access-control-expose-headers')).toBe('ETag');
  });

  test.each([
    ['https://shop.example.evil', {}],
    ['https://a.shop.example', { method: 'DELETE' }],
    ['https://a.shop.example', { headers: 'content-type, x-amz-acl' }],
  ])('may not come from %s with %o', async (origin, more) => {
    expect((await preflight(origin, more)).status).toBe(403);
  });

  test('is answered without leave where no rule is for it', async () => {
    const answer = await fetch(`${s3.endpoint}/${bucket}/a.csv`, {
      headers: { origin: 'https://a.shop.example' },
    });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});
