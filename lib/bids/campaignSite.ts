import { digamma } from '../math/digamma.ts';
import { logGamma } from '../math/logGamma.ts';
import { sigmoid } from '../math/logistic.ts';
import { trigamma } from '../math/trigamma.ts';

/** Ads of one campaign by column: successes among trials, of which they are never more. */
export interface TrialColumns {
  trials: Float64Array;
  successes: Float64Array;
}

/** What a campaign's ads say of the logit of its rate, as a normal density times exp(logScale). */
export interface CampaignSite {
  mean: number;
  precision: number;
  logScale: number;
}

/** Weakly informative: it keeps the search finite where there is no success at all, and is divided out again. */
export interface SiteCentre {
  mean: number;
  variance: number;
}

/**
 * Laplace's approximation of the beta-binomial likelihood of a campaign's mean rate (Skellam 1948), in its logit, given the
 * strength with which its ads vary about it.
 */
export function campaignSite(
  columns: TrialColumns,
  strength: number,
  { centre, start }: { centre: SiteCentre; start: number },
): CampaignSite {
  let x = start;
  let slope = slopesAt(columns, strength, { x, centre });
  for (let round = 0; round < 50; round++) {
    const step = Math.max(-1.5, Math.min(1.5, slope.first / slope.curvature));
    x += step;
    slope = slopesAt(columns, strength, { x, centre });
    if (Math.abs(step) < 1e-7) break;
  }
  const total = slope.curvature;
  const precision = Math.max(total - 1 / centre.variance, 1e-9 * total);
  const mean = (x * total - centre.mean / centre.variance) / precision;
  const logArea =
    logLikelihood(columns, strength, sigmoid(x)) +
    logNormal(x, centre.mean, centre.variance) +
    0.5 * Math.log((2 * Math.PI) / total);
  return {
    mean,
    precision,
    logScale: logArea - logNormal(mean, centre.mean, 1 / precision + centre.variance),
  };
}

export const logNormal = (x: number, mean: number, variance: number): number =>
  -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) ** 2 / variance);

/** First derivative in x, and minus the second; where the likelihood bends upwards, the part of it that never does. */
function slopesAt(
  { trials, successes }: TrialColumns,
  strength: number,
  { x, centre }: { x: number; centre: SiteCentre },
): { first: number; curvature: number } {
  const m = sigmoid(x);
  const q = m * (1 - m);
  const [a, b] = [m * strength, (1 - m) * strength];
  const [psiA, psiB, triA, triB] = [digamma(a), digamma(b), trigamma(a), trigamma(b)];
  let [first, second] = [0, 0];
  for (let row = 0; row < trials.length; row++) {
    const k = successes[row] as number;
    const failures = (trials[row] as number) - k;
    if (k > 0) {
      first += digamma(a + k) - psiA;
      second += triA - trigamma(a + k);
    }
    if (failures > 0) {
      first -= digamma(b + failures) - psiB;
      second += triB - trigamma(b + failures);
    }
  }
  const inX = first * strength * q;
  const always = second * (strength * q) ** 2;
  const curvature = always - inX * (1 - 2 * m);
  const prior = 1 / centre.variance;
  return {
    first: inX - (x - centre.mean) * prior,
    curvature: (curvature > 0.1 * always ? curvature : always) + prior,
  };
}

function logLikelihood({ trials, successes }: TrialColumns, strength: number, m: number): number {
  const [a, b] = [m * strength, (1 - m) * strength];
  const [lnA, lnB, lnS] = [logGamma(a), logGamma(b), logGamma(strength)];
  let sum = 0;
  for (let row = 0; row < trials.length; row++) {
    const n = trials[row] as number;
    const k = successes[row] as number;
    if (n === 0) continue;
    if (k > 0) sum += logGamma(a + k) - lnA;
    sum += logGamma(b + n - k) - lnB - logGamma(strength + n) + lnS;
  }
  return sum;
}
