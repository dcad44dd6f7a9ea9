import { takeFeatures } from '../../features/rows.ts';
import { explainPurchaseModel, type PurchaseModel } from '../../models/purchaseModel.ts';
import type { Reason } from '../../models/purchaseReport.ts';
import type { FeatureTable } from '../../tables/types.ts';
import type { Run } from '../run.ts';

/** Customers that get reasons. Of more, those that are most likely to buy: an explanation costs a hundred times what a score does. */
const maxExplained = 100_000;

/** Explained in one go; between two the lease can be renewed. */
const rowsAtATime = 2000;

/** From which probability on customers get reasons, so that no more do than there is time for. */
export function leastExplained(run: Run, probabilities: readonly Float64Array[]): number {
  const rows = probabilities.reduce((sum, { length }) => sum + length, 0);
  if (rows <= maxExplained) return 0;
  const message = `only the ${maxExplained} customers who are most likely to buy have reasons`;
  run.amend({ notes: [{ code: 'reasonsForMostLikely', message, count: rows - maxExplained }] });
  const all = new Float64Array(rows);
  let end = 0;
  for (const group of probabilities) {
    all.set(group, end);
    end += group.length;
  }
  return all.sort()[rows - maxExplained] as number;
}

/** Why each row's probability is what it is; empty for rows below `least`. */
export async function explainScores(
  run: Run,
  model: PurchaseModel,
  { table, probabilities, least }: { table: FeatureTable; probabilities: Float64Array; least: number },
): Promise<Reason[][]> {
  const explained = Uint32Array.from(probabilities.keys()).filter(
    (row) => (probabilities[row] as number) >= least,
  );
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
    for (const [place, ofRow] of explainPurchaseModel(model, takeFeatures(table, rows)).entries())
      reasons[rows[place] as number] = ofRow;
  }
  return reasons;
}
