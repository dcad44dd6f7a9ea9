import { gammaln } from 'simple-statistics';
import { digamma } from '../../math/digamma.ts';
import type { Objective } from '../../math/lbfgs.ts';
import { type FitFacts, fitFacts, timeUnitOf } from './fitFacts.ts';
import { maximiseLikelihood, parametersAtEdge } from './maximumLikelihood.ts';
import type { GroupedHistories } from './purchaseHistory.ts';

/** Customers who never leave (Ehrenberg 1959): what the others are measured against. */
export interface NbdModel extends FitFacts {
  kind: 'nbd';
  r: number;
  alpha: number;
}

/** r, and α in units of the mean age. */
const starts = [
  [0.5, 0.5],
  [2, 2],
];

export function fitNbd(groups: GroupedHistories): NbdModel {
  const timeUnit = timeUnitOf('fitNbd', groups);
  const minimum = maximiseLikelihood({ name: 'fitNbd', starts, objective: nbdObjective(groups, timeUnit) });
  const [r = 0, alpha = 0] = Array.from(minimum.point, Math.exp);
  const atEdge = parametersAtEdge({ r, alpha });
  return { kind: 'nbd', r, alpha: alpha * timeUnit, ...fitFacts({ groups, timeUnit, minimum, atEdge }) };
}

/** Minus the mean of log Γ(r+x)/Γ(r) + r log α - (r+x) log(α+T), over log r and log α. */
export function nbdObjective({ frequency, age, counts }: GroupedHistories, timeUnit: number): Objective {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (point, gradient) => {
    const [r = 0, alpha = 0] = Array.from(point, Math.exp);
    const [lnR, psiR, lnAlpha] = [gammaln(r), digamma(r), Math.log(alpha)];
    let [value, dr, dAlpha] = [0, 0, (total * r) / alpha];
    for (let group = 0; group < counts.length; group++) {
      const x = frequency[group] as number;
      const place = alpha + (age[group] as number) / timeUnit;
      const weight = counts[group] as number;
      value += weight * (gammaln(r + x) - lnR + r * lnAlpha - (r + x) * Math.log(place));
      dr += weight * (digamma(r + x) - psiR + lnAlpha - Math.log(place));
      dAlpha -= (weight * (r + x)) / place;
    }
    gradient[0] = (-r * dr) / total;
    gradient[1] = (-alpha * dAlpha) / total;
    return -value / total;
  };
}
