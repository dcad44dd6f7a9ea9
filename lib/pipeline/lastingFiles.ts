import { forEachConcurrently } from '../store/concurrency.ts';
import { copyObject, deleteObject, listObjects, readMetadata, readText } from '../store/objects.ts';
import { type Pointer, readPointer } from '../store/pointer.ts';
import type { Platform } from './platform.ts';
import { receiptKey, receiptOf, writeReceipt } from './receipt.ts';
import type { Dataset } from './run.ts';

/** How often publications may overtake this one before it is left to the next look. */
const maxOvertakings = 5;
const atOnce = 8;

/**
 * Brings the files under lasting names, and the receipt, in line with what is published, or takes them away where nothing is.
 * Writes to S3 cannot be fenced: one who was overtaken in the middle may have put older files over newer ones, so the pointer is read
 * again at the end; and every later look does the same, in case that one did not come so far.
 */
export async function alignLastingFiles(
  platform: Platform,
  {
    dataset,
    pointer,
    earlierFiles = [],
  }: { dataset: Dataset; pointer: Pointer | null; earlierFiles?: readonly string[] },
): Promise<void> {
  let aligned = pointer;
  for (let overtakings = 0; overtakings < maxOvertakings; overtakings++) {
    const wanted = aligned === null ? [] : [...aligned.lastingFiles, receiptKey(dataset.name)];
    if (aligned !== null) await placeLastingFiles(platform, aligned);
    const known = new Set([
      ...dataset.lastingFiles,
      ...earlierFiles,
      ...(await filesBelow(platform, dataset)),
      receiptKey(dataset.name),
    ]);
    await removeFiles(
      platform,
      [...known].filter((key) => !wanted.includes(key)),
    );
    const current = await readPointer(platform.table, dataset.name);
    if (current?.sequence === aligned?.sequence) return;
    aligned = current;
  }
}

async function filesBelow(
  { objects, resultsBucket: bucket }: Platform,
  { lastingPrefixes = [] }: Dataset,
): Promise<string[]> {
  const listings = await Promise.all(
    lastingPrefixes.map((prefix) => listObjects(objects, { bucket, prefix })),
  );
  return listings.flat().map(({ key }) => key);
}

const runIdMetadata = 'run-id';

async function placeLastingFiles(
  { objects, resultsBucket: bucket }: Platform,
  pointer: Pointer,
): Promise<void> {
  const { runId } = pointer;
  await forEachConcurrently(pointer.lastingFiles, atOnce, async (key) => {
    const placed = await readMetadata(objects, { bucket, key });
    if (placed?.[runIdMetadata] === runId) return;
    await copyObject(objects, {
      bucket,
      from: `runs/${runId}/${key}`,
      to: key,
      contentType: key.endsWith('.json') ? 'application/json' : 'text/csv; charset=utf-8',
      metadata: { [runIdMetadata]: runId },
    });
  });
  const receipt = await readText(objects, { bucket, key: receiptKey(pointer.dataset) });
  if (receipt !== receiptOf(pointer)) await writeReceipt({ objects, resultsBucket: bucket }, pointer);
}

async function removeFiles({ objects, resultsBucket: bucket }: Platform, keys: string[]): Promise<void> {
  await forEachConcurrently(keys, atOnce, async (key) => {
    // A deletion of nothing would leave a marker in a bucket with versions, look after look.
    if ((await readMetadata(objects, { bucket, key })) !== null) await deleteObject(objects, { bucket, key });
  });
}
