import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocalS3 } from '../../local/s3/server.ts';
import { bucket, type Fixture, patternedBytes, refusal, startFixture, streamOf } from './s3-fixture.ts';

let s3: Fixture;
beforeEach(async () => {
  s3 = await startFixture();
});
afterEach(() => s3.remove());

/** Another server on the same directory, after the first has stopped. */
async function restart(): Promise<void> {
  s3.client.destroy();
  await s3.stop();
  s3 = await startFixture({ directory: s3.directory });
}

const logPath = () => join(s3.directory, bucket, 'log.jsonl');
const bodies = () => readdirSync(join(s3.directory, bucket, 'bodies'));
const keys = async () =>
  (await s3.client.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents?.map(({ Key }) => Key) ?? [];

test('everything but the connections survives a restart', async () => {
  const target = { Bucket: bucket, Key: 'parts' };
  await s3.put('k/a b+日本', 'abc', { ContentType: 'text/csv', Metadata: { till: '7' }, Tagging: 'a=b' });
  const before = await s3.head('k/a b+日本');
  await s3.client.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand(target));
  const part = await s3.client.send(
    new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'abc' }),
  );
  await restart();
  const after = await s3.head('k/a b+日本');
  expect({ ...after, $metadata: null }).toEqual({ ...before, $metadata: null });
  expect(await s3.textOf('k/a b+日本')).toBe('abc');
  expect((await s3.client.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status).toBe('Enabled');
  const Parts = [{ PartNumber: 1, ETag: part.ETag }];
  await s3.client.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
  );
  expect(await s3.textOf('parts')).toBe('abc');
});

test('a log line that a kill left unfinished never happened, and the log goes on behind it', async () => {
  await s3.put('whole', 'abc');
  await s3.stop();
  appendFileSync(logPath(), '{"op":"delete","key":"who');
  await restart();
  await s3.put('next', 'abc');
  await restart();
  expect(await keys()).toEqual(['next', 'whole']);
});

test('a log that is damaged in the middle is named, not read around', async () => {
  await s3.put('whole', 'abc');
  await s3.stop();
  const [first, ...rest] = readFileSync(logPath(), 'utf8').split('\n');
  writeFileSync(logPath(), [first, 'gibberish', ...rest].join('\n'));
  await expect(startLocalS3({ port: 0, directory: s3.directory })).rejects.toThrow('log.jsonl:2 is damaged');
});

test('a long history is shortened at the start, without loss', async () => {
  const name = (index: number) => `k/${index % 3}`;
  const one = readFileSync(logPath(), 'utf8');
  for (let index = 0; index < 3; index++) await s3.put(name(index), String(index));
  await s3.stop();
  const lines = readFileSync(logPath(), 'utf8').slice(one.length);
  writeFileSync(logPath(), one + lines.repeat(500));
  await restart();
  expect(readFileSync(logPath(), 'utf8').split('\n').length).toBe(5);
  expect(await Promise.all([0, 1, 2].map((index) => s3.textOf(name(index))))).toEqual(['0', '1', '2']);
  await s3.put('next', 'abc');
  await restart();
  expect(await keys()).toEqual(['k/0', 'k/1', 'k/2', 'next']);
});

test('bytes that nothing refers to are deleted: replaced, removed, abandoned', async () => {
  await s3.put('kept', 'first');
  await s3.put('kept', 'second');
  await s3.put('removed', 'abc');
  await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'removed' }));
  await expect.poll(() => bodies().length).toBe(1);
  writeFileSync(join(s3.directory, bucket, 'bodies', 'abandoned'), 'half of someth');
  await restart();
  expect(bodies().length).toBe(1);
  expect(await s3.textOf('kept')).toBe('second');
});

test('a client that vanishes in the middle of an upload leaves nothing behind', async () => {
  await s3.put('kept', 'abc');
  const socket = connect(s3.port, '127.0.0.1');
  socket.write(`PUT /${bucket}/kept HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\nabcdef`);
  await expect.poll(() => bodies().length).toBe(2);
  socket.destroy();
  await expect.poll(() => bodies().length).toBe(1);
  expect(await s3.textOf('kept')).toBe('abc');
});

