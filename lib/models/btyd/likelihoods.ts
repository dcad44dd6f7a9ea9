import type { Objective } from '../../math/lbfgs.ts';
import { betaGeometricObjective } from './betaGeometric.ts';
import { nbdObjective } from './fitNbd.ts';
import { indexHistories } from './indexedHistories.ts';
import type { BuyingModel } from './models.ts';
import { paretoNbdObjective } from './paretoNbd.ts';
import type { GroupedHistories } from './purchaseHistory.ts';

/** Names of a model's parameters, in the order of its likelihood. */
export const parameterNames = {
  bgNbd: ['r', 'alpha', 'a', 'b'],
  mbgNbd: ['r', 'alpha', 'a', 'b'],
  paretoNbd: ['r', 'alpha', 's', 'beta'],
  nbd: ['r', 'alpha'],
} as const satisfies Record<BuyingModel['kind'], readonly string[]>;

export const logParametersOf = (model: BuyingModel): Float64Array =>
  Float64Array.from(parameterNames[model.kind], (name) =>
    Math.log((model as unknown as Record<string, number>)[name] as number),
  );

export const withLogParameters = (kind: BuyingModel['kind'], logarithms: ArrayLike<number>): BuyingModel =>
  ({
    kind,
    ...Object.fromEntries(
      parameterNames[kind].map((name, index) => [name, Math.exp(logarithms[index] as number)]),
    ),
  }) as BuyingModel;

/** The likelihood of the same histories under other counts, again and again; in the unit of the histories. */
export function likelihoodsOf(
  kind: BuyingModel['kind'],
  groups: GroupedHistories,
): (counts: Float64Array) => Objective {
  switch (kind) {
    case 'paretoNbd':
      return (counts) => paretoNbdObjective({ ...groups, counts }, { timeUnit: 1 });
    case 'nbd':
      return (counts) => nbdObjective({ ...groups, counts }, 1);
    default: {
      const indexed = indexHistories(groups, { timeUnit: 1 });
      return (counts) => betaGeometricObjective(kind, indexed, counts);
    }
  }
}
