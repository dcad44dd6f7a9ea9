import type { Lease } from '../store/lease.ts';
import { copyObject, deleteObject } from '../store/objects.ts';
import { type Pointer, publishPointer } from '../store/pointer.ts';
import type { Plan } from './plan.ts';
import type { Platform } from './platform.ts';
import { writeReceipt } from './receipt.ts';
import { divideRuns, retireRuns } from './retireRuns.ts';
import { type Dataset, type RunResult, runObjectKey } from './run.ts';

export interface Publication {
  dataset: Dataset;
  plan: Plan;
  result: RunResult;
  lease: Lease;
  superseded: Pointer | null;
  keepRuns: number;
}

/**
 * Moves the pointer with one conditional write; that is the publication. What follows makes it handy (files under their lasting
 * names, a receipt whose event tells others) and can be done again after a crash, since the run is done again until its record
 * says `published`.
 */
export async function publishRun(platform: Platform, publication: Publication): Promise<void> {
  const { plan, result, lease, superseded, keepRuns } = publication;
  const { kept, retired } = divideRuns(superseded, { runId: plan.runId, keepRuns });
  const nowIso = new Date(platform.clock()).toISOString();
  const pointer = await publishPointer(platform.table, {
    dataset: plan.dataset,
    runId: plan.runId,
    fence: lease.fence,
    asOf: plan.asOf ?? nowIso,
    publishedAt: nowIso,
    manifest: result.manifest,
    previousRuns: kept,
  });
  await placeLastingFiles(platform, publication);
  await writeReceipt(platform, pointer);
  await retireRuns(platform, retired, lease.fence);
}

/** A name that this run has no file for must not go on showing an earlier run's. */
async function placeLastingFiles(
  { objects, resultsBucket: bucket }: Platform,
  { dataset, plan, result }: Publication,
): Promise<void> {
  const absent = result.absentFiles ?? [];
  for (const key of [...dataset.lastingFiles, ...(result.lastingFiles ?? [])]) {
    if (absent.includes(key)) await deleteObject(objects, { bucket, key });
    else await copyObject(objects, { bucket, from: runObjectKey(plan, key), to: key });
  }
}
