import { quoted } from './attributes.ts';
import { bucketOf, isoTime, type S3Call, type S3Reply, wholeNumber, xmlReply } from './call.ts';
import { checksumElement } from './checksums.ts';
import { uploadOf } from './multipart.ts';
import { compareKeys } from './sorted-keys.ts';
import { element, xmlDocument } from './xml.ts';

export function listParts(call: S3Call): S3Reply {
  const bucket = bucketOf(call);
  const upload = uploadOf(call, bucket);
  const maxParts = wholeNumber(call, 'max-parts', { fallback: 1000, max: 1000 });
  const marker = wholeNumber(call, 'part-number-marker', { fallback: 0, max: 10_000 });
  const remaining = [...upload.parts.values()]
    .filter(({ partNumber }) => partNumber > marker)
    .sort((a, b) => a.partNumber - b.partNumber);
  const page = remaining.slice(0, maxParts);
  return xmlReply(
    xmlDocument('ListPartsResult', [
      element('Bucket', bucket.name),
      element('Key', upload.key),
      element('UploadId', upload.uploadId),
      element('StorageClass', 'STANDARD'),
      element('PartNumberMarker', marker),
      element('NextPartNumberMarker', page.at(-1)?.partNumber),
      element('MaxParts', maxParts),
      element('IsTruncated', page.length < remaining.length),
      element('ChecksumAlgorithm', upload.checksumChosen ? upload.checksumAlgorithm : null),
      element('ChecksumType', upload.checksumChosen ? upload.checksumType : null),
      ...page.map(({ partNumber, etag, modifiedMs, segment, checksum }) =>
        element('Part', [
          element('PartNumber', partNumber),
          element('LastModified', isoTime(modifiedMs)),
          element('ETag', quoted(etag)),
          element('Size', segment.sizeBytes),
          element(checksumElement(checksum.algorithm), upload.checksumChosen ? checksum.value : null),
        ]),
      ),
    ]),
  );
}

/** All at once: nobody has a thousand uploads under way on one machine. */
export function listMultipartUploads(call: S3Call): S3Reply {
  const bucket = bucketOf(call);
  const prefix = call.query.get('prefix') ?? '';
  const uploads = [...bucket.uploads.values()]
    .filter(({ key }) => key.startsWith(prefix))
    .sort((a, b) => compareKeys(a.key, b.key) || a.startedMs - b.startedMs);
  return xmlReply(
    xmlDocument('ListMultipartUploadsResult', [
      element('Bucket', bucket.name),
      element('Prefix', prefix),
      element('MaxUploads', Math.max(uploads.length, 1000)),
      element('IsTruncated', false),
      ...uploads.map(({ key, uploadId, startedMs }) =>
        element('Upload', [
          element('Key', key),
          element('UploadId', uploadId),
          element('StorageClass', 'STANDARD'),
          element('Initiated', isoTime(startedMs)),
        ]),
      ),
    ]),
  );
}
