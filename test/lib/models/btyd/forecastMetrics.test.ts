import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calibrationByDecile,
  forecastMetrics,
  rankingMetrics,
} from '../../../../lib/models/btyd/forecastMetrics.ts';

describe('forecast metrics', () => {
  it('on four customers by hand', () => {
    const metrics = forecastMetrics(Float64Array.of(1, 0, 2, 1), Float64Array.of(2, 0, 2, 0));
    expect(metrics).toMatchObject({
      customers: 4,
      predictedTotal: 4,
      actualTotal: 4,
      meanAbsoluteError: 0.5,
    });
    expect(metrics.rootMeanSquaredError).toBeCloseTo(Math.sqrt(0.5), 12);
    expect(metrics.correlation).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it('a forecast that does not vary correlates with nothing', () => {
    expect(forecastMetrics(Float64Array.of(1, 1), Float64Array.of(0, 2)).correlation).toBe(0);
  });
});

describe('ranking metrics', () => {
  it('are 1 for the perfect order, 0 for none, -1 for the reverse', () => {
    const value = Float64Array.of(5, 3, 0, 0, 0, 0, 0, 0, 0, 0);
    expect(rankingMetrics(value, value).gini).toBeCloseTo(1, 12);
    expect(rankingMetrics(new Float64Array(10), value).gini).toBeCloseTo(0, 12);
    expect(
      rankingMetrics(
        value.map((each) => -each),
        value,
      ).gini,
    ).toBeCloseTo(-1, 12);
    expect(rankingMetrics(value, value).topDecileShare).toBeCloseTo(5 / 8, 12);
    expect(rankingMetrics(new Float64Array(10), value).topDecileShare).toBeCloseTo(0.1, 12);
  });

  it('know scores by their order alone, and customers in no order', () => {
    const customers = fc.array(
      fc.record({ score: fc.integer({ min: -5, max: 5 }), value: fc.integer({ min: 0, max: 9 }) }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(customers, (some) => {
        const scores = Float64Array.from(some, ({ score }) => score);
        const value = Float64Array.from(some, (each) => each.value);
        const { gini, topDecileShare } = rankingMetrics(scores, value);
        const other = rankingMetrics(scores.map(Math.exp).reverse(), value.slice().reverse());
        expect(other.gini).toBeCloseTo(gini, 10);
        expect(other.topDecileShare).toBeCloseTo(topDecileShare, 10);
        expect(gini).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe('calibration', () => {
  it('tells, tenth by tenth from the best, what was expected and what came', () => {
    const predicted = Float64Array.from({ length: 20 }, (_, index) => index);
    const deciles = calibrationByDecile(
      predicted,
      predicted.map((value) => 2 * value),
    );
    expect(deciles).toHaveLength(10);
    expect(deciles[0]).toEqual({ customers: 2, meanPredicted: 18.5, meanActual: 37 });
    expect(deciles[9]).toEqual({ customers: 2, meanPredicted: 0.5, meanActual: 1 });
  });

  it('of three customers has three groups', () => {
    expect(calibrationByDecile(Float64Array.of(1, 2, 3), Float64Array.of(1, 2, 3))).toHaveLength(3);
  });
});
