import { createHash } from 'node:crypto';
import { decodePath } from './address.ts';
import { attributesOf, quoted } from './attributes.ts';
import type { Bucket } from './bucket.ts';
import { bucketOf, header, isoTime, noSuchBucket, type S3Call, type S3Reply, xmlReply } from './call.ts';
import { type ChecksumAlgorithm, checksumElement, parseAlgorithm, startChecksum } from './checksums.ts';
import { checkCopyConditions, checkWriteConditions } from './conditions.ts';
import { S3Error } from './errors.ts';
import type { Checksum, ObjectAttributes, Segment, StoredObject } from './model.ts';
import { type ByteRange, parseRange } from './range.ts';
import { noSuchKey } from './read-object.ts';
import { publish } from './write-object.ts';
import { element, xmlDocument } from './xml.ts';

export const isCopy = (call: S3Call): boolean => call.headers['x-amz-copy-source'] !== undefined;

export async function copyObject(call: S3Call): Promise<S3Reply> {
  const target = bucketOf(call);
  const source = sourceOf(call);
  checkWriteConditions(call, target);
  const attributes = copiedAttributes(call, source);
  const sent = header(call, 'x-amz-checksum-algorithm');
  const algorithm = sent === undefined ? source.object.checksum.algorithm : parseAlgorithm(sent);
  const copied = await copyBytes(source, { into: target, algorithm });
  const { etag, segment, checksum } = copied;
  const object = publish(
    call,
    { ...attributes, etag, checksum, segments: [segment] },
    { reason: 'CopyObject' },
  );
  return xmlReply(copyDocument('CopyObjectResult', object));
}

export interface CopySource {
  bucket: Bucket;
  object: StoredObject;
}

/** `x-amz-copy-source` is `[/]bucket/key[?versionId=null]`, percent-encoded. */
export function sourceOf(call: S3Call): CopySource {
  const [path = '', version] = (header(call, 'x-amz-copy-source') ?? '').split('?versionId=');
  const [, name, key] = /^\/?([^/]+)\/([\s\S]+)$/.exec(decodePath(path)) ?? [];
  if (!name || !key)
    throw new S3Error('InvalidArgument', { ArgumentName: 'x-amz-copy-source', ArgumentValue: path });
  if (version !== undefined && version !== 'null')
    throw new S3Error('NoSuchVersion', { Key: key, VersionId: version });
  const bucket = call.buckets.get(name) ?? noSuchBucket(name);
  const object = bucket.objects.get(key) ?? noSuchKey(key);
  checkCopyConditions(call.headers, object);
  return { bucket, object };
}

export interface CopiedBytes {
  etag: string;
  segment: Segment;
  checksum: Checksum;
}

/** A link where the source is one file that has the checksum already; else the bytes are read once. */
export async function copyBytes(
  { bucket, object }: CopySource,
  { into, algorithm, range }: { into: Bucket; algorithm: ChecksumAlgorithm; range?: ByteRange },
): Promise<CopiedBytes> {
  const [only] = object.segments;
  const sameFile = bucket === into && object.segments.length === 1 && !object.etag.includes('-');
  if (only && sameFile && !range && object.checksum.algorithm === algorithm) {
    const segment = { ...only, body: await into.bodies.duplicate(only.body) };
    return { etag: object.etag, segment, checksum: object.checksum };
  }
  const md5 = createHash('md5');
  const checksum = startChecksum(algorithm);
  const selected = range ?? { start: 0, length: object.sizeBytes };
  const source = bucket.bodies.read(object.segments, selected);
  const body = await into.bodies.write(
    (async function* () {
      for await (const bytes of source instanceof Uint8Array ? [source] : source) {
        md5.update(bytes);
        checksum.update(bytes);
        yield bytes;
      }
    })(),
  );
  return {
    etag: md5.digest('hex'),
    segment: { body, sizeBytes: selected.length },
    checksum: { algorithm, value: checksum.digest().toString('base64'), type: 'FULL_OBJECT' },
  };
}

export const copySourceRange = (call: S3Call, object: StoredObject): ByteRange | null =>
  parseRange(header(call, 'x-amz-copy-source-range'), object.sizeBytes);

interface CopyResult {
  etag: string;
  modifiedMs: number;
  checksum: Checksum;
}

export const copyDocument = (name: string, { etag, modifiedMs, checksum }: CopyResult): string =>
  xmlDocument(name, [
    element('ETag', quoted(etag)),
    element('LastModified', isoTime(modifiedMs)),
    element(checksumElement(checksum.algorithm), checksum.value),
    element('ChecksumType', checksum.type),
  ]);

function copiedAttributes(call: S3Call, { bucket, object }: CopySource): ObjectAttributes {
  const replaceMetadata = header(call, 'x-amz-metadata-directive')?.toUpperCase() === 'REPLACE';
  const replaceTags = header(call, 'x-amz-tagging-directive')?.toUpperCase() === 'REPLACE';
  const sent = attributesOf(call);
  const ontoItself = bucket.name === call.bucketName && object.key === call.key;
  if (ontoItself && !replaceMetadata && !replaceTags && call.headers['x-amz-storage-class'] === undefined) {
    throw new S3Error(
      'InvalidRequest',
      {},
      'This copy request is illegal: it copies an object to itself unchanged.',
    );
  }
  return {
    headers: replaceMetadata ? sent.headers : object.headers,
    metadata: replaceMetadata ? sent.metadata : object.metadata,
    tags: replaceTags ? sent.tags : object.tags,
  };
}
