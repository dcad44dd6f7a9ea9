import type { Lease } from '../store/lease.ts';
import { type Pointer, readPointer } from '../store/pointer.ts';
import { type RunRecord, readRun } from '../store/runs.ts';
import { type ExecutionEnd, executeRun } from './executeRun.ts';
import { lookAt, type Sight } from './inputs.ts';
import type { Plan } from './plan.ts';
import type { Platform } from './platform.ts';
import type { Dataset } from './run.ts';
import { withdrawDataset } from './withdrawDataset.ts';

/** A run that keeps failing is left alone after so many attempts, until its uploads, settings or code change. */
const maxAttempts = 6;

/** Looks at uploads that change while they are read, before it is left to the event of the last change. */
const maxLooks = 5;

/** Runs a dataset unless what is published, or why it is not, already answers to what is uploaded. */
export async function runIfChanged(platform: Platform, dataset: Dataset, lease: Lease): Promise<void> {
  for (let look = 1; look <= maxLooks; look++) {
    const sight = await lookAt(platform, dataset);
    let end: ExecutionEnd = 'unpublished';
    try {
      end = await runOnce(platform, dataset, { sight, lease });
    } finally {
      measureWait(platform, sight.plan, end);
    }
    if (end !== 'inputChanged') return;
  }
}

async function runOnce(
  platform: Platform,
  dataset: Dataset,
  { sight, lease }: { sight: Sight; lease: Lease },
): Promise<ExecutionEnd> {
  const { plan } = sight;
  const [pointer, record] = await Promise.all([
    readPointer(platform.table, dataset.name),
    readRun(platform.table, plan.runId),
  ]);
  if (plan.inputs.length === 0) {
    if (pointer !== null) await withdrawDataset(platform, { dataset, plan, lease, pointer });
    return 'published';
  }
  // Somebody rolled back over it, so what is published is what is wanted.
  if (pointer?.passedOver.includes(plan.runId)) return 'published';
  if (isSettled({ plan, pointer, record }))
    return pointer?.runId === plan.runId ? 'published' : 'unpublished';
  const attempt = attemptsOf(record) + 1;
  return executeRun(platform, dataset, { lease, sight, attempt, superseded: pointer });
}

/** For how long the newest upload has been waiting to be seen in what is published. */
function measureWait({ clock, measure }: Platform, { dataset, asOf }: Plan, end: ExecutionEnd): void {
  const waitingMs = end === 'published' || asOf === null ? 0 : clock() - Date.parse(asOf);
  measure(dataset, { SecondsBehind: { value: Math.max(0, waitingMs / 1000), unit: 'Seconds' } });
}

interface Standing {
  plan: Plan;
  pointer: Pointer | null;
  record: RunRecord | null;
}

function isSettled({ plan, pointer, record }: Standing): boolean {
  if (record === null) return false;
  if (record.status === 'published') return pointer?.runId === plan.runId;
  if (record.status === 'rejected' || record.status === 'held') return true;
  return record.status === 'failed' && attemptsOf(record) >= maxAttempts;
}

const attemptsOf = (record: RunRecord | null): number => record?.counts.attempts ?? 0;
