import { takeFeatures } from '../../features/rows.ts';
import { explanationSteps } from '../../models/explanations/contributions.ts';
import { explainPurchaseModel, type PurchaseModel } from '../../models/purchaseModel.ts';
import type { Reason } from '../../models/purchaseReport.ts';
import type { FeatureTable } from '../../tables/types.ts';
import type { Run } from '../run.ts';

/** Customers that get reasons. Of more, those that are most likely to buy: an explanation costs many times what a score does. */
const maxExplained = 100_000;

/**
 * Steps for all explanations of a run: what a forest of 250,000 nodes with 12 columns on a path takes for `maxExplained` customers.
 * The largest have ten times the nodes, and then fewer customers get reasons. Counted in steps and not in seconds, so that the
 * same run always gives the same reasons.
 */
const maxSteps = 250_000 * 6 * maxExplained;

/** Of those to explain, at a time: many are explained for little more than few, and between two parts the progress is told. */
const rowsAtATime = 50_000;

/** Customers of a run that get reasons at most, where one of them takes so many steps. */
export const mostExplained = (steps: number): number =>
  Math.min(maxExplained, Math.max(1, Math.floor(maxSteps / steps)));

/** The rows of each group that get reasons: as many of the most likely buyers as there is time for. */
export function chooseExplained(
  run: Run,
  model: PurchaseModel,
  probabilities: readonly Float64Array[],
): Uint32Array[] {
  const rows = probabilities.reduce((sum, { length }) => sum + length, 0);
  const most = mostExplained(explanationSteps(model));
  if (rows <= most) return probabilities.map(({ length }) => Uint32Array.from({ length }, (_, row) => row));
  const why =
    most < maxExplained
      ? 'the trees of this model are too large to explain everybody'
      : 'no run explains more';
  const message = `only the ${most} customers who are most likely to buy have reasons: ${why}`;
  run.amend({ notes: [{ code: 'reasonsForMostLikely', message, count: rows - most }] });
  return mostLikely(probabilities, most);
}

/** Of equals the first. */
function mostLikely(probabilities: readonly Float64Array[], most: number): Uint32Array[] {
  const all = new Float64Array(probabilities.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const group of probabilities) {
    all.set(group, end);
    end += group.length;
  }
  all.sort();
  const least = all[all.length - most] as number;
  let equals = most - (all.length - (all.findLastIndex((probability) => probability <= least) + 1));
  return probabilities.map((group) =>
    Uint32Array.from(group.keys()).filter((row) => {
      const probability = group[row] as number;
      return probability > least || (probability === least && equals-- > 0);
    }),
  );
}

/** Why each row's probability is what it is; empty for rows that are not `explained`. */
export async function explainScores(
  run: Run,
  model: PurchaseModel,
  { table, explained }: { table: FeatureTable; explained: Uint32Array },
): Promise<Reason[][]> {
  const reasons = table.ids.map((): Reason[] => []);
  const progress = {
    step: 'explain',
    rows: explained.length,
    engine: model.engine,
    candidates: null,
    trees: null,
  };
  for (let from = 0; from < explained.length; from += rowsAtATime) {
    run.progress({ ...progress, done: from / explained.length });
    await new Promise((resolve) => setImmediate(resolve));
    const rows = explained.subarray(from, from + rowsAtATime);
    const ofRows = await explainPurchaseModel(model, takeFeatures(table, rows));
    for (const [place, ofRow] of ofRows.entries()) reasons[rows[place] as number] = ofRow;
  }
  return reasons;
}
