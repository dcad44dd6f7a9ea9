import { deleteCheckpoints } from '../store/checkpoints.ts';
import { type DatasetState, setPagedRuns } from '../store/datasets.ts';
import { type StillIn, setStillIn } from '../store/erasures.ts';
import type { Lease } from '../store/lease.ts';
import { ObjectChanged } from '../store/objects.ts';
import { FencedOut } from '../store/pointer.ts';
import type { RunRecord } from '../store/runs.ts';
import { erasuresKey, readErased } from './erased.ts';
import type { Sight } from './inputs.ts';
import { measureRun } from './measureRun.ts';
import { HandOver } from './pace.ts';
import type { Plan } from './plan.ts';
import type { Platform } from './platform.ts';
import { publishRun } from './publishRun.ts';
import { RunHeld, RunRejected, rejectRun } from './rejection.ts';
import type { Dataset, Run } from './run.ts';
import { handOversOf, type RunRecorder, recordRun } from './runRecorder.ts';
import { unitsOf } from './units.ts';

export interface Execution {
  lease: Lease;
  sight: Sight;
  attempt: number;
  /** Of the invocation that handed this run over; null for a run that begins. */
  earlier: RunRecord | null;
  /** Of the dataset: what is published now gives way. */
  state: DatasetState;
}

/**
/**
 * `challenger`: well, but not as good as what is published. `unpublished`: rejected, held, or given way to a newer holder.
 * `inputChanged`: a file was overwritten or deleted while it was read, so the run for what is there now is still to be done.
 * `handedOver`: another invocation is to go on with it.
 */
export type ExecutionEnd = 'published' | 'challenger' | 'unpublished' | 'inputChanged' | 'handedOver';

/** Each comes further by a unit at least, so that this ends what would take half a day and not what goes round in circles. */
const maxHandOvers = 48;

/**
 * One run from its inputs to its publication. Bad input ends as `rejected` and does not throw, since trying again would not help;
 * anything else ends as `failed` and is thrown.
 */
export async function executeRun(
  platform: Platform,
  dataset: Dataset,
  execution: Execution,
): Promise<ExecutionEnd> {
  const { plan, settings, model, notes } = execution.sight;
  const recorder = recordRun(platform, {
    plan,
    fence: execution.lease.fence,
    settings: settings.ok ? settings.settings : null,
    modelRunId: model?.runId ?? null,
    earlier: execution.earlier,
  });
  recorder.amend({ notes, counts: { attempts: execution.attempt } });
  // From here on calls are this run's.
  platform.calls();
  try {
    await recorder.store('processing');
    const state = await listPagedRun(platform, execution);
    return await workAndPublish(platform, dataset, { ...execution, state, recorder });
  } catch (error) {
    if (error instanceof HandOver) return await handOver(platform, { recorder, execution });
    return await endUnpublished(platform, { error, recorder, plan });
  }
}

/** What is done is kept, and an invocation that did its part counts as no attempt. */
async function handOver(
  platform: Platform,
  { recorder, execution }: { recorder: RunRecorder; execution: Execution },
): Promise<ExecutionEnd> {
  const { attempt, earlier, sight } = execution;
  const { runId, dataset } = sight.plan;
  const handOvers = 1 + handOversOf(earlier);
  const maxSeconds = sight.settings.ok ? sight.settings.settings.limits.maxSeconds : 0;
  const seconds = (platform.clock() - Date.parse(earlier?.startedAt ?? '')) / 1000;
  if (handOvers > maxHandOvers || seconds > maxSeconds) {
    const spent =
      handOvers > maxHandOvers
        ? `was handed over ${maxHandOvers} times`
        : `has taken longer than the ${maxSeconds} s of limits.maxSeconds`;
    const message = `the run ${spent} and is not done: give its function more memory, which is also more CPU, or upload less history`;
    await recorder.store('failed', { problems: [{ code: 'tooLong', message }] });
    throw new Error(message);
  }
  await recorder.store('processing', { counts: { attempts: attempt - 1, handOvers } });
  platform.log('handed over', { runId, dataset, handOvers });
  return 'handedOver';
}

/** Before the run has any page, so that those of a run that ends in the middle are known. */
async function listPagedRun({ table }: Platform, { lease, sight, state }: Execution): Promise<DatasetState> {
  const { runId, dataset } = sight.plan;
  const others = state.pagedRuns.filter((run) => run.runId !== runId);
  const pagedRuns = [...others, { runId, expiredAtMs: null }];
  await setPagedRuns(table, { dataset, pagedRuns, fence: lease.fence });
  return { ...state, pagedRuns };
}

