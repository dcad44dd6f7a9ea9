import { describe, expect, test } from 'vitest';
import { backTest } from '../../../../lib/marketing/stock/backTest.ts';
import { customerDemand } from '../../../../lib/marketing/stock/customerDemand.ts';
import { demandHistory } from '../../../../lib/marketing/stock/demandHistory.ts';
import { syntetosBoylan, teunterSyntetosBabai } from '../../../../lib/marketing/stock/intermittent.ts';
import { planStock } from '../../../../lib/marketing/stock/planStock.ts';
import { stockSettings } from '../../../../lib/marketing/stock/settings.ts';
import { simulateUnits, unitsAt } from '../../../../lib/marketing/stock/simulateUnits.ts';
import { pastErrors, usualErrors } from '../../../../lib/marketing/stock/spread.ts';
import { seededGenerator, uniform } from '../../../../lib/math/random.ts';
import { type Sale, salesOf } from '../sales.ts';

const settings = stockSettings.parse({});
const days = { firstDay: 0, lastDay: 199 };

/** 300 customers who buy `steady` every twenty days or so, with what is special beside it. */
function shop(special: Sale[]): Sale[] {
  const generator = seededGenerator(5);
  const sales: Sale[] = [];
  for (let customer = 0; customer < 300; customer++)
    for (
      let day = Math.floor(40 * uniform(generator));
      day < 200;
      day += 5 + Math.floor(30 * uniform(generator))
    )
      sales.push({ customer: `c${customer}`, product: 'steady', day });
  return [...sales, ...special];
}

const planOf = (special: Sale[], stock: number | null = null, expected: number | null = null) => {
  const sales = salesOf(shop(special));
  const ofAll = (purchases: number) => new Float64Array(sales.customerIds.length).fill(purchases);
  const plan = planStock(sales, {
    ...days,
    model: 'mbgNbd',
    published: expected === null ? null : [0.25, 1, 3].map((times) => ofAll(times * expected)),
    facts: () => ({ stock, leadTimeDays: 10 }),
    settings,
  });
  return (product: string) => plan.rows[sales.products.indexOf(product)] as (typeof plan.rows)[number];
};

describe('methods for intermittent demand', () => {
  test('never sold is nothing, and demand in every period is that demand', () => {
    for (const method of [syntetosBoylan, teunterSyntetosBabai]) expect(method(new Float64Array(9))).toBe(0);
    expect(teunterSyntetosBabai(new Float64Array(30).fill(4))).toBeCloseTo(4, 9);
    expect(syntetosBoylan(new Float64Array(30).fill(4))).toBeCloseTo(0.9 * 4, 9);
  });

  test('by Teunter, Syntetos and Babai what is no longer sold fades', () => {
    const stopped = new Float64Array(40);
    stopped.fill(5, 0, 10);
    expect(teunterSyntetosBabai(stopped)).toBeCloseTo(5 * 0.9 ** 30, 9);
  });
});

