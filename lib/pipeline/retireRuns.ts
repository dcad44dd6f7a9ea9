import { forEachConcurrently } from '../store/concurrency.ts';
import { type DatasetState, type PagedRun, readDataset, setPagedRuns } from '../store/datasets.ts';
import { expireRun } from '../store/expiry.ts';
import type { Lease } from '../store/lease.ts';
import { deleteObject, listObjects } from '../store/objects.ts';
import type { Pointer } from '../store/pointer.ts';
import type { Platform } from './platform.ts';

/** A reader that is paging through a retired run may finish what it is reading. */
const graceSeconds = 24 * 3600;

/** Longer than any function runs: until then one that was overtaken may still write pages of a run that was retired. */
export const lateWritersMs = 20 * 60_000;

/** The runs that stay readable behind a new one, newest first. */
export function keptBehind(
  superseded: Pointer | null,
  { runId, keepRuns }: { runId: string; keepRuns: number },
): string[] {
  const earlier = superseded === null ? [] : [superseded.runId, ...superseded.previousRuns];
  return earlier.filter((id) => id !== runId).slice(0, keepRuns);
}

/**
 * Lets the pages expire of every run that is not kept: those that were superseded, and those that ended, or were ended, before they
 * were published; their objects go with them. Their records stay. The list of them is kept until nobody can write for them any more, and
 * so outlasts a crash.
 */
export async function retireRuns(
  platform: Platform,
  {
    lease: { dataset, fence },
    state: { pointer, pagedRuns },
    kept,
  }: { lease: Lease; state: DatasetState; kept: readonly string[] },
): Promise<void> {
  const { table, clock } = platform;
  const nowMs = clock();
  const left: PagedRun[] = kept.map((runId) => ({ runId, expiredAtMs: null }));
  for (const run of withEarlier(pagedRuns, pointer).filter(({ runId }) => !kept.includes(runId))) {
    const { runId, expiredAtMs } = run;
    const isOver = expiredAtMs !== null && nowMs - expiredAtMs > lateWritersMs;
    if (expiredAtMs === null || isOver) {
      await expireRun(table, { runId, expiresAtSeconds: Math.floor(nowMs / 1000) + graceSeconds, fence });
    }
    if (isOver) await deleteRunObjects(platform, { dataset, fence, runId });
    else left.push({ runId, expiredAtMs: expiredAtMs ?? nowMs });
  }
  if (JSON.stringify(left) !== JSON.stringify(pagedRuns))
    await setPagedRuns(table, { dataset, pagedRuns: left, fence });
}

/**
 * S3 has no fence: that nobody has made the run anew meanwhile is seen right before, and the bucket keeps what is deleted for some days.
 */
async function deleteRunObjects(
  { table, objects, resultsBucket: bucket }: Platform,
  { dataset, fence, runId }: { dataset: string; fence: number; runId: string },
): Promise<void> {
  const listings = await Promise.all(
    [`runs/${runId}/`, `models/${runId}.json`].map((prefix) => listObjects(objects, { bucket, prefix })),
  );
  const keys = listings.flat().map(({ key }) => key);
  if (keys.length === 0) return;
  const { pagedRuns, fence: newest } = await readDataset(table, dataset);
  const isRetired = pagedRuns.some((run) => run.runId === runId && run.expiredAtMs !== null);
  if (newest !== fence || !isRetired) return;
  await forEachConcurrently(keys, 8, (key) => deleteObject(objects, { bucket, key }));
}

/** What was published is on the list since it was begun, unless that was before there was a list. */
function withEarlier(pagedRuns: readonly PagedRun[], pointer: Pointer | null): PagedRun[] {
  const listed = new Set(pagedRuns.map(({ runId }) => runId));
  const earlier = pointer === null ? [] : [pointer.runId, ...pointer.previousRuns];
  const unlisted = earlier.filter((runId) => !listed.has(runId));
  return [...pagedRuns, ...unlisted.map((runId) => ({ runId, expiredAtMs: null }))];
}
