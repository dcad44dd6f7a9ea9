import { forEachConcurrently } from '../store/concurrency.ts';
import type { DatasetState } from '../store/datasets.ts';
import { deleteObject, listObjects } from '../store/objects.ts';
import type { Platform } from './platform.ts';
import type { Dataset } from './run.ts';

/** Removes what a dataset wants forgotten from every run but the published one, which lasting files may still be copied from. */
export async function forgetSuperseded(
  { objects, resultsBucket: bucket }: Platform,
  { forgottenPrefix }: Dataset,
  { state: { pointer, pagedRuns }, except }: { state: DatasetState; except: readonly string[] },
): Promise<void> {
  if (forgottenPrefix === undefined) return;
  const known = [...pagedRuns.map(({ runId }) => runId), ...(pointer === null ? [] : [pointer.runId])];
  for (const runId of new Set(known)) {
    if (except.includes(runId)) continue;
    const left = await listObjects(objects, { bucket, prefix: `runs/${runId}/${forgottenPrefix}` });
    await forEachConcurrently(left, 8, ({ key }) => deleteObject(objects, { bucket, key }));
  }
}
