import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededGenerator } from '../../../../lib/math/random.ts';
import { betaGeometricObjective } from '../../../../lib/models/btyd/betaGeometric.ts';
import { fitBgNbd, fitMbgNbd } from '../../../../lib/models/btyd/fitBetaGeometric.ts';
import { fitParetoNbd } from '../../../../lib/models/btyd/fitParetoNbd.ts';
import { indexHistories } from '../../../../lib/models/btyd/indexedHistories.ts';
import type { BuyingModel } from '../../../../lib/models/btyd/models.ts';
import { paretoNbdObjective } from '../../../../lib/models/btyd/paretoNbd.ts';
import {
  expectedPurchases,
  nextPurchaseWindow,
  probabilityAlive,
  probabilityOfPurchase,
} from '../../../../lib/models/btyd/predict.ts';
import {
  groupHistories,
  historyAt,
  historyColumns,
  type PurchaseHistory,
} from '../../../../lib/models/btyd/purchaseHistory.ts';
import { drawHistories } from '../../../support/drawBuyers.ts';

const parameter = fc.double({ min: 0.05, max: 30, noNaN: true });
const models: fc.Arbitrary<BuyingModel> = fc.oneof(
  fc.record({
    kind: fc.constant('bgNbd' as const),
    r: parameter,
    alpha: parameter,
    a: parameter,
    b: parameter,
  }),
  fc.record({
    kind: fc.constant('mbgNbd' as const),
    r: parameter,
    alpha: parameter,
    a: parameter,
    b: parameter,
  }),
  fc.record({
    kind: fc.constant('paretoNbd' as const),
    r: parameter,
    alpha: parameter,
    s: parameter,
    beta: parameter,
  }),
);
const histories: fc.Arbitrary<PurchaseHistory> = fc
  .tuple(
    fc.integer({ min: 0, max: 300 }),
    fc.double({ min: 0.01, max: 1, noNaN: true }),
    fc.double({ min: 0.5, max: 500, noNaN: true }),
  )
  .map(([frequency, share, age]) => ({ frequency, recency: frequency === 0 ? 0 : share * age, age }));

describe('whatever the parameters and the history', () => {
  it('probabilities lie within 0 and 1, and buying is no likelier than being alive', () => {
    fc.assert(
      fc.property(
        models,
        histories,
        fc.double({ min: 0, max: 1000, noNaN: true }),
        (model, history, horizon) => {
          const alive = probabilityAlive(model, history);
          const buys = probabilityOfPurchase(model, history, horizon);
          expect(alive).toBeGreaterThanOrEqual(0);
          expect(alive).toBeLessThanOrEqual(1);
          expect(buys).toBeGreaterThanOrEqual(0);
          expect(buys).toBeLessThanOrEqual(alive);
          // Markov's inequality
          expect(buys).toBeLessThanOrEqual(expectedPurchases(model, history, horizon) * (1 + 1e-9) + 1e-300);
        },
      ),
    );
  });

  it('the expectation grows with the horizon', () => {
    fc.assert(
      fc.property(
        models,
        histories,
        fc.double({ min: 0.1, max: 500, noNaN: true }),
        (model, history, horizon) => {
          const sooner = expectedPurchases(model, history, horizon);
          const later = expectedPurchases(model, history, horizon * 1.5);
          expect(Number.isFinite(later)).toBe(true);
          expect(later).toBeGreaterThanOrEqual(sooner * (1 - 1e-12));
        },
      ),
    );
  });

  it('silence makes it less likely that a customer is alive', () => {
    fc.assert(
      fc.property(
        models,
        histories,
        fc.double({ min: 0.1, max: 500, noNaN: true }),
        (model, history, silence) => {
          const silent = { ...history, age: history.age + silence };
          expect(probabilityAlive(model, silent)).toBeLessThanOrEqual(
            probabilityAlive(model, history) + 1e-12,
          );
        },
      ),
    );
  });

  it('the next purchase is due between two finite times, in order', () => {
    fc.assert(
      fc.property(models, histories, (model, history) => {
        const { from, to } = nextPurchaseWindow(model, history);
        expect(from).toBeGreaterThan(0);
        expect(to).toBeGreaterThan(from);
        expect(Number.isFinite(to)).toBe(true);
      }),
    );
  });
});

