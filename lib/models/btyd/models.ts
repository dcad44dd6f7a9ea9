import type { BetaGeometricModel } from './fitBetaGeometric.ts';
import type { NbdModel } from './fitNbd.ts';
import type { ParetoNbdModel } from './fitParetoNbd.ts';

/** What a prediction needs of a fitted model; the model itself is one. */
export type BuyingModel =
  | Pick<BetaGeometricModel, 'kind' | 'r' | 'alpha' | 'a' | 'b'>
  | Pick<ParetoNbdModel, 'kind' | 'r' | 'alpha' | 's' | 'beta'>
  | Pick<NbdModel, 'kind' | 'r' | 'alpha'>;

export type FittedBuyingModel = BetaGeometricModel | ParetoNbdModel | NbdModel;
