import type { Cutoff } from '../../features/computeOrderFeatures.ts';
import type { DuckDb } from '../../features/duckdb.ts';
import { predictionDrift } from '../../models/evaluation/predictionDrift.ts';
import { dayOf } from '../../tables/cells/calendar.ts';
import { type KeptDay, listKeptDays, readPredictions } from '../purchase/keptPredictions.ts';
import type { PurchaseDrift } from '../results.ts';
import type { Run } from '../run.ts';

/**
 * The newest day whose predictions can be compared with what came: its horizon is over, and labels of it can be taken beside those that
 * training takes.
 */
export async function realisedDay(
  run: Run,
  { lastDay, cutoffs }: { lastDay: number; cutoffs: readonly Cutoff[] },
): Promise<KeptDay | null> {
  const days = await listKeptDays(run.platform);
  const isOver = (day: KeptDay): boolean => dayOf(day.lastDay) + day.horizonDays <= lastDay;
  const isFree = (day: KeptDay): boolean =>
    cutoffs.every(
      (cutoff) => cutoff.lastDay !== dayOf(day.lastDay) || cutoff.horizonDays === day.horizonDays,
    );
  return days.filter((day) => isOver(day) && isFree(day)).at(-1) ?? null;
}

/** Compares them, by the table `examples`, and says so in the run record. Null where no customer is in both. */
export async function measureDrift(run: Run, db: DuckDb, day: KeptDay): Promise<PurchaseDrift | null> {
  const kept = await readPredictions(run.platform, day);
  if (kept === null) return null;
  const labelled = await db.rows(
    `SELECT customer_id, label_bought FROM examples WHERE last_day = ${dayOf(day.lastDay)}`,
  );
  const labels = new Map(
    labelled.map(({ customer_id, label_bought }) => [customer_id, Number(label_bought)]),
  );
  const known = [...kept.ids.keys()].filter((at) => labels.has(kept.ids[at] as string));
  if (known.length === 0) return null;
  const { lastDay, horizonDays } = day;
  const { modelRunId, scoresRunId } = kept;
  const drift = predictionDrift(
    Uint8Array.from(known, (at) => labels.get(kept.ids[at] as string) as number),
    Float64Array.from(known, (at) => kept.probabilities[at] as number),
    { deciles: Uint8Array.from(known, (at) => kept.deciles[at] as number) },
  );
  const purchaseDrift = { lastDay, horizonDays, modelRunId, scoresRunId, ...drift };
  run.amend({ metrics: { purchaseDrift } });
  if (drift.verdict !== 'asSaid')
    run.amend({ notes: [{ code: 'purchaseDrift', message: sentence(purchaseDrift) }] });
  return purchaseDrift;
}

function sentence({ lastDay, horizonDays, meanProbability, observedRate, customers }: PurchaseDrift): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return `of ${customers} customers scored as of ${lastDay}, ${percent(observedRate)} bought within ${horizonDays} days, where ${percent(meanProbability)} had been expected: read probabilities with care until the model has seen what changed`;
}
