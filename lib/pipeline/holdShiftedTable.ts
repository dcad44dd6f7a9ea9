import * as z from 'zod/mini';
import {
  type ExceededShift,
  exceededShifts,
  type TableFacts,
  type TableShiftSettings,
  tableFactsSchema,
} from '../features/tableShift.ts';
import { listRuns, type RunRecord, readRun } from '../store/runs.ts';
import { RunHeld } from './rejection.ts';
import type { Run } from './run.ts';

/** Stands in the run record's metrics. */
const tableShiftSchema = z.object({
  tableShift: z.object({ against: z.nullable(z.string()), ...tableFactsSchema.shape }),
});

/** Of held runs, the newest that are looked at. */
const heldRuns = 20;

/**
 * Holds a run back whose table moved too far from that of the published run: then what was published stays, until another run looks like this
 * one, or the settings accept it. `setting` is where they do.
 */
export async function holdShiftedTable(
  run: Run,
  { facts, settings, setting }: { facts: TableFacts; settings: TableShiftSettings; setting: string },
): Promise<void> {
  const { plan, previousRunId, platform } = run;
  const against = previousRunId === plan.runId ? null : previousRunId;
  run.amend({ metrics: { tableShift: { against, ...facts } } });
  const previous = against === null ? null : factsOf(await readRun(platform.table, against));
  if (previous === null) return;
  const exceeded = exceededShifts(previous, facts, settings);
  if (exceeded.length === 0) return;
  const held = await lastHeld(run, against);
  const isAccepted = held !== null && held.runId === settings.acceptShift;
  const isConfirmed = held !== null && exceededShifts(held.facts, facts, settings).length === 0;
  if (!isAccepted && !isConfirmed) throw heldFor(exceeded, { run, setting });
  const because = isAccepted ? 'accepted' : 'confirmed';
  const message = `moved far from the run before and is published all the same: the change is ${because}`;
  run.amend({ notes: [{ code: 'shiftPublished', message, count: exceeded.length }] });
}

/** The last run that was held against the one that is published. */
async function lastHeld(
  { platform, plan }: Run,
  against: string | null,
): Promise<{ runId: string; facts: TableFacts } | null> {
  const { runs } = await listRuns(platform.table, { dataset: plan.dataset, limit: heldRuns });
  for (const record of runs) {
    const facts = factsOf(record);
    if (record.status === 'held' && record.runId !== plan.runId && facts?.against === against)
      return { runId: record.runId, facts };
  }
  return null;
}

function factsOf(record: RunRecord | null): (TableFacts & { against: string | null }) | null {
  const parsed = tableShiftSchema.safeParse(record?.metrics);
  return parsed.success ? parsed.data.tableShift : null;
}

function heldFor(
  exceeded: readonly ExceededShift[],
  { run: { plan }, setting }: { run: Run; setting: string },
): RunHeld {
  return new RunHeld(
    exceeded.map(({ measure, before, now, limit }) => ({
      code: 'shifted',
      message: `${wordsOf(measure)} went from ${shown(before)} to ${shown(now)}, beyond ${limit * 100} %: what was published before stays. If the change is right, set ${setting} to "${plan.runId}" in settings.json; else mend the files in ${plan.dataset}/`,
    })),
  );
}

const wordsOf = (measure: string): string =>
  measure === 'rows'
    ? 'the number of rows'
    : `the ${measure.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`;

const shown = (value: number): string => (value > 1 ? String(value) : `${(100 * value).toPrecision(3)} %`);
