import { putCheckpoint, readCheckpoint } from '../store/checkpoints.ts';
import type { RunRecord } from '../store/runs.ts';
import type { Plan } from './plan.ts';
import type { Platform } from './platform.ts';
import type { Run } from './run.ts';

type Told = Parameters<Run['foundErased']>[0];
/** What a piece of work said of the run while it was done. */
type Fact = { amended: Partial<RunRecord> } | { found: Told };

interface Kept {
  value: unknown;
  facts: Fact[];
}

/**
 * Work in units, between which an invocation can hand over to the next one. That one takes what was kept of a unit, and what it said of
 * the run, in place of doing it again. Nothing is kept in the first minutes of a run, which most runs end in.
 */
export function unitsOf(
  { objects, resultsBucket: bucket, pace }: Platform,
  {
    plan: { runId },
    goesOn,
    amend,
    foundErased,
  }: { plan: Plan /** After an invocation that handed over. */; goesOn: boolean } & Pick<
    Run,
    'amend' | 'foundErased'
  >,
): Pick<Run, 'unit' | 'kept' | 'amend' | 'foundErased'> {
  const listening = new Set<Fact[]>();
  const tell = (fact: Fact): void => {
    for (const facts of listening) facts.push(fact);
    if ('amended' in fact) amend(fact.amended);
    else foundErased(fact.found);
  };
  async function kept<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const known = goesOn ? await readCheckpoint(objects, { bucket, runId, name }) : null;
    if (known !== null) {
      const { value, facts } = known.value as Kept;
      for (const fact of facts) tell(fact);
      return value as Result;
    }
    const facts: Fact[] = [];
    listening.add(facts);
    try {
      const value = await work();
      if (goesOn || pace.isLong()) {
        const checkpoint: Kept = { value, facts };
        await putCheckpoint(objects, { bucket, runId, name, value: checkpoint });
      }
      return value;
    } finally {
      listening.delete(facts);
    }
  }
  return {
    kept,
    unit: (name, work) => kept(name, () => pace.unit(work)),
    amend: (amended) => tell({ amended }),
    foundErased: (found) => tell({ found }),
  };
}
