import { describe, expect, it } from 'vitest';
import { seededGenerator } from '../../../lib/math/random.ts';
import { fitMbgNbd } from '../../../lib/models/btyd/fitBetaGeometric.ts';
import { fitters, fitWithFallback } from '../../../lib/models/btyd/fitWithFallback.ts';
import { ModelFitError } from '../../../lib/models/btyd/modelFitError.ts';
import { expectedPurchases, probabilityOfPurchase } from '../../../lib/models/btyd/predict.ts';
import { discountedPurchases, predictHistories } from '../../../lib/models/btyd/predictHistories.ts';
import { groupHistories, historyAt, historyColumns } from '../../../lib/models/btyd/purchaseHistory.ts';
import { warningsOfForecast } from '../../../lib/models/btyd/warnings.ts';
import { churnRisk } from '../../../lib/value/churnRisk.ts';
import { customerValues } from '../../../lib/value/lifetimeValue.ts';
import { decideEdges } from '../../../lib/value/stableEdges.ts';
import { drawHistories } from '../../support/drawBuyers.ts';

const mbg = { kind: 'mbgNbd', r: 0.6, alpha: 60, a: 0.9, b: 2.5 } as const;
const history = { frequency: 3, recency: 100, age: 130 };
const month = 365.25 / 12;

describe('the value of the next twelve months', () => {
  it('without discount is what is expected of the year, and with it a little less', () => {
    const year = expectedPurchases(mbg, history, 365.25);
    expect(discountedPurchases(mbg, history, { month, annualDiscountRate: 0 })).toBeCloseTo(year, 10);
    const discounted = discountedPurchases(mbg, history, { month, annualDiscountRate: 0.1 });
    expect(discounted).toBeLessThan(year);
    expect(discounted).toBeGreaterThan(year / 1.1);
  });

  it('discounts each month from its end', () => {
    const two = discountedPurchases(mbg, history, { month, months: 2, annualDiscountRate: 0.21 });
    const [first, second] = [
      expectedPurchases(mbg, history, month),
      expectedPurchases(mbg, history, 2 * month),
    ];
    expect(two).toBeCloseTo(first * 1.21 ** (-1 / 12) + (second - first) * 1.21 ** (-2 / 12), 12);
  });

  it('is how often times how much, and of it the margin', () => {
    const groups = groupHistories(historyColumns([history, { frequency: 0, recency: 0, age: 30 }, history]));
    const predictions = predictHistories(mbg, groups, { horizon: 30, month });
    const orderValue = Float64Array.of(20, 20, 50);
    const { expectedSpend, lifetimeValue } = customerValues({
      predictions,
      groupOf: groups.groupOf,
      orderValue,
      margin: 0.3,
    });
    expect(expectedSpend[0]).toBeCloseTo(20 * expectedPurchases(mbg, history, 365.25), 10);
    expect(lifetimeValue[2]).toBeCloseTo(0.3 * 50 * discountedPurchases(mbg, history, { month }), 10);
    expect((lifetimeValue[2] as number) / (lifetimeValue[0] as number)).toBeCloseTo(2.5, 10);
  });

  it('comes with the chance of an order in 30 days, history by history', () => {
    const groups = groupHistories(historyColumns([history, { frequency: 0, recency: 0, age: 30 }]));
    const {
      probabilityOfPurchase: chances,
      nextPurchaseFrom,
      nextPurchaseTo,
    } = predictHistories(mbg, groups, {
      horizon: 30,
      month,
    });
    for (const [index, chance] of chances.entries()) {
      expect(chance).toBe(probabilityOfPurchase(mbg, historyAt(groups, index), 30));
      expect(nextPurchaseFrom[index]).toBeLessThan(nextPurchaseTo[index] as number);
    }
  });
});

describe('the risk of having lost a customer', () => {
  it('is known for one-time buyers by MBG/NBD and not by BG/NBD', () => {
    const once = { frequency: 0, recency: 0, age: 300 };
    expect(churnRisk(mbg, once)).toBeGreaterThan(0.2);
    expect(churnRisk({ ...mbg, kind: 'bgNbd' }, once)).toBeNull();
    expect(churnRisk({ ...mbg, kind: 'bgNbd' }, history)).toBeGreaterThan(0);
    expect(churnRisk({ kind: 'nbd', r: 1, alpha: 1 }, history)).toBeNull();
  });
});

describe('silence', () => {
  it('raises the risk, from next to nothing to next to certain', () => {
    const risk = (age: number) => churnRisk(mbg, { frequency: 20, recency: 400, age }) ?? Number.NaN;
    expect(risk(405)).toBeLessThan(0.1);
    expect(risk(900)).toBeGreaterThan(0.95);
  });
});

describe('what is said beside forecasts', () => {
  const groups = groupHistories(
    drawHistories(mbg, { generator: seededGenerator(3), customers: 4000, ages: [100, 200] }),
  );

  it('warns of a history shorter than the horizon, and of few who came back', () => {
    const model = fitMbgNbd(groups);
    const codes = (horizon: number) => warningsOfForecast(model, groups, { horizon }).map(({ code }) => code);
    expect(codes(90)).toEqual([]);
    expect(codes(365)).toEqual(['historyShorterThanHorizon']);
    const few = groupHistories(
      drawHistories(mbg, { generator: seededGenerator(3), customers: 100, ages: [100, 200] }),
    );
    expect(warningsOfForecast(model, few, { horizon: 90 }).map(({ code }) => code)).toEqual([
      'fewRepeatBuyers',
    ]);
  });

  it('is nothing where the model asked for converges', () => {
    expect(fitWithFallback('mbgNbd', groups)).toEqual({ model: fitMbgNbd(groups), warnings: [] });
  });

  it('names the model that did not converge and the simpler one that did', () => {
    const fitWith = {
      ...fitters,
      paretoNbd: () => {
        throw new ModelFitError('notConverged', 'fitParetoNbd did not converge');
      },
    };
    const { model, warnings } = fitWithFallback('paretoNbd', groups, { fitWith });
    expect(model.kind).toBe('mbgNbd');
    expect(warnings).toEqual([
      { code: 'simplerModel', message: 'fitParetoNbd did not converge; mbgNbd is used instead' },
    ]);
  });

  it('does not fall back where no model can help', () => {
    const once = groupHistories(historyColumns([{ frequency: 0, recency: 0, age: 30 }]));
    expect(() => fitWithFallback('paretoNbd', once)).toThrow('at least one repeat purchase');
  });
});

describe('tier edges', () => {
  const values = Float64Array.from({ length: 100 }, (_, index) => index);
  const quantiles: [number, number] = [0.5, 0.8];

  it('hold still while tiers keep about their share', () => {
    const decision = decideEdges(
      values.map((value) => value + 2),
      { previous: [49, 79], quantiles },
    );
    expect(decision).toMatchObject({ edges: [49, 79], moved: false });
  });

  it('move when a tier has drifted, and say so', () => {
    const decision = decideEdges(
      values.map((value) => value + 20),
      { previous: [49, 79], quantiles },
    );
    expect(decision).toMatchObject({ edges: [69, 99], moved: true });
    expect(decision?.reason).toContain('20.0 %');
  });

  it('are drawn where there were none, and not of nobody', () => {
    expect(decideEdges(values, { previous: null, quantiles })).toMatchObject({
      edges: [49, 79],
      moved: true,
    });
    expect(decideEdges(new Float64Array(0), { previous: null, quantiles })).toBeNull();
  });
});
