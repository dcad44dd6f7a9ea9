import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededGenerator, standardNormal, uniform } from '../../../../lib/math/random.ts';
import { calibrationReport } from '../../../../lib/models/evaluation/calibrationReport.ts';
import { decileReport } from '../../../../lib/models/evaluation/decileReport.ts';
import { pairedBootstrap } from '../../../../lib/models/evaluation/pairedBootstrap.ts';
import { chooseThreshold, classify, thresholdReport } from '../../../../lib/models/evaluation/threshold.ts';
import { wilsonInterval } from '../../../../lib/models/evaluation/wilsonInterval.ts';
import golden from '../../../golden/calibration.json' with { type: 'json' };

const labelledRows = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { minLength: 2, maxLength: 80 })
  .map((rows) => ({
    y: Uint8Array.from(rows, ([, bought]) => (bought ? 1 : 0)),
    p: Float64Array.from(rows, ([tenths]) => tenths / 20),
  }));

describe('the calibration report', () => {
  it('splits the Brier score as Murphy does', () => {
    const { probabilities, labels, ...expected } = golden.murphy;
    const report = calibrationReport(Uint8Array.from(labels), Float64Array.from(probabilities), 'none');
    for (const [name, value] of Object.entries(expected))
      expect([
        name,
        Math.abs((report[name as 'brier'] as number) / value - 1) < golden.relativeTolerance.murphy,
      ]).toEqual([name, true]);
    expect(report.withinBins).toBeCloseTo(0, 12);
  });

  it('is a sum: brier = reliability - resolution + uncertainty + within bins, whatever is said', () => {
    fc.assert(
      fc.property(labelledRows, ({ y, p }) => {
        const report = calibrationReport(y, p, 'none');
        const sum = report.reliability - report.resolution + report.uncertainty + report.withinBins;
        expect(sum).toBeCloseTo(report.brier, 12);
        expect(report.bins.reduce((rows, bin) => rows + bin.rows, 0)).toBe(y.length);
      }),
    );
  });

  it('gives the base rate no resolution, no skill and no error', () => {
    const y = Uint8Array.of(1, 0, 0, 0);
    const report = calibrationReport(y, new Float64Array(4).fill(0.25), 'none');
    expect(report).toMatchObject({ reliability: 0, resolution: 0, skill: 0, expectedCalibrationError: 0 });
    expect(report.brier).toBe(report.uncertainty);
  });
});

describe('the decile report', () => {
  const y = Uint8Array.from({ length: 100 }, (_, row) => (row < 5 || row === 50 ? 1 : 0));
  const p = Float64Array.from({ length: 100 }, (_, row) => 1 - row / 100);

  it('counts lift, capture and profit from the most likely tenth down', () => {
    const report = decileReport(y, p, { economics: { contactCost: 1, purchaseMargin: 10 } });
    expect(report).toHaveLength(10);
    expect(report[0]).toMatchObject({ rows: 10, buyers: 5, rate: 0.5, realisedProfit: 40 });
    expect(report[0]?.lift).toBeCloseTo(0.5 / 0.06, 12);
    expect(report[0]?.capture).toBeCloseTo(5 / 6, 12);
    expect(report[0]?.expectedProfit).toBeCloseTo(10 * 9.55 - 10, 9);
    expect(report[9]).toMatchObject({
      capture: 1,
      cumulativeLift: 1,
      cumulativeRate: 0.06,
      realisedProfit: -10,
    });
  });

  it('shows no profit without cost and margin, and everyone alike in one decile', () => {
    const report = decileReport(y, new Float64Array(100).fill(0.06), { economics: null });
    expect(report).toMatchObject([{ decile: 1, rows: 100, lift: 1, capture: 1, expectedProfit: null }]);
  });
});

describe('the threshold', () => {
  const economics = { contactCost: 2, purchaseMargin: 9 };
  const profitAt = (y: Uint8Array, p: Float64Array, threshold: number): number =>
    thresholdReport(y, p, { threshold, economics }).profit as number;

  it('brings at least the profit of any other one, and of contacting nobody', () => {
    fc.assert(
      fc.property(labelledRows, fc.double({ min: 0, max: 1.1, noNaN: true }), ({ y, p }, other) => {
        const best = profitAt(y, p, chooseThreshold(y, p, { economics }));
        expect(best).toBeGreaterThanOrEqual(profitAt(y, p, other));
        expect(best).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('without economics has at least the F1 of any other one', () => {
    fc.assert(
      fc.property(labelledRows, fc.double({ min: 0, max: 1, noNaN: true }), ({ y, p }, other) => {
        const threshold = chooseThreshold(y, p, { economics: null });
        expect(classify(y, p, threshold).f1).toBeGreaterThanOrEqual(classify(y, p, other).f1);
      }),
    );
  });

  it('is near cost over margin where probabilities are right', () => {
    const generator = seededGenerator(4);
    const p = Float64Array.from({ length: 50_000 }, () => uniform(generator));
    const y = Uint8Array.from(p, (probability) => (uniform(generator) < probability ? 1 : 0));
    expect(Math.abs(chooseThreshold(y, p, { economics }) - 2 / 9)).toBeLessThan(0.05);
  });

  it('contacts nobody where no contact pays', () => {
    const y = Uint8Array.of(0, 0, 1);
    const p = Float64Array.of(0.1, 0.2, 0.3);
    const threshold = chooseThreshold(y, p, { economics: { contactCost: 5, purchaseMargin: 4 } });
    expect(classify(y, p, threshold)).toMatchObject({ precision: null, recall: 0, specificity: 1 });
  });
});

describe('the paired bootstrap', () => {
  it('covers the true difference in about 95 of 100 draws', () => {
    const generator = seededGenerator(8);
    let covered = 0;
    for (let draw = 0; draw < 100; draw++) {
      const column = Float64Array.from({ length: 200 }, () => 0.3 + standardNormal(generator));
      const [interval] = pairedBootstrap([column], { generator, replicates: 300 });
      if (interval && interval.low <= 0.3 && 0.3 <= interval.high) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(87);
    expect(covered).toBeLessThan(100);
  });

  it('finds the interval of a mean the same when rows are drawn in blocks', () => {
    const generator = seededGenerator(9);
    const column = Float64Array.from({ length: 40_000 }, () => standardNormal(generator));
    const [interval] = pairedBootstrap([column], { generator, replicates: 400 });
    const width = (interval?.high ?? 0) - (interval?.low ?? 0);
    expect(width / ((2 * 1.96) / Math.sqrt(40_000))).toBeGreaterThan(0.85);
    expect(width / ((2 * 1.96) / Math.sqrt(40_000))).toBeLessThan(1.15);
  });

  it('of no difference is nothing, exactly', () => {
    expect(pairedBootstrap([new Float64Array(50)], { generator: seededGenerator(1) })).toEqual([
      { difference: 0, low: 0, high: 0 },
    ]);
  });
});

it('an interval of a share is Wilson’s: 0 of 10 may be up to 28 %', () => {
  // published: Agresti and Coull (1998), section 2, give .278 for 0 of 10
  expect(wilsonInterval(0, 10).low).toBe(0);
  expect(wilsonInterval(0, 10).high).toBeCloseTo(0.2775, 4);
});
