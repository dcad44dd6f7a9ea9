import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRecommenders } from '../../../../lib/marketing/recommend/compareRecommenders.ts';
import { easeWeight, fitEase } from '../../../../lib/marketing/recommend/ease.ts';
import { modelPurchases } from '../../../../lib/marketing/recommend/modelledPurchases.ts';
import { fitNeighbours, neighbourWeight } from '../../../../lib/marketing/recommend/neighbours.ts';
import { purchaseMatrix } from '../../../../lib/marketing/recommend/purchaseMatrix.ts';
import { recommendCustomers } from '../../../../lib/marketing/recommend/recommendCustomers.ts';
import { fitRecommender } from '../../../../lib/marketing/recommend/recommender.ts';
import { topItems } from '../../../../lib/marketing/recommend/topItems.ts';
import { type Sale, salesOf } from '../sales.ts';

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

test('neighbours score every product as sums over all pairs say, of one customer after another', () => {
  const letters = 'abcdefgh';
  const rows = fc.array(
    fc.uniqueArray(fc.constantFrom(...letters), { minLength: 1, maxLength: 6 }).map((row) => row.join('')),
    { minLength: 2, maxLength: 25 },
  );
  fc.assert(
    fc.property(rows, fc.boolean(), (of, repeats) => {
      const purchases = purchasesOf(of);
      const model = fitNeighbours(purchases);
      const recommender = fitRecommender('neighbours', purchases, { repeats });
      for (const customer of of.keys()) {
        const [start = 0, end = 0] = [purchases.starts[customer], purchases.starts[customer + 1]];
        const own = Array.from(purchases.item.subarray(start, end));
        const sums = Array.from(purchases.products, (_, item) =>
          own.reduce((sum, bought) => sum + neighbourWeight(model, bought, item), 0),
        );
        const greatest = Math.max(...sums) || 1;
        const scores = recommender.scores(customer);
        for (const [item, sum] of sums.entries()) {
          const again = repeats && own.includes(item) ? 0.05 + (purchases.repeatShare[item] as number) : 0;
          const popular = 0.05 * (purchases.popularNow[item] as number);
          expect(scores[item]).toBeCloseTo(sum / greatest + popular + again, 5);
        }
      }
    }),
    { numRuns: 40 },
  );
});

describe('lists for customers', () => {
  /** Forty who buy `a` to `f` in pairs that go together, and three who bought `odd` alone, which is too rare to be compared. */
  const sales: Sale[] = [
    ...Array.from({ length: 40 }, (_, at) =>
      Array.from(['abc', 'abd', 'abe', 'abf'][at % 4] as string, (product) => ({
        customer: `c${String(at).padStart(2, '0')}`,
        ...{ product, day: 90 + (at % 9) },
      })),
    ).flat(),
    ...['x0', 'x1', 'x2'].map((customer) => ({ customer, product: 'odd', day: 95 })),
    ...Array.from({ length: 80 }, (_, at) => ({ customer: `z${at}`, product: `z${at % 16}`, day: 10 })),
  ];
  const table = salesOf(sales);
  const numberOf = (product: string): number => table.products.indexOf(product);
  const matrix = purchaseMatrix(table, { lastDay: 100, decayDays: 30 });
  const made = (without: string[], segmentOf: (id: string) => number = () => -1) => {
    const purchases = modelPurchases(matrix);
    const lists = recommendCustomers({
      recommender: fitRecommender('neighbours', purchases, { repeats: false }),
      ...{ purchases, matrix, repeats: false, count: 4 },
      isOffered: Uint8Array.from(table.products, (product) => Number(!without.includes(product))),
      segmentOf: Int32Array.from(table.customerIds, segmentOf),
      segments: 1,
    });
    return (id: string) => {
      const { basis, items } = lists.at(table.customerIds.indexOf(id));
      return { basis, products: items.map(({ product }) => table.products[product] as string) };
    };
  };

  test('hold nothing that is not offered now, and nothing that was bought', () => {
    const all = made([])('c00');
    expect(all.basis).toBe('model');
    expect(all.products).toEqual(expect.arrayContaining(['d', 'e', 'f']));
    const fewer = made(['d', 'f'])('c00');
    expect(fewer.products).toContain('e');
    for (const product of ['a', 'b', 'c', 'd', 'f']) expect(fewer.products).not.toContain(product);
    expect(made(table.products)('c00').products).toEqual([]);
  });

  test('of customers of whom too little is known are what their segment buys, then what most bought lately', () => {
    const inSegment = (id: string): number => (id.startsWith('c') && Number(id.slice(1)) % 4 < 3 ? 0 : -1);
    const segmentOf = (id: string): number => (id === 'x0' ? 0 : inSegment(id));
    const of = made(['b'], segmentOf);
    expect(of('x0').basis).toBe('segment');
    expect(new Set(of('x0').products)).toEqual(new Set(['a', 'c', 'd', 'e']));
    expect(of('x1')).toEqual({ basis: 'popular', products: ['a', 'c', 'd', 'e'] });
    expect(of('x1').products).not.toContain('odd');
  });

  test('of a segment of which too few are known are what most bought', () => {
    const few = (id: string): number => (['x0', 'c00', 'c01'].includes(id) ? 0 : -1);
    expect(made([], few)('x0').basis).toBe('popular');
  });

  test('leave out of the comparison what is never recommended', () => {
    const rows: Sale[] = Array.from({ length: 60 }, (_, at) => [
      ...['a', 'b'].map((product) => ({ customer: `c${at}`, product, day: 10 + (at % 30) })),
      { customer: `c${at}`, product: at % 3 === 0 ? 'd' : 'c', day: 95 },
      ...['c', 'd'].map((product) => ({ customer: `early${at}`, product, day: 20 })),
    ]).flat();
    const options = { firstDay: 0, lastDay: 100, repeats: false, seed: 1 };
    const compared = salesOf(rows);
    const customersWithout = (product: string): number | undefined =>
      compareRecommenders(compared, {
        ...options,
        excluded: new Set([compared.products.indexOf(product)]),
      })?.customers;
    expect(customersWithout('a')).toBe(60);
    expect(customersWithout('d')).toBe(40);
    expect(customersWithout('c')).toBeUndefined();
  });

  test('say why: the purchase of the customer that speaks most for each', () => {
    const purchases = modelPurchases(matrix);
    const recommender = fitRecommender('neighbours', purchases, { repeats: false });
    const itemOf = (product: string): number => purchases.products.indexOf(numberOf(product));
    const customer = table.customerIds.indexOf('c00');
    const because = recommender.because(customer, itemOf('d')) as number;
    const model = fitNeighbours(purchases);
    const weights = ['a', 'b', 'c'].map((bought) => neighbourWeight(model, itemOf(bought), itemOf('d')));
    expect(neighbourWeight(model, because, itemOf('d'))).toBe(Math.max(...weights));
    expect(Math.max(...weights)).toBeGreaterThan(0);
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
