import { type FitFacts, fitFacts, timeUnitOf } from './fitFacts.ts';
import { maximiseLikelihood, parametersAtEdge } from './maximumLikelihood.ts';
import { type ParetoNbdParameters, paretoNbdObjective } from './paretoNbd.ts';
import type { GroupedHistories } from './purchaseHistory.ts';
import { thinGroups } from './thinGroups.ts';

export interface ParetoNbdModel extends ParetoNbdParameters, FitFacts {
  kind: 'paretoNbd';
}

/** r, α, s, β, times in units of the mean age. */
const starts = [
  [0.5, 0.3, 0.6, 0.4],
  [1, 1, 1, 1],
  [2, 0.5, 0.3, 3],
];

export function fitParetoNbd(groups: GroupedHistories): ParetoNbdModel {
  const timeUnit = timeUnitOf('fitParetoNbd', groups);
  const minimum = maximiseLikelihood({
    name: 'fitParetoNbd',
    starts,
    objective: paretoNbdObjective(groups, { timeUnit }),
    thinned: paretoNbdObjective(thinGroups(groups, { most: 2000 }), { timeUnit }),
  });
  const [r = 0, alpha = 0, s = 0, beta = 0] = Array.from(minimum.point, Math.exp);
  return {
    kind: 'paretoNbd',
    r,
    alpha: alpha * timeUnit,
    s,
    beta: beta * timeUnit,
    ...fitFacts({ groups, timeUnit, minimum, atEdge: parametersAtEdge({ r, alpha, s, beta }) }),
  };
}
