import { describe, expect, it } from 'vitest';
import { type ReasonedCustomer, valueReasons } from '../../../lib/value/reasons.ts';

const context = {
  edges: [5000, 20_000],
  typical: { purchaseDays: 2, expectedOrder: 4000 },
  money: (minor: number) => `${(minor / 100).toFixed(2)} EUR`,
};
const customer: ReasonedCustomer = {
  historic: 60_000,
  next12m: 30_000,
  low: 25_000,
  high: 36_000,
  expectedOrder: 4200,
  purchaseDays: 12,
  daysSinceLast: 9,
  pAlive: 0.93,
  tier: 'high',
  previousTier: 'high',
};
const reasonsOf = (changes: Partial<ReasonedCustomer>) => valueReasons({ ...customer, ...changes }, context);
const codesOf = (changes: Partial<ReasonedCustomer>) => reasonsOf(changes).map(({ code }) => code);

describe('why a customer is in a tier', () => {
  it('is what is expected, how often they buy, and that they are still there', () => {
    expect(reasonsOf({}).map(({ text }) => text.en)).toEqual([
      'expected to spend 300.00 EUR in the next 12 months (90 %: 250.00 EUR to 360.00 EUR): above 200.00 EUR is high',
      'has bought on 12 days; the middle customer on 2',
      '93 % likely to be still a customer, 9 days after the last order',
    ]);
    expect(reasonsOf({})[0]?.text.zh).toBe(
      '预计未来 12 个月消费 300.00 EUR（90% 区间 250.00 EUR 至 360.00 EUR）：高于 200.00 EUR 为高价值',
    );
  });

  it.each([
    [{ purchaseDays: 1 }, 'boughtOnce'],
    [{ purchaseDays: 2 }, 'boughtSometimes'],
    [{ expectedOrder: 6000 }, 'largeOrders'],
    [{ expectedOrder: 2000 }, 'smallOrders'],
    [{ pAlive: 0.2 }, 'probablyGone'],
    [{ previousTier: 'low' }, 'movedTier'],
  ] as const)('%j adds %s', (changes, code) => {
    expect(codesOf({})).not.toContain(code);
    expect(codesOf(changes)).toContain(code);
  });

  it('says nothing of whether a customer is there where the model cannot tell, or is not sure', () => {
    for (const pAlive of [null, 0.6]) {
      expect(codesOf({ pAlive })).not.toContain('probablyGone');
      expect(codesOf({ pAlive })).not.toContain('stillActive');
    }
  });

  it('is past spend where there is no model, and names the edges of the tier', () => {
    const nothing = { next12m: null, low: null, high: null, expectedOrder: null, pAlive: null };
    const [first] = reasonsOf({ ...nothing, tier: 'mid' });
    expect(first?.text.en).toBe(
      'has spent 600.00 EUR, and no model could be fitted: from 50.00 EUR to 200.00 EUR is mid',
    );
    expect(reasonsOf({ ...nothing, tier: 'low' })[0]?.text.en).toContain('up to 50.00 EUR is low');
  });
});