describe('grouping', () => {
  it('gives every customer their own history back', () => {
    fc.assert(
      fc.property(fc.array(histories, { minLength: 1, maxLength: 40 }), (some) => {
        const all = [...some, ...some.slice(0, 7)];
        const groups = groupHistories(historyColumns(all));
        expect(Array.from(groups.groupOf, (group) => historyAt(groups, group))).toEqual(all);
        expect(groups.counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
        const distinct = new Set(all.map((history) => JSON.stringify(history)));
        expect(groups.counts).toHaveLength(distinct.size);
      }),
    );
  });

  it('never changes a customer’s history by adding another', () => {
    fc.assert(
      fc.property(fc.array(histories, { minLength: 1, maxLength: 40 }), histories, (some, another) => {
        const groups = groupHistories(historyColumns([another, ...some]));
        expect(some.map((_, row) => historyAt(groups, groups.groupOf[row + 1] as number))).toEqual(some);
      }),
    );
  });

  it('refuses a purchase after the cutoff', () => {
    const late = { frequency: 1, recency: 5, age: 4 };
    expect(() => groupHistories(historyColumns([late]))).toThrow('frequency 1, recency 5, age 4');
  });
});

describe('fitting', () => {
  const drawn = groupHistories(
    drawHistories(
      { kind: 'mbgNbd', r: 0.6, alpha: 30, a: 0.9, b: 2.5 },
      { generator: seededGenerator(11), customers: 1500, ages: [100, 400] },
    ),
  );

  it.each([
    ['BG/NBD', betaGeometricObjective('bgNbd', indexHistories(drawn, { timeUnit: 1 }), drawn.counts)],
    ['MBG/NBD', betaGeometricObjective('mbgNbd', indexHistories(drawn, { timeUnit: 1 }), drawn.counts)],
    ['Pareto/NBD', paretoNbdObjective(drawn, { timeUnit: 1 })],
  ])("%s's gradient is the slope of its likelihood", (_, objective) => {
    const point = Float64Array.of(-0.4, 3.1, -0.2, 0.7);
    const gradient = new Float64Array(4);
    objective(point, gradient);
    for (let index = 0; index < 4; index++) {
      const at = (step: number): number =>
        objective(
          point.map((value, other) => (other === index ? value + step : value)),
          new Float64Array(4),
        );
      expect(gradient[index]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 7);
    }
  });

  it.each([
    ['BG/NBD', fitBgNbd],
    ['MBG/NBD', fitMbgNbd],
    ['Pareto/NBD', fitParetoNbd],
  ])('%s says the same in days and in years', (_, fitModel) => {
    const inYears = {
      ...drawn,
      recency: drawn.recency.map((t) => t / 365),
      age: drawn.age.map((t) => t / 365),
    };
    const byDay = fitModel(drawn);
    const byYear = fitModel(inYears);
    const history = { frequency: 3, recency: 120, age: 200 };
    const scaled = { frequency: 3, recency: 120 / 365, age: 200 / 365 };
    expect(byYear.alpha / byDay.alpha).toBeCloseTo(1 / 365, 6);
    expect(expectedPurchases(byYear, scaled, 90 / 365)).toBeCloseTo(expectedPurchases(byDay, history, 90), 5);
    expect(probabilityAlive(byYear, scaled)).toBeCloseTo(probabilityAlive(byDay, history), 5);
  });

  it.each([
    ['fitBgNbd', fitBgNbd],
    ['fitMbgNbd', fitMbgNbd],
    ['fitParetoNbd', fitParetoNbd],
  ])('%s refuses a shop where nobody came back', (name, fitModel) => {
    const once = groupHistories(historyColumns([{ frequency: 0, recency: 0, age: 12 }]));
    expect(() => fitModel(once)).toThrow(`${name} needs at least one repeat purchase; got 0 in 1 customers`);
  });
});
