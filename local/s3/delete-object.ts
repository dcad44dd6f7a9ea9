import type { Bucket } from './bucket.ts';
import { bucketOf, type S3Call, type S3Reply, xmlReply } from './call.ts';
import { checkWriteConditions } from './conditions.ts';
import { readText } from './payload.ts';
import { eventOf } from './write-object.ts';
import { childrenNamed, childText, element, malformed, readXml, xmlDocument } from './xml.ts';

export function deleteObject(call: S3Call): S3Reply {
  const bucket = bucketOf(call);
  if (call.headers['if-match'] !== undefined) checkWriteConditions(call, bucket);
  remove(call, bucket, call.key);
  return { status: 204 };
}

/** Up to 1,000 keys; those that do not exist count as deleted, as on S3. */
export async function deleteObjects(call: S3Call): Promise<S3Reply> {
  const request = readXml(await readText(call));
  const bucket = bucketOf(call);
  const keys = childrenNamed(request, 'Object').map((object) => childText(object, 'Key') ?? malformed());
  if (request.name !== 'Delete' || keys.length === 0 || keys.length > 1000) malformed();
  for (const key of keys) remove(call, bucket, key);
  const quiet = childText(request, 'Quiet')?.trim().toLowerCase() === 'true';
  return xmlReply(
    xmlDocument('DeleteResult', quiet ? [] : keys.map((key) => element('Deleted', element('Key', key)))),
  );
}

function remove(call: S3Call, bucket: Bucket, key: string): void {
  const object = bucket.objects.get(key);
  if (!object) return;
  const sequencer = call.buckets.nextSequencer();
  bucket.record({ op: 'delete', key, sequencer });
  call.emit(
    eventOf(object, { type: 'Object Deleted', reason: 'DeleteObject', bucket: bucket.name, sequencer }),
  );
}
