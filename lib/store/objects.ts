import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
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

/**
 * The bytes of an object, asked for when the first is wanted. Throws when the stream ends before the announced length, which
 * otherwise looks like a shorter file, and `ObjectChanged` when the object is no longer that of `ifMatch`. A reader that stops
 * early closes the connection.
 */
export async function* openObject(
  { client }: Objects,
  { bucket, key, ifMatch }: ObjectName & { ifMatch?: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  const answer = await client
    .send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(ifMatch !== undefined && { IfMatch: `"${ifMatch}"` }),
      }),
    )
    .catch((error: unknown) => {
      const hasChanged = ifMatch !== undefined && [404, 412].includes(statusOf(error));
      throw hasChanged ? new ObjectChanged(key) : error;
    });
  let received = 0;
  // Leaving this loop early destroys the stream, and with it the connection.
  for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
    received += chunk.byteLength;
    yield chunk;
  }
  if (received !== answer.ContentLength) {
    throw new Error(`${bucket}/${key} ended after ${received} of ${answer.ContentLength} bytes`);
  }
}

/** The whole object as UTF-8; null where there is none. */
export async function readText(objects: Objects, name: ObjectName): Promise<string | null> {
  return (await readBytes(objects, name))?.toString() ?? null;
}

/** The whole object; null where there is none. */
export async function readBytes(objects: Objects, name: ObjectName): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of openObject(objects, name)) chunks.push(chunk);
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
  return Buffer.concat(chunks);
}

export async function putObject(
  { client }: Objects,
  { bucket, key, body, contentType }: ObjectName & { body: string | Uint8Array; contentType: string },
): Promise<void> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: bytes,
      ContentLength: bytes.byteLength,
      ContentType: contentType,
    }),
  );
}

/** Copies within a bucket. */
export async function copyObject(
  { client }: Objects,
  { bucket, from, to }: { bucket: string; from: string; to: string },
): Promise<void> {
  const source = [bucket, ...from.split('/')].map(encodeURIComponent).join('/');
  await client.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: source }));
}

/** Also where there is none. */
export async function deleteObject({ client }: Objects, { bucket, key }: ObjectName): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}

const unquoted = (etag: string): string => etag.replace(/^"|"$/g, '');

const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

const statusOf = (error: unknown): number =>
  error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;
