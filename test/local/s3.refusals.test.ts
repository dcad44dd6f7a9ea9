import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bucket, clientOf, type Fixture, patternedBytes, refusal, startFixture } from './s3-fixture.ts';

let s3: Fixture;
beforeAll(async () => {
  s3 = await startFixture();
});
afterAll(() => s3.remove());

/** One request as it stands on the wire, and the whole answer. */
function raw(request: string): Promise<string> {
  return new Promise((answered, failed) => {
    const socket = connect(s3.port, '127.0.0.1', () => socket.write(request));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('end', () => answered(answer)).on('error', failed);
  });
}

const rawPut = (key: string, { headers, body }: { headers: string[]; body: string }): Promise<string> =>
  raw(
    [
      `PUT /${bucket}/${key} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Connection: close',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...headers,
      '',
      body,
    ].join('\r\n'),
  );

const bodies = () => readdirSync(join(s3.directory, bucket, 'bodies'));

const codeOf = (answer: string): string | undefined => /<Code>(\w+)<\/Code>/.exec(answer)?.[1];

describe('a body that is not what its request claims', () => {
  const streamed = [
    'Content-Encoding: aws-chunked',
    'x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-trailer: x-amz-checksum-crc32',
  ];
  test.each([
    [
      'a wrong CRC32 in the trailer',
      'BadDigest',
      streamed,
      '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
    ],
    ['a trailer that was announced and is missing', 'InvalidRequest', streamed, '3\r\nabc\r\n0\r\n\r\n'],
    ['a stream without its last chunk', 'IncompleteBody', streamed, '3\r\nabc\r\n'],
    ['a chunk that is longer than announced', 'IncompleteBody', streamed, '3\r\nabcd\r\n0\r\n\r\n'],
    [
      'another length than announced',
      'IncompleteBody',
      [...streamed, 'x-amz-decoded-content-length: 4'],
      '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n',
    ],
    [
      'another SHA-256 than signed',
      'XAmzContentSHA256Mismatch',
      [`x-amz-content-sha256: ${'0'.repeat(64)}`],
      'abc',
    ],
    ['a checksum that cannot be one', 'InvalidRequest', ['x-amz-checksum-crc32: !!!'], 'abc'],
    ['an algorithm that nobody knows', 'InvalidRequest', ['x-amz-sdk-checksum-algorithm: CRC7'], 'abc'],
  ])('%s is refused, and nothing is stored', async (_, code, headers, body) => {
    const before = bodies().length;
    expect(codeOf(await rawPut('liar', { headers, body }))).toBe(code);
    await expect.poll(() => bodies().length).toBe(before);
    expect(await refusal(s3.head('liar'))).toBe('404 NotFound');
  });

  test('broken framing is refused, with megabytes still to come', async () => {
    const answer = await rawPut('liar', { headers: streamed, body: `zz\r\n${'a'.repeat(3_000_000)}` });
    expect(codeOf(answer)).toBe('InvalidRequest');
  });

  test('the same stream with the right CRC32 is stored', async () => {
    const body = '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n';
    expect(await rawPut('honest', { headers: streamed, body })).toMatch(/^HTTP\/1.1 200/);
    expect(await s3.textOf('honest')).toBe('abc');
  });
});

test('a refused upload is answered on the same connection, though megabytes of it were still to come', async () => {
  const body = patternedBytes(8 * 2 ** 20);
  const missing = { Bucket: 'missing', Key: 'k', Body: body };
  expect(await refusal(s3.put('k', body, missing))).toBe('404 NoSuchBucket');
  await s3.put('taken', 'abc');
  expect(await refusal(s3.put('taken', body, { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
});

test('errors are documents as S3 writes them', async () => {
  const answer = await fetch(`${s3.endpoint}/${bucket}/a%26b`);
  expect(answer.headers.get('content-type')).toBe('application/xml');
  expect(await answer.text()).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a&#38;b</Key><Resource>/${bucket}/a%26b</Resource></Error>`,
  );
});

test('what the server does not do is refused, and never taken for something else', async () => {
  await s3.put('kept', 'abc');
  const retention = { Bucket: bucket, Key: 'kept', Retention: { Mode: 'GOVERNANCE' as const } };
  expect(await refusal(s3.client.send(new PutObjectRetentionCommand(retention)))).toBe('501 NotImplemented');
  expect(await s3.textOf('kept')).toBe('abc');
  const status = async (path: string, method: string) => (await fetch(s3.endpoint + path, { method })).status;
  expect(await status(`/${bucket}/kept`, 'PATCH')).toBe(405);
  expect(await status(`/${bucket}/%E0%A4`, 'GET')).toBe(400);
  expect(await status(`/${bucket}/${'k'.repeat(1025)}`, 'PUT')).toBe(400);
  expect(await status(`/${bucket}?list-type=2&max-keys=many`, 'GET')).toBe(400);
  expect(await status(`/${bucket}?list-type=2&continuation-token=forged`, 'GET')).toBe(400);
  expect(await refusal(s3.get('kept', { VersionId: 'v1' }))).toBe('404 NoSuchVersion');
  expect(await refusal(s3.client.send(new GetBucketCorsCommand({ Bucket: bucket })))).toBe(
    '404 NoSuchCORSConfiguration',
  );
});

