import { type DatasetState, readDataset } from '../store/datasets.ts';
import type { Lease } from '../store/lease.ts';
import type { Pointer } from '../store/pointer.ts';
import { putRun, type RunRecord, readRun } from '../store/runs.ts';
import { type ExecutionEnd, executeRun } from './executeRun.ts';
import { forgetSuperseded } from './forgetSuperseded.ts';
import { lookAt, type Sight } from './inputs.ts';
import { alignLastingFiles } from './lastingFiles.ts';
import type { Plan } from './plan.ts';
import type { Platform } from './platform.ts';
import { retireRuns } from './retireRuns.ts';
import type { Dataset } from './run.ts';
import { handOversOf } from './runRecorder.ts';
import { withdrawDataset } from './withdrawDataset.ts';

/** A run that keeps failing is left alone after so many attempts, until its uploads, settings or code change, or it is redriven. */
const maxAttempts = 6;

/** Looks at uploads that change while they are read, before it is left to the event of the last change. */
const maxLooks = 5;

export interface LookOptions {
  /** Somebody asks for a run that has failed too often to be tried by itself. */
  redrive?: boolean;
}

/** Runs a dataset unless what is published, or why it is not, already answers to what is uploaded. */
export async function runIfChanged(
  platform: Platform,
  dataset: Dataset,
  { lease, redrive = false }: LookOptions & { lease: Lease },
): Promise<ExecutionEnd> {
  let end: ExecutionEnd = 'unpublished';
  for (let look = 1; look <= maxLooks; look++) {
    const sight = await lookAt(platform, dataset);
    end = 'unpublished';
    try {
      end = await runOnce(platform, dataset, { sight, lease, redrive });
    } finally {
      measureWait(platform, sight.plan, end);
    }
    if (end !== 'inputChanged') return end;
  }
  return end;
}

async function runOnce(
  platform: Platform,
  dataset: Dataset,
  { sight, lease, redrive }: { sight: Sight; lease: Lease; redrive: boolean },
): Promise<ExecutionEnd> {
  const { plan } = sight;
  const [state, record] = await Promise.all([
    readDataset(platform.table, dataset.name),
    readRun(platform.table, plan.runId),
  ]);
  const { pointer } = state;
  if (plan.inputs.length > 0 && !isSettled({ plan, pointer, record, redrive }))
    return executeRun(platform, dataset, {
      ...{ lease, sight, state, attempt: attemptsOf(record) + 1 },
      earlier: record?.status === 'processing' && handOversOf(record) > 0 ? record : null,
    });
  if (plan.inputs.length === 0 && pointer !== null) {
    await withdrawDataset(platform, { dataset, plan, lease, state });
    return 'published';
  }
  if (record?.status === 'processing') await giveUp(platform, { record, lease });
  await tidyUp(platform, dataset, { lease, state, plan });
  if (record?.status === 'challenger') return 'challenger';
  const wanted = pointer === null ? [] : [pointer.runId, ...pointer.passedOver];
  return plan.inputs.length === 0 || wanted.includes(plan.runId) ? 'published' : 'unpublished';
}

/** A run that was ended each time, for want of memory or time, could not say so itself. */
async function giveUp(
  { table, clock, log }: Platform,
  { record, lease }: { record: RunRecord; lease: Lease },
): Promise<void> {
  const { runId, dataset, problems } = record;
  const message = `the run was ended ${attemptsOf(record)} times before it was done, as happens when memory or time does not suffice`;
  await putRun(
    table,
    {
      ...record,
      status: 'failed',
      finishedAt: new Date(clock()).toISOString(),
      problems: [...problems, { code: 'ended', message }],
    },
    { fence: lease.fence },
  );
  log('given up', { runId, dataset });
}

/** What a run that was ended, or overtaken, in the middle has left undone. */
async function tidyUp(
  platform: Platform,
  dataset: Dataset,
  { lease, state, plan }: { lease: Lease; state: DatasetState; plan: Plan },
): Promise<void> {
  const { pointer } = state;
  if (pointer !== null && pointer.runId !== plan.runId) await finishRecord(platform, { pointer, lease });
  await alignLastingFiles(platform, { dataset, pointer });
  await forgetSuperseded(platform, dataset, { state, except: pointer === null ? [] : [pointer.runId] });
  const readable = pointer === null ? [] : [pointer.runId, ...pointer.previousRuns];
  // A run that was rejected, held or kept as a challenger is not published, but its report is asked for.
  const ofNow = state.pagedRuns.map(({ runId }) => runId).filter((runId) => runId === plan.runId);
  await retireRuns(platform, { lease, state, kept: [...new Set([...readable, ...ofNow])] });
}

/** A run that was ended between its publication and its last word is published all the same. */
async function finishRecord(
  { table }: Platform,
  { pointer: { runId, publishedAt }, lease }: { pointer: Pointer; lease: Lease },
): Promise<void> {
  const record = await readRun(table, runId);
  if (record === null || record.status === 'published') return;
  const finished: RunRecord = { ...record, status: 'published', finishedAt: publishedAt, problems: [] };
  await putRun(table, finished, { fence: lease.fence });
}

/** For how long the newest upload has been waiting to be seen in what is published. */
function measureWait({ clock, measure }: Platform, { dataset, asOf }: Plan, end: ExecutionEnd): void {
  const isSeen = end === 'published' || end === 'challenger';
  const waitingMs = isSeen || asOf === null ? 0 : clock() - Date.parse(asOf);
  measure(dataset, { SecondsBehind: { value: Math.max(0, waitingMs / 1000), unit: 'Seconds' } });
}

interface Standing {
  plan: Plan;
  pointer: Pointer | null;
  record: RunRecord | null;
  redrive: boolean;
}

function isSettled({ plan, pointer, record, redrive }: Standing): boolean {
  // Somebody rolled back over it, so what is published is what is wanted.
  if (pointer?.passedOver.includes(plan.runId)) return true;
  if (record === null) return false;
  if (record.status === 'published') return pointer?.runId === plan.runId;
  if (record.status === 'rejected' || record.status === 'held') return true;
  // Against another model, or none, it may do better; but not where somebody has gone back over its champion.
  if (record.status === 'challenger' && pointer !== null)
    return [pointer.runId, ...pointer.passedOver].includes(record.championRunId ?? '');
  if (record.status === 'challenger') return false;
  return attemptsOf(record) >= maxAttempts && !redrive;
}

const attemptsOf = (record: RunRecord | null): number => record?.counts.attempts ?? 0;
