import { describe, expect, it } from 'vitest';
import { seededGenerator } from '../../../lib/math/random.ts';
import type { BuyingModel } from '../../../lib/models/btyd/models.ts';
import { forecastCustomers } from '../../../lib/value/customerForecast.ts';
import { chooseOnHoldout, type HoldoutColumns } from '../../../lib/value/holdout.ts';
import { drawHistories } from '../../support/drawBuyers.ts';

const days = 150;
const web = { kind: 'mbgNbd', r: 0.8, alpha: 60, a: 0.5, b: 2.5 } as const;

/** Customers whose held-out purchases follow the process that their histories do. */
function drawHoldout(
  customers: number,
  seed: number,
  channels: Record<string, BuyingModel> = { web },
): HoldoutColumns {
  const generator = seededGenerator(seed);
  const parts = Object.entries(channels).map(([channel, model]) => ({
    channel,
    drawn: drawHistories(model, { generator, customers, ages: [50, 500], horizon: days, wholeDays: true }),
  }));
  const joined = (name: 'frequency' | 'recency' | 'age' | 'heldOut'): Float64Array =>
    Float64Array.from(parts.flatMap(({ drawn }) => Array.from(drawn[name])));
  const frequency = joined('frequency');
  const purchasesAfter = joined('heldOut');
  return {
    histories: { frequency, recency: joined('recency'), age: joined('age') },
    covariates:
      parts.length > 1
        ? [
            {
              name: 'channel',
              values: parts.flatMap(({ channel }) => new Array<string>(customers).fill(channel)),
            },
          ]
        : [],
    spendBefore: frequency.map((repeats, index) => (2000 + (index % 7) * 300) * (1 + repeats)),
    purchasesAfter,
    spendAfter: purchasesAfter.map((often) => 2500 * often),
  };
}

describe('a choice on days that no model saw', () => {
  const columns = drawHoldout(1500, 5);
  const choice = chooseOnHoldout(columns, { days });

  it('lets every model and every baseline compete, and names the winner', () => {
    if (!('winner' in choice)) throw new Error(choice.reason);
    expect(choice.rows.map(({ name }) => name)).toEqual([
      'mbgNbd',
      'paretoNbd',
      'bgNbd',
      'nbd',
      'always zero',
      'historical spend',
      'RFM sum',
    ]);
    expect(choice.winner).not.toBe('nbd');
    const winner = choice.rows.find(({ name }) => name === choice.winner);
    const ratio = (winner?.purchases?.predictedTotal ?? 0) / (winner?.purchases?.actualTotal ?? 1);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.15);
    expect(choice).toMatchObject({ days, customers: 1500 });
  });

  it('takes covariates in where they help', () => {
    // who came through the one mostly never comes back, who came through the other mostly does
    const [fleeting, lasting] = [
      { ...web, a: 8, b: 2 },
      { ...web, a: 0.3, b: 6 },
    ];
    const two = chooseOnHoldout(drawHoldout(1200, 6, { web: fleeting, shop: lasting }), { days });
    if (!('winner' in two)) throw new Error(two.reason);
    expect(two.winner).toBe('mbgNbdWithCovariates');
    // where they tell nothing the plain model stays
    const alike = chooseOnHoldout(drawHoldout(1200, 7, { web, shop: web }), { days });
    if (!('winner' in alike)) throw new Error(alike.reason);
    expect(alike.winner).not.toBe('mbgNbdWithCovariates');
  });

  it.each([
    [{ customers: 1500, held: 20 }, 'only 20 days could be held out'],
    [{ customers: 60, held: days }, 'only 60 customers had bought before the held-out days'],
  ])('is not made of too little: %j', ({ customers, held }, reason) => {
    expect(chooseOnHoldout(drawHoldout(customers, 5), { days: held })).toMatchObject({
      reason: expect.stringContaining(reason),
    });
  });

  it('is not made where hardly anybody came back, or bought after', () => {
    const none = columns.purchasesAfter.map(() => 0);
    expect(chooseOnHoldout({ ...columns, purchasesAfter: none }, { days })).toMatchObject({
      reason: expect.stringContaining('0 customers bought in the held-out days'),
    });
  });
});

describe('a forecast by BG/NBD or NBD', () => {
  const { histories, spendBefore: spend } = drawHoldout(1200, 8);
  const options = { margin: 0.4, annualDiscountRate: 0.1, seed: 1, replicates: 20 };

  it('takes from MBG/NBD who has left, since it holds all who bought once to be there', () => {
    for (const name of ['bgNbd', 'nbd'] as const) {
      const { columns, lifeCycle, model } = forecastCustomers(
        { histories, covariates: [], spend },
        { name, ...options },
      );
      expect([model.name, lifeCycle]).toEqual([name, 'mbgNbd']);
      for (const [customer, alive] of columns.probabilityAlive.entries())
        if (histories.frequency[customer] === 0) expect(alive).toBeLessThan(1);
    }
  });

  it('is worth the margin on what is expected, a little less for being later', () => {
    const { columns } = forecastCustomers(
      { histories, covariates: [], spend },
      { name: 'mbgNbd', ...options },
    );
    for (const [customer, expected] of columns.expectedSpend.entries()) {
      const share = (columns.lifetimeValue[customer] as number) / expected;
      expect(share).toBeLessThan(0.4);
      expect(share).toBeGreaterThan(0.4 / 1.1);
      expect(columns.low[customer]).toBeLessThan(expected);
      expect(columns.high[customer]).toBeGreaterThan(expected);
    }
  });
});
