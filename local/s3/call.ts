import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Address } from './address.ts';
import type { Bucket } from './bucket.ts';
import type { Buckets } from './buckets.ts';
import { S3Error } from './errors.ts';
import type { ObjectEvent } from './model.ts';

/** One request, taken apart, with what its operation works on. */
export interface S3Call extends Address {
  method: string;
  /** Names in lower case; `x-amz-` parameters of a presigned address are among them. */
  headers: IncomingHttpHeaders;
  stream: IncomingMessage;
  buckets: Buckets;
  emit(event: Omit<ObjectEvent, 'time'>): void;
}

export interface S3Reply {
  status: number;
  headers?: Record<string, string | number>;
  body?: string | Uint8Array | Readable;
}

export type Operation = (call: S3Call) => S3Reply | Promise<S3Reply>;

export const xmlReply = (body: string, headers: Record<string, string> = {}): S3Reply => ({
  status: 200,
  headers: { ...headers, 'content-type': 'application/xml' },
  body,
});

export function bucketOf(call: S3Call): Bucket {
  return call.buckets.get(call.bucketName) ?? noSuchBucket(call.bucketName);
}

export function noSuchBucket(name: string): never {
  throw new S3Error('NoSuchBucket', { BucketName: name });
}

export function header(call: S3Call, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A whole number among the parameters; absent gives the fallback. */
export function wholeNumber(
  call: S3Call,
  name: string,
  { fallback, max }: { fallback: number; max: number },
): number {
  const text = call.query.get(name);
  if (text === null || text === '') return fallback;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 2 ** 31 - 1) return Math.min(value, max);
  throw new S3Error(
    'InvalidArgument',
    { ArgumentName: name, ArgumentValue: text },
    `Provided ${name} is not valid`,
  );
}

export const isoTime = (ms: number): string => new Date(ms).toISOString();
