import type { Lease } from '../store/lease.ts';
import { deleteObject } from '../store/objects.ts';
import { type Pointer, withdrawPointer } from '../store/pointer.ts';
import type { Plan } from './plan.ts';
import type { Platform } from './platform.ts';
import { retireRuns } from './retireRuns.ts';
import type { Dataset } from './run.ts';
import { recordRun } from './runRecorder.ts';

/** The last file of a dataset is gone, so nothing is published of it any more; the run record says so. */
export async function withdrawDataset(
  platform: Platform,
  { dataset, plan, lease, pointer }: { dataset: Dataset; plan: Plan; lease: Lease; pointer: Pointer },
): Promise<void> {
  const recorder = recordRun(platform, { plan, fence: lease.fence, settings: null, modelRunId: null });
  const message = `${plan.dataset} holds no CSV any more, so what was published of it was withdrawn`;
  recorder.amend({
    notes: [{ code: 'withdrawn', message }],
    counts: { rowsIn: 0, rowsOk: 0, rowsQuarantined: 0 },
  });
  await withdrawPointer(platform.table, { dataset: plan.dataset, fence: lease.fence });
  const { objects, resultsBucket: bucket } = platform;
  for (const key of [...dataset.lastingFiles, `published/${plan.dataset}.json`])
    await deleteObject(objects, { bucket, key });
  await retireRuns(platform, [pointer.runId, ...pointer.previousRuns], lease.fence);
  await recorder.store('published');
  platform.log('withdrawn', { runId: plan.runId, dataset: plan.dataset });
}