async function workAndPublish(
  platform: Platform,
  dataset: Dataset,
  { lease, sight, state, recorder, earlier }: Execution & { recorder: RunRecorder },
): Promise<'published' | 'challenger'> {
  const { plan, settings, model, erased } = sight;
  if (!settings.ok) {
    throw new RunRejected(
      settings.problems.map(({ path, message }) => ({
        code: 'badSettings',
        file: 'settings.json',
        path,
        message: path === '' ? message : `settings.json: ${path}: ${message}`,
      })),
    );
  }
  const bytes = plan.inputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { maxBytes } = settings.settings.limits;
  if (bytes > maxBytes)
    rejectRun(
      'tooManyBytes',
      `the files of ${plan.dataset} have ${bytes} bytes together, more than the ${maxBytes} of limits.maxBytes: leave out what is old, or raise the limit in settings.json`,
    );
  const { timed, progress } = recorder;
  const found: FoundErased = new Map();
  const goesOn = handOversOf(earlier) > 0;
  const units = unitsOf(platform, {
    plan,
    goesOn,
    amend: recorder.amend,
    foundErased: ({ file, idHash, rows }) => addFound(found, { file, idHash, rows }),
  });
  const run: Run = {
    platform: { ...platform, table: { ...platform.table, hashIds: settings.settings.hashIds } },
    plan,
    settings: settings.settings,
    model,
    erased,
    fence: lease.fence,
    previousRunId: state.pointer?.runId ?? null,
    previousManifest: state.pointer?.manifest ?? null,
    timed,
    progress,
    ...units,
  };
  const result = await (dataset.isInUnits ? dataset.work(run) : platform.pace.unit(() => dataset.work(run)));
  if (!dataset.isWithoutCustomers) await tellFound(run, found);
  const { objects, resultsBucket: bucket } = platform;
  if (result.championRunId) {
    const kept = await recorder.store('challenger', { championRunId: result.championRunId });
    if (goesOn) await deleteCheckpoints(objects, { bucket, runId: plan.runId });
    logDecisions(platform, kept, result.manifest);
    platform.log('kept as a challenger', { runId: plan.runId, dataset: plan.dataset });
    return 'challenger';
  }
  // All that the run found: should it be ended once it is published, the next look has but the status to change.
  await recorder.store('processing');
  await timed('publish', () =>
    publishRun(platform, { dataset, plan, result, lease, state, settings: run.settings }),
  );
  const record = await recorder.store('published');
  if (goesOn) await deleteCheckpoints(objects, { bucket, runId: plan.runId });
  measureRun(platform, record);
  logDecisions(platform, record, result.manifest);
  platform.log('published', { runId: plan.runId, dataset: plan.dataset, rowsIn: record.counts.rowsIn ?? 0 });
  return 'published';
}

/** What the manifest of a run says was chosen: a model and its status, a policy, a way to cut tiers. */
const choices = ['engine', 'status', 'grade', 'policy', 'basis', 'scale', 'method', 'modelStatus'];

/** A line for each choice that made the outcome what it is, and for each note; by their codes, for a message may name a file or a customer. */
function logDecisions(
  { log }: Platform,
  { runId, dataset, notes }: RunRecord,
  manifest: Record<string, unknown>,
): void {
  for (const choice of choices) {
    const chosen = manifest[choice];
    if (typeof chosen === 'string') log('chosen', { runId, dataset, choice, chosen });
  }
  for (const { code, count } of notes)
    log('noted', { runId, dataset, code, ...(count !== undefined && { count }) });
}

/** By hash, then by file. */
type FoundErased = Map<string, StillIn[]>;

function addFound(
  found: FoundErased,
  { file, idHash, rows }: { file: string; idHash: string; rows: number },
): void {
  const files = found.get(idHash) ?? [];
  found.set(idHash, files);
  const known = files.find((one) => one.file === file);
  if (known === undefined) files.push({ file, rows });
  else known.rows += rows;
}

/** Who asked for the erasure can then be told which uploads to mend. A run that began before it must not be published after it. */
async function tellFound({ platform, plan, erased, amend }: Run, found: FoundErased): Promise<void> {
  const { runId, dataset } = plan;
  await setStillIn(platform.table, { dataset, runId, found });
  const rows = [...found.values()].flat().reduce((sum, file) => sum + file.rows, 0);
  if (rows > 0) {
    const message =
      'rows of erased customers were left out; GET /erasures/{customerId} names the files that still hold them';
    amend({ notes: [{ code: 'erasedCustomers', message, count: rows }] });
  }
  if ((await readErased(platform)).digest !== erased.digest) throw new ObjectChanged(erasuresKey);
}

async function endUnpublished(
  platform: Platform,
  { error, recorder, plan: { runId, dataset } }: { error: unknown; recorder: RunRecorder; plan: Plan },
): Promise<ExecutionEnd> {
  if (error instanceof FencedOut) {
    platform.log('gave way to a newer holder of the lease', { runId });
    return 'unpublished';
  }
  if (error instanceof RunRejected || error instanceof RunHeld) {
    const status = error instanceof RunHeld ? 'held' : 'rejected';
    await recorder.store(status, { problems: error.problems });
    platform.log(status, { runId, dataset, problems: error.problems.map(({ code }) => code).join(' ') });
    return 'unpublished';
  }
  if (error instanceof ObjectChanged) {
    const message = `${error.key} was overwritten or deleted while it was read; the run for what is there now follows`;
    await recorder.store('failed', { problems: [{ code: 'inputChanged', message, file: error.key }] });
    platform.log('an input changed while it was read: looking again', { runId, dataset });
    return 'inputChanged';
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  await recorder.store('failed', { problems: [{ code: 'failed', message }] });
  throw error;
}
