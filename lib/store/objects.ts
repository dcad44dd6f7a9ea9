import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

export interface Objects {
  client: S3Client;
}

export interface ObjectName {
  bucket: string;
  key: string;
}

export interface StoredObject {
  key: string;
  /** Without the quotes that HTTP puts around it. */
  etag: string;
  sizeBytes: number;
  /** ISO 8601 in UTC. */
  lastModified: string;
}

/** The object is no longer the one that was listed. */
export class ObjectChanged extends Error {
  override readonly name = 'ObjectChanged';
  constructor(readonly key: string) {
    super(`${key} has changed or gone since it was listed`);
  }
}

/** Every object whose key begins with `prefix`, by key. */
export async function listObjects(
  { client }: Objects,
  { bucket, prefix }: { bucket: string; prefix: string },
): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      // Keys may hold characters that XML cannot.
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        EncodingType: 'url',
        ContinuationToken: token,
      }),
    );
    const decode = page.EncodingType === 'url' ? decodeKey : (key: string) => key;
    for (const { Key = '', ETag = '', Size = 0, LastModified } of page.Contents ?? []) {
      const lastModified = (LastModified ?? new Date(0)).toISOString();
      found.push({ key: decode(Key), etag: unquoted(ETag), sizeBytes: Size, lastModified });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

/** How often a reading goes on after its connection broke: in a row without a byte, and in all. */
const maxResumptions = { withoutProgress: 5, inAll: 100 };

/**
 * The bytes of an object, asked for when the first is wanted. Where the connection breaks, or the stream ends before the announced
 * length, which otherwise looks like a shorter file, the rest is asked for; throws when that does not help, and `ObjectChanged` when
 * the object is no longer that of `ifMatch`, or that whose first bytes were read. A reader that stops early closes the connection.
 */
export async function* openObject(
  { client }: Objects,
  { bucket, key, ifMatch }: ObjectName & { ifMatch?: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  const first = await getFrom(client, { bucket, key, from: 0, ifMatch });
  const length = first.ContentLength ?? 0;
  let answer = first;
  let received = 0;
  let idle = 0;
  for (let resumptions = 0; ; resumptions++) {
    let reason: unknown;
    try {
      // Leaving this loop early destroys the stream, and with it the connection.
      for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
        received += chunk.byteLength;
        idle = 0;
        yield chunk;
      }
    } catch (error) {
      // All bytes are there and are not what they should be.
      if (received >= length) throw error;
      reason = error;
    }
    if (received === length) return;
    if (received > length || ++idle > maxResumptions.withoutProgress || resumptions >= maxResumptions.inAll) {
      throw new Error(`${bucket}/${key} ended after ${received} of ${length} bytes`, { cause: reason });
    }
    await sleep(Math.random() * 50 * 2 ** idle);
    const etag = unquoted(first.ETag ?? '');
    answer = await getFrom(client, { bucket, key, from: received, ifMatch: ifMatch ?? etag });
  }
}

async function getFrom(
  client: S3Client,
  { bucket, key, from, ifMatch }: ObjectName & { from: number; ifMatch: string | undefined },
): Promise<GetObjectCommandOutput> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(from > 0 && { Range: `bytes=${from}-` }),
    ...(ifMatch !== undefined && { IfMatch: `"${ifMatch}"` }),
  });
  const answer = await client.send(command).catch((error: unknown) => {
    const hasChanged = ifMatch !== undefined && [404, 412, 416].includes(statusOf(error));
    throw hasChanged ? new ObjectChanged(key) : error;
  });
  if (from === 0 || answer.ContentRange?.startsWith(`bytes ${from}-`)) return answer;
  (answer.Body as Readable | undefined)?.destroy();
  throw new Error(`${bucket}/${key} cannot be read from byte ${from} on`);
}

/** The whole object as UTF-8; null where there is none. */
export async function readText(objects: Objects, name: ObjectName): Promise<string | null> {
  return (await readBytes(objects, name))?.toString() ?? null;
}

/** The whole object; null where there is none. */
export async function readBytes(
  objects: Objects,
  name: ObjectName & { ifMatch?: string },
): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of openObject(objects, name)) chunks.push(chunk);
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
  return Buffer.concat(chunks);
}

export interface Written extends ObjectName {
  contentType: string;
  metadata?: Record<string, string>;
  /** Only in place of the object of this ETag; throws `ObjectChanged` where there is another, or none. */
  ifMatch?: string;
}

export async function putObject(
  { client }: Objects,
  { bucket, key, body, contentType, metadata, ifMatch }: Written & { body: string | Uint8Array },
): Promise<void> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: bytes,
    ContentLength: bytes.byteLength,
    ContentType: contentType,
    ...(metadata !== undefined && { Metadata: metadata }),
    ...(ifMatch !== undefined && { IfMatch: `"${ifMatch}"` }),
  });
  await client.send(command).catch((error: unknown) => {
    throw ifMatch !== undefined && [404, 409, 412].includes(statusOf(error)) ? new ObjectChanged(key) : error;
  });
}

/** Copies within a bucket; the copy carries `metadata` alone. */
export async function copyObject(
  { client }: Objects,
  {
    bucket,
    from,
    to,
    contentType,
    metadata,
  }: { bucket: string; from: string; to: string; contentType: string; metadata: Record<string, string> },
): Promise<void> {
  const source = [bucket, ...from.split('/')].map(encodeURIComponent).join('/');
  await client.send(
    new CopyObjectCommand({
      Bucket: bucket,
      Key: to,
      CopySource: source,
      MetadataDirective: 'REPLACE',
      ContentType: contentType,
      Metadata: metadata,
    }),
  );
}

/** What an object carries beside its bytes; null where there is none. */
export async function readMetadata(
  { client }: Objects,
  { bucket, key }: ObjectName,
): Promise<Record<string, string> | null> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).Metadata ?? {};
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Also where there is none. */
export async function deleteObject({ client }: Objects, { bucket, key }: ObjectName): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}

const unquoted = (etag: string): string => etag.replace(/^"|"$/g, '');

const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

const statusOf = (error: unknown): number =>
  error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;
