import { describe, expect, test } from 'vitest';
import { backTest } from '../../../../lib/marketing/stock/backTest.ts';
import { syntetosBoylan, teunterSyntetosBabai } from '../../../../lib/marketing/stock/intermittent.ts';
import { planStock } from '../../../../lib/marketing/stock/planStock.ts';
import { stockSettings } from '../../../../lib/marketing/stock/settings.ts';
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

const planOf = (special: Sale[], stock: number | null = null) => {
  const sales = salesOf(shop(special));
  const plan = planStock(sales, {
    ...days,
    model: 'mbgNbd',
    facts: () => ({ stock, leadTimeDays: 10 }),
    settings,
    seed: 1,
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

test('on a steady shop the winner is close, and P90 covers about nine of ten', () => {
  const generator = seededGenerator(9);
  const sales: Sale[] = [];
  for (let customer = 0; customer < 200; customer++)
    for (
      let day = Math.floor(20 * uniform(generator));
      day < 200;
      day += 3 + Math.floor(14 * uniform(generator))
    )
      sales.push({ customer: `c${customer}`, product: `p${Math.floor(60 * uniform(generator))}`, day });
  const judged = backTest(salesOf(sales), { ...days, horizonDays: 30, model: 'mbgNbd' });
  const of = (name: string) => judged?.rows.find((row) => row.name === name);
  expect(of(judged?.winner ?? '')?.wape).toBeLessThan(of('lastPeriod')?.wape as number);
  expect(of(judged?.winner ?? '')?.coverageP90).toBeGreaterThan(0.8);
  expect(backTest(salesOf(sales), { firstDay: 0, lastDay: 80, horizonDays: 30, model: 'mbgNbd' })).toBeNull();
});
