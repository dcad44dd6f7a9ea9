import type { Objective } from '../../math/lbfgs.ts';
import { type BetaGeometricKind, betaGeometricObjective } from './betaGeometric.ts';
import { type FitFacts, fitFacts, timeUnitOf } from './fitFacts.ts';
import { indexHistories } from './indexedHistories.ts';
import { maximiseLikelihood, parametersAtEdge } from './maximumLikelihood.ts';
import type { GroupedHistories } from './purchaseHistory.ts';
import { thinGroups } from './thinGroups.ts';

export interface BetaGeometricModel extends FitFacts {
  kind: BetaGeometricKind;
  /** Purchases follow a Poisson process whose rate is gamma distributed among customers: shape r, rate α (time). */
  r: number;
  alpha: number;
  /** After a purchase a customer leaves with a probability that is beta distributed among customers. */
  a: number;
  b: number;
}

export const fitBgNbd = (groups: GroupedHistories): BetaGeometricModel => fitBetaGeometric('bgNbd', groups);

/** For churn: unlike BG/NBD it lets a customer leave after the first purchase. */
export const fitMbgNbd = (groups: GroupedHistories): BetaGeometricModel => fitBetaGeometric('mbgNbd', groups);

/** r, α in units of the mean age, a, b. */
const starts = [
  [0.5, 0.25, 0.8, 2],
  [1, 1, 1, 1],
  [0.2, 0.1, 0.3, 3],
  [3, 0.5, 0.1, 2],
];

function fitBetaGeometric(kind: BetaGeometricKind, groups: GroupedHistories): BetaGeometricModel {
  const name = kind === 'bgNbd' ? 'fitBgNbd' : 'fitMbgNbd';
  const timeUnit = timeUnitOf(name, groups);
  const objectiveOf = (some: GroupedHistories): Objective =>
    betaGeometricObjective(kind, indexHistories(some, { timeUnit }), some.counts);
  const minimum = maximiseLikelihood({
    name,
    starts,
    objective: objectiveOf(groups),
    thinned: objectiveOf(thinGroups(groups, { most: 4000 })),
  });
  const [r = 0, scaledAlpha = 0, a = 0, b = 0] = Array.from(minimum.point, Math.exp);
  return {
    kind,
    r,
    alpha: scaledAlpha * timeUnit,
    a,
    b,
    ...fitFacts({ groups, timeUnit, minimum, atEdge: parametersAtEdge({ r, alpha: scaledAlpha, a, b }) }),
  };
}
