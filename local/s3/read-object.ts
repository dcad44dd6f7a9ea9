import { objectHeaders } from './attributes.ts';
import { bucketOf, header, isoTime, type S3Call, type S3Reply, wholeNumber, xmlReply } from './call.ts';
import { checksumElement, checksumHeaders } from './checksums.ts';
import { isNotModified } from './conditions.ts';
import { S3Error } from './errors.ts';
import type { StoredObject } from './model.ts';
import { type ByteRange, contentRange, parseRange } from './range.ts';
import { element, xmlDocument } from './xml.ts';

export const headObject = (call: S3Call): S3Reply => describe(call).reply;

export function getObject(call: S3Call): S3Reply {
  const { reply, object, selected } = describe(call);
  if (reply.status === 304) return reply;
  return { ...reply, body: bucketOf(call).bodies.read(object.segments, selected) };
}

export function getObjectAttributes(call: S3Call): S3Reply {
  const object = objectOf(call);
  const wanted = new Set((header(call, 'x-amz-object-attributes') ?? '').split(/\s*,\s*/));
  const { algorithm, value, type } = object.checksum;
  const parts = partCount(object);
  const document = xmlDocument('GetObjectAttributesResponse', [
    element('ETag', wanted.has('ETag') ? object.etag : null),
    element(
      'Checksum',
      wanted.has('Checksum')
        ? [element(checksumElement(algorithm), value), element('ChecksumType', type)]
        : null,
    ),
    element('ObjectParts', wanted.has('ObjectParts') && parts > 0 ? element('PartsCount', parts) : null),
    element('StorageClass', wanted.has('StorageClass') ? storageClass(object) : null),
    element('ObjectSize', wanted.has('ObjectSize') ? object.sizeBytes : null),
  ]);
  return xmlReply(document, { 'last-modified': new Date(object.modifiedMs).toUTCString() });
}

export function objectOf(call: S3Call): StoredObject {
  const versionId = call.query.get('versionId');
  const object = bucketOf(call).objects.get(call.key);
  if (versionId !== null && versionId !== 'null') {
    throw new S3Error('NoSuchVersion', { Key: call.key, VersionId: versionId });
  }
  return object ?? noSuchKey(call.key);
}

export function noSuchKey(key: string): never {
  throw new S3Error('NoSuchKey', { Key: key });
}

export const storageClass = (object: StoredObject): string =>
  object.headers['x-amz-storage-class'] ?? 'STANDARD';

interface Description {
  object: StoredObject;
  selected: ByteRange;
  reply: S3Reply;
}

function describe(call: S3Call): Description {
  const object = objectOf(call);
  const whole = { start: 0, length: object.sizeBytes };
  if (isNotModified(call.headers, object)) {
    const { etag = '', 'last-modified': modified = '' } = objectHeaders(object);
    return { object, selected: whole, reply: { status: 304, headers: { etag, 'last-modified': modified } } };
  }
  const range = rangeOfPart(call, object) ?? parseRange(header(call, 'range'), object.sizeBytes);
  const selected = range ?? whole;
  const withChecksum = !range && header(call, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  const headers = {
    ...objectHeaders(object),
    ...(withChecksum && checksumHeaders(object.checksum)),
    ...(range && { 'content-range': contentRange(range, object.sizeBytes) }),
    ...(call.query.has('partNumber') &&
      partCount(object) > 0 && { 'x-amz-mp-parts-count': partCount(object) }),
    ...overrides(call),
    'content-length': selected.length,
  };
  return { object, selected, reply: { status: range ? 206 : 200, headers } };
}

/** Zero for an object that was uploaded in one piece. */
const partCount = ({ etag, segments }: StoredObject): number => (etag.includes('-') ? segments.length : 0);

function rangeOfPart(call: S3Call, object: StoredObject): ByteRange | null {
  if (!call.query.has('partNumber')) return null;
  const partNumber = wholeNumber(call, 'partNumber', { fallback: 1, max: 10_000 });
  const part = object.segments[partNumber - 1];
  if (!part) throw new S3Error('InvalidPart');
  const start = object.segments.slice(0, partNumber - 1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return part.sizeBytes === 0 ? null : { start, length: part.sizeBytes };
}

/** `response-content-type` and its like, which presigned addresses use to name a download. */
function overrides(call: S3Call): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of overridable) {
    const value = call.query.get(`response-${name}`);
    if (value) headers[name] = value;
  }
  return headers;
}

const overridable = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/** An object's line in a listing; its key is written by the caller, who knows the encoding. */
export const listedObject = (object: StoredObject) => [
  element('LastModified', isoTime(object.modifiedMs)),
  element('ETag', `"${object.etag}"`),
  element('ChecksumAlgorithm', object.checksum.algorithm),
  element('ChecksumType', object.checksum.type),
  element('Size', object.sizeBytes),
  element('StorageClass', storageClass(object)),
];
