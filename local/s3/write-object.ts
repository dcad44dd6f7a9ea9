import { attributesOf, quoted } from './attributes.ts';
import type { Bucket } from './bucket.ts';
import { bucketOf, noSuchBucket, type S3Call, type S3Reply } from './call.ts';
import { type ChecksumAlgorithm, checksumHeaders, defaultAlgorithm } from './checksums.ts';
import { checkWriteConditions } from './conditions.ts';
import type { Checksum, ObjectEvent, Segment, StoredObject } from './model.ts';
import { type Payload, readPayload } from './payload.ts';

export async function putObject(call: S3Call): Promise<S3Reply> {
  const bucket = bucketOf(call);
  const attributes = attributesOf(call);
  checkWriteConditions(call, bucket);
  const { segment, payload } = await receiveBody(call, bucket, defaultAlgorithm);
  const checksum = checksumOf(payload, payload.clientAlgorithm ?? defaultAlgorithm);
  const etag = payload.md5.toString('hex');
  publish(call, { ...attributes, etag, checksum, segments: [segment] }, { reason: 'PutObject' });
  return {
    status: 200,
    headers: { etag: quoted(etag), ...(payload.clientAlgorithm && checksumHeaders(checksum)) },
  };
}

export interface ReceivedBody {
  segment: Segment;
  payload: Payload;
}

/** Stores the payload of a request as a body that nothing refers to yet, checksummed by this algorithm at least. */
export async function receiveBody(
  call: S3Call,
  bucket: Bucket,
  algorithm: ChecksumAlgorithm,
): Promise<ReceivedBody> {
  let body = '';
  const payload = await readPayload(call, {
    algorithms: [algorithm],
    into: async (bytes) => {
      body = await bucket.bodies.write(bytes);
    },
  });
  return { segment: { body, sizeBytes: payload.sizeBytes }, payload };
}

export const checksumOf = (payload: Payload, algorithm: ChecksumAlgorithm): Checksum => ({
  algorithm,
  value: payload.checksums.get(algorithm) ?? '',
  type: 'FULL_OBJECT',
});

export type NewObject = Omit<StoredObject, 'key' | 'sizeBytes' | 'modifiedMs' | 'sequencer'>;

/**
 * Checks the conditions of the write and makes the object current in one synchronous step, then tells who listens.
 * Bodies of an object that is refused are deleted, unless they belong to an upload that can be completed later.
 */
export function publish(
  call: S3Call,
  fresh: NewObject,
  { reason, uploadId }: { reason: ObjectEvent['reason']; uploadId?: string },
): StoredObject {
  const bucket = call.buckets.get(call.bucketName) ?? noSuchBucket(call.bucketName);
  const sequencer = call.buckets.nextSequencer();
  const sizeBytes = fresh.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  const object = { ...fresh, key: call.key, sizeBytes, modifiedMs: Date.now(), sequencer };
  try {
    checkWriteConditions(call, bucket);
    bucket.record({ op: 'put', object, ...(uploadId !== undefined && { uploadId }) });
  } catch (error) {
    if (uploadId === undefined) bucket.bodies.discard(fresh.segments.map(({ body }) => body));
    throw error;
  }
  call.emit(eventOf(object, { type: 'Object Created', reason, bucket: bucket.name, sequencer }));
  return object;
}

type Happening = Pick<ObjectEvent, 'type' | 'reason' | 'bucket' | 'sequencer'>;

export const eventOf = (object: StoredObject, happening: Happening): Omit<ObjectEvent, 'time'> => ({
  ...happening,
  key: object.key,
  size: object.sizeBytes,
  etag: object.etag,
});
