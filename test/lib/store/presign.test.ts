import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presignGet, presignPut } from '../../../lib/store/presign.ts';
import { bucket, type Fixture, startFixture } from '../../local/s3-fixture.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

describe('an address for one object', () => {
  let s3: Fixture;
  let client: S3Client;
  beforeAll(async () => {
    s3 = await startFixture({ credentials });
    client = new S3Client({
      endpoint: s3.endpoint,
      region: 'eu-central-1',
      forcePathStyle: true,
      credentials,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(async () => {
    client.destroy();
    await s3.remove();
  });
  const address = (more: object = {}) =>
    presignPut(
      { client },
      {
        bucket,
        key: 'orders/订单 1.csv',
        sizeBytes: 5,
        contentType: 'text/csv',
        expiresInSeconds: 60,
        ...more,
      },
    );
  const put = (url: string, body: string, headers: Record<string, string> = { 'content-type': 'text/csv' }) =>
    fetch(url, { method: 'PUT', body, headers });

  test('takes the bytes that it was made for, and gives them back', async () => {
    expect((await put(await address(), 'a,b\n1')).status).toBe(200);
    const url = await presignGet({ client }, { bucket, key: 'orders/订单 1.csv', expiresInSeconds: 60 });
    const download = await fetch(url);
    expect([download.status, await download.text()]).toEqual([200, 'a,b\n1']);
    expect(download.headers.get('content-disposition')).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('订单 1.csv')}`,
    );
  });

  test.each([
    ['more bytes', 'a,b\n1,2', { 'content-type': 'text/csv' }],
    ['another type', 'a,b\n1', { 'content-type': 'text/html' }],
  ])('takes no %s', async (_, body, headers) => {
    const answer = await put(await address(), body, headers);
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining('SignatureDoesNotMatch'),
    ]);
  });

  test('is for one key, one method and a while', async () => {
    const url = await address();
    expect((await put(url.replace('orders', 'settings'), 'a,b\n1')).status).toBe(403);
    expect((await fetch(url)).status).toBe(403);
    expect((await put(await address({ expiresInSeconds: -1 }), 'a,b\n1')).status).toBe(403);
  });
});
