import { type Objects, putObject } from '../store/objects.ts';
import type { Pointer } from '../store/pointer.ts';

/** `published/<dataset>.json`: which run is current, for people, and an event for whoever builds on this dataset. */
export async function writeReceipt(
  { objects, resultsBucket }: { objects: Objects; resultsBucket: string },
  { dataset, runId, sequence, asOf, publishedAt }: Pointer,
): Promise<void> {
  await putObject(objects, {
    bucket: resultsBucket,
    key: `published/${dataset}.json`,
    body: JSON.stringify({ dataset, runId, sequence, asOf, publishedAt }),
    contentType: 'application/json',
  });
}
