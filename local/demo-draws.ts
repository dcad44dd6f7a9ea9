import { type RandomGenerator, standardNormal, uniform } from '../lib/math/random.ts';

/** Poisson, by multiplying uniforms (Knuth), or rounded from the normal where the mean is large. */
export function poisson(generator: RandomGenerator, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * standardNormal(generator)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = uniform(generator); product > limit; product *= uniform(generator)) count += 1;
  return count;
}

export const exponential = (generator: RandomGenerator, mean: number): number =>
  -mean * Math.log(1 - uniform(generator));

export const logNormal = (generator: RandomGenerator, median: number, sigma: number): number =>
  median * Math.exp(sigma * standardNormal(generator));

/** One of the options, each as often as its weight says; the weights add up to 1. */
export function pick<Option extends string>(
  generator: RandomGenerator,
  weights: Readonly<Record<Option, number>>,
): Option {
  const options = Object.keys(weights) as Option[];
  const drawn = uniform(generator);
  let upTo = 0;
  for (const option of options) {
    upTo += weights[option];
    if (drawn < upTo) return option;
  }
  return options[0] as Option;
}

/** As money is written: two decimals. */
export const inCents = (amount: number): number => Math.round(amount * 100) / 100;
