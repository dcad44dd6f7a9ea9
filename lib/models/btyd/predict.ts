import { sigmoid } from '../../math/logistic.ts';
import { chancesToLeave, logOddsOfHavingLeft } from './betaGeometric.ts';
import { expectedWhileActive, expm1Ratio } from './betaGeometricFuture.ts';
import { lomaxIntegral } from './lomaxIntegral.ts';
import type { BuyingModel } from './models.ts';
import { logOddsOfDeath } from './paretoNbd.ts';
import type { PurchaseHistory } from './purchaseHistory.ts';

/** Times are in the unit of the histories that the model was fitted to. */

/** The probability that the customer has not left by the cutoff. BG/NBD says 1 of everyone without a repeat purchase. */
export function probabilityAlive(model: BuyingModel, history: PurchaseHistory): number {
  switch (model.kind) {
    case 'nbd':
      return 1;
    case 'paretoNbd':
      return sigmoid(-logOddsOfDeath(model, history));
    default:
      return sigmoid(-logOddsOfHavingLeft(model.kind, model, history));
  }
}

/** Expected repeat purchases in `horizon` from the cutoff; from a history of 0, 0, 0, those of a new customer. */
export const expectedPurchases = (model: BuyingModel, history: PurchaseHistory, horizon: number): number =>
  probabilityAlive(model, history) * purchasesWhileAlive(model, history, horizon);

/** The same of a customer who is known to be alive at the cutoff. */
export function purchasesWhileAlive(model: BuyingModel, history: PurchaseHistory, horizon: number): number {
  const { frequency: x, age: T } = history;
  const { r, alpha } = model;
  if (model.kind === 'nbd') return ((r + x) / (alpha + T)) * horizon;
  if (model.kind === 'paretoNbd') {
    // Schmittlein, Morrison and Colombo (1987), equation 22, without its 0/0 at s = 1
    const { s, beta } = model;
    const lifetime = -(beta + T) * expm1Ratio(s - 1, -Math.log1p(horizon / (beta + T)));
    return ((r + x) / (alpha + T)) * lifetime;
  }
  return expectedWhileActive(
    { shape: r + x, rate: alpha + T, a: model.a, b: model.b + chancesToLeave(model.kind, x) },
    horizon,
  );
}

/** The probability of at least one purchase in `horizon` from the cutoff. */
export const probabilityOfPurchase = (
  model: BuyingModel,
  history: PurchaseHistory,
  horizon: number,
): number => probabilityAlive(model, history) * probabilityOfPurchaseWhileAlive(model, history, horizon);

/** The same of a customer who is known to be alive at the cutoff. */
export function probabilityOfPurchaseWhileAlive(
  model: BuyingModel,
  { frequency: x, age: T }: PurchaseHistory,
  horizon: number,
): number {
  const shape = model.r + x;
  const rate = model.alpha + T;
  if (model.kind !== 'paretoNbd') return -Math.expm1(-shape * Math.log1p(horizon / rate));
  // the next purchase comes at u if it is made and the customer still lives: E[λe^(-λu)] E[e^(-μu)]
  const { s, beta } = model;
  const logDensity = lomaxIntegral({ shift: rate, power: shape + 1 }, { shift: beta + T, power: s }, horizon);
  return Math.min(
    1,
    Math.exp(Math.log(shape) + logDensity + shape * Math.log(rate) + s * Math.log(beta + T)),
  );
}

/**
 * When the next purchase is due, from the cutoff, if the customer has not left: the times by which it has come with the
 * probabilities asked for.
 */
export function nextPurchaseWindow(
  { r, alpha }: BuyingModel,
  { frequency, age }: PurchaseHistory,
  { from = 0.25, to = 0.75 }: { from?: number; to?: number } = {},
): { from: number; to: number } {
  // P(later than t) = ((α+T) / (α+T+t))^(r+x), solved for t
  const waitFor = (share: number): number =>
    (alpha + age) * Math.min(Number.MAX_VALUE, Math.expm1(-Math.log1p(-share) / (r + frequency)));
  return { from: waitFor(from), to: Math.min(Number.MAX_VALUE, waitFor(to)) };
}
