import type { IncomingMessage } from 'node:http';
import { S3Error } from './errors.ts';

/** What a request is about. No bucket: the account. No key: the bucket. */
export interface Address {
  bucketName: string;
  key: string;
  query: URLSearchParams;
  /** The path as it was sent, which is what signatures cover. */
  rawPath: string;
}

/**
 * Path style (`/bucket/key`), or virtual-host style where the host is `bucket.localhost` or `bucket.s3.localhost`.
 * The path is never normalised: `a//b`, `a/../b` and `a/` are keys of their own.
 */
export function parseAddress(request: IncomingMessage): Address {
  const url = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = url.indexOf('?');
  const rawPath = (mark < 0 ? url : url.slice(0, mark)) || '/';
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const path = decodePath(rawPath).slice(1);
  const hosted = bucketOfHost(request.headers.host ?? '');
  if (hosted) return { bucketName: hosted, key: checkedKey(path), query, rawPath };
  const slash = path.indexOf('/');
  const bucketName = slash < 0 ? path : path.slice(0, slash);
  return { bucketName, key: slash < 0 ? '' : checkedKey(path.slice(slash + 1)), query, rawPath };
}

/** A plus sign in a path is a plus sign; only %20 is a space. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidURI', { URI: path });
  }
}

const bucketOfHost = (host: string): string | undefined =>
  /^(.+?)(?:\.s3)?\.localhost(?::\d+)?$/i.exec(host)?.[1]?.replace(/^s3$/, '');

function checkedKey(key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes > maxKeyBytes) {
    throw new S3Error('KeyTooLongError', { Size: String(bytes), MaxSizeAllowed: String(maxKeyBytes) });
  }
  return key;
}

const maxKeyBytes = 1024;