test('bucket names are checked, and a bucket goes only when it is empty', async () => {
  for (const name of ['UPPER', 'a', 'under_score', 'a..b']) {
    const answer = await fetch(`${s3.endpoint}/${name}`, { method: 'PUT' });
    expect(codeOf(await answer.text())).toBe('InvalidBucketName');
  }
  await s3.client.send(new CreateBucketCommand({ Bucket: 'passing' }));
  await s3.put('k', 'abc', { Bucket: 'passing' });
  const remove = () => s3.client.send(new DeleteBucketCommand({ Bucket: 'passing' }));
  expect(await refusal(remove())).toBe('409 BucketNotEmpty');
  await s3.client.send(new DeleteObjectCommand({ Bucket: 'passing', Key: 'k' }));
  await remove();
  expect(await refusal(s3.put('k', 'abc', { Bucket: 'passing' }))).toBe('404 NoSuchBucket');
});

describe('a multipart upload', () => {
  const start = async (Key: string) => {
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
    const target = { Bucket: bucket, Key, UploadId };
    const part = async (PartNumber: number, Body: string | Buffer) => {
      const { ETag } = await s3.client.send(new UploadPartCommand({ ...target, PartNumber, Body }));
      return { PartNumber, ETag };
    };
    const complete = (Parts: { PartNumber: number; ETag: string | undefined }[], more = {}) =>
      s3.client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts }, ...more }));
    return { target, part, complete };
  };

  test('is refused with parts missing, changed, out of order or too small, and can then still be completed', async () => {
    const { part, complete } = await start('picky');
    const small = await part(1, 'abc');
    const last = await part(2, 'def');
    expect(await refusal(complete([small, last]))).toBe('400 EntityTooSmall');
    expect(await refusal(complete([last, small]))).toBe('400 InvalidPartOrder');
    expect(await refusal(complete([{ PartNumber: 3, ETag: last.ETag }]))).toBe('400 InvalidPart');
    expect(await refusal(complete([{ PartNumber: 1, ETag: last.ETag }]))).toBe('400 InvalidPart');
    const replaced = await part(1, patternedBytes(5 * 2 ** 20));
    expect(await refusal(complete([small]))).toBe('400 InvalidPart');
    expect(await refusal(complete([replaced], { MpuObjectSize: 7 }))).toBe('400 InvalidRequest');
    expect(await refusal(complete([replaced], { ChecksumCRC32: 'AAAAAA==' }))).toBe('400 BadDigest');
    await complete([replaced, last]);
    expect((await s3.bytesOf('picky')).subarray(-3).toString()).toBe('def');
    expect(await refusal(complete([replaced, last]))).toBe('404 NoSuchUpload');
  });

  test('keeps to its conditions', async () => {
    await s3.put('conditional', 'first');
    const { part, complete } = await start('conditional');
    const only = await part(1, 'second');
    expect(await refusal(complete([only], { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
    expect(await s3.textOf('conditional')).toBe('first');
    await complete([only]);
    expect(await s3.textOf('conditional')).toBe('second');
  });

  test('takes parts from other objects, and readers may take its parts', async () => {
    const bytes = patternedBytes(6 * 2 ** 20);
    await s3.put('quarry', bytes);
    const { target, part, complete } = await start('composed');
    const CopySourceRange = `bytes=0-${5 * 2 ** 20 - 1}`;
    const copied = await s3.client.send(
      new UploadPartCopyCommand({
        ...target,
        PartNumber: 1,
        CopySource: `${bucket}/quarry`,
        CopySourceRange,
      }),
    );
    const last = await part(2, 'end');
    await complete([{ PartNumber: 1, ETag: copied.CopyPartResult?.ETag }, last]);
    const whole = Buffer.concat([bytes.subarray(0, 5 * 2 ** 20), Buffer.from('end')]);
    expect((await s3.bytesOf('composed')).equals(whole)).toBe(true);
    expect(await s3.textOf('composed', { PartNumber: 2 })).toBe('end');
    const attributes = await s3.client.send(
      new GetObjectAttributesCommand({
        Bucket: bucket,
        Key: 'composed',
        ObjectAttributes: ['ObjectSize', 'ObjectParts', 'Checksum'],
      }),
    );
    expect(attributes).toMatchObject({ ObjectSize: whole.length, ObjectParts: { TotalPartsCount: 2 } });
    await s3.client.send(
      new CopyObjectCommand({ Bucket: bucket, Key: 'flat', CopySource: `${bucket}/composed` }),
    );
    expect((await s3.bytesOf('flat')).equals(whole)).toBe(true);
    expect((await s3.head('flat')).ETag).not.toContain('-');
  });
});

test('conditions hold for deletions, copies and dates', async () => {
  const { ETag } = await s3.put('guarded', 'abc');
  const remove = (IfMatch: string) =>
    s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'guarded', IfMatch }));
  expect(await refusal(remove('"0123"'))).toBe('412 PreconditionFailed');
  const copy = (more: object) =>
    s3.client.send(
      new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: `${bucket}/guarded`, ...more }),
    );
  expect(await refusal(copy({ CopySourceIfMatch: '"0123"' }))).toBe('412 PreconditionFailed');
  expect(await refusal(copy({ CopySourceIfNoneMatch: ETag }))).toBe('412 PreconditionFailed');
  expect(await refusal(copy({ Key: 'guarded' }))).toBe('400 InvalidRequest');
  const [past, future] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)];
  expect(await refusal(s3.get('guarded', { IfModifiedSince: future }))).toMatch(/^304/);
  expect(await refusal(s3.get('guarded', { IfUnmodifiedSince: past }))).toBe('412 PreconditionFailed');
  expect(await s3.textOf('guarded', { IfModifiedSince: past, IfUnmodifiedSince: future })).toBe('abc');
  await remove(ETag ?? '');
  expect(await refusal(s3.head('guarded'))).toBe('404 NotFound');
});

