import type { BuyingModel } from '../models/btyd/models.ts';
import { probabilityAlive } from '../models/btyd/predict.ts';
import type { PurchaseHistory } from '../models/btyd/purchaseHistory.ts';

/**
 * The probability that the customer has left. Null where the model cannot say: BG/NBD, and NBD altogether, hold every
 * one-time buyer to be alive, so use MBG/NBD or Pareto/NBD for this.
 */
export function churnRisk(model: BuyingModel, history: PurchaseHistory): number | null {
  if (model.kind === 'nbd' || (model.kind === 'bgNbd' && history.frequency === 0)) return null;
  return 1 - probabilityAlive(model, history);
}
