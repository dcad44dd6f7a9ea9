import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { objectPrefixOf, type Scope } from './tenants.ts';

export interface Objects extends Scope {
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
  objects: Objects,
  { bucket, prefix }: { bucket: string; prefix: string },
): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  const own = objectPrefixOf(objects.tenant).length;
  for await (const page of listings(objects, { Bucket: bucket, Prefix: keyIn(objects, prefix) })) {
    for (const { Key = '', ETag = '', Size = 0, LastModified } of page.Contents ?? []) {
      const key = decodedIn(page, Key).slice(own);
      const lastModified = (LastModified ?? new Date(0)).toISOString();
      found.push({ key, etag: unquoted(ETag), sizeBytes: Size, lastModified });
    }
  }
  return found;
}

/** The names of the folders right below a prefix that ends in a slash. */
export async function listFolders(
  objects: Objects,
  { bucket, prefix }: { bucket: string; prefix: string },
): Promise<string[]> {
  const names: string[] = [];
  const within = keyIn(objects, prefix);
  for await (const page of listings(objects, { Bucket: bucket, Prefix: within, Delimiter: '/' }))
    for (const { Prefix = '' } of page.CommonPrefixes ?? [])
      names.push(decodedIn(page, Prefix).slice(within.length, -1));
  return names;
}

async function* listings(
  { client }: Objects,
  request: { Bucket: string; Prefix: string; Delimiter?: string },
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let token: string | undefined;
  do {
    // Keys may hold characters that XML cannot.
    const page = await client.send(
      new ListObjectsV2Command({ ...request, EncodingType: 'url', ContinuationToken: token }),
    );
    yield page;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

const decodedIn = ({ EncodingType }: ListObjectsV2CommandOutput, key: string): string =>
  EncodingType === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;

/** A key as the bucket has it. */
export const keyIn = (objects: Objects, key: string): string => `${objectPrefixOf(objects.tenant)}${key}`;

/** How often a reading goes on after its connection broke: in a row without a byte, and in all. */
const maxResumptions = { withoutProgress: 5, inAll: 100 };

/**
 * The bytes of an object, asked for when the first is wanted. Where the connection breaks, or the stream ends before the announced
 * length, which otherwise looks like a shorter file, the rest is asked for; throws when that does not help, and `ObjectChanged` when
 * the object is no longer that of `ifMatch`, or that whose first bytes were read. A reader that stops early closes the connection.
 */
export async function* openObject(
  objects: Objects,
  { bucket, key, ifMatch }: ObjectName & { ifMatch?: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  const first = await getFrom(objects, { bucket, key, from: 0, ifMatch });
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
    answer = await getFrom(objects, { bucket, key, from: received, ifMatch: ifMatch ?? etag });
  }
}

async function getFrom(
  objects: Objects,
  { bucket, key, from, ifMatch }: ObjectName & { from: number; ifMatch: string | undefined },
): Promise<GetObjectCommandOutput> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: keyIn(objects, key),
    ...(from > 0 && { Range: `bytes=${from}-` }),
    ...(ifMatch !== undefined && { IfMatch: `"${ifMatch}"` }),
  });
  const answer = await objects.client.send(command).catch((error: unknown) => {
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
  objects: Objects,
  { bucket, key, body, contentType, metadata, ifMatch }: Written & { body: string | Uint8Array },
): Promise<void> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: keyIn(objects, key),
    Body: bytes,
    ContentLength: bytes.byteLength,
    ContentType: contentType,
    ...(metadata !== undefined && { Metadata: metadata }),
    ...tagged(objects, key),
    ...(ifMatch !== undefined && { IfMatch: `"${ifMatch}"` }),
  });
  await objects.client.send(command).catch((error: unknown) => {
    throw ifMatch !== undefined && [404, 409, 412].includes(statusOf(error)) ? new ObjectChanged(key) : error;
  });
}

/** Rules of a bucket's lifecycle know prefixes, of which each tenant has its own, and tags, which are the same for all. */
function tagged({ tenant }: Objects, key: string): { Tagging?: string } {
  const folder = key.slice(0, Math.max(0, key.indexOf('/')));
  return tenant === undefined ? {} : { Tagging: new URLSearchParams({ folder }).toString() };
}

/** Copies within a bucket; the copy carries `metadata` alone. */
export async function copyObject(
  objects: Objects,
  {
    bucket,
    from,
    to,
    contentType,
    metadata,
  }: { bucket: string; from: string; to: string; contentType: string; metadata: Record<string, string> },
): Promise<void> {
  const source = [bucket, ...keyIn(objects, from).split('/')].map(encodeURIComponent).join('/');
  await objects.client.send(
    new CopyObjectCommand({
      Bucket: bucket,
      Key: keyIn(objects, to),
      CopySource: source,
      MetadataDirective: 'REPLACE',
      ContentType: contentType,
      Metadata: metadata,
      // None of the source's are taken along: it is in another folder.
      ...(objects.tenant !== undefined && { TaggingDirective: 'REPLACE' as const, ...tagged(objects, to) }),
    }),
  );
}

/** What an object carries beside its bytes; null where there is none. */
export async function readMetadata(
  objects: Objects,
  { bucket, key }: ObjectName,
): Promise<Record<string, string> | null> {
  try {
    const command = new HeadObjectCommand({ Bucket: bucket, Key: keyIn(objects, key) });
    return (await objects.client.send(command)).Metadata ?? {};
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Also where there is none. */
export async function deleteObject(objects: Objects, { bucket, key }: ObjectName): Promise<void> {
  await objects.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyIn(objects, key) }));
}

const unquoted = (etag: string): string => etag.replace(/^"|"$/g, '');

const statusOf = (error: unknown): number =>
  error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;
