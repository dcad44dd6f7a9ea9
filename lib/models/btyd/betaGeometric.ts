import { gammaln } from 'simple-statistics';
import { digamma } from '../../math/digamma.ts';
import type { Objective } from '../../math/lbfgs.ts';
import { type IndexedHistories, weightByValue } from './indexedHistories.ts';

/**
 * BG/NBD lets a customer leave after every repeat purchase, MBG/NBD after the first purchase too: one more chance to leave,
 * and otherwise the same likelihood.
 */
export type BetaGeometricKind = 'bgNbd' | 'mbgNbd';

export const chancesToLeave = (kind: BetaGeometricKind, frequency: number): number =>
  kind === 'mbgNbd' ? frequency + 1 : frequency;

/**
 * Minus the mean log-likelihood of Fader, Hardie and Lee (2005), equation 6, and of Batislam, Denizel and Filiztekin (2007),
 * over log r, log α, log a, log b. With n chances to leave it is
 * Γ(r+x)/Γ(r) α^r · B(a, b+n)/B(a, b) · [(α+T)^-(r+x) + a/(b+n-1) (α+t_x)^-(r+x)], its bracket kept in log space.
 */
export function betaGeometricObjective(
  kind: BetaGeometricKind,
  histories: IndexedHistories,
  weights: Float64Array,
): Objective {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { frequency, recency, age } = histories;
  const byFrequency = weightByValue(frequency, weights);
  const groups = weights.length;
  const logAge = new Float64Array(age.values.length);
  const logRecency = new Float64Array(recency.values.length);
  const perAge = new Float64Array(age.values.length);
  const perRecency = new Float64Array(recency.values.length);
  const logLeaving = new Float64Array(frequency.values.length);
  const leaving = new Float64Array(frequency.values.length);

  return (point, gradient) => {
    const [r = 0, alpha = 0, a = 0, b = 0] = Array.from(point, Math.exp);
    for (let i = 0; i < logAge.length; i++) logAge[i] = Math.log(alpha + (age.values[i] as number));
    for (let i = 0; i < logRecency.length; i++)
      logRecency[i] = Math.log(alpha + (recency.values[i] as number));
    let [value, dr, dAlpha, da, db] = [0, 0, 0, 0, 0];

    // what depends on the number of purchases alone
    const [lnR, lnB, lnAB, lnAlpha] = [gammaln(r), gammaln(b), gammaln(a + b), Math.log(alpha)];
    const [psiR, psiB, psiAB] = [digamma(r), digamma(b), digamma(a + b)];
    for (let i = 0; i < byFrequency.length; i++) {
      const x = frequency.values[i] as number;
      const n = chancesToLeave(kind, x);
      const weight = byFrequency[i] as number;
      value +=
        weight * (gammaln(r + x) - lnR + r * lnAlpha + (lnAB - lnB + gammaln(b + n) - gammaln(a + b + n)));
      dr += weight * (digamma(r + x) - psiR + lnAlpha);
      const psiABn = digamma(a + b + n);
      da += weight * (psiAB - psiABn);
      db += weight * (psiAB - psiB + digamma(b + n) - psiABn);
      logLeaving[i] = n > 0 ? Math.log(a / (b + n - 1)) : Number.NEGATIVE_INFINITY;
      leaving[i] = 0;
    }

    perAge.fill(0);
    perRecency.fill(0);
    for (let group = 0; group < groups; group++) {
      const weight = weights[group] as number;
      if (weight === 0) continue;
      const i = frequency.indexOf[group] as number;
      const atAge = age.indexOf[group] as number;
      const atRecency = recency.indexOf[group] as number;
      const rate = r + (frequency.values[i] as number);
      const silence = (logAge[atAge] as number) - (logRecency[atRecency] as number);
      const odds = (logLeaving[i] as number) + rate * silence;
      // softplus(odds) and its slope, the probability of having left, from one exponential
      const small = Math.exp(-Math.abs(odds));
      const left = (odds >= 0 ? 1 : small) / (1 + small);
      value += weight * (Math.max(odds, 0) + Math.log1p(small) - rate * (logAge[atAge] as number));
      dr += weight * (left * silence - (logAge[atAge] as number));
      perAge[atAge] = (perAge[atAge] as number) - weight * rate * (1 - left);
      perRecency[atRecency] = (perRecency[atRecency] as number) - weight * rate * left;
      leaving[i] = (leaving[i] as number) + weight * left;
    }
    for (let i = 0; i < perAge.length; i++)
      dAlpha += (perAge[i] as number) / (alpha + (age.values[i] as number));
    for (let i = 0; i < perRecency.length; i++)
      dAlpha += (perRecency[i] as number) / (alpha + (recency.values[i] as number));
    dAlpha += (total * r) / alpha;
    for (let i = 0; i < leaving.length; i++) {
      const n = chancesToLeave(kind, frequency.values[i] as number);
      if (n === 0) continue;
      da += (leaving[i] as number) / a;
      db -= (leaving[i] as number) / (b + n - 1);
    }
    gradient[0] = (-r * dr) / total;
    gradient[1] = (-alpha * dAlpha) / total;
    gradient[2] = (-a * da) / total;
    gradient[3] = (-b * db) / total;
    return -value / total;
  };
}

/** The log-odds of having left by the cutoff: log [a/(b+n-1)] + (r+x) log [(α+T)/(α+t_x)]. */
export function logOddsOfHavingLeft(
  kind: BetaGeometricKind,
  { r, alpha, a, b }: { r: number; alpha: number; a: number; b: number },
  { frequency: x, recency: t_x, age: T }: { frequency: number; recency: number; age: number },
): number {
  const n = chancesToLeave(kind, x);
  if (n === 0) return Number.NEGATIVE_INFINITY;
  return Math.log(a / (b + n - 1)) + (r + x) * Math.log1p((T - t_x) / (alpha + t_x));
}
