import { type RandomGenerator, standardNormal, uniform } from './random.ts';

/** With mean 1. */
export const drawExponential = (generator: RandomGenerator): number => -Math.log(1 - uniform(generator));

/** With scale 1 (Marsaglia and Tsang 2000). */
export function drawGamma(generator: RandomGenerator, shape: number): number {
  if (shape < 1) return drawGamma(generator, shape + 1) * (1 - uniform(generator)) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = standardNormal(generator);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - uniform(generator)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

export function drawBeta(generator: RandomGenerator, a: number, b: number): number {
  const one = drawGamma(generator, a);
  const other = drawGamma(generator, b);
  // both may underflow to 0 where a and b are tiny, and all weight is at the ends
  if (one + other === 0) return uniform(generator) < a / (a + b) ? 1 : 0;
  return one / (one + other);
}

/** Knuth's product of uniforms up to a mean of 30, rounded normal above. */
export function drawPoisson(generator: RandomGenerator, mean: number): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * standardNormal(generator)));
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = uniform(generator); product > floor; product *= uniform(generator)) count += 1;
  return count;
}
