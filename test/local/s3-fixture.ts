import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { ObjectEvent } from '../../local/s3/model.ts';
import { type LocalS3, type LocalS3Options, startLocalS3 } from '../../local/s3/server.ts';

export interface Fixture extends LocalS3, ReturnType<typeof shorthands> {
  client: S3Client;
  directory: string;
  events: ObjectEvent[];
  /** Stops the server and deletes its directory. */
  remove(): Promise<void>;
}

export const bucket = 'shop';

/** A server on a free port with one empty bucket, and the current SDK with its defaults. */
export async function startFixture(options: Partial<LocalS3Options> = {}): Promise<Fixture> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'local-s3-'));
  const events: ObjectEvent[] = [];
  const server = await startLocalS3({
    port: 0,
    directory,
    onEvent: (event) => {
      events.push(event);
    },
    ...options,
  });
  const client = clientOf(server.endpoint);
  await client.send(new CreateBucketCommand({ Bucket: bucket })).catch(() => undefined);
  const remove = async (): Promise<void> => {
    client.destroy();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { ...server, ...shorthands(client), client, directory, events, remove };
}

function shorthands(client: S3Client) {
  const get = (Key: string, more: Partial<GetObjectCommandInput> = {}) =>
    client.send(new GetObjectCommand({ Bucket: bucket, Key, ...more }));
  const bytesOf = async (Key: string, more: Partial<GetObjectCommandInput> = {}): Promise<Buffer> =>
    Buffer.from((await (await get(Key, more)).Body?.transformToByteArray()) ?? []);
  return {
    get,
    bytesOf,
    textOf: async (Key: string, more: Partial<GetObjectCommandInput> = {}): Promise<string> =>
      (await bytesOf(Key, more)).toString('utf8'),
    head: (Key: string, more: Partial<HeadObjectCommandInput> = {}) =>
      client.send(new HeadObjectCommand({ Bucket: bucket, Key, ...more })),
    put: (
      Key: string,
      Body: NonNullable<PutObjectCommandInput['Body']>,
      more: Partial<PutObjectCommandInput> = {},
    ) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...more })),
  };
}

export const clientOf = (
  endpoint: string,
  credentials = { accessKeyId: 'anyone', secretAccessKey: 'anything' },
): S3Client => new S3Client({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });

/** What the SDK throws, as `412 PreconditionFailed`. */
export async function refusal(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode} ${error.name}`;
    throw error;
  }
  return 'accepted';
}

/** Bytes that differ from place to place, so that a shifted or repeated stretch shows. */
export function patternedBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i + 4 <= length; i += 4) bytes.writeUInt32LE(Math.imul(i, 2654435761) >>> 0, i);
  return bytes;
}

/** A stream of unknown length, in uneven pieces. */
export function streamOf(bytes: Buffer, pieceBytes = 100_003): Readable {
  return Readable.from(
    (function* () {
      for (let i = 0; i < bytes.length; i += pieceBytes) yield bytes.subarray(i, i + pieceBytes);
    })(),
  );
}
