import { describe, expect, it } from 'vitest';
import { drawGamma } from '../../../../lib/math/draws.ts';
import { seededGenerator, standardNormal } from '../../../../lib/math/random.ts';
import { fitGammaGamma } from '../../../../lib/models/btyd/fitGammaGamma.ts';
import { expectedValueOfOrder, fitOrderValues } from '../../../../lib/models/btyd/orderValue.ts';

/** Customers whose order values follow Gamma-Gamma with p 6, q 4, v 60. */
function drawOrderValues(customers: number, seed = 3) {
  const generator = seededGenerator(seed);
  const orders = Float64Array.from({ length: customers }, (_, index) => 1 + (index % 7));
  const meanValue = orders.map((count) => {
    const rate = drawGamma(generator, 4) / 60;
    return drawGamma(generator, 6 * count) / (rate * count);
  });
  return { orders, meanValue };
}

/** Log-normal values about 20, with a longer tail than Gamma-Gamma has. */
function drawSkewed(deviation: number) {
  const generator = seededGenerator(1);
  const orders = Float64Array.from({ length: 5000 }, (_, index) => 1 + (index % 7));
  return { orders, meanValue: orders.map(() => 20 * Math.exp(deviation * standardNormal(generator))) };
}

describe('fitGammaGamma', () => {
  it('recovers the parameters that order values were drawn with', () => {
    const model = fitGammaGamma(drawOrderValues(20_000));
    expect(model.p).toBeGreaterThan(5.7);
    expect(model.p).toBeLessThan(6.3);
    expect(model.q).toBeGreaterThan(3.8);
    expect(model.q).toBeLessThan(4.2);
    expect(model.v / model.p).toBeGreaterThan(9);
    expect(model.v / model.p).toBeLessThan(11);
  });

  it('says the same in cents and in euros', () => {
    const { orders, meanValue } = drawOrderValues(500);
    const inEuros = fitGammaGamma({ orders, meanValue });
    const inCents = fitGammaGamma({ orders, meanValue: meanValue.map((value) => 100 * value) });
    expect(inCents.p).toBeCloseTo(inEuros.p, 5);
    expect(inCents.v / inEuros.v).toBeCloseTo(100, 4);
    expect(inCents.logLikelihood).toBeCloseTo(inEuros.logLikelihood - 500 * Math.log(100), 4);
  });

  it('counts a row of weight 2 as two customers', () => {
    const { orders, meanValue } = drawOrderValues(3000);
    const weighted = fitGammaGamma({ orders, meanValue, weights: orders.map(() => 2) });
    const doubled = fitGammaGamma({
      orders: Float64Array.of(...orders, ...orders),
      meanValue: Float64Array.of(...meanValue, ...meanValue),
    });
    expect(weighted.p).toBeCloseTo(doubled.p, 3);
    expect(weighted.logLikelihood).toBeCloseTo(doubled.logLikelihood, 4);
    expect(weighted.customers).toBe(6000);
  });

  it('refuses values that are not above 0', () => {
    expect(() => fitGammaGamma({ orders: Float64Array.of(1, 2), meanValue: Float64Array.of(5, 0) })).toThrow(
      'row 1 has a mean order value of 0',
    );
  });
});

describe('fitOrderValues', () => {
  it('warns of nothing where there is nothing to warn of', () => {
    const model = fitOrderValues(drawOrderValues(2000));
    expect(model.warnings).toEqual([]);
    expect(model.cap).toBeNull();
    expect(model.gammaGamma?.q).toBeGreaterThan(1);
  });

  it('draws what little is known of a customer towards the mean of all', () => {
    const model = fitOrderValues(drawOrderValues(2000));
    const typical = expectedValueOfOrder(model, { orders: 0, meanValue: 0 });
    const once = expectedValueOfOrder(model, { orders: 1, meanValue: 500 });
    const often = expectedValueOfOrder(model, { orders: 50, meanValue: 500 });
    expect(once).toBeGreaterThan(typical);
    expect(often).toBeGreaterThan(once);
    expect(often).toBeLessThan(500);
  });

  it('takes customers whose orders come to nothing for customers of whom nothing is known', () => {
    const { orders, meanValue } = drawOrderValues(2000);
    meanValue[5] = 0;
    meanValue[6] = -12;
    const model = fitOrderValues({ orders, meanValue });
    expect(model.warnings).toMatchObject([{ code: 'ordersWithoutValue', count: 2 }]);
    expect(expectedValueOfOrder(model, { orders: 3, meanValue: -12 })).toBe(
      expectedValueOfOrder(model, { orders: 0, meanValue: 0 }),
    );
  });

  it('caps wholesale orders that would make the mean infinite, and says so', () => {
    const skewed = drawSkewed(1.4);
    const plain = fitGammaGamma(skewed);
    expect((plain.p * plain.v) / (plain.q - 1)).not.toBeLessThan(100);
    const model = fitOrderValues(skewed);
    expect(model.warnings.map(({ code }) => code)).toEqual(['orderValuesCapped']);
    expect(model.gammaGamma?.q).toBeGreaterThan(1);
    expect(expectedValueOfOrder(model, { orders: 2, meanValue: 20 })).toBeLessThan(60);
    const wholesale = expectedValueOfOrder(model, { orders: 2, meanValue: 20_000 });
    expect(wholesale).toBe(expectedValueOfOrder(model, { orders: 2, meanValue: model.cap ?? 0 }));
  });

  it('gives the model up where capping does not help, and says so', () => {
    const model = fitOrderValues(drawSkewed(1.6));
    expect(model.gammaGamma).toBeNull();
    expect(model.warnings.map(({ code }) => code)).toEqual(['noOrderValueModel']);
  });

  it('shrinks the mean itself where there is no model', () => {
    const model = { gammaGamma: null, cap: null, meanOrder: 20, warnings: [] };
    expect(expectedValueOfOrder(model, { orders: 0, meanValue: 0 })).toBe(20);
    expect(expectedValueOfOrder(model, { orders: 1, meanValue: 40 })).toBe(30);
    expect(expectedValueOfOrder(model, { orders: 3, meanValue: 40 })).toBe(35);
  });

  it('falls back to the mean of all where every order is the same', () => {
    const orders = Float64Array.of(1, 2, 3, 4);
    const model = fitOrderValues({ orders, meanValue: orders.map(() => 20) });
    expect(expectedValueOfOrder(model, { orders: 2, meanValue: 20 })).toBeCloseTo(20, 0);
  });

  it('warns where frequent buyers place larger orders', () => {
    const { orders, meanValue } = drawOrderValues(2000);
    const model = fitOrderValues({
      orders,
      meanValue: meanValue.map((value, row) => value * (orders[row] as number)),
    });
    expect(model.warnings.map(({ code }) => code)).toContain('frequencyAndValueCorrelate');
  });

  it('has no model of a shop without an order', () => {
    const model = fitOrderValues({ orders: Float64Array.of(0), meanValue: Float64Array.of(0) });
    expect(model.gammaGamma).toBeNull();
    expect(expectedValueOfOrder(model, { orders: 0, meanValue: 0 })).toBe(0);
  });
});
