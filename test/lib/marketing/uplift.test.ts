import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureCampaign } from '../../../lib/marketing/campaigns/measureCampaign.ts';
import {
  controlShareFor,
  customersNeeded,
  minimumDetectableRise,
  powerOf,
} from '../../../lib/marketing/campaigns/power.ts';
import {
  costPerExtraOrder,
  fisherExact,
  measureUplift,
  newcombeInterval,
} from '../../../lib/marketing/campaigns/uplift.ts';
import { seededGenerator, uniform } from '../../../lib/math/random.ts';

const significance = 0.05;

describe('the uplift of a campaign', () => {
  // reference: statsmodels 0.15.0, confint_proportions_2indep(treatedBuyers, treated, controlBuyers, control, method='newcomb', compare='diff',
  // correction=False); the cases are those of table II of Newcombe 1998, Statistics in Medicine 17, method 10, four decimals
  test.each([
    [{ treatedBuyers: 56, treated: 70, controlBuyers: 48, control: 80 }, 0.0524, 0.3339],
    [{ treatedBuyers: 9, treated: 10, controlBuyers: 3, control: 10 }, 0.1705, 0.809],
    [{ treatedBuyers: 10, treated: 10, controlBuyers: 0, control: 20 }, 0.6791, 1],
    [{ treatedBuyers: 5, treated: 56, controlBuyers: 0, control: 29 }, -0.0381, 0.1926],
  ])('of %j lies where Newcombe tells', (counts, low, high) => {
    const interval = newcombeInterval(counts, { significance });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  // reference: scipy 1.17.1, scipy.stats.fisher_exact([[6, 2], [1, 4]]).pvalue and of [[8, 2], [1, 5]]
  test.each([
    [{ treatedBuyers: 6, treated: 8, controlBuyers: 1, control: 5 }, 0.10256410256],
    [{ treatedBuyers: 8, treated: 10, controlBuyers: 1, control: 6 }, 0.034965034965],
  ])('of %j has the p-value of Fisher’s exact test', (counts, pValue) => {
    expect(fisherExact(counts)).toBeCloseTo(pValue, 9);
  });

  test('is the opposite when the groups change places, with the same p-value', () => {
    const counts = fc.record({
      n: fc.integer({ min: 1, max: 300 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const [a, b] = [Math.round(one.n * one.share), Math.round(other.n * other.share)];
        const there = measureUplift(
          { treated: one.n, treatedBuyers: a, control: other.n, controlBuyers: b },
          { significance },
        );
        const back = measureUplift(
          { treated: other.n, treatedBuyers: b, control: one.n, controlBuyers: a },
          { significance },
        );
        expect(back.uplift).toBeCloseTo(-there.uplift, 12);
        expect(back.interval.low).toBeCloseTo(-there.interval.high, 9);
        expect(back.pValue).toBeCloseTo(there.pValue, 7);
        expect(there.interval.low).toBeLessThanOrEqual(there.uplift + 1e-12);
        expect(there.interval.high).toBeGreaterThanOrEqual(there.uplift - 1e-12);
      }),
    );
  });

  test('needs both groups', () => {
    const counts = { treated: 5, treatedBuyers: 1, control: 0, controlBuyers: 0 };
    expect(() => measureUplift(counts, { significance })).toThrow('got 5 and 0');
  });

  test('costs no finite amount per extra order where there may be none', () => {
    const extraOrdersInterval = { low: -2, high: 20 };
    expect(costPerExtraOrder(1000, { extraOrders: 10, extraOrdersInterval })).toEqual({
      cost: 100,
      low: 50,
      high: null,
    });
    const loss = { extraOrders: -3, extraOrdersInterval: { low: -8, high: -1 } };
    expect(costPerExtraOrder(1000, loss)).toEqual({ cost: null, low: null, high: null });
  });
});

describe('the size of a control group', () => {
  // reference: statsmodels 0.15.0, power_proportions_2indep(0.25, 0.5, 50, ratio=1, alpha=0.05).power; R 4.2.2,
  // power.prop.test(power = 0.9, p1 = 0.5, p2 = 0.75)$n, per group
  test('has the power that statsmodels and R tell', () => {
    const rates = { controlRate: 0.5, treatedRate: 0.75, significance };
    expect(powerOf({ ...rates, treated: 50, control: 50 })).toBeCloseTo(0.7401671935, 6);
    expect(customersNeeded(rates, { power: 0.9, controlShare: 0.5 })).toBe(Math.ceil(2 * 76.70693));
    // power_proportions_2indep(0.04, 0.1, 2000, ratio=0.5, alpha=0.05).power
    const uneven = { controlRate: 0.1, treatedRate: 0.14, significance, treated: 2000, control: 1000 };
    expect(powerOf(uneven)).toBeCloseTo(0.8856570991, 6);
  });

  test('is the smallest that reaches the power, within its bounds', () => {
    const rates = { controlRate: 0.1, treatedRate: 0.13, significance };
    const bounds = { power: 0.8, minShare: 0.05, maxShare: 0.5 };
    const share = controlShareFor(8000, rates, bounds);
    const power = (of: number) => powerOf({ ...rates, control: of * 8000, treated: (1 - of) * 8000 });
    expect(power(share)).toBeGreaterThanOrEqual(0.8);
    expect(power(share - 0.005)).toBeLessThan(0.8);
    expect(controlShareFor(100, rates, bounds)).toBe(0.5);
    expect(controlShareFor(1_000_000, rates, bounds)).toBe(0.05);
  });

  test('finds the rise that it says it would find, and no smaller one', () => {
    const groups = { treated: 900, control: 100, controlRate: 0.2, significance };
    const rise = minimumDetectableRise(groups, { power: 0.8 }) as number;
    expect(powerOf({ ...groups, treatedRate: 0.2 + rise })).toBeCloseTo(0.8, 6);
    expect(minimumDetectableRise({ ...groups, treated: 2, control: 2 }, { power: 0.99 })).toBeNull();
  });
});

describe('a simulated campaign', () => {
  const simulate = (
    seed: number,
    { treatedRate, controlRate }: { treatedRate: number; controlRate: number },
  ) => {
    const generator = seededGenerator(seed);
    const customers = Array.from({ length: 3000 }, (_, at) => {
      const treated = at % 3 !== 0;
      const converted = uniform(generator) < (treated ? treatedRate : controlRate);
      return { treated, converted, revenue: converted ? 5000 : 0, covariates: [] };
    });
    return measureCampaign(customers, { covariates: [], cost: 200_000, significance, seed });
  };
  const seeds = Array.from({ length: 200 }, (_, seed) => seed + 1);

  test('without effect is called so in at least 94 of 100 cases', () => {
    const results = seeds.map((seed) => simulate(seed, { treatedRate: 0.1, controlRate: 0.1 }));
    const called = results.filter(({ verdict }) => verdict === 'noMeasurableEffect').length;
    expect(called / seeds.length).toBeGreaterThanOrEqual(0.94);
  });

  test('with a known effect is covered by its interval, and found as often as the power tells', () => {
    const rates = { treatedRate: 0.14, controlRate: 0.1 };
    const results = seeds.map((seed) => simulate(seed, rates));
    const covering = results.filter(({ uplift }) => {
      const { low = 1, high = -1 } = uplift?.interval ?? {};
      return low <= 0.04 && 0.04 <= high;
    }).length;
    // 95 % of 200, give or take three standard errors
    expect(covering / seeds.length).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / 200));
    const power = powerOf({ ...rates, treated: 2000, control: 1000, significance });
    const found = results.filter(({ verdict }) => verdict === 'raised').length / seeds.length;
    expect(Math.abs(found - power)).toBeLessThan(0.03 + 3 * Math.sqrt((power * (1 - power)) / 200));
    expect(power).toBeGreaterThan(0.8);
    const { costPerExtraOrder: per, uplift } = results[0] ?? {};
    expect(per?.cost).toBeCloseTo(200_000 / (uplift?.extraOrders ?? 0), 6);
  });
});
