import { type RandomGenerator, standardNormal, uniform } from '../../lib/math/random.ts';
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
  const rate = gamma(generator, model.r) / model.alpha;
  const death =
    model.kind === 'paretoNbd'
      ? exponential(generator) / (gamma(generator, model.s) / model.beta)
      : Number.POSITIVE_INFINITY;
  const leaving = model.kind === 'bgNbd' || model.kind === 'mbgNbd' ? beta(generator, model.a, model.b) : 0;
  if (model.kind === 'mbgNbd' && uniform(generator) < leaving) return;
  for (
    let time = exponential(generator) / rate;
    time <= Math.min(until, death);
    time += exponential(generator) / rate
  ) {
    yield time;
    if (uniform(generator) < leaving) return;
  }
}

export const exponential = (generator: RandomGenerator): number => -Math.log(1 - uniform(generator));

/** Marsaglia and Tsang (2000), scale 1. */
export function gamma(generator: RandomGenerator, shape: number): number {
  if (shape < 1) return gamma(generator, shape + 1) * (1 - uniform(generator)) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = standardNormal(generator);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - uniform(generator)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function beta(generator: RandomGenerator, a: number, b: number): number {
  const one = gamma(generator, a);
  return one / (one + gamma(generator, b));
}
