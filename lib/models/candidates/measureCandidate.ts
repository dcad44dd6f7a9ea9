import { seededGenerator } from '../../math/random.ts';
import { type Calibrator, calibrate, chooseCalibration, fitCalibrator } from '../calibration/calibrator.ts';
import { type PurchaseMetrics, purchaseMetrics } from '../metrics.ts';
import type { Candidate } from './candidates.ts';
import type { Parameters } from './engines.ts';
import { type FittedCandidate, fitCandidate, predictCandidate } from './fitCandidate.ts';
import type { PreparedSplit } from './preparedSplit.ts';
import { type TuneOptions, tune } from './tune.ts';

/** Rows that were predicted by a model that had not seen them. */
export interface Unseen {
  y: Uint8Array;
  /** Corrected for the treatment, not calibrated. */
  probabilities: Float64Array;
}

/** A candidate with what it showed on rows that it was not fitted to. */
export interface Measured {
  candidate: Candidate;
  parameters: Parameters;
  /** Fitted to the training rows. */
  model: FittedCandidate;
  calibrator: Calibrator;
  /** On the validation rows; null for a baseline, which nothing is chosen for. */
  validation: Unseen | null;
  /** On the test rows. */
  test: Unseen;
  /** Those of the test rows, calibrated as validation rows say. */
  probabilities: Float64Array;
  metrics: PurchaseMetrics;
}

/** Parameters and calibration are chosen on `validation`, whose rows are all training rows of `test`. */
export interface Arena {
  validation: readonly PreparedSplit[];
  /** Each of these is a month after those that it is fitted to. */
  validatesByTime: boolean;
  test: PreparedSplit;
}

export async function measureCandidate(
  candidate: Candidate,
  { validation, validatesByTime, test }: Arena,
  { onTree, ...options }: TuneOptions,
): Promise<Measured> {
  const parameters = await tune(candidate, validation, options);
  const unseen = candidate.isBaseline
    ? null
    : await predictHeldOut(candidate, validation, { ...options, parameters });
  const calibrator =
    unseen === null
      ? ({ method: 'none' } as const)
      : calibratorFor(unseen, { seed: options.seed, validatesByTime });
  const model = await fitCandidate(candidate, test.training, { ...options, parameters, onTree });
  const raw = predictCandidate(model, test.heldOut);
  const { y } = test.heldOut;
  const probabilities = calibrate(calibrator, raw);
  return {
    candidate,
    parameters,
    model,
    calibrator,
    validation: unseen && joinUnseen(unseen),
    test: { y, probabilities: raw },
    probabilities,
    metrics: purchaseMetrics(y, probabilities),
  };
}

/** All held-out rows of the splits, each predicted from the training rows of its split. */
export async function validationOf(
  candidate: Candidate,
  splits: readonly PreparedSplit[],
  options: TuneOptions & { parameters: Parameters },
): Promise<Unseen> {
  return joinUnseen(await predictHeldOut(candidate, splits, options));
}

async function predictHeldOut(
  candidate: Candidate,
  splits: readonly PreparedSplit[],
  options: TuneOptions & { parameters: Parameters },
): Promise<Unseen[]> {
  const parts: Unseen[] = [];
  for (const { training, heldOut } of splits) {
    const model = await fitCandidate(candidate, training, options);
    parts.push({ y: heldOut.y, probabilities: predictCandidate(model, heldOut) });
  }
  return parts;
}

export function joinUnseen(parts: readonly Unseen[]): Unseen {
  const rows = parts.reduce((sum, { y }) => sum + y.length, 0);
  const joined: Unseen = { y: new Uint8Array(rows), probabilities: new Float64Array(rows) };
  let at = 0;
  for (const { y, probabilities } of parts) {
    joined.y.set(y, at);
    joined.probabilities.set(probabilities, at);
    at += y.length;
  }
  return joined;
}

function calibratorFor(
  parts: readonly Unseen[],
  { seed, validatesByTime }: { seed: number; validatesByTime: boolean },
): Calibrator {
  const { y, probabilities } = joinUnseen(parts);
  const months = validatesByTime
    ? Uint8Array.from(parts.flatMap((part, month) => Array<number>(part.y.length).fill(month)))
    : undefined;
  const { method } = chooseCalibration(probabilities, y, { generator: seededGenerator(seed), months });
  return fitCalibrator(method, probabilities, y);
}
