import type { DatasetState } from '../store/datasets.ts';
import { setStillIn } from '../store/erasures.ts';
import type { Lease } from '../store/lease.ts';
import { withdrawPointer } from '../store/pointer.ts';
import { forgetSuperseded } from './forgetSuperseded.ts';
import { alignLastingFiles } from './lastingFiles.ts';
import type { Plan } from './plan.ts';
import type { Platform } from './platform.ts';
import { retireRuns } from './retireRuns.ts';
import type { Dataset } from './run.ts';
import { recordRun } from './runRecorder.ts';

/** The last file of a dataset is gone, so nothing is published of it any more; the run record says so. */
export async function withdrawDataset(
  platform: Platform,
  { dataset, plan, lease, state }: { dataset: Dataset; plan: Plan; lease: Lease; state: DatasetState },
): Promise<void> {
  const recorder = recordRun(platform, { plan, fence: lease.fence, settings: null, modelRunId: null });
  const message = `${plan.dataset} holds no CSV any more, so what was published of it was withdrawn`;
  recorder.amend({
    notes: [{ code: 'withdrawn', message }],
    counts: { rowsIn: 0, rowsOk: 0, rowsQuarantined: 0 },
  });
  await withdrawPointer(platform.table, { dataset: plan.dataset, fence: lease.fence });
  await alignLastingFiles(platform, {
    dataset,
    pointer: null,
    earlierFiles: state.pointer?.lastingFiles ?? [],
  });
  await setStillIn(platform.table, { dataset: plan.dataset, runId: plan.runId, found: new Map() });
  await recorder.store('published');
  await forgetSuperseded(platform, dataset, { state, except: [] });
  await retireRuns(platform, { lease, state, kept: [] });
  platform.log('withdrawn', { runId: plan.runId, dataset: plan.dataset });
}