test('who reads an object gets all of it, though it is overwritten and deleted meanwhile', async () => {
  const bytes = patternedBytes(30 * 2 ** 20);
  const upload = { Bucket: bucket, Key: 'busy', Body: streamOf(bytes) };
  await new Upload({ client: s3.client, params: upload }).done();
  const reading = (await s3.get('busy')).Body as Readable;
  const first = await new Promise<Buffer>((got) => {
    reading.once('data', (piece: Buffer) => {
      reading.pause();
      got(piece);
    });
  });
  await s3.put('busy', 'short');
  await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'busy' }));
  const pieces = [first];
  for await (const piece of reading) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  await expect.poll(() => bodies().length).toBe(0);
});

test('of many who create the same key on condition that it is new, one wins', async () => {
  const attempts = Array.from({ length: 12 }, (_, index) =>
    refusal(s3.put('once', `writer ${index}`, { IfNoneMatch: '*' })),
  );
  const outcomes = await Promise.all(attempts);
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
  expect(await s3.textOf('once')).toBe(`writer ${outcomes.indexOf('accepted')}`);
  expect(s3.events).toHaveLength(1);
  await expect.poll(() => bodies().length).toBe(1);
});

test('events tell what happened, when it is readable, under a sequencer that grows over restarts', async () => {
  const target = { Bucket: bucket, Key: 'parts' };
  await s3.put('a b+日本', 'abc');
  await s3.client.send(
    new CopyObjectCommand({
      Bucket: bucket,
      Key: 'copy',
      CopySource: encodeURIComponent(`${bucket}/a b+日本`),
    }),
  );
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand(target));
  const part = await s3.client.send(
    new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'abcd' }),
  );
  const Parts = [{ PartNumber: 1, ETag: part.ETag }];
  await s3.client.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
  );
  const before = s3.events;
  await restart();
  await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'copy' }));
  await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'never-there' }));
  const events = [...before, ...s3.events];
  expect(events.map(({ type, reason, key, size }) => [type, reason, key, size])).toEqual([
    ['Object Created', 'PutObject', 'a b+日本', 3],
    ['Object Created', 'CopyObject', 'copy', 3],
    ['Object Created', 'CompleteMultipartUpload', 'parts', 4],
    ['Object Deleted', 'DeleteObject', 'copy', 3],
  ]);
  const sequencers = events.map(({ sequencer }) => sequencer);
  expect(sequencers).toEqual([...new Set(sequencers)].sort());
  expect(events[0]).toMatchObject({ bucket, etag: '900150983cd24fb0d6963f7d28e17f72' });
});

test('at the moment of its event an object can be read', async () => {
  let read: Promise<string> | undefined;
  const watched = await startFixture({
    onEvent: ({ key }) => {
      read ??= fetch(`${watched.endpoint}/${bucket}/${key}`).then((answer) => answer.text());
    },
  });
  await watched.put('now', streamOf(Buffer.from('abc')), { ContentLength: 3 });
  expect(await read).toBe('abc');
  await watched.remove();
});

test('a listener that throws harms neither the upload nor the server', async () => {
  const warned = new Promise((warning) => process.once('warning', warning));
  const watched = await startFixture({
    onEvent: () => {
      throw new Error('the listener is broken');
    },
  });
  await watched.put('fine', 'abc');
  expect(await watched.textOf('fine')).toBe('abc');
  expect(String(await warned)).toContain('the listener is broken');
  await watched.remove();
});

test('it is up within 100 ms with a thousand objects, and stops at once with open connections', async () => {
  await s3.put('k/0', 'abc');
  await s3.stop();
  const line = readFileSync(logPath(), 'utf8').trimEnd().split('\n').at(-1) ?? '';
  const more = Array.from({ length: 1000 }, (_, index) => `${line.replace('"k/0"', `"k/${index}"`)}\n`);
  appendFileSync(logPath(), more.join(''));
  const startMs: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const started = performance.now();
    const server = await startLocalS3({ port: 0, directory: s3.directory });
    startMs.push(performance.now() - started);
    await server.stop();
  }
  expect(Math.min(...startMs)).toBeLessThan(100);
  const server = await startLocalS3({ port: 0, directory: s3.directory });
  const idle = connect(server.port, '127.0.0.1');
  idle.on('error', () => undefined);
  const closed = new Promise((done) => idle.once('close', done));
  await fetch(`${server.endpoint}/${bucket}?list-type=2`).then((answer) => answer.text());
  const stopping = performance.now();
  await server.stop();
  await closed;
  expect(performance.now() - stopping).toBeLessThan(1000);
  await server.stop();
});

test('a taken port is an error with its code, and leaves the directory alone', async () => {
  const directory = join(s3.directory, 'never-made');
  await expect(startLocalS3({ port: s3.port, directory })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(() => readdirSync(directory)).toThrow('ENOENT');
});
