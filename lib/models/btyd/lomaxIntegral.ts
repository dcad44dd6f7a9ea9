import { gaussLegendre, type QuadratureRule } from '../../math/gaussLegendre.ts';

/** One factor (shift + u)^-power of the integrand. */
export interface LomaxFactor {
  shift: number;
  power: number;
}

/** Means under the integrand of what its gradient needs; filled in by lomaxMoments. */
export interface LomaxMoments {
  /** log of the integral. */
  log: number;
  logFirst: number;
  inverseFirst: number;
  logSecond: number;
  inverseSecond: number;
}

export const emptyMoments = (): LomaxMoments => ({
  log: 0,
  logFirst: 0,
  inverseFirst: 0,
  logSecond: 0,
  inverseSecond: 0,
});

/** log of the integral of (first.shift+u)^-first.power (second.shift+u)^-second.power over u from 0 to `length`. */
export function lomaxIntegral(first: LomaxFactor, second: LomaxFactor, length: number): number {
  return lomaxMoments(first, second, length, scratch).log;
}

/**
 * The same integral that the papers write as a difference of Gaussian hypergeometric functions, by quadrature: with
 * u + n = n e^L, n the smaller shift, the integrand is smooth in L whatever the parameters, nothing cancels, and the
 * derivatives are means under the same nodes.
 */
export function lomaxMoments(
  first: LomaxFactor,
  second: LomaxFactor,
  length: number,
  into: LomaxMoments,
): LomaxMoments {
  const swapped = first.shift > second.shift;
  const [near, far] = swapped ? [second, first] : [first, second];
  if (length <= 0) {
    into.log = Number.NEGATIVE_INFINITY;
    return into;
  }
  // the integrand falls at least so fast in L; what lies 40 e-foldings down is below the last digit
  const decay = near.power - 1 + (far.power * near.shift) / far.shift;
  const whole = Math.log1p(length / near.shift);
  const range = decay > 0 ? Math.min(whole, 40 / decay) : whole;
  const { nodes, weights } = ruleFor(range, decay);
  let [sum, logNear, inverseNear, logFar, inverseFar] = [0, 0, 0, 0, 0];
  for (let index = 0; index < nodes.length; index++) {
    const L = range * (nodes[index] as number);
    const growth = Math.exp(L);
    const farPlace = far.shift + near.shift * (growth - 1);
    const farL = Math.log(farPlace / far.shift);
    const weight = (weights[index] as number) * Math.exp((1 - near.power) * L - far.power * farL);
    sum += weight;
    logNear += weight * L;
    inverseNear += weight / growth;
    logFar += weight * farL;
    inverseFar += weight / farPlace;
  }
  const logNearShift = Math.log(near.shift);
  const logFarShift = Math.log(far.shift);
  into.log = Math.log(range * sum) + (1 - near.power) * logNearShift - far.power * logFarShift;
  logNear = logNear / sum + logNearShift;
  inverseNear /= sum * near.shift;
  logFar = logFar / sum + logFarShift;
  inverseFar /= sum;
  into.logFirst = swapped ? logFar : logNear;
  into.inverseFirst = swapped ? inverseFar : inverseNear;
  into.logSecond = swapped ? logNear : logFar;
  into.inverseSecond = swapped ? inverseNear : inverseFar;
  return into;
}

const scratch = emptyMoments();
const rules = [10, 16, 32, 64].map(gaussLegendre) as [
  QuadratureRule,
  QuadratureRule,
  QuadratureRule,
  QuadratureRule,
];

/** So many nodes as keep the relative error near 1e-13: L e-foldings need some, singularities at ±πi the others. */
function ruleFor(range: number, decay: number): QuadratureRule {
  const steepness = Math.max(range, Math.abs(decay) * range);
  if (steepness < 1) return rules[0];
  if (steepness < 4) return rules[1];
  return steepness < 20 ? rules[2] : rules[3];
}
