import { createHash } from 'node:crypto';
import { quoted } from './attributes.ts';
import { bucketOf, header, type S3Call, type S3Reply, xmlReply } from './call.ts';
import { checksumElement, checksumHeader, checksumOfParts } from './checksums.ts';
import { S3Error } from './errors.ts';
import type { Checksum, UploadedPart } from './model.ts';
import { uploadOf } from './multipart.ts';
import { readText } from './payload.ts';
import { publish } from './write-object.ts';
import {
  childrenNamed,
  childText,
  element,
  malformed,
  type ReadElement,
  readXml,
  xmlDocument,
} from './xml.ts';

/** No byte is copied: the object's segments are the parts' files. */
export async function completeMultipartUpload(call: S3Call): Promise<S3Reply> {
  const request = readXml(await readText(call));
  if (request.name !== 'CompleteMultipartUpload') malformed();
  const bucket = bucketOf(call);
  const { uploadId, headers, metadata, tags, ...upload } = uploadOf(call, bucket);
  const parts = chosenParts(upload.parts, childrenNamed(request, 'Part'));
  const sizes = parts.map(({ segment, checksum }) => ({ sizeBytes: segment.sizeBytes, checksum }));
  const checksum = checksumOfParts(sizes, { algorithm: upload.checksumAlgorithm, type: upload.checksumType });
  checkClaims(call, { checksum, sizeBytes: sizes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) });
  const etag = etagOfParts(parts);
  const segments = parts.map(({ segment }) => segment);
  const fresh = { headers, metadata, tags, etag, checksum, segments };
  publish(call, fresh, { reason: 'CompleteMultipartUpload', uploadId });
  return xmlReply(
    xmlDocument('CompleteMultipartUploadResult', [
      element('Location', `http://${header(call, 'host') ?? ''}${call.rawPath}`),
      element('Bucket', bucket.name),
      element('Key', call.key),
      element('ETag', quoted(etag)),
      element(checksumElement(checksum.algorithm), checksum.value),
      element('ChecksumType', checksum.type),
    ]),
  );
}

function chosenParts(uploaded: ReadonlyMap<number, UploadedPart>, listed: ReadElement[]): UploadedPart[] {
  if (listed.length === 0) malformed('You must specify at least one part');
  const parts = listed.map((entry) => chosenPart(uploaded, entry));
  parts.forEach(({ partNumber, etag, segment }, index) => {
    const details = { PartNumber: String(partNumber), ETag: etag };
    const next = parts[index + 1];
    if (next && next.partNumber <= partNumber) throw new S3Error('InvalidPartOrder', details);
    if (next && segment.sizeBytes < minPartBytes) throw new S3Error('EntityTooSmall', details);
  });
  return parts;
}

/** Of every part but the last. */
const minPartBytes = 5 * 2 ** 20;

function chosenPart(uploaded: ReadonlyMap<number, UploadedPart>, entry: ReadElement): UploadedPart {
  const partNumber = childText(entry, 'PartNumber') ?? malformed();
  const etag = childText(entry, 'ETag')?.replaceAll('"', '') ?? malformed();
  const part = uploaded.get(Number(partNumber));
  if (part?.etag !== etag) throw new S3Error('InvalidPart', { PartNumber: partNumber, ETag: etag });
  const claimed = childText(entry, checksumElement(part.checksum.algorithm));
  if (claimed && claimed !== part.checksum.value)
    throw new S3Error('InvalidPart', { PartNumber: partNumber });
  return part;
}

function checkClaims(call: S3Call, { checksum, sizeBytes }: { checksum: Checksum; sizeBytes: number }): void {
  const claimedSize = header(call, 'x-amz-mp-object-size');
  if (claimedSize !== undefined && Number(claimedSize) !== sizeBytes) {
    throw new S3Error('InvalidRequest', {}, `The object has ${sizeBytes} bytes, not ${claimedSize}.`);
  }
  const { algorithm, value } = checksum;
  const claimed = header(call, checksumHeader(algorithm));
  // the count of parts behind a composite checksum may be left out
  if (claimed === undefined || claimed === value || claimed === value.replace(/-\d+$/, '')) return;
  throw new S3Error('BadDigest', {}, `The ${algorithm} you specified did not match the calculated checksum.`);
}

function etagOfParts(parts: UploadedPart[]): string {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(etag, 'hex');
  return `${md5.digest('hex')}-${parts.length}`;
}
