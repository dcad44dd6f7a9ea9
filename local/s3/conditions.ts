import type { IncomingHttpHeaders } from 'node:http';
import type { Bucket } from './bucket.ts';
import { header, type S3Call } from './call.ts';
import { S3Error } from './errors.ts';
import type { StoredObject } from './model.ts';

/**
 * If-Match and If-None-Match of a write. To be called in the same synchronous step as the change that it guards,
 * and once more before a long body is read, to fail early.
 */
export function checkWriteConditions(call: S3Call, bucket: Bucket): void {
  const existing = bucket.objects.get(call.key);
  const ifNoneMatch = header(call, 'if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') {
    throw new S3Error('NotImplemented', {}, 'If-None-Match of a write takes only an asterisk.');
  }
  if (ifNoneMatch !== undefined && existing) failed('If-None-Match');
  const ifMatch = header(call, 'if-match');
  if (ifMatch === undefined) return;
  if (!existing) throw new S3Error('NoSuchKey', { Key: call.key });
  if (!matches(ifMatch, existing.etag)) failed('If-Match');
}

/** Whether a reader has this object already (304). Precedence as in RFC 9110, section 13.2.2. */
export function isNotModified(headers: IncomingHttpHeaders, object: StoredObject): boolean {
  const modified = wholeSeconds(object.modifiedMs);
  const ifMatch = headers['if-match'];
  const ifUnmodifiedSince = time(headers['if-unmodified-since']);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) failed('If-Match');
  } else if (ifUnmodifiedSince !== null && modified > ifUnmodifiedSince) failed('If-Unmodified-Since');
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object.etag);
  const ifModifiedSince = time(headers['if-modified-since']);
  return ifModifiedSince !== null && modified <= ifModifiedSince;
}

/** The same conditions on the source of a copy; there is no 304 among its answers. */
export function checkCopyConditions(headers: IncomingHttpHeaders, source: StoredObject): void {
  const conditions: IncomingHttpHeaders = {};
  for (const name of ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']) {
    const value = headers[`x-amz-copy-source-${name}`];
    if (typeof value === 'string') conditions[name] = value;
  }
  if (isNotModified(conditions, source)) failed('x-amz-copy-source-If-None-Match');
}

const matches = (condition: string, etag: string): boolean =>
  condition.split(',').some((entry) => {
    const wanted = entry
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return wanted === '*' || wanted === etag;
  });

function failed(condition: string): never {
  throw new S3Error('PreconditionFailed', { Condition: condition });
}

function time(value: string | undefined): number | null {
  const ms = Date.parse(value ?? '');
  return Number.isNaN(ms) ? null : ms;
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;
