import type { Lease } from '../store/lease.ts';
import { type Pointer, readPointer } from '../store/pointer.ts';
import { type RunRecord, readRun } from '../store/runs.ts';
import { type ExecutionEnd, executeRun } from './executeRun.ts';
import { lookAt } from './inputs.ts';
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
    if ((await runOnce(platform, dataset, lease)) === 'ended') return;
  }
}

async function runOnce(platform: Platform, dataset: Dataset, lease: Lease): Promise<ExecutionEnd> {
  const sight = await lookAt(platform, dataset);
  const { plan } = sight;
  const [pointer, record] = await Promise.all([
    readPointer(platform.table, dataset.name),
    readRun(platform.table, plan.runId),
  ]);
  if (plan.inputs.length > 0 && !isSettled({ plan, pointer, record })) {
    return executeRun(platform, dataset, {
      lease,
      sight,
      attempt: attemptsOf(record) + 1,
      superseded: pointer,
    });
  }
  if (plan.inputs.length === 0 && pointer !== null)
    await withdrawDataset(platform, { dataset, plan, lease, pointer });
  return 'ended';
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
