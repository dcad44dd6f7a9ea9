import { createHash } from 'node:crypto';
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bucket,
  clientOf,
  type Fixture,
  patternedBytes,
  refusal,
  startFixture,
  streamOf,
} from './s3-fixture.ts';

/** The checks that tell S3 servers apart, each under its usual name, through the current SDK. */
describe('the local S3 server', () => {
  let s3: Fixture;
  beforeAll(async () => {
    s3 = await startFixture();
  });
  afterAll(() => s3.remove());

  const base64Crc32 = (bytes: Buffer): string => {
    const digest = Buffer.alloc(4);
    digest.writeUInt32BE(crc32(bytes));
    return digest.toString('base64');
  };

  test('CreateBucket', async () => {
    const created = await s3.client.send(new CreateBucketCommand({ Bucket: 'another-shop' }));
    expect(created.Location).toBe('/another-shop');
    expect(await refusal(s3.client.send(new CreateBucketCommand({ Bucket: 'another-shop' })))).toBe(
      '409 BucketAlreadyOwnedByYou',
    );
  });

  test('HeadBucket / 404 on missing', async () => {
    await s3.client.send(new HeadBucketCommand({ Bucket: bucket }));
    expect(await refusal(s3.client.send(new HeadBucketCommand({ Bucket: 'missing' })))).toBe('404 NotFound');
  });

  test('Put/Get Buffer (default CRC32)', async () => {
    const bytes = patternedBytes(70_000);
    const stored = await s3.put('buffer', bytes);
    expect(stored.ChecksumCRC32).toBe(base64Crc32(bytes));
    expect(await s3.bytesOf('buffer')).toEqual(bytes);
  });

  test('Put/Get string', async () => {
    await s3.put('string', 'Grüße, 客户');
    expect(await s3.textOf('string')).toBe('Grüße, 客户');
  });

  test('Put/Get empty body', async () => {
    await s3.put('empty', '');
    expect((await s3.bytesOf('empty')).length).toBe(0);
    expect((await s3.head('empty')).ContentLength).toBe(0);
  });

  test('Put fs stream (aws-chunked trailer)', async () => {
    const bytes = patternedBytes(3_000_001);
    const path = join(s3.directory, 'upload.bin');
    writeFileSync(path, bytes);
    const stored = await s3.put('fs-stream', createReadStream(path));
    expect(stored.ChecksumCRC32).toBe(base64Crc32(bytes));
    expect((await s3.bytesOf('fs-stream')).equals(bytes)).toBe(true);
  });

  test('Put 1-chunk stream + ContentLength', async () => {
    await s3.put('one-chunk', Readable.from([Buffer.from('customer_id,spend\n')]), { ContentLength: 18 });
    expect(await s3.textOf('one-chunk')).toBe('customer_id,spend\n');
  });

  test('HEAD size/type/meta/enc after stream', async () => {
    await s3.put('described', Readable.from([Buffer.alloc(1000, 7)]), {
      ContentLength: 1000,
      ContentType: 'text/csv',
      ContentEncoding: 'gzip',
      CacheControl: 'max-age=60',
      Metadata: { origin: 'till 7' },
    });
    const { ContentLength, ContentType, ContentEncoding, CacheControl, Metadata } =
      await s3.head('described');
    expect({ ContentLength, ContentType, ContentEncoding, CacheControl, Metadata }).toEqual({
      ContentLength: 1000,
      ContentType: 'text/csv',
      ContentEncoding: 'gzip',
      CacheControl: 'max-age=60',
      Metadata: { origin: 'till 7' },
    });
    await s3.put('only-framed', Readable.from([Buffer.alloc(10)]), { ContentLength: 10 });
    expect((await s3.head('only-framed')).ContentEncoding).toBeUndefined();
  });

  test('ChecksumAlgorithm SHA256 echoed on Put', async () => {
    const sha256 = createHash('sha256').update('abc').digest('base64');
    expect((await s3.put('sha', 'abc', { ChecksumAlgorithm: 'SHA256' })).ChecksumSHA256).toBe(sha256);
    const streamed = await s3.put('sha-stream', streamOf(Buffer.from('abc'), 2), {
      ContentLength: 3,
      ChecksumAlgorithm: 'SHA256',
    });
    expect(streamed.ChecksumSHA256).toBe(sha256);
  });

  test('GET ChecksumMode=ENABLED returns CRC32', async () => {
    await s3.put('summed', 'abc');
    const answer = await s3.get('summed', { ChecksumMode: 'ENABLED' });
    expect([answer.ChecksumCRC32, answer.ChecksumType]).toEqual([
      base64Crc32(Buffer.from('abc')),
      'FULL_OBJECT',
    ]);
  });

  test('wrong CRC32 rejected', async () => {
    expect(await refusal(s3.put('wrong', 'abc', { ChecksumCRC32: base64Crc32(Buffer.from('abd')) }))).toBe(
      '400 BadDigest',
    );
    expect(await refusal(s3.head('wrong'))).toBe('404 NotFound');
  });

  test('wrong Content-MD5 rejected', async () => {
    const ContentMD5 = createHash('md5').update('abd').digest('base64');
    expect(await refusal(s3.put('wrong', 'abc', { ContentMD5 }))).toBe('400 BadDigest');
    expect(await refusal(s3.put('wrong', 'abc', { ContentMD5: 'bm8=' }))).toBe('400 InvalidDigest');
    expect(await refusal(s3.head('wrong'))).toBe('404 NotFound');
  });

  test('If-None-Match:* on existing -> 412', async () => {
    await s3.put('taken', 'first');
    expect(await refusal(s3.put('taken', 'second', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
    expect(await s3.textOf('taken')).toBe('first');
  });

  test('If-None-Match:* on new -> ok', async () => {
    await s3.put('fresh', 'first', { IfNoneMatch: '*' });
    expect(await s3.textOf('fresh')).toBe('first');
  });

  test('If-Match wrong etag -> 412', async () => {
    await s3.put('guarded', 'first');
    expect(await refusal(s3.put('guarded', 'second', { IfMatch: '"0123"' }))).toBe('412 PreconditionFailed');
    expect(await refusal(s3.put('never-there', 'second', { IfMatch: '"0123"' }))).toBe('404 NoSuchKey');
  });

  test('If-Match right etag -> ok', async () => {
    const { ETag = '' } = await s3.put('guarded', 'first');
    await s3.put('guarded', 'second', { IfMatch: ETag });
    expect(await s3.textOf('guarded')).toBe('second');
  });

  test('GET If-None-Match -> 304', async () => {
    const { ETag = '' } = await s3.put('cached', 'abc');
    expect(await refusal(s3.get('cached', { IfNoneMatch: ETag }))).toMatch(/^304 /);
    expect(await s3.textOf('cached', { IfNoneMatch: '"other"' })).toBe('abc');
    expect(await refusal(s3.get('cached', { IfMatch: '"other"' }))).toBe('412 PreconditionFailed');
  });

  test('ETag = md5', async () => {
    const { ETag } = await s3.put('hashed', 'abc');
    expect(ETag).toBe(`"${createHash('md5').update('abc').digest('hex')}"`);
    expect((await s3.head('hashed')).ETag).toBe(ETag);
  });

  test('multipart low level (5MB+1MB)', async () => {
    const bytes = patternedBytes(6 * 2 ** 20);
    const parts = [bytes.subarray(0, 5 * 2 ** 20), bytes.subarray(5 * 2 ** 20)];
    const target = { Bucket: bucket, Key: 'parts' };
    const { UploadId } = await s3.client.send(
      new CreateMultipartUploadCommand({
        ...target,
        ContentType: 'text/csv',
        Metadata: { origin: 'till 7' },
      }),
    );
    const done = [];
    for (const [index, Body] of parts.entries()) {
      const PartNumber = index + 1;
      const part = await s3.client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
      done.push({ PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
    }
    const listed = await s3.client.send(new ListPartsCommand({ ...target, UploadId }));
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([5 * 2 ** 20, 2 ** 20]);
    const completed = await s3.client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: done } }),
    );
    const etags = createHash('md5');
    for (const part of parts) etags.update(createHash('md5').update(part).digest());
    expect(completed.ETag).toBe(`"${etags.digest('hex')}-2"`);
    expect((await s3.bytesOf('parts')).equals(bytes)).toBe(true);
    expect(
      (await s3.bytesOf('parts', { Range: 'bytes=5242870-5242889' })).equals(
        bytes.subarray(5242870, 5242890),
      ),
    ).toBe(true);
    expect(await s3.head('parts')).toMatchObject({ ContentType: 'text/csv', Metadata: { origin: 'till 7' } });
  });

  test('lib-storage Upload stream 12MB', async () => {
    const bytes = patternedBytes(12 * 2 ** 20);
    await new Upload({
      client: s3.client,
      params: { Bucket: bucket, Key: 'uploaded', Body: streamOf(bytes) },
    }).done();
    expect((await s3.bytesOf('uploaded')).equals(bytes)).toBe(true);
  });

  test('AbortMultipartUpload', async () => {
    const target = { Bucket: bucket, Key: 'aborted' };
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand(target));
    await s3.client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'abc' }));
    await s3.client.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
    expect(await refusal(s3.client.send(new ListPartsCommand({ ...target, UploadId })))).toBe(
      '404 NoSuchUpload',
    );
    const underWay = await s3.client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: 'aborted' }),
    );
    expect(underWay.Uploads ?? []).toEqual([]);
  });

  test('Range GET bytes=10-19', async () => {
    await s3.put('ranged', 'abcdefghijklmnopqrstuvwxyz');
    const answer = await s3.get('ranged', { Range: 'bytes=10-19' });
    expect([answer.ContentRange, await answer.Body?.transformToString()]).toEqual([
      'bytes 10-19/26',
      'klmnopqrst',
    ]);
    expect(await s3.textOf('ranged', { Range: 'bytes=20-' })).toBe('uvwxyz');
  });

  test('Range GET suffix bytes=-5', async () => {
    await s3.put('ranged', 'abcdefghijklmnopqrstuvwxyz');
    expect(await s3.textOf('ranged', { Range: 'bytes=-5' })).toBe('vwxyz');
    expect(await s3.textOf('ranged', { Range: 'bytes=-500' })).toBe('abcdefghijklmnopqrstuvwxyz');
  });

  test('Range past end -> 416', async () => {
    await s3.put('ranged', 'abcdefghijklmnopqrstuvwxyz');
    expect(await refusal(s3.get('ranged', { Range: 'bytes=26-30' }))).toBe('416 InvalidRange');
    expect(await s3.textOf('ranged', { Range: 'bytes=24-300' })).toBe('yz');
  });

  test('GetObject async-iter stream 12MB', async () => {
    const bytes = patternedBytes(12 * 2 ** 20);
    await s3.put('iterated', bytes);
    const pieces: Buffer[] = [];
    for await (const piece of (await s3.get('iterated')).Body as Readable) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  test('NoSuchKey 404', async () => {
    expect(await refusal(s3.get('nothing-here'))).toBe('404 NoSuchKey');
    expect(await refusal(s3.head('nothing-here'))).toBe('404 NotFound');
  });

  const keys = [
    'k/with space.csv',
    'k/plus+sign.csv',
    'k/žluťoučký-日本.csv',
    'k/a&b=c?d#e%20f.csv',
    'k/emoji-🎉.csv',
    "k/(paren)'q!*.csv",
    'k//double//slash',
    'k/trail/',
    'k/dot/../up',
  ];
  test.each(keys)('key "%s"', async (key) => {
    await s3.put(key, key);
    expect(await s3.textOf(key)).toBe(key);
    const listed = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual([key]);
    const copy = { Bucket: bucket, Key: `copy/${key}`, CopySource: encodeURIComponent(`${bucket}/${key}`) };
    await s3.client.send(new CopyObjectCommand(copy));
    expect(await s3.textOf(`copy/${key}`)).toBe(key);
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    expect(await refusal(s3.head(key))).toBe('404 NotFound');
  });

  test('ListV2 paging (MaxKeys, token)', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `paged/${index}`);
    for (const name of names) await s3.put(name, name);
    const seen: (string | undefined)[][] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: 'paged/',
          MaxKeys: 3,
          ...(ContinuationToken !== undefined && { ContinuationToken }),
        }),
      );
      expect(page.KeyCount).toBe(page.Contents?.length);
      seen.push((page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual([names.slice(0, 3), names.slice(3, 6), names.slice(6)]);
  });

  test('ListV2 Delimiter/CommonPrefixes/StartAfter', async () => {
    for (const name of ['tree/a', 'tree/b/1', 'tree/b/2', 'tree/c', 'tree/d/1']) await s3.put(name, name);
    const list = (StartAfter?: string) =>
      s3.client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: 'tree/',
          Delimiter: '/',
          ...(StartAfter !== undefined && { StartAfter }),
        }),
      );
    const whole = await list();
    expect(whole.Contents?.map(({ Key }) => Key)).toEqual(['tree/a', 'tree/c']);
    expect(whole.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['tree/b/', 'tree/d/']);
    const rest = await list('tree/b/2');
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['tree/c']);
    expect(rest.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['tree/d/']);
  });

  test('CopyObject', async () => {
    await s3.put('source', 'abc', { ContentType: 'text/csv', Metadata: { origin: 'till 7' } });
    const copied = await s3.client.send(
      new CopyObjectCommand({ Bucket: bucket, Key: 'twin', CopySource: `${bucket}/source` }),
    );
    expect(copied.CopyObjectResult?.ETag).toBe((await s3.head('source')).ETag);
    await s3.client.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: 'renamed',
        CopySource: `/${bucket}/source`,
        MetadataDirective: 'REPLACE',
        ContentType: 'text/plain',
      }),
    );
    await s3.put('source', 'changed');
    expect(await s3.textOf('twin')).toBe('abc');
    expect(await s3.head('twin')).toMatchObject({ ContentType: 'text/csv', Metadata: { origin: 'till 7' } });
    expect(await s3.head('renamed')).toMatchObject({ ContentType: 'text/plain', Metadata: {} });
  });

  test('DeleteObject + DeleteObjects', async () => {
    for (const name of ['gone/1', 'gone/2', 'gone/<&>\r3']) await s3.put(name, name);
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'gone/1' }));
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'gone/never-there' }));
    const answer = await s3.client.send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Objects: [{ Key: 'gone/2' }, { Key: 'gone/<&>\r3' }, { Key: 'gone/never-there' }] },
      }),
    );
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(['gone/2', 'gone/<&>\r3', 'gone/never-there']);
    const left = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'gone/' }));
    expect(left.KeyCount).toBe(0);
  });

  test('PutObjectTagging/Get', async () => {
    await s3.put('tagged', 'abc', { Tagging: 'team=a%26b&stage=local' });
    const tagsOf = async () =>
      (await s3.client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'tagged' }))).TagSet;
    expect(await tagsOf()).toEqual([
      { Key: 'team', Value: 'a&b' },
      { Key: 'stage', Value: 'local' },
    ]);
    const TagSet = [{ Key: 'team', Value: '市场' }];
    await s3.client.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: 'tagged', Tagging: { TagSet } }));
    expect(await tagsOf()).toEqual(TagSet);
    expect(await s3.textOf('tagged')).toBe('abc');
  });

  test('presigned PUT/GET', async () => {
    const target = { Bucket: bucket, Key: 'signed/a b+c 日本.csv' };
    const putUrl = await getSignedUrl(
      s3.client,
      new PutObjectCommand({ ...target, ContentType: 'text/csv' }),
    );
    const stored = await fetch(putUrl, {
      method: 'PUT',
      body: 'customer_id,spend\n',
      headers: { 'content-type': 'text/csv' },
    });
    expect(stored.status).toBe(200);
    const getUrl = await getSignedUrl(
      s3.client,
      new GetObjectCommand({ ...target, ResponseContentDisposition: 'attachment; filename="may.csv"' }),
    );
    const answer = await fetch(getUrl);
    expect(await answer.text()).toBe('customer_id,spend\n');
    expect(answer.headers.get('content-type')).toBe('text/csv');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="may.csv"');
  });

  test('VersioningConfig accepted', async () => {
    const status = async () =>
      (await s3.client.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status;
    expect(await status()).toBeUndefined();
    await s3.client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    expect(await status()).toBe('Enabled');
  });

  test('NotificationConfig put/get', async () => {
    await s3.client.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    );
    const kept = await s3.client.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));
    expect(kept.EventBridgeConfiguration).toEqual({});
  });

  test('16 parallel puts+gets', async () => {
    const bodies = Array.from({ length: 16 }, (_, index) => Buffer.alloc(200_000 + index, index));
    await Promise.all(
      bodies.map((body, index) =>
        s3.put(`parallel/${index}`, streamOf(body), { ContentLength: body.length }),
      ),
    );
    const read = await Promise.all(bodies.map((_, index) => s3.bytesOf(`parallel/${index}`)));
    expect(read.every((bytes, index) => bytes.equals(bodies[index] as Buffer))).toBe(true);
  });

  test('bad secret rejected (SigV4)', async () => {
    const owner = { accessKeyId: 'owner', secretAccessKey: 'secret' };
    const guarded = await startFixture({ credentials: owner });
    const target = { Bucket: bucket, Key: "k/a b+c(1)'日本.csv" };
    const good = clientOf(guarded.endpoint, owner);
    const bad = clientOf(guarded.endpoint, { ...owner, secretAccessKey: 'guess' });
    const stranger = clientOf(guarded.endpoint, { ...owner, accessKeyId: 'stranger' });
    try {
      await good.send(new CreateBucketCommand({ Bucket: bucket }));
      await good.send(new PutObjectCommand({ ...target, Body: 'abc' }));
      await good.send(
        new PutObjectCommand({ ...target, Body: streamOf(Buffer.from('abc')), ContentLength: 3 }),
      );
      await good.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'k/a b+', Delimiter: '/' }));
      expect(await refusal(bad.send(new GetObjectCommand(target)))).toBe('403 SignatureDoesNotMatch');
      expect(await refusal(stranger.send(new GetObjectCommand(target)))).toBe('403 InvalidAccessKeyId');
      expect((await fetch(`${guarded.endpoint}/${bucket}`)).status).toBe(403);
      const signed = await getSignedUrl(good, new GetObjectCommand(target));
      expect(await (await fetch(signed)).text()).toBe('abc');
      expect((await fetch(await getSignedUrl(bad, new GetObjectCommand(target)))).status).toBe(403);
      expect((await fetch(signed.replace('.csv', '.txt'))).status).toBe(403);
    } finally {
      for (const client of [good, bad, stranger]) client.destroy();
      await guarded.remove();
    }
  });
});
