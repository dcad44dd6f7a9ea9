import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { keyIn, type ObjectName, type Objects } from './objects.ts';

/** Addresses that let whoever holds them do one thing with one object, for a while. */

/**
 * Where an upload of exactly so many bytes and this type can be put. The client must not add checksums by itself
 * (`requestChecksumCalculation: 'WHEN_REQUIRED'`): it would sign that of an empty body.
 */
export function presignPut(
  objects: Objects,
  {
    bucket: Bucket,
    key,
    sizeBytes: ContentLength,
    contentType: ContentType,
    expiresInSeconds: expiresIn,
  }: ObjectName & { sizeBytes: number; contentType: string; expiresInSeconds: number },
): Promise<string> {
  const command = new PutObjectCommand({ Bucket, Key: keyIn(objects, key), ContentLength, ContentType });
  return getSignedUrl(objects.client, command, {
    expiresIn,
    signableHeaders: new Set(['host', 'content-length', 'content-type']),
  });
}

/** Where an object can be had: to be shown, or saved under the last part of its key. */
export function presignGet(
  objects: Objects,
  {
    bucket: Bucket,
    key,
    expiresInSeconds: expiresIn,
    isShown = false,
  }: ObjectName & { expiresInSeconds: number; isShown?: boolean },
): Promise<string> {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const ResponseContentDisposition = `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`;
  const command = new GetObjectCommand({ Bucket, Key: keyIn(objects, key), ResponseContentDisposition });
  return getSignedUrl(objects.client, command, { expiresIn });
}
