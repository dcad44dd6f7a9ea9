import { drawBeta, drawExponential, drawGamma } from '../../lib/math/draws.ts';
import { type RandomGenerator, uniform } from '../../lib/math/random.ts';
import type { BuyingModel } from '../../lib/models/btyd/models.ts';
import type { HistoryColumns } from '../../lib/models/btyd/purchaseHistory.ts';

export interface DrawOptions {
  generator: RandomGenerator;
  customers: number;
  /** Ages at the cutoff, uniform between the two. */
  ages: [number, number];
  /** Whole days, as in a shop's records; otherwise as the process gives them. */
  wholeDays?: boolean;
  /** After the cutoff, for `heldOut`. */
  horizon?: number;
}

export interface DrawnBuyers extends HistoryColumns {
  /** Purchases in the horizon after the cutoff. */
  heldOut: Float64Array;
}

/** Customers who buy and leave as the model says, with parameters that are known. */
export function drawHistories(
  model: BuyingModel,
  { generator, customers, ages: [youngest, oldest], wholeDays = false, horizon = 0 }: DrawOptions,
): DrawnBuyers {
  const drawn = {
    frequency: new Float64Array(customers),
    recency: new Float64Array(customers),
    age: new Float64Array(customers),
    heldOut: new Float64Array(customers),
  };
  for (let customer = 0; customer < customers; customer++) {
    const asDrawn = youngest + (oldest - youngest) * uniform(generator);
    const age = wholeDays ? Math.round(asDrawn) : asDrawn;
    drawn.age[customer] = age;
    let last = 0;
    for (const time of purchaseTimes(model, { generator, until: age + horizon })) {
      if (time > age) drawn.heldOut[customer] = (drawn.heldOut[customer] as number) + 1;
      else {
        const day = wholeDays ? Math.ceil(time) : time;
        // one purchase a day is all a summary keeps
        if (day === last || day > age) continue;
        last = day;
        drawn.frequency[customer] = (drawn.frequency[customer] as number) + 1;
        drawn.recency[customer] = day;
      }
    }
  }
  return drawn;
}

function* purchaseTimes(
  model: BuyingModel,
  { generator, until }: { generator: RandomGenerator; until: number },
): Generator<number> {
  const rate = drawGamma(generator, model.r) / model.alpha;
  const death =
    model.kind === 'paretoNbd'
      ? drawExponential(generator) / (drawGamma(generator, model.s) / model.beta)
      : Number.POSITIVE_INFINITY;
  const leaving =
    model.kind === 'bgNbd' || model.kind === 'mbgNbd' ? drawBeta(generator, model.a, model.b) : 0;
  if (model.kind === 'mbgNbd' && uniform(generator) < leaving) return;
  for (
    let time = drawExponential(generator) / rate;
    time <= Math.min(until, death);
    time += drawExponential(generator) / rate
  ) {
    yield time;
    if (uniform(generator) < leaving) return;
  }
}
