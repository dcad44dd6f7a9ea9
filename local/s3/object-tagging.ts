import { bucketOf, type S3Call, type S3Reply, xmlReply } from './call.ts';
import type { Tag } from './model.ts';
import { readText } from './payload.ts';
import { objectOf } from './read-object.ts';
import { readTagging, taggingDocument } from './tags.ts';

export const getObjectTagging = (call: S3Call): S3Reply => xmlReply(taggingDocument(objectOf(call).tags));

export async function putObjectTagging(call: S3Call): Promise<S3Reply> {
  const tags = readTagging(await readText(call));
  return retag(call, { tags, status: 200 });
}

export const deleteObjectTagging = (call: S3Call): S3Reply => retag(call, { tags: [], status: 204 });

function retag(call: S3Call, { tags, status }: { tags: Tag[]; status: number }): S3Reply {
  bucketOf(call).record({ op: 'put', object: { ...objectOf(call), tags } });
  return { status };
}
