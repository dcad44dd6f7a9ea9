import * as z from 'zod/mini';
import { fitIsotonic, type StepFunction } from '../../math/isotonic.ts';
import { sigmoid } from '../../math/logistic.ts';
import type { RandomGenerator } from '../../math/random.ts';
import { logLoss } from '../metrics.ts';
import type { CalibrationMethod } from '../purchaseReport.ts';
import { foldNumbers } from '../validation/folds.ts';
import { fitPlatt, plattSchema } from './platt.ts';

export const stepFunctionSchema = z.object({
  lows: z.array(z.number()),
  highs: z.array(z.number()),
  values: z.array(z.number()),
  counts: z.array(z.number()),
});

/** What takes a model's probabilities to those that came true, learnt from rows that the model has not seen. */
export const calibratorSchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('none') }),
  z.object({ method: z.literal('platt'), ...plattSchema.shape }),
  z.object({ method: z.literal('isotonic'), from: z.array(z.number()), to: z.array(z.number()) }),
]);
export type Calibrator = z.infer<typeof calibratorSchema>;

export function fitCalibrator(
  method: CalibrationMethod,
  probabilities: Float64Array,
  y: Uint8Array,
): Calibrator {
  switch (method) {
    case 'none':
      return { method };
    case 'platt':
      return { method, ...increasing(probabilities, y) };
    case 'isotonic':
      return { method, ...throughCentres(offTheEnds(fitIsotonic(probabilities, y), y), probabilities) };
  }
}

export function calibrate(calibrator: Calibrator, probabilities: Float64Array): Float64Array {
  switch (calibrator.method) {
    case 'none':
      return probabilities.slice();
    case 'platt': {
      const { slope, intercept } = calibrator;
      return probabilities.map((p) => neverCertain(sigmoid(slope * logOdds(p) + intercept)));
    }
    case 'isotonic':
      return probabilities.map((p) => valueOnLines(calibrator, p));
  }
}

/** A steep line reaches 0 and 1 in floating point. */
const neverCertain = (p: number): number => Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p));

/** Below these a step function follows chance (Niculescu-Mizil and Caruana 2005, section 6, see it lose under 1,000 rows). */
const isotonicFrom = { rows: 1000, perLabel: 100 };
const folds = 5;

/**
 * The method with the least log-loss when learnt on some of the validation rows and measured on the others; of equals the
 * simpler one. The parts are fifths, or what `months` says: a month has a level of its own, by season or by chance, which all its
 * rows share, so that only other months can tell whether to trust it. A single month cannot, and then there is no calibration.
 */
export function chooseCalibration(
  probabilities: Float64Array,
  y: Uint8Array,
  { generator, months }: { generator: RandomGenerator; months?: Uint8Array | undefined },
): { method: CalibrationMethod; logLoss: Record<CalibrationMethod, number | null> } {
  const positives = y.reduce((sum, label) => sum + label, 0);
  const rarer = Math.min(positives, y.length - positives);
  const part = months ?? foldNumbers(y, { folds, generator });
  const measured = (method: CalibrationMethod): number =>
    logLoss(y, calibratedOutOfPart(method, probabilities, { y, part }));
  const divides = rarer >= folds && new Set(part).size > 1;
  const enough = y.length >= isotonicFrom.rows && rarer >= isotonicFrom.perLabel;
  const losses = {
    none: logLoss(y, probabilities),
    platt: divides ? measured('platt') : null,
    isotonic: divides && enough ? measured('isotonic') : null,
  };
  const methods = ['none', 'platt', 'isotonic'] as const;
  const best = methods.reduce((a, b) =>
    (losses[b] ?? Number.POSITIVE_INFINITY) < (losses[a] as number) ? b : a,
  );
  return { method: best, logLoss: losses };
}

function calibratedOutOfPart(
  method: CalibrationMethod,
  probabilities: Float64Array,
  { y, part }: { y: Uint8Array; part: Uint8Array },
): Float64Array {
  const calibrated = new Float64Array(y.length);
  for (const number of new Set(part)) {
    const known = (_: number, row: number): boolean => part[row] !== number;
    const calibrator = fitCalibrator(method, probabilities.filter(known), y.filter(known));
    const rows = Uint32Array.from(y.keys()).filter((row) => part[row] === number);
    const values = calibrate(
      calibrator,
      Float64Array.from(rows, (row) => probabilities[row] as number),
    );
    for (const [at, row] of rows.entries()) calibrated[row] = values[at] as number;
  }
  return calibrated;
}

/** A model that ranks the wrong way round is not turned round: it then says the same of everybody. */
function increasing(probabilities: Float64Array, y: Uint8Array): { slope: number; intercept: number } {
  const fitted = fitPlatt(probabilities.map(logOdds), y);
  if (fitted.slope >= 0) return fitted;
  const positives = y.reduce((sum, label) => sum + label, 0);
  return { slope: 0, intercept: Math.log((positives + 1) / (y.length - positives + 1)) };
}

/**
 * The steps' values at the mean probability of their rows, and lines between them and on to the ends: customers of one step
 * differ, and a step function would rank them as equals.
 */
function throughCentres(steps: StepFunction, probabilities: Float64Array): { from: number[]; to: number[] } {
  const { highs, values, counts } = steps;
  const sums = values.map(() => 0);
  for (const p of probabilities) {
    const step = placeAmong(highs, p);
    sums[step] = (sums[step] as number) + p;
  }
  const centres = sums.map((sum, step) => sum / (counts[step] as number));
  const [first, last] = [values[0] as number, values.at(-1) as number];
  return { from: [0, ...centres, 1], to: [first / 2, ...values, (1 + last) / 2] };
}

function valueOnLines({ from, to }: { from: number[]; to: number[] }, p: number): number {
  const right = Math.max(1, placeAmong(from, p));
  const [x0, x1] = [from[right - 1] as number, from[right] as number];
  const [y0, y1] = [to[right - 1] as number, to[right] as number];
  return x1 > x0 ? y0 + ((y1 - y0) * (p - x0)) / (x1 - x0) : y1;
}

/** The first of ascending numbers that is not below `value`; the last where all are. */
function placeAmong(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A step of buyers alone, or of none, counts the share of all as one row more: nobody is certain. */
export function offTheEnds(steps: StepFunction, y: Uint8Array): StepFunction {
  const share = (y.reduce((sum, label) => sum + label, 0) + 1) / (y.length + 2);
  const last = steps.values.length - 1;
  const next = steps.values[1] ?? share;
  const before = steps.values[last - 1] ?? share;
  const values = steps.values.map((value, step) => {
    const count = steps.counts[step] as number;
    if (step === 0 && value === 0) return Math.min(next, share / (count + 1));
    return step === last && value === 1 ? Math.max(before, (count + share) / (count + 1)) : value;
  });
  return { ...steps, values };
}

/** Bounded, as a probability of 0 or 1 would be infinite. */
export const logOdds = (p: number): number =>
  Math.max(-farthest, Math.min(farthest, Math.log(p) - Math.log1p(-p)));

const farthest = 35;
