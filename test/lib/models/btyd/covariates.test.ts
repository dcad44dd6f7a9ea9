import { describe, expect, it } from 'vitest';
import { seededGenerator } from '../../../../lib/math/random.ts';
import { fitMbgNbdWithCovariates, modelForCategories } from '../../../../lib/models/btyd/covariates.ts';
import { expectedPurchases } from '../../../../lib/models/btyd/predict.ts';
import type { HistoryColumns } from '../../../../lib/models/btyd/purchaseHistory.ts';
import { drawHistories } from '../../../support/drawBuyers.ts';

const web = { kind: 'mbgNbd', r: 0.8, alpha: 60, a: 0.6, b: 2.5 } as const;
/** Buys twice as often, and leaves a little earlier. */
const shop = { ...web, alpha: 30, a: 0.9 } as const;

function drawTwoChannels(customers: number): { histories: HistoryColumns; channel: string[] } {
  const generator = seededGenerator(14);
  const ages: [number, number] = [200, 800];
  const one = drawHistories(web, { generator, customers, ages });
  const other = drawHistories(shop, { generator, customers: customers / 2, ages });
  const both = (column: keyof HistoryColumns): Float64Array =>
    Float64Array.from([...one[column], ...other[column]]);
  return {
    histories: { frequency: both('frequency'), recency: both('recency'), age: both('age') },
    channel: [...one.age].map(() => 'web').concat([...other.age].map(() => 'shop')),
  };
}

describe('MBG/NBD with covariates', () => {
  const { histories, channel } = drawTwoChannels(4000);
  const model = fitMbgNbdWithCovariates(histories, [{ name: 'channel', values: channel }]);

  it('finds how customers of a channel differ, against the commonest one', () => {
    expect(model.effects).toHaveLength(1);
    const [effect] = model.effects;
    expect(effect).toMatchObject({ covariate: 'channel', category: 'shop', customers: 2000 });
    expect(effect?.purchaseRate).toBeGreaterThan(1.7);
    expect(effect?.purchaseRate).toBeLessThan(2.35);
    expect(model.base.alpha).toBeGreaterThan(50);
    expect(model.base.alpha).toBeLessThan(72);
  });

  it('fits better than the model that does not know the channel, and says that it is worth it', () => {
    expect(model.logLikelihood).toBeGreaterThan(model.plainLogLikelihood + 50);
    expect(model.worthIt).toBe(true);
  });

  it('says of a customer what the model of the channel alone says, nearly', () => {
    const history = { frequency: 2, recency: 150, age: 300 };
    for (const [name, truth] of Object.entries({ web, shop })) {
      const said = expectedPurchases(modelForCategories(model, { channel: name }), history, 365);
      expect(said / expectedPurchases(truth, history, 365)).toBeGreaterThan(0.85);
      expect(said / expectedPurchases(truth, history, 365)).toBeLessThan(1.15);
    }
  });

  it('takes an unknown category for the commonest', () => {
    expect(modelForCategories(model, { channel: 'phone' })).toEqual(model.base);
    expect(modelForCategories(model, { channel: null })).toEqual(model.base);
  });

  it('is not worth it where the covariate is a coin', () => {
    const coin = channel.map((_, index) => (index % 2 === 0 ? 'heads' : 'tails'));
    const idle = fitMbgNbdWithCovariates(histories, [{ name: 'coin', values: coin }]);
    expect(idle.worthIt).toBe(false);
    expect(Math.abs(Math.log(idle.effects[0]?.purchaseRate ?? 0))).toBeLessThan(0.2);
  });

  it('without a covariate is the plain model', () => {
    const plain = fitMbgNbdWithCovariates(histories, [{ name: 'channel', values: channel }], {
      minCustomers: 1e9,
    });
    expect(plain.effects).toEqual([]);
    expect(plain.logLikelihood).toBeCloseTo(plain.plainLogLikelihood, 4);
  });
});
