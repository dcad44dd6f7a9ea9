import { drawBeta, drawExponential, drawGamma } from '../../math/draws.ts';
import { normalQuantile } from '../../math/normalQuantile.ts';
import { type RandomGenerator, uniform } from '../../math/random.ts';
import { chancesToLeave } from './betaGeometric.ts';
import type { ParameterDraws } from './bootstrap.ts';
import { type Interval, logDeviationOfTotal } from './intervals.ts';
import type { BuyingModel } from './models.ts';
import { expectedPurchases, probabilityAlive } from './predict.ts';
import { type GroupedHistories, historyAt, type PurchaseHistory } from './purchaseHistory.ts';
import { thinGroups } from './thinGroups.ts';

/** One way in which the next `horizon` of this customer may go: how often they buy. */
export function drawFuturePurchases(
  model: BuyingModel,
  history: PurchaseHistory,
  { horizon, generator }: { horizon: number; generator: RandomGenerator },
): number {
  const { frequency: x, age: T } = history;
  if (uniform(generator) >= probabilityAlive(model, history)) return 0;
  const rate = drawGamma(generator, model.r + x) / (model.alpha + T);
  const end =
    model.kind === 'paretoNbd'
      ? Math.min(horizon, (drawExponential(generator) * (model.beta + T)) / drawGamma(generator, model.s))
      : horizon;
  const leaving =
    model.kind === 'bgNbd' || model.kind === 'mbgNbd'
      ? drawBeta(generator, model.a, model.b + chancesToLeave(model.kind, x))
      : 0;
  let purchases = 0;
  for (let time = drawExponential(generator) / rate; time <= end; time += drawExponential(generator) / rate) {
    purchases += 1;
    if (uniform(generator) < leaving) break;
  }
  return purchases;
}

export interface TotalOptions {
  horizon: number;
  generator: RandomGenerator;
  level?: number;
}

/**
 * Where the number of purchases of all customers together will lie: uncertain because the parameters are, and because each
 * customer may do otherwise than expected, which is measured on a fair part of them.
 */
export function intervalOfPurchases(
  model: BuyingModel,
  draws: ParameterDraws,
  { groups, horizon, generator, level = 0.9 }: { groups: GroupedHistories } & TotalOptions,
): Interval & { expected: number } {
  const quantity = (other: BuyingModel, history: PurchaseHistory): number =>
    expectedPurchases(other, history, horizon);
  const { counts } = groups;
  const expected = counts.reduce(
    (sum, count, index) => sum + count * quantity(model, historyAt(groups, index)),
    0,
  );
  const byParameters = expected * logDeviationOfTotal(model, draws, { histories: groups, counts, quantity });
  const byChance = Math.sqrt(varianceOfTotal(model, groups, { horizon, generator }));
  const width = normalQuantile((1 + level) / 2) * Math.hypot(byParameters, byChance);
  return { low: Math.max(0, expected - width), expected, high: expected + width };
}

const customersLookedAt = 4000;
const futuresEach = 25;

function varianceOfTotal(
  model: BuyingModel,
  groups: GroupedHistories,
  { horizon, generator }: { horizon: number; generator: RandomGenerator },
): number {
  const part = thinGroups(groups, { most: customersLookedAt });
  let [variance, looked] = [0, 0];
  for (let index = 0; index < part.counts.length; index++) {
    const history = historyAt(part, index);
    const count = part.counts[index] as number;
    const purchases = Array.from({ length: futuresEach }, () =>
      drawFuturePurchases(model, history, { horizon, generator }),
    );
    const mean = purchases.reduce((sum, value) => sum + value, 0) / futuresEach;
    variance += (count * purchases.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / (futuresEach - 1);
    looked += count;
  }
  const customers = groups.counts.reduce((sum, count) => sum + count, 0);
  return looked === 0 ? 0 : (variance * customers) / looked;
}
