import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { easeWeight, fitEase } from '../../../../lib/marketing/recommend/ease.ts';
import { modelPurchases } from '../../../../lib/marketing/recommend/modelledPurchases.ts';
import { fitNeighbours, neighbourWeight } from '../../../../lib/marketing/recommend/neighbours.ts';
import { purchaseMatrix } from '../../../../lib/marketing/recommend/purchaseMatrix.ts';
import { topItems } from '../../../../lib/marketing/recommend/topItems.ts';
import { salesOf } from '../sales.ts';

const purchasesOf = (rows: string[]) =>
  modelPurchases(
    purchaseMatrix(
      salesOf(
        rows.flatMap((products, at) =>
          Array.from(products, (product) => ({ customer: `c${at}`, product, day: 100 })),
        ),
      ),
      { lastDay: 100, decayDays: 30 },
    ),
  );

describe('EASE', () => {
  test('has the closed form of Steck (2019), equation 8, by hand for two products', () => {
    // G = [[3, 2], [2, 2]], λ = 6 · 2.5 = 15: P = inverse of [[18, 2], [2, 17]], B₁₂ = -P₁₂ / P₂₂ = 2 / 18, B₂₁ = 2 / 17
    const model = fitEase(purchasesOf(['ab', 'ab', 'a']));
    expect(easeWeight(model, 0, 1)).toBeCloseTo(2 / 18, 6);
    expect(easeWeight(model, 1, 0)).toBeCloseTo(2 / 17, 6);
    expect(easeWeight(model, 0, 0)).toBe(0);
  });
});

describe('neighbours', () => {
  test('are the cosine of buyers, drawn to 0 where few are shared', () => {
    const model = fitNeighbours(purchasesOf(['ab', 'ab', 'a', 'c']));
    expect(neighbourWeight(model, 0, 1)).toBeCloseTo((2 / Math.sqrt(6)) * (2 / 7), 6);
    expect(neighbourWeight(model, 0, 2)).toBe(0);
    expect(neighbourWeight(model, 0, 0)).toBe(0);
  });
});

describe('the purchases of customers', () => {
  test('fade with age, and what came back is none from the day on which it came back', () => {
    const sales = salesOf([
      { customer: 'c', product: 'a', day: 70 },
      { customer: 'c', product: 'b', day: 90 },
      { customer: 'c', product: 'b', day: 90, units: -1, knownOn: 95 },
    ]);
    const at = (lastDay: number) => Array.from(purchaseMatrix(sales, { lastDay, decayDays: 30 }).product);
    expect(at(94)).toEqual([0, 1]);
    expect(at(100)).toEqual([0]);
    const { strength } = purchaseMatrix(sales, { lastDay: 100, decayDays: 30 });
    expect(strength[0]).toBeCloseTo(Math.exp(-1), 6);
  });
});

test('the top is what a sort would put first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 50 }),
      fc.integer({ min: 1, max: 12 }),
      (values, count) => {
        const scores = Float32Array.from(values);
        const sorted = Array.from(scores.keys()).sort(
          (one, other) => (scores[other] as number) - (scores[one] as number) || one - other,
        );
        expect(topItems(scores, count)).toEqual(sorted.slice(0, count));
      },
    ),
  );
});
