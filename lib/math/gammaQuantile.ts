import { logGamma } from './logGamma.ts';
import { normalQuantile } from './normalQuantile.ts';

/** Where the gamma distribution of this shape, with scale 1, reaches `share`: Wilson and Hilferty's guess, then Halley's steps. */
export function gammaQuantile(shape: number, share: number): number {
  if (!(shape > 0 && share > 0 && share < 1))
    throw new RangeError(`gammaQuantile: a shape of ${shape} and a share of ${share} have no quantile`);
  const logConstant = logGamma(shape);
  let x = firstGuess(shape, share, logConstant);
  for (let round = 0; round < 40; round++) {
    const density = Math.exp((shape - 1) * Math.log(x) - x - logConstant);
    const off = lowerGamma(shape, x, logConstant) - share;
    const step = off / density;
    // bounded, so that a poor guess does not leave the axis
    const next = x - step / (1 - Math.max(-0.5, Math.min(0.5, 0.5 * step * ((shape - 1) / x - 1))));
    const moved = next > 0 ? next : x / 4;
    // each step triples the digits
    if (Math.abs(moved - x) <= 3e-3 * x) return moved;
    x = moved;
  }
  return x;
}

/** The distribution function of the gamma distribution of this shape, with scale 1. */
export const gammaCdf = (shape: number, x: number): number =>
  x <= 0 ? 0 : lowerGamma(shape, x, logGamma(shape));

function firstGuess(shape: number, share: number, logConstant: number): number {
  const ninth = 1 / (9 * shape);
  const cube = 1 - ninth + normalQuantile(share) * Math.sqrt(ninth);
  const guess = shape * cube ** 3;
  // near 0 the distribution is x^shape / Γ(shape + 1)
  const small = Math.exp((Math.log(share) + logConstant + Math.log(shape)) / shape);
  return cube > 0.2 && shape > 0.3 ? guess : Math.max(small, 1e-300);
}

/** The distribution function: its power series below the mean, its continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31). */
function lowerGamma(shape: number, x: number, logConstant: number): number {
  const front = Math.exp(shape * Math.log(x) - x - logConstant);
  return x < shape + 1 ? front * series(shape, x) : 1 - front * continuedFraction(shape, x);
}

function series(shape: number, x: number): number {
  let [term, sum] = [1 / shape, 1 / shape];
  for (let n = 1; n < 10_000 && term > 1e-15 * sum; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/** By Lentz's recurrence. */
function continuedFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const a = n * (shape - n);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return fraction;
}
