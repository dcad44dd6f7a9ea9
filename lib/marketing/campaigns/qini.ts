import { seededGenerator, uniformBelow } from '../../math/random.ts';
import { sortedOrder } from '../../math/sortedOrder.ts';
import type { Interval } from './uplift.ts';

/** Customers of a randomised campaign, and how much a model says that each is moved by it. */
export interface ScoredOutcomes {
  scores: Float64Array;
  treated: Uint8Array;
  converted: Uint8Array;
}

/**
 * The Qini coefficient (Radcliffe 2007, Direct Marketing Analytics Journal, 14–21): extra orders when customers are taken in the order of
 * their scores, against as many taken at random, averaged over how many are taken, per treated customer. 0 is no better than chance.
 * Equal scores are taken together.
 */
export function qiniCoefficient({ scores, treated, converted }: ScoredOutcomes): number {
  const order = sortedOrder(scores.map((score) => -score));
  return qiniOf({ scores, treated, converted }, order, new Float64Array(scores.length).fill(1));
}

/** Where the coefficient lies with 95 %: percentiles over customers drawn anew with replacement, at the scores they have. */
export function qiniInterval(
  outcomes: ScoredOutcomes,
  { seed, draws = 400 }: { seed: number; draws?: number },
): Interval {
  const { length } = outcomes.scores;
  const order = sortedOrder(outcomes.scores.map((score) => -score));
  const generator = seededGenerator(seed);
  const times = new Float64Array(length);
  const coefficients = Float64Array.from({ length: draws }, () => {
    times.fill(0);
    for (let draw = 0; draw < length; draw++) {
      const row = uniformBelow(generator, length);
      times[row] = (times[row] as number) + 1;
    }
    return qiniOf(outcomes, order, times);
  }).sort();
  const at = (share: number): number =>
    coefficients[Math.min(draws - 1, Math.floor(share * draws))] as number;
  return { low: at(0.025), high: at(0.975) };
}

/** `times` is how often each customer counts. */
function qiniOf(
  { scores, treated, converted }: ScoredOutcomes,
  order: Uint32Array,
  times: Float64Array,
): number {
  let [taken, treatedTaken, treatedBuyers, controlTaken, controlBuyers] = [0, 0, 0, 0, 0];
  let [area, lastTaken, lastQ] = [0, 0, 0];
  for (const [place, row] of order.entries()) {
    const weight = times[row] as number;
    const buyers = weight * (converted[row] as number);
    taken += weight;
    if (treated[row] === 1) {
      treatedTaken += weight;
      treatedBuyers += buyers;
    } else {
      controlTaken += weight;
      controlBuyers += buyers;
    }
    const next = order[place + 1];
    if (next !== undefined && scores[next] === scores[row]) continue;
    const expected = controlTaken === 0 ? 0 : (controlBuyers * treatedTaken) / controlTaken;
    const q = treatedBuyers - expected;
    area += ((q + lastQ) / 2) * (taken - lastTaken);
    [lastTaken, lastQ] = [taken, q];
  }
  return treatedTaken === 0 || taken === 0 ? 0 : (area / taken - lastQ / 2) / treatedTaken;
}