test('tags that S3 would refuse are refused', async () => {
  await s3.put('tagged', 'abc');
  const tag = (TagSet: { Key: string; Value: string }[]) =>
    s3.client.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: 'tagged', Tagging: { TagSet } }));
  const many = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
  expect(await refusal(tag(many))).toBe('400 BadRequest');
  expect(await refusal(tag([many[0], many[0]].flatMap((each) => each ?? [])))).toBe('400 InvalidTag');
});

test('a presigned address ends when it says so, whoever signed it', async () => {
  await s3.put('offer', 'abc');
  const address = await getSignedUrl(s3.client, new GetObjectCommand({ Bucket: bucket, Key: 'offer' }), {
    signingDate: new Date(Date.now() - 120_000),
    expiresIn: 60,
  });
  const answer = await fetch(address);
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
});

test('a plus sign in a path stands for itself, whether or not it is encoded', async () => {
  await s3.put('a+b c.csv', 'abc');
  for (const path of ['a+b%20c.csv', 'a%2Bb%20c.csv']) {
    expect(await (await fetch(`${s3.endpoint}/${bucket}/${path}`)).text()).toBe('abc');
  }
});

test('the bucket may stand in the host name', async () => {
  await s3.put('k/a b.csv', 'abc');
  const ask = (host: string, path: string) =>
    raw(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  for (const host of [`${bucket}.localhost:${s3.port}`, `${bucket}.s3.localhost`]) {
    expect(await ask(host, '/k/a%20b.csv')).toMatch(/\r\n\r\nabc$/);
    expect(await ask(host, '/?list-type=2&prefix=k/a')).toContain('<Key>k/a b.csv</Key>');
  }
  for (const host of [`localhost:${s3.port}`, 's3.localhost']) {
    expect(await ask(host, `/${bucket}/k/a%20b.csv`)).toMatch(/\r\n\r\nabc$/);
  }
  const signed = clientOf(`http://localhost:${s3.port}`);
  const address = await getSignedUrl(signed, new GetObjectCommand({ Bucket: bucket, Key: 'k/a b.csv' }));
  expect(new URL(address).hostname).toBe(`${bucket}.localhost`);
  expect(await ask(new URL(address).host, address.slice(new URL(address).origin.length))).toMatch(
    /\r\n\r\nabc$/,
  );
  signed.destroy();
});

test('the older listings page as well', async () => {
  for (const key of ['old/1', 'old/2/a', 'old/2/b', 'old/3']) await s3.put(key, key);
  const page = { Bucket: bucket, Prefix: 'old/', Delimiter: '/', MaxKeys: 2 };
  const first = await s3.client.send(new ListObjectsCommand(page));
  expect([first.IsTruncated, first.NextMarker, first.Contents?.[0]?.Key]).toEqual([true, 'old/2/', 'old/1']);
  const second = await s3.client.send(new ListObjectsCommand({ ...page, Marker: 'old/2/' }));
  expect([second.IsTruncated, second.Contents?.map(({ Key }) => Key)]).toEqual([false, ['old/3']]);
  const versions = await s3.client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: 'old/' }));
  expect(versions.Versions?.map(({ Key, VersionId }) => [Key, VersionId])).toEqual(
    ['old/1', 'old/2/a', 'old/2/b', 'old/3'].map((key) => [key, 'null']),
  );
  const encoded = await s3.client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: 'old/2', EncodingType: 'url', StartAfter: 'old/2/a' }),
  );
  expect(encoded.Contents?.map(({ Key }) => Key)).toEqual(['old/2/b']);
});

test('zero keys asked for are zero keys, and no more to come', async () => {
  const none = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 0 }));
  expect([none.KeyCount, none.IsTruncated]).toEqual([0, false]);
});
