import { gammaQuantile } from './gammaQuantile.ts';
import { logGamma } from './logGamma.ts';
import { normalQuantile } from './normalQuantile.ts';

/** One share's quantiles by shape, where thousands of them are asked for: several times as fast as `gammaQuantile`. */
export interface GammaQuantileTable {
  share: number;
  /** The normal quantile, which those of large shapes tend to. */
  deviate: number;
  /** log(quantile / shape) · shape / (1 + shape), which bends little, at log shape = leastLog + index · step. */
  heights: Float64Array;
  leastLog: number;
}

export function gammaQuantileTable(share: number): GammaQuantileTable {
  const leastLog = Math.log(Math.log(share) / Math.log(negligible));
  const points = Math.ceil((mostLog - leastLog) / step);
  const heights = Float64Array.from({ length: points }, (_, index) => {
    const shape = Math.exp(leastLog + index * step);
    return (Math.log(gammaQuantile(shape, share) / shape) * shape) / (1 + shape);
  });
  return { share, deviate: normalQuantile(share), heights, leastLog };
}

/** `gammaQuantile` of the table's share, within a millionth of itself. */
export function lookUpGammaQuantile(
  { share, deviate, heights, leastLog }: GammaQuantileTable,
  shape: number,
): number {
  const at = (Math.log(shape) - leastLog) / step;
  if (at >= heights.length - 2) return wilsonHilferty(shape, deviate);
  if (!(at >= 1)) return nearZero(shape, share);
  const left = Math.floor(at);
  const height = cubicThroughFour(heights, left, at - left);
  return shape * Math.exp((height * (1 + shape)) / shape);
}

/** Quantiles below it are those of x^shape / Γ(shape + 1), within a ten millionth of themselves. */
const negligible = 1e-7;
/** From here on the cube root is normal. */
const mostLog = Math.log(20_000);
const step = 1 / 24;

/** Lagrange's polynomial through the points beside the place and those beside them. */
function cubicThroughFour(heights: Float64Array, left: number, t: number): number {
  const before = heights[left - 1] as number;
  const here = heights[left] as number;
  const next = heights[left + 1] as number;
  const after = heights[left + 2] as number;
  return (
    here +
    t * (next - before / 3 - here / 2 - after / 6) +
    ((t * t) / 2) * (before - 2 * here + next) +
    ((t * t * t) / 6) * (after - before + 3 * (here - next))
  );
}

function nearZero(shape: number, share: number): number {
  if (!(shape > 0)) throw new RangeError(`lookUpGammaQuantile: a shape of ${shape} has no quantile`);
  return Math.exp((Math.log(share) + logGamma(shape + 1)) / shape);
}

/** The cube root of a gamma variable is nearly normal (Wilson and Hilferty 1931). */
function wilsonHilferty(shape: number, deviate: number): number {
  const ninth = 1 / (9 * shape);
  return shape * (1 - ninth + deviate * Math.sqrt(ninth)) ** 3;
}