describe('unusual products', () => {
  test('one that was sold once, long ago, is hardly expected; a new one is not taken for a month of its first day', () => {
    const of = planOf([
      { customer: 'c1', product: 'once', day: 3, units: 10 },
      { customer: 'c2', product: 'new', day: 199, units: 10 },
    ]);
    expect(of('once').units[1]?.expected).toBeLessThan(2);
    const fresh = of('new').units[1]?.expected as number;
    expect(fresh > 0 && fresh < 100).toBe(true);
    for (const { units } of [of('once'), of('new'), of('steady')])
      for (const { p50, p90, p95 } of units) expect(p50 <= p90 && p90 <= p95).toBe(true);
  });

  test('all-zero demand expects nothing and orders nothing', () => {
    const of = planOf(
      [
        { customer: 'c1', product: 'returned', day: 3, units: 4 },
        { customer: 'c1', product: 'returned', day: 3, units: -4, knownOn: 9 },
      ],
      5,
    );
    expect(of('returned')).toMatchObject({ status: 'noDemand', reorderUnits: 0 });
    expect(of('returned').units.map(({ expected, p95 }) => [expected, p95])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });
});

test('the purchases that are published of customers, and no others, are what their demand is told by', () => {
  const sales = salesOf(shop([]));
  const history = demandHistory(sales, days);
  const unitsBy = (purchases: number) => {
    const published = [new Float64Array(sales.customerIds.length).fill(purchases)];
    const demand = customerDemand(history, { horizonsDays: [30], model: 'mbgNbd', published });
    return { units: demand?.units[0]?.[0] as number, purchaseDays: demand?.purchaseDays[0] };
  };
  const [none, one, two] = [0, 1, 2].map(unitsBy);
  // every purchase day of theirs brought one unit of the one product
  expect((one?.units ?? 0) - (none?.units ?? 0)).toBeCloseTo(300, 6);
  expect((two?.units ?? 0) - (none?.units ?? 0)).toBeCloseTo(600, 6);
  expect([none?.purchaseDays, two?.purchaseDays]).toEqual([0, 600]);
  expect(planOf([], null, 9)('steady').units[1]?.expected).toBeGreaterThan(
    planOf([], null, 1)('steady').units[1]?.expected as number,
  );
});

describe('reordering', () => {
  test('the less is there, the sooner and the more is ordered', () => {
    const at = (stock: number) => planOf([], stock)('steady');
    const [none, some, plenty] = [at(0), at(400), at(1e6)];
    expect(none).toMatchObject({ status: 'orderNow', reorderDay: 199 });
    expect(some?.status).toBe('orderLater');
    expect(some?.reorderDay).toBeGreaterThan(199);
    expect(none?.reorderUnits).toBeGreaterThan(some?.reorderUnits as number);
    expect(plenty).toMatchObject({ status: 'enough', reorderDay: null, reorderUnits: 0 });
  });
});

/** Sixty products, of which 200 customers buy one every ten days or so; `pace` says by how much the whole shop sells more on a day. */
function steadyShop(seed: number, pace: (day: number) => number = () => 1) {
  const generator = seededGenerator(seed);
  const sales: Sale[] = [];
  for (let customer = 0; customer < 200; customer++)
    for (
      let day = Math.floor(20 * uniform(generator));
      day < 200;
      day += Math.max(1, Math.round((3 + 14 * uniform(generator)) / pace(day)))
    )
      sales.push({ customer: `c${customer}`, product: `p${Math.floor(60 * uniform(generator))}`, day });
  return salesOf(sales);
}

describe('the back-test', () => {
  test('on a steady shop finds a winner that is close, and P90 covers about nine of ten', () => {
    const sales = steadyShop(9);
    const judged = backTest(sales, { ...days, horizonDays: 30, model: 'mbgNbd' });
    const of = (name: string) => judged?.rows.find((row) => row.name === name);
    expect(of(judged?.winner ?? '')?.wape).toBeLessThan(of('lastPeriod')?.wape as number);
    expect(of(judged?.winner ?? '')?.coverageP90).toBeGreaterThan(0.85);
    expect(of(judged?.winner ?? '')?.coverageP90).toBeLessThan(0.97);
    expect(backTest(sales, { firstDay: 0, lastDay: 80, horizonDays: 30, model: 'mbgNbd' })).toBeNull();
  });

  test('forecasts long stretches from days a month apart, each from as many days before it at least', () => {
    const sales = steadyShop(9);
    const judged = backTest(sales, { ...days, horizonDays: 60, model: 'mbgNbd' });
    expect(judged?.cutoffs).toEqual([139, 109, 79]);
    const short = backTest(sales, { ...days, horizonDays: 7, model: 'mbgNbd' });
    expect(short?.cutoffs).toEqual([192, 185, 178, 171, 164, 157, 150]);
  });

  test('does not know of a stretch, nor of one that was not over before it, what it says of its quantiles', () => {
    const coverage = (boom: number) => {
      const sales = steadyShop(4, (day) => (day >= 140 && day < 170 ? boom : 1));
      const judged = backTest(sales, { ...days, horizonDays: 60, model: 'mbgNbd' });
      return judged?.rows.find(({ name }) => name === 'movingAverage')?.coverageP90 as number;
    };
    expect(coverage(1)).toBeGreaterThan(0.85);
    // The days from 140 are forecast from what was known before, and learnt from 80 to 139. With the errors of the stretch itself, or of
    // that from 110 on, which holds the boom too, a sixth and more of the products would stay below.
    expect(coverage(4)).toBeLessThan(0.1);
  });
});

describe('the spread of forecasts', () => {
  const trial = (factor: number, seed: number) => {
    const generator = seededGenerator(seed);
    return Array.from({ length: 300 }, () => {
      const mean = 20 + 60 * uniform(generator);
      return { mean, lotRatio: 2, actual: Math.round(factor * mean * (0.7 + 0.6 * uniform(generator))) };
    });
  };
  const steps = { horizonDays: 90, strideDays: 90 };
  const trials = (factors: number[]) => factors.map((factor, at) => trial(factor, at + 1));

  test('keeps apart what all products are off by together, so that a shop that swings is given room beyond what it did', () => {
    const [calm, wild] = [pastErrors(trials([1, 1, 1]), steps), pastErrors(trials([0.5, 1, 2]), steps)];
    expect(wild.levelSd).toBeGreaterThan(1.5 * calm.levelSd);
    // beside their level, products are off by as much in both
    const spreadOf = (errors: Float64Array) => (errors.at(-10) as number) - (errors[9] as number);
    expect(spreadOf(wild.all) / spreadOf(calm.all)).toBeCloseTo(1, 1);
    const forecast = { mean: 50, lotRatio: 2 };
    const units = [calm, wild].map((errors) => unitsAt(errors, 0.9, forecast));
    expect(units[1]).toBeGreaterThan(1.1 * (units[0] as number));
  });

  test('is as wide as assumed where nothing was seen, the wider the longer ahead', () => {
    expect(usualErrors(90).levelSd).toBeCloseTo(0.25, 9);
    expect(usualErrors(10).levelSd).toBeCloseTo(0.25 / 3, 9);
    expect(pastErrors([], steps).levelSd).toBeCloseTo(0.25, 9);
  });

  test('holds what comes: nine of ten products of a stretch whose level and errors are as before', () => {
    const errors = pastErrors(trials([0.8, 1.2, 0.9, 1.1, 1.3, 0.75]), steps);
    const covered = [0.85, 1, 1.15].flatMap((factor, at) => trial(factor, 50 + at));
    const share = covered.filter((one) => one.actual <= unitsAt(errors, 0.9, one)).length / covered.length;
    expect(share).toBeGreaterThan(0.85);
    expect(share).toBeLessThan(0.99);
  });

  test('is told by few draws as by many', () => {
    const errors = pastErrors(trials([0.8, 1.2]), steps);
    const forecast = { mean: 50, lotRatio: 2 };
    const many = simulateUnits(forecast, errors, { draws: 20_000 });
    expect(Math.abs(unitsAt(errors, 0.9, forecast) / (many[18_000] as number) - 1)).toBeLessThan(0.03);
    expect(simulateUnits({ mean: 0, lotRatio: 2 }, errors).every((units) => units === 0)).toBe(true);
  });
});
