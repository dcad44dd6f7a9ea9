import { fitBgNbd, fitMbgNbd } from './fitBetaGeometric.ts';
import { fitNbd } from './fitNbd.ts';
import { fitParetoNbd } from './fitParetoNbd.ts';
import { ModelFitError } from './modelFitError.ts';
import type { FittedBuyingModel } from './models.ts';
import type { GroupedHistories } from './purchaseHistory.ts';
import type { ModelWarning } from './warnings.ts';

export type BuyingModelKind = FittedBuyingModel['kind'];

export const fitters: Record<BuyingModelKind, (groups: GroupedHistories) => FittedBuyingModel> = {
  bgNbd: fitBgNbd,
  mbgNbd: fitMbgNbd,
  paretoNbd: fitParetoNbd,
  nbd: fitNbd,
};

/** What is tried next when a model does not converge, from the richer to the simpler. */
const simpler: Record<BuyingModelKind, BuyingModelKind | null> = {
  paretoNbd: 'mbgNbd',
  mbgNbd: 'bgNbd',
  bgNbd: 'nbd',
  nbd: null,
};

/** The model asked for, or the next simpler one that converges, and a word about each that did not. */
export function fitWithFallback(
  kind: BuyingModelKind,
  groups: GroupedHistories,
  { fitWith = fitters }: { fitWith?: typeof fitters } = {},
): { model: FittedBuyingModel; warnings: ModelWarning[] } {
  try {
    return { model: fitWith[kind](groups), warnings: [] };
  } catch (error) {
    const next = simpler[kind];
    if (!(error instanceof ModelFitError) || error.code !== 'notConverged' || next === null) throw error;
    const fallen = fitWithFallback(next, groups, { fitWith });
    const warning = { code: 'simplerModel', message: `${error.message}; ${next} is used instead` };
    return { ...fallen, warnings: [warning, ...fallen.warnings] };
  }
}
