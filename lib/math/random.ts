import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

export type { RandomGenerator };

/** A generator that gives the same numbers for the same integer seed, on every machine. It is advanced in place. */
export const seededGenerator = (seed: number): RandomGenerator => xoroshiro128plus(seed);

/** Uniform in [0, 1). */
export const uniform = (generator: RandomGenerator): number => uniformFloat64(generator);

/** A uniform integer, 0 to `below` - 1. */
export const uniformBelow = (generator: RandomGenerator, below: number): number =>
  uniformInt(generator, 0, below - 1);

/** Standard normal, by Box and Muller (1958), one of the pair. */
export const standardNormal = (generator: RandomGenerator): number =>
  Math.sqrt(-2 * Math.log(1 - uniform(generator))) * Math.cos(2 * Math.PI * uniform(generator));

/** 0 to `length` - 1 in random order (Fisher and Yates, from the end). */
export function shuffledIndices(generator: RandomGenerator, length: number): Uint32Array {
  const indices = Uint32Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const other = uniformBelow(generator, last + 1);
    const moved = indices[last] as number;
    indices[last] = indices[other] as number;
    indices[other] = moved;
  }
  return indices;
}

/**
 * Brings `count` randomly drawn entries to the front of `entries` and returns a view of them: a draw without replacement
 * that costs the draw, not the population. Drawing again from the same array is again a fair draw.
 */
export function drawInPlace(generator: RandomGenerator, entries: Uint32Array, count: number): Uint32Array {
  for (let position = 0; position < count; position++) {
    const other = position + uniformBelow(generator, entries.length - position);
    const drawn = entries[other] as number;
    entries[other] = entries[position] as number;
    entries[position] = drawn;
  }
  return entries.subarray(0, count);
}
