import { drawGamma } from '../../math/draws.ts';
import type { RandomGenerator } from '../../math/random.ts';
import { drawFuturePurchases } from './futures.ts';
import type { OrderValues } from './gammaGammaModel.ts';
import type { BuyingModel } from './models.ts';
import { expectedValueOfOrder, type OrderValueModel } from './orderValue.ts';
import type { PurchaseHistory } from './purchaseHistory.ts';

/** One way in which the next `horizon` of this customer may go: what they spend. */
export function drawFutureSpend(
  { model, orderValues }: { model: BuyingModel; orderValues: OrderValueModel },
  { history, orders }: { history: PurchaseHistory; orders: OrderValues },
  { horizon, generator }: { horizon: number; generator: RandomGenerator },
): number {
  const purchases = drawFuturePurchases(model, history, { horizon, generator });
  if (purchases === 0) return 0;
  const { gammaGamma, cap } = orderValues;
  // without a model of order values they are taken to vary as exponential ones do
  if (gammaGamma === null) return expectedValueOfOrder(orderValues, orders) * drawGamma(generator, purchases);
  const { p, q, v } = gammaGamma;
  const known = orders.meanValue > 0 ? orders.orders : 0;
  const spend = known === 0 ? 0 : known * Math.min(orders.meanValue, cap ?? orders.meanValue);
  // Fader and Hardie (2013): ν given the orders seen is gamma distributed, and so is what n orders bring, given ν
  const rate = drawGamma(generator, p * known + q) / (v + spend);
  return drawGamma(generator, p * purchases) / rate;
}
