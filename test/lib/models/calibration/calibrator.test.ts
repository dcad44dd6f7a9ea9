import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sigmoid } from '../../../../lib/math/logistic.ts';
import { seededGenerator, standardNormal, uniform } from '../../../../lib/math/random.ts';
import {
  calibrate,
  chooseCalibration,
  fitCalibrator,
} from '../../../../lib/models/calibration/calibrator.ts';
import { fitPlatt } from '../../../../lib/models/calibration/platt.ts';
import { calibrationReport } from '../../../../lib/models/evaluation/calibrationReport.ts';
import { logLoss } from '../../../../lib/models/metrics.ts';
import golden from '../../../golden/calibration.json' with { type: 'json' };

/** True probabilities, labels drawn by them, and what a model says that bends them. */
function bent(rows: number, seed: number, bend: (truth: number) => number) {
  const generator = seededGenerator(seed);
  const truth = Float64Array.from({ length: rows }, () => sigmoid(1.5 * standardNormal(generator) - 2));
  const y = Uint8Array.from(truth, (p) => (uniform(generator) < p ? 1 : 0));
  return { truth, y, said: truth.map(bend) };
}

const cubed = (p: number): number => p ** 3;
/** A straight line on the log-odds, which is what Platt’s method undoes. */
const steep = (p: number): number => sigmoid(2 * Math.log(p / (1 - p)) + 1);

it('Platt’s slope and intercept are those of scikit-learn', () => {
  const { scores, labels, slope, intercept } = golden.platt;
  const platt = fitPlatt(Float64Array.from(scores), Uint8Array.from(labels));
  expect(Math.abs(platt.slope / slope - 1)).toBeLessThan(golden.relativeTolerance.platt);
  expect(Math.abs(platt.intercept / intercept - 1)).toBeLessThan(golden.relativeTolerance.platt);
});

describe('the choice of a calibration', () => {
  const choose = (rows: number, bend: (p: number) => number) => {
    const { said, y } = bent(rows, 5, bend);
    return chooseCalibration(said, y, { generator: seededGenerator(1) });
  };

  it('leaves probabilities alone that are right already', () => {
    expect(choose(4000, (p) => p).method).toBe('none');
  });

  it('is Platt’s where the log-odds are bent in a line', () => {
    expect(choose(4000, steep).method).toBe('platt');
  });

  it('is isotonic where no line undoes the bend, and there are rows enough to see it', () => {
    const twoSlopes = (p: number): number => (p < 0.15 ? p * 3 : 0.45 + (p - 0.15) / 3);
    expect(choose(20_000, twoSlopes).method).toBe('isotonic');
    expect(choose(900, twoSlopes).logLoss.isotonic).toBeNull();
  });

  const overMonths = (levels: readonly number[]) => {
    const months = levels.map((level, month) => {
      const { truth, y } = bent(6000, 20 + month, (p) => p);
      return { y, said: truth.map((p) => sigmoid(Math.log(p / (1 - p)) - level)) };
    });
    const said = Float64Array.from(months.flatMap((month) => [...month.said]));
    const y = Uint8Array.from(months.flatMap((month) => [...month.y]));
    const ofMonths = Uint8Array.from(y.keys()).map((_, row) => Math.floor(row / 6000));
    const choice = (some?: Uint8Array) =>
      chooseCalibration(said, y, { generator: seededGenerator(1), months: some }).method;
    return { byMonths: choice(ofMonths), byRows: choice() };
  };

  it('passes over what single months have by chance, which their own rows all tell', () => {
    expect(overMonths([0.4, -0.5, 0.4])).toEqual({ byMonths: 'none', byRows: 'platt' });
  });

  it('follows what every month says', () => {
    expect(overMonths([0.4, 0.5, 0.3]).byMonths).not.toBe('none');
  });

  it('is none where there is but one month', () => {
    expect(overMonths([0.5])).toEqual({ byMonths: 'none', byRows: 'platt' });
  });
});

it.each([
  ['platt', steep],
  ['isotonic', cubed],
] as const)(
  'by %s recovers known probabilities at 200,000 rows with an expected calibration error of .01 or less',
  (method, bend) => {
    const known = bent(200_000, 11, bend);
    const unseen = bent(200_000, 12, bend);
    const before = calibrationReport(unseen.y, unseen.said, 'none');
    expect(before.expectedCalibrationError).toBeGreaterThan(0.05);
    const calibrated = calibrate(fitCalibrator(method, known.said, known.y), unseen.said);
    expect(calibrationReport(unseen.y, calibrated, method).expectedCalibrationError).toBeLessThan(0.01);
    const off = calibrated.reduce((sum, p, row) => sum + Math.abs(p - (unseen.truth[row] as number)), 0);
    expect(off / 200_000).toBeLessThan(0.005);
  },
);

const labelled = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), {
  minLength: 5,
  maxLength: 80,
});

it('never turns a ranking round, and is never certain', () => {
  fc.assert(
    fc.property(labelled, (rows) => {
      const said = Float64Array.from(rows, ([p]) => p);
      const y = Uint8Array.from(rows, ([, bought]) => (bought ? 1 : 0));
      for (const method of ['platt', 'isotonic'] as const) {
        const asked = Float64Array.from({ length: 21 }, (_, step) => step / 20);
        const calibrated = calibrate(fitCalibrator(method, said, y), asked);
        for (let step = 0; step < 21; step++) {
          expect(calibrated[step]).toBeGreaterThan(0);
          expect(calibrated[step]).toBeLessThan(1);
          if (step > 0)
            expect(calibrated[step]).toBeGreaterThanOrEqual((calibrated[step - 1] as number) - 1e-12);
        }
      }
    }),
    // Nearly equal and perfectly separated: the line is so steep that its ends round to 0 and 1.
    {
      examples: [
        [
          [
            [0, false],
            [6.305117311844743e-16, true],
            [0, false],
            [0, false],
            [0, false],
          ],
        ],
      ],
    },
  );
});

it('a model that ranks the wrong way round ends at the base rate, and not at its opposite', () => {
  const { said, y } = bent(2000, 3, (p) => 1 - p);
  const calibrated = calibrate(fitCalibrator('platt', said, y), said);
  expect(new Set(calibrated).size).toBe(1);
  expect(logLoss(y, calibrated)).toBeLessThan(logLoss(y, said));
});
