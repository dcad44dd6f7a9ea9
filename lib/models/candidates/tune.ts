import { seededGenerator, shuffledIndices } from '../../math/random.ts';
import { logLoss } from '../metrics.ts';
import type { Candidate } from './candidates.ts';
import type { EngineOptions, Parameters } from './engines.ts';
import { fitCandidate, predictCandidate } from './fitCandidate.ts';
import { type PreparedSplit, someTraining } from './preparedSplit.ts';

export type TuneOptions = Omit<EngineOptions, 'parameters'>;

/** Rows of the rounds at most; a table of fewer rows than the first has one round. */
const rungs = [2500, 7500, 20_000];
/** Enough trees to tell leaf sizes apart. */
const trial = { nEstimators: 30 };
/** Of fewer rows all splits are used, as one would leave too much to chance. */
const oneSplitFrom = 2000;

/**
 * Successive halving (Jamieson and Talwalkar 2016): all parameters of the grid are fitted to few rows, the better half of
 * them to more, and so on; better is a lower log-loss on the held-out rows. Of equals the more usual is taken.
 */
export async function tune(
  candidate: Candidate,
  validation: readonly PreparedSplit[],
  options: TuneOptions,
): Promise<Parameters> {
  const few = (validation[0]?.training.y.length ?? 0) < oneSplitFrom;
  const splits = few ? validation : validation.slice(0, 1);
  let left = candidate.grid;
  const most = Math.max(...splits.map(({ training }) => training.y.length));
  // a leaf that is large enough among few rows is too small among many, so forests start with all rows
  const first = candidate.engine === 'randomForest' ? [] : rungs.filter((size) => size < most);
  const sizes = [...first, Math.min(most, rungs.at(-1) as number)];
  for (const size of new Set(sizes)) {
    if (left.length === 1) break;
    const losses: number[] = [];
    for (const parameters of left)
      losses.push(await lossOf(candidate, splits, { ...options, parameters, size }));
    const ranked = left
      .map((_, index) => index)
      .sort((a, b) => (losses[a] as number) - (losses[b] as number));
    left = ranked.slice(0, Math.ceil(left.length / 2)).map((index) => left[index] as Parameters);
  }
  return left[0] ?? {};
}

async function lossOf(
  candidate: Candidate,
  splits: readonly PreparedSplit[],
  { size, ...options }: EngineOptions & { size: number },
): Promise<number> {
  const { parameters } = options;
  const fitOptions =
    candidate.engine === 'randomForest' ? { ...options, parameters: { ...parameters, ...trial } } : options;
  let [sum, rows] = [0, 0];
  for (const { training, heldOut } of splits) {
    const order = shuffledIndices(seededGenerator(options.seed), training.y.length).slice(0, size);
    const some = order.length < training.y.length ? someTraining(training, order) : training;
    const fitted = await fitCandidate(candidate, some, fitOptions);
    sum += heldOut.y.length * logLoss(heldOut.y, predictCandidate(fitted, heldOut));
    rows += heldOut.y.length;
  }
  return sum / rows;
}
