import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { forEachConcurrently } from './concurrency.ts';
import { deleteObject, listObjects, type Objects, putObject, readBytes } from './objects.ts';

/** Intermediate results of a run that goes on in another invocation; gone once it is published. */

interface Place {
  bucket: string;
  runId: string;
}

/** `name` is of letters, digits, dots and hyphens. The value may hold typed arrays, maps and NaN. */
export async function putCheckpoint(
  objects: Objects,
  { bucket, runId, name, value }: Place & { name: string; value: unknown },
): Promise<void> {
  await putObject(objects, {
    bucket,
    key: `${checkpointPrefix(runId)}${name}`,
    body: gzipSync(serialize(value), { level: 1 }),
    contentType: 'application/octet-stream',
  });
}

/** Null where there is none, or none that this runtime can read. */
export async function readCheckpoint(
  objects: Objects,
  { bucket, runId, name }: Place & { name: string },
): Promise<{ value: unknown } | null> {
  const bytes = await readBytes(objects, { bucket, key: `${checkpointPrefix(runId)}${name}` });
  if (bytes === null) return null;
  try {
    return { value: deserialize(gunzipSync(bytes)) };
  } catch {
    return null;
  }
}

export async function deleteCheckpoints(objects: Objects, { bucket, runId }: Place): Promise<void> {
  const listing = await listObjects(objects, { bucket, prefix: checkpointPrefix(runId) });
  await forEachConcurrently(listing, 8, ({ key }) => deleteObject(objects, { bucket, key }));
}

const checkpointPrefix = (runId: string): string => `runs/${runId}/checkpoints/`;

export const isCheckpoint = (key: string): boolean => /^runs\/\w+\/checkpoints\//.test(key);
