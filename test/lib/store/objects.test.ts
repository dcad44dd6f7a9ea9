import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, expect, test } from 'vitest';
import {
  copyObject,
  deleteObject,
  listObjects,
  ObjectChanged,
  type Objects,
  openObject,
  putObject,
  readMetadata,
  readText,
} from '../../../lib/store/objects.ts';
import { startLocalS3 } from '../../../local/s3/server.ts';

const directory = await mkdtemp(join(tmpdir(), 'valuecast-objects-'));
const s3 = await startLocalS3({ port: 0, directory });
const objects = objectsAt(s3.endpoint);
const bucket = 'valuecast-test';
await objects.client.send(new CreateBucketCommand({ Bucket: bucket }));
afterAll(async () => {
  await s3.stop();
  await rm(directory, { recursive: true });
});

const contentType = 'text/plain';
const put = (key: string, body: string | Uint8Array) =>
  putObject(objects, { bucket, key, body, contentType });

test('what was put is read, listed and copied, whatever the key', async () => {
  const keys = ['a b+c.csv', 'k//double', 'q?&%20=#.csv', '客户/ž🎉.csv', 'control\u0001.csv'];
  for (const key of keys) await put(`odd/${key}`, `text of ${key}`);
  const listed = await listObjects(objects, { bucket, prefix: 'odd/' });
  expect(listed.map(({ key }) => key).sort()).toEqual(keys.map((key) => `odd/${key}`).sort());
  for (const key of keys) {
    const metadata = { 'run-id': key.length.toString() };
    await copyObject(objects, { bucket, from: `odd/${key}`, to: `copied/${key}`, contentType, metadata });
    expect(await readMetadata(objects, { bucket, key: `copied/${key}` })).toEqual(metadata);
    expect(await readText(objects, { bucket, key: `copied/${key}` })).toBe(`text of ${key}`);
  }
});

test('a listing tells ETag without quotes, size and time, and goes on past its first thousand', async () => {
  const names = Array.from({ length: 1003 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
  await Promise.all(names.map((name) => put(name, 'abc')));
  const listed = await listObjects(objects, { bucket, prefix: 'many/' });
  expect(listed.map(({ key }) => key)).toEqual(names);
  expect(listed[0]).toMatchObject({ etag: createHash('md5').update('abc').digest('hex'), sizeBytes: 3 });
  expect(new Date(listed[0]?.lastModified ?? '').toISOString()).toBe(listed[0]?.lastModified);
});

test('an object that was overwritten or deleted since it was listed is not read', async () => {
  await put('changing.csv', 'first');
  const [listed] = await listObjects(objects, { bucket, prefix: 'changing.csv' });
  const read = () => text(objects, 'changing.csv', listed?.etag ?? '');
  expect(await read()).toBe('first');
  await put('changing.csv', 'second');
  await expect(read()).rejects.toThrow(ObjectChanged);
  await deleteObject(objects, { bucket, key: 'changing.csv' });
  await expect(read()).rejects.toThrow(ObjectChanged);
});

test('there is no text where there is no object, and deleting it again is no error', async () => {
  expect(await readText(objects, { bucket, key: 'nothing.json' })).toBeNull();
  expect(await readMetadata(objects, { bucket, key: 'nothing.json' })).toBeNull();
  await deleteObject(objects, { bucket, key: 'nothing.json' });
  await put('empty.json', '');
  expect(await readText(objects, { bucket, key: 'empty.json' })).toBe('');
});

test('a bucket that is not there is an error, not an absent object', async () => {
  await expect(readText(objects, { bucket: 'nowhere', key: 'a' })).rejects.toThrow(/bucket/i);
});

test('keys that XML cannot hold are asked for in URL encoding', async () => {
  const server = createServer((request, response) => {
    const asked = request.url?.includes('encoding-type=url');
    const entry = '<Contents><Key>a%01b+c%2B.csv</Key><ETag>"e"</ETag><Size>1</Size></Contents>';
    response.end(
      `<ListBucketResult>${asked ? `<EncodingType>url</EncodingType>${entry}` : ''}</ListBucketResult>`,
    );
  });
  const listed = await listObjects(await objectsFrom(server), { bucket, prefix: '' });
  expect(listed.map(({ key }) => key)).toEqual(['a\u0001b c+.csv']);
  server.close();
});

test('readers that stop early leave no connection behind', async () => {
  await put('large.bin', new Uint8Array(3_000_000));
  // More readers than the client has connections: the last ones would wait for ever.
  const { client } = objectsAt(s3.endpoint, 2);
  for (let reader = 0; reader < 6; reader++) {
    for await (const chunk of openObject({ client }, { bucket, key: 'large.bin' })) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
  }
  client.destroy();
});

/** Serves `content`, of each answer only as many bytes as `cuts` says, then the connection is lost. */
function losingServer(content: string, cuts: number[], etag = () => '"e"'): Server {
  return createServer((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag()) {
      response.writeHead(412).end();
      return;
    }
    const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': String(content.length - from),
      etag: etag(),
      ...(from > 0 && range),
    });
    const cut = cuts.shift();
    if (cut === undefined) response.end(content.slice(from));
    else response.write(content.slice(from, from + cut), () => response.socket?.destroy());
  });
}

test('a reading goes on where its connection broke', async () => {
  const content = Array.from({ length: 5000 }, (_, at) => `row ${at}\n`).join('');
  const server = losingServer(content, [1000, 1, 7000, 20_000]);
  expect(await text(await objectsFrom(server), 'long.csv')).toBe(content);
  server.close();
});

test('it does not go on with another object, nor for ever', async () => {
  let version = 0;
  const replaced = losingServer('0123456789', [4], () => `"${version++}"`);
  await expect(text(await objectsFrom(replaced), 'cut.csv')).rejects.toThrow(ObjectChanged);
  replaced.close();
  const lost = losingServer('0123456789', Array(20).fill(0));
  await expect(text(await objectsFrom(lost), 'cut.csv')).rejects.toThrow('ended after 0 of 10 bytes');
  lost.close();
});

test('bytes are counted even where the connection seems to end well', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': '4', etag: '"e"' });
    response.end('four');
  });
  const cut = await objectsFrom(server);
  // Stands for whatever hides the cut: a proxy, or a decoder.
  cut.client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      Object.assign(answer.output, { ContentLength: 1000 });
      return answer;
    },
    { step: 'initialize' },
  );
  await expect(text(cut, 'cut.csv')).rejects.toThrow('cannot be read from byte 4 on');
  server.close();
});

function objectsAt(endpoint: string, maxSockets = 50): Objects {
  const client = new S3Client({
    endpoint,
    region: 'eu-central-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { httpAgent: { maxSockets } },
  });
  afterAll(() => client.destroy());
  return { client };
}

async function objectsFrom(server: Server): Promise<Objects> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return objectsAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

async function text(from: Objects, key: string, ifMatch?: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openObject(from, { bucket, key, ...(ifMatch !== undefined && { ifMatch }) }))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
