import { gammaln } from 'simple-statistics';
import { softplus } from '../../math/logistic.ts';

/**
 * Expected purchases over `horizon` of a customer who is active now, whose rate is gamma distributed (shape, rate) and whose
 * probability of leaving after each is beta distributed (a, b): E[(1 - e^(-λpt)) / p].
 *
 * In the papers (a+b-1)/(a-1) · [1 - (1-z)^r 2F1(r, b; a+b-1; z)], z = t/(α+t), which is 0/0 at a = 1 and at a + b = 1 and
 * overflows for many purchases. Here the factor a - 1 is taken out of the series, and c = a+b-1 into it, term by term.
 */
export function expectedWhileActive(
  { shape, rate, a, b }: { shape: number; rate: number; a: number; b: number },
  horizon: number,
): number {
  if (horizon === 0) return 0;
  const z = horizon / (rate + horizon);
  const logRest = -Math.log1p(horizon / rate); // log(1 - z)
  const c = a + b - 1;
  const isSteep = (1 - a) * logRest > steepest;
  if (c - shape < -5 || z > 0.99 || isSteep) return byQuadrature({ shape, rate, a, b }, horizon);
  // Euler: (1-z)^r 2F1(r, b; c; z) = (1-z)^(a-1) 2F1(c-r, a-1; c; z), whose terms do not grow with r
  const power = Math.exp((a - 1) * logRest);
  return -c * expm1Ratio(a - 1, logRest) - power * eulerSeries({ A: c - shape, a, c }, z);
}

/** Where nearly all have the same chance to leave (a large a), (1-z)^(a-1) vanishes and the series overflows long before their product. */
const steepest = 50;

/** (e^(kx) - 1) / k, which is x at k = 0. */
export const expm1Ratio = (k: number, x: number): number => (k === 0 ? x : Math.expm1(k * x) / k);

/** c/(a-1) · [2F1(A, a-1; c; z) - 1]. */
function eulerSeries({ A, a, c }: { A: number; a: number; c: number }, z: number): number {
  let term = A * z;
  let sum = term;
  for (let n = 1; n < longestSeries; n++) {
    term *= ((A + n) * (a + n - 1) * z) / ((c + n) * (n + 1));
    sum += term;
    if (Math.abs(term) <= 1e-16 * (1 - z) * Math.abs(sum)) return sum;
  }
  throw new RangeError(`expectedPurchases: the series does not end for z = ${z}`);
}

/**
 * The mean over p itself, by the trapezoidal rule in log(p / (1-p)), which converges exponentially. For nearly equal rates
 * (a large r), where the series alternates and cancels, for nearly equal chances to leave, where it overflows, and for horizons
 * of many lifetimes, where it hardly ends.
 */
function byQuadrature(
  { shape, rate, a, b }: { shape: number; rate: number; a: number; b: number },
  horizon: number,
): number {
  const logNorm = gammaln(a) + gammaln(b) - gammaln(a + b);
  const step = 0.25 * Math.min(1, 1 / Math.sqrt(Math.min(a, b)));
  const mode = Math.log(a / b);
  const density = (logit: number): number => {
    const [logP, logRest] = [-softplus(-logit), -softplus(logit)];
    const p = Math.exp(logP);
    const share = (p * horizon) / rate;
    const perP =
      shape * share < 1e-17 ? (shape * horizon) / rate : -Math.expm1(-shape * Math.log1p(share)) / p;
    return Math.exp(a * logP + b * logRest - logNorm) * perP;
  };
  const pWithoutCurvature = 1e-13 / Math.max(b, (shape * horizon) / rate, horizon / rate);
  let sum = density(mode);
  for (const direction of [-step, step]) {
    let before = 0;
    for (let n = 1; n < longestSeries; n++) {
      const term = density(mode + n * direction);
      sum += term;
      if (term <= before && term <= 1e-17 * sum) break;
      // So near p = 0 only p^a is left of the density: each term is the one before times e^(-a step), which for a small a
      // would go on for a hundred thousand terms.
      if (direction < 0 && Math.exp(mode + n * direction) < pWithoutCurvature) {
        sum += (term * Math.exp(-a * step)) / -Math.expm1(-a * step);
        break;
      }
      before = term;
    }
  }
  return sum * step;
}

const longestSeries = 100_000;
