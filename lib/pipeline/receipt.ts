import { type Objects, putObject } from '../store/objects.ts';
import type { Pointer } from '../store/pointer.ts';

/** `published/<dataset>.json`: which run is current, for people, and an event for whoever builds on this dataset. */
export async function writeReceipt(
  { objects, resultsBucket }: { objects: Objects; resultsBucket: string },
  pointer: Pointer,
): Promise<void> {
  await putObject(objects, {
    bucket: resultsBucket,
    key: receiptKey(pointer.dataset),
    body: receiptOf(pointer),
    contentType: 'application/json',
  });
}

export const receiptKey = (dataset: string): string => `published/${dataset}.json`;

export const receiptOf = ({ dataset, runId, sequence, asOf, publishedAt }: Pointer): string =>
  JSON.stringify({ dataset, runId, sequence, asOf, publishedAt });
