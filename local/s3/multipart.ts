import { randomUUID } from 'node:crypto';
import { attributesOf, quoted } from './attributes.ts';
import type { Bucket } from './bucket.ts';
import { bucketOf, header, noSuchBucket, type S3Call, type S3Reply, xmlReply } from './call.ts';
import { checksumHeader, defaultAlgorithm, parseAlgorithm, parseChecksumType } from './checksums.ts';
import { copyBytes, copyDocument, copySourceRange, isCopy, sourceOf } from './copy-object.ts';
import { S3Error } from './errors.ts';
import type { ChecksumType, UploadedPart } from './model.ts';
import { checksumOf, receiveBody } from './write-object.ts';
import { element, xmlDocument } from './xml.ts';

export function createMultipartUpload(call: S3Call): S3Reply {
  const bucket = bucketOf(call);
  const named = header(call, 'x-amz-checksum-algorithm');
  const checksumAlgorithm = named === undefined ? defaultAlgorithm : parseAlgorithm(named);
  const checksumType = typeOfUpload(call, {
    named: named !== undefined,
    crc64: checksumAlgorithm === 'CRC64NVME',
  });
  const uploadId = randomUUID();
  const { key } = call;
  const settings = { checksumAlgorithm, checksumType, checksumChosen: named !== undefined };
  const upload = { ...attributesOf(call), ...settings, uploadId, key, startedMs: Date.now() };
  bucket.record({ op: 'startUpload', upload });
  const names = [element('Bucket', bucket.name), element('Key', key), element('UploadId', uploadId)];
  return xmlReply(xmlDocument('InitiateMultipartUploadResult', names), {
    ...(named !== undefined && {
      'x-amz-checksum-algorithm': checksumAlgorithm,
      'x-amz-checksum-type': checksumType,
    }),
  });
}

/** Of a whole object where nobody asked otherwise: readers can check that, and cannot check a composite. */
function typeOfUpload(call: S3Call, { named, crc64 }: { named: boolean; crc64: boolean }): ChecksumType {
  const type = header(call, 'x-amz-checksum-type');
  if (type !== undefined) return parseChecksumType(type);
  return named && !crc64 ? 'COMPOSITE' : 'FULL_OBJECT';
}

export async function uploadPart(call: S3Call): Promise<S3Reply> {
  const bucket = bucketOf(call);
  const { checksumAlgorithm } = uploadOf(call, bucket);
  const partNumber = partNumberOf(call);
  if (isCopy(call)) return copyPart(call, bucket, partNumber);
  const { segment, payload } = await receiveBody(call, bucket, checksumAlgorithm);
  const etag = payload.md5.toString('hex');
  const part = {
    partNumber,
    etag,
    segment,
    checksum: checksumOf(payload, checksumAlgorithm),
    modifiedMs: Date.now(),
  };
  addPart(call, bucket, part);
  const sent = payload.clientAlgorithm && checksumOf(payload, payload.clientAlgorithm);
  const echoed = sent && { [checksumHeader(sent.algorithm)]: sent.value };
  return { status: 200, headers: { etag: quoted(etag), ...echoed } };
}

async function copyPart(call: S3Call, bucket: Bucket, partNumber: number): Promise<S3Reply> {
  const source = sourceOf(call);
  const range = copySourceRange(call, source.object);
  const algorithm = uploadOf(call, bucket).checksumAlgorithm;
  const copied = await copyBytes(source, { into: bucket, algorithm, ...(range && { range }) });
  const part = { ...copied, partNumber, modifiedMs: Date.now() };
  addPart(call, bucket, part);
  return xmlReply(copyDocument('CopyPartResult', part));
}

/** The upload may have ended, and even its bucket, while the part's bytes came in. */
function addPart(call: S3Call, bucket: Bucket, part: UploadedPart): void {
  try {
    if (call.buckets.get(bucket.name) !== bucket) noSuchBucket(bucket.name);
    const { uploadId } = uploadOf(call, bucket);
    bucket.record({ op: 'addPart', uploadId, part });
  } catch (error) {
    bucket.bodies.discard([part.segment.body]);
    throw error;
  }
}

export function abortMultipartUpload(call: S3Call): S3Reply {
  const bucket = bucketOf(call);
  const { uploadId } = uploadOf(call, bucket);
  bucket.record({ op: 'abortUpload', uploadId });
  return { status: 204 };
}

export function uploadOf(call: S3Call, bucket: Bucket) {
  const upload = bucket.uploads.get(call.query.get('uploadId') ?? '');
  if (upload?.key !== call.key)
    throw new S3Error('NoSuchUpload', { UploadId: call.query.get('uploadId') ?? '' });
  return upload;
}

function partNumberOf(call: S3Call): number {
  const partNumber = Number(call.query.get('partNumber'));
  if (Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= 10_000) return partNumber;
  throw new S3Error('InvalidArgument', {}, 'Part number must be an integer between 1 and 10000, inclusive');
}
