import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawInPlace, seededGenerator } from '../../../lib/math/random.ts';

const firstNumbers = (length: number): Uint32Array => Uint32Array.from({ length }, (_, index) => index);

it('a draw holds distinct entries, and the population keeps all of its own', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(50), fc.nat(50), (seed, count, more) => {
      const population = firstNumbers(count + more);
      const draw = drawInPlace(seededGenerator(seed), population, count);
      expect(new Set(draw).size).toBe(count);
      expect([...population].sort((a, b) => a - b)).toEqual([...firstNumbers(count + more)]);
    }),
  );
});

it('each entry is drawn as often as any other, also from a population drawn from before', () => {
  const generator = seededGenerator(11);
  const population = firstNumbers(10);
  const times = new Uint32Array(10);
  for (let repeat = 0; repeat < 10_000; repeat++) {
    for (const entry of drawInPlace(generator, population, 3)) times[entry] = (times[entry] ?? 0) + 1;
  }
  // expected 3,000 each, standard deviation 46
  for (const count of times) expect(Math.abs(count - 3000)).toBeLessThan(230);
});
