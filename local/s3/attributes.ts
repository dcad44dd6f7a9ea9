import { header, type S3Call } from './call.ts';
import type { ObjectAttributes, StoredObject } from './model.ts';
import { parseTagging } from './tags.ts';

/** What the headers of an upload say about the object. */
export function attributesOf(call: S3Call): ObjectAttributes {
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of keptHeaders) {
    const value = header(call, name);
    if (value !== undefined && value !== '') headers[name] = value;
  }
  const encoding = withoutFraming(headers['content-encoding'] ?? '');
  if (encoding) headers['content-encoding'] = encoding;
  else delete headers['content-encoding'];
  return { headers, metadata: metadataOf(call), tags: parseTagging(header(call, 'x-amz-tagging') ?? '') };
}

/** The headers that answer a reader. */
export function objectHeaders(object: StoredObject): Record<string, string> {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [metadataPrefix + name, value]);
  return {
    ...object.headers,
    ...Object.fromEntries(metadata),
    etag: quoted(object.etag),
    'last-modified': new Date(object.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    ...(object.tags.length > 0 && { 'x-amz-tagging-count': String(object.tags.length) }),
  };
}

export const quoted = (etag: string): string => `"${etag}"`;

const keptHeaders = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
];

const metadataPrefix = 'x-amz-meta-';

const metadataOf = (call: S3Call): Record<string, string> =>
  Object.fromEntries(
    Object.keys(call.headers)
      .filter((name) => name.startsWith(metadataPrefix))
      .map((name) => [name.slice(metadataPrefix.length), header(call, name) ?? '']),
  );

/** `aws-chunked` says how the bytes travelled, not what they are. */
const withoutFraming = (contentEncoding: string): string =>
  contentEncoding
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding.toLowerCase() !== 'aws-chunked')
    .join(', ');
