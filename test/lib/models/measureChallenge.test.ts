import { beforeAll, describe, expect, it } from 'vitest';
import { winsChallenge } from '../../../lib/models/challenge.ts';
import { fitAgainstModelInUse, type PurchaseFit } from '../../../lib/models/fitPurchaseModel.ts';
import { type Challenger, measureChallenge } from '../../../lib/models/measureChallenge.ts';
import { type PurchaseModel, scorePurchaseModel } from '../../../lib/models/purchaseModel.ts';
import type { PurchaseRows } from '../../../lib/models/purchaseRows.ts';
import { purchaseSettings } from '../../../lib/models/purchaseSettings.ts';
import { simulate } from './matrices.ts';

const horizonDays = 30;

/** Customers at some days; `a` tells who buys. */
function rowsAt(days: readonly string[], seed: number): Required<PurchaseRows> {
  const { cells, y } = simulate(400 * days.length, { seed, columns: 2, marginOf: ([a = 0]) => 2 * a - 1 });
  return {
    ids: cells.map((_, row) => `c${row % 400}`),
    columns: ['a', 'b'].map((name, column) => ({
      name,
      kind: 'numeric' as const,
      values: cells.map((row) => row[column] as number),
    })),
    labels: y,
    cutoffs: cells.map((_, row) => days[Math.floor(row / 400)] as string),
  };
}

const fitted = (rows: PurchaseRows, inUse: PurchaseModel | null, excludeColumns: string[] = []) =>
  fitAgainstModelInUse(rows, {
    seed: 1,
    horizonDays,
    engines: ['logisticRegression'],
    settings: purchaseSettings.parse({ excludeColumns }),
    inUse,
  });

describe('a challenge', () => {
  const days = ['2026-01-31', '2026-02-28', '2026-03-31'];
  let first: PurchaseFit;
  let inUse: PurchaseModel;
  beforeAll(async () => {
    first = await fitted(rowsAt(days, 1), null);
    inUse = first.tested as PurchaseModel;
  }, 60_000);

  it('is none where no model is in use', () => {
    expect(first.challenge).toBeNull();
  });

  it('is fought by the model that had not seen its test, which is not the one that is used', () => {
    const all = rowsAt(days, 1);
    expect(inUse.report).toEqual(first.model.report);
    expect(scorePurchaseModel(inUse, all)).not.toEqual(scorePurchaseModel(first.model, all));
  });

  it('of a month later is fair: nothing of it was known to the model in use', async () => {
    const { challenge } = await fitted(rowsAt([...days, '2026-04-30'], 2), inUse);
    expect(['better', 'noDifference']).toContain(challenge?.outcome);
    expect(challenge && winsChallenge(challenge)).toBe(true);
  });

  it('of an earlier month is not, for the model in use was fitted to it', async () => {
    const { challenge } = await fitted(rowsAt(['2025-12-31', ...days.slice(0, 2)], 3), inUse);
    expect(challenge?.outcome).toBe('notComparable');
  });

  it('cannot be lost to a model that uses what the settings have excluded since', async () => {
    const { challenge } = await fitted(rowsAt(days, 4), inUse, ['a']);
    expect(challenge).toMatchObject({
      outcome: 'notComparable',
      reason: { en: expect.stringContaining('"a"') },
    });
  });

  const heldOut = rowsAt(['2026-03-31'], 5);
  const challenger = (probabilities: Float64Array | null): Challenger => ({
    ...{ horizonDays, seed: 1, heldOutCutoff: '2026-03-31', heldOut, y: heldOut.labels, probabilities },
  });

  it('is won by telling more, lost by telling less, and open in between', () => {
    const said = scorePurchaseModel(inUse, heldOut).probabilities;
    const outcomeOf = (p: Float64Array) => measureChallenge(inUse, challenger(p)).outcome;
    const truer = said.map((p, row) => (p + (heldOut.labels[row] as number)) / 2);
    expect(outcomeOf(truer)).toBe('better');
    expect(outcomeOf(said)).toBe('noDifference');
    expect(outcomeOf(said.map((p) => (p + 1) / 2))).toBe('worse');
  });

  it('is lost where there was nothing to test on, and not to be had about other days', () => {
    expect(measureChallenge(inUse, challenger(null)).outcome).toBe('notMeasured');
    expect(measureChallenge(inUse, { ...challenger(null), horizonDays: horizonDays + 1 }).outcome).toBe(
      'notComparable',
    );
  });
});
