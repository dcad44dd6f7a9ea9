import { putRun, type RunProgress, type RunRecord } from '../store/runs.ts';
import type { Plan } from './plan.ts';
import type { Platform } from './platform.ts';

/** The record of a run under way: facts are merged into it as the steps find them, and it is stored when its status changes. */
export interface RunRecorder {
  amend: (facts: Partial<RunRecord>) => void;
  timed: <Result>(step: string, work: () => Promise<Result>) => Promise<Result>;
  /** Stores how far the run has come, now and then however often it is told. */
  progress: (progress: RunProgress) => void;
  /** Stores the record; a holder whose lease has passed to another changes nothing. */
  store: (status: RunRecord['status'], facts?: Partial<RunRecord>) => Promise<RunRecord>;
}

const progressEveryMs = 2000;

export function recordRun(
  platform: Platform,
  {
    plan,
    fence,
    settings,
    modelRunId,
    earlier = null,
  }: {
    plan: Plan;
    fence: number;
    settings: unknown;
    modelRunId: string | null;
    /** Of the invocation that handed this run over. */
    earlier?: RunRecord | null;
  },
): RunRecorder {
  const startedAt = earlier?.startedAt ?? new Date(platform.clock()).toISOString();
  let record: RunRecord = {
    runId: plan.runId,
    dataset: plan.dataset,
    status: 'processing',
    startedAt,
    asOf: plan.asOf ?? startedAt,
    codeVersion: platform.codeVersion,
    settings: settings as RunRecord['settings'],
    ...(modelRunId !== null && { modelRunId }),
    inputs: plan.inputs,
    counts: earlier === null ? {} : { handOvers: handOversOf(earlier) },
    files: [],
    notes: [],
    problems: [],
    rejects: [],
    metrics: null,
    timings: { ...earlier?.timings },
    ...(earlier?.progress && { progress: earlier.progress }),
  };
  const amend = (facts: Partial<RunRecord>) => {
    record = merged(record, facts);
  };
  // One after the other, so that none that is late overwrites the end.
  let storing = Promise.resolve();
  let storedAt = Number.NEGATIVE_INFINITY;
  return {
    amend,
    progress: (progress) => {
      amend({ progress });
      if (platform.clock() - storedAt < progressEveryMs) return;
      storedAt = platform.clock();
      const asItIs = record;
      storing = storing
        .then(() => putRun(platform.table, asItIs, { fence }))
        .catch((error: unknown) =>
          platform.log('could not store the progress', { runId: plan.runId, reason: String(error) }),
        );
    },
    timed: async (step, work) => {
      const from = platform.clock();
      try {
        return await work();
      } finally {
        const before = earlier?.timings[step] ?? 0;
        amend({ timings: { [step]: before + (platform.clock() - from) / 1000 } });
      }
    },
    store: async (status, facts = {}) => {
      const ended = status === 'processing' ? {} : { finishedAt: new Date(platform.clock()).toISOString() };
      amend({ ...facts, ...ended, status });
      await storing;
      if (status !== 'processing') delete record.progress;
      await putRun(platform.table, record, { fence });
      return record;
    },
  };
}

/** Of a step that fits nothing; `done` and `rows` are to be added. */
export const progressOf = (step: string): Omit<RunProgress, 'done' | 'rows'> => ({
  step,
  engine: null,
  candidates: null,
  trees: null,
});

/** How often a run was handed over from one invocation to the next. */
export const handOversOf = (record: RunRecord | null): number => record?.counts.handOvers ?? 0;

/** Counts, timings, metrics, notes and problems add up; everything else is replaced. */
function merged(record: RunRecord, facts: Partial<RunRecord>): RunRecord {
  return {
    ...record,
    ...facts,
    counts: { ...record.counts, ...facts.counts },
    timings: { ...record.timings, ...facts.timings },
    metrics: facts.metrics ? { ...(record.metrics as object | null), ...facts.metrics } : record.metrics,
    notes: [...record.notes, ...(facts.notes ?? [])],
    problems: [...record.problems, ...(facts.problems ?? [])],
  };
}
