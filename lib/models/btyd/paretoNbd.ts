import { gammaln } from 'simple-statistics';
import { digamma } from '../../math/digamma.ts';
import type { Objective } from '../../math/lbfgs.ts';
import { softplus } from '../../math/logistic.ts';
import { emptyMoments, lomaxIntegral, lomaxMoments } from './lomaxIntegral.ts';
import type { GroupedHistories, PurchaseHistory } from './purchaseHistory.ts';

export interface ParetoNbdParameters {
  /** Purchases: rate gamma distributed among customers, shape r, rate α (time). */
  r: number;
  alpha: number;
  /** Lifetimes: rate of death gamma distributed among customers, shape s, rate β (time). */
  s: number;
  beta: number;
}

/**
 * The log-odds of having died by the cutoff. A customer who died at u between t_x and T bought nothing after t_x, so dead to
 * alive is s · ∫ (α+u)^-(r+x) (β+u)^-(s+1) du over t_x to T, to (α+T)^-(r+x) (β+T)^-s.
 */
export function logOddsOfDeath(
  { r, alpha, s, beta }: ParetoNbdParameters,
  { frequency: x, recency: t_x, age: T }: PurchaseHistory,
): number {
  const logIntegral = lomaxIntegral(
    { shift: alpha + t_x, power: r + x },
    { shift: beta + t_x, power: s + 1 },
    T - t_x,
  );
  return Math.log(s) + logIntegral + (r + x) * Math.log(alpha + T) + s * Math.log(beta + T);
}

/** Minus the mean log-likelihood of Schmittlein, Morrison and Colombo (1987) over log r, log α, log s, log β. */
export function paretoNbdObjective(
  { frequency, recency, age, counts }: GroupedHistories,
  { timeUnit }: { timeUnit: number },
): Objective {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const byFrequency = new Map<number, number>();
  for (let group = 0; group < counts.length; group++) {
    const x = frequency[group] as number;
    byFrequency.set(x, (byFrequency.get(x) ?? 0) + (counts[group] as number));
  }
  const moments = emptyMoments();
  return (point, gradient) => {
    const [r = 0, alpha = 0, s = 0, beta = 0] = Array.from(point, Math.exp);
    const [lnR, psiR] = [gammaln(r), digamma(r)];
    let value = total * (r * Math.log(alpha) + s * Math.log(beta));
    let [dr, ds] = [total * Math.log(alpha), total * Math.log(beta)];
    let [dAlpha, dBeta] = [(total * r) / alpha, (total * s) / beta];
    for (const [x, weight] of byFrequency) {
      value += weight * (gammaln(r + x) - lnR);
      dr += weight * (digamma(r + x) - psiR);
    }
    const logS = Math.log(s);
    for (let group = 0; group < counts.length; group++) {
      const weight = counts[group] as number;
      if (weight === 0) continue;
      const t_x = (recency[group] as number) / timeUnit;
      const T = (age[group] as number) / timeUnit;
      const shape = r + (frequency[group] as number);
      const logAlphaT = Math.log(alpha + T);
      const logBetaT = Math.log(beta + T);
      lomaxMoments(
        { shift: alpha + t_x, power: shape },
        { shift: beta + t_x, power: s + 1 },
        T - t_x,
        moments,
      );
      const alive = -shape * logAlphaT - s * logBetaT;
      const odds = logS + moments.log - alive;
      const dead = odds === Number.NEGATIVE_INFINITY ? 0 : 1 / (1 + Math.exp(-odds));
      value += weight * (alive + softplus(odds));
      const [w0, w1] = [weight * (1 - dead), weight * dead];
      dr -= w0 * logAlphaT;
      ds -= w0 * logBetaT;
      dAlpha -= (w0 * shape) / (alpha + T);
      dBeta -= (w0 * s) / (beta + T);
      if (dead === 0) continue;
      dr -= w1 * moments.logFirst;
      ds += w1 * (1 / s - moments.logSecond);
      dAlpha -= w1 * shape * moments.inverseFirst;
      dBeta -= w1 * (s + 1) * moments.inverseSecond;
    }
    gradient[0] = (-r * dr) / total;
    gradient[1] = (-alpha * dAlpha) / total;
    gradient[2] = (-s * ds) / total;
    gradient[3] = (-beta * dBeta) / total;
    return -value / total;
  };
}
