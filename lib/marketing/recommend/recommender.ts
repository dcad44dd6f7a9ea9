import { type EaseModel, easeWeight, fitEase, scoreByEase } from './ease.ts';
import type { ModelledPurchases } from './modelledPurchases.ts';
import {
  addNeighbourSumsInPlace,
  fitNeighbours,
  type NeighbourModel,
  neighbourWeight,
} from './neighbours.ts';

/** In the order in which they are preferred where they do equally well: the simpler one. */
export const recommenderNames = ['popularity', 'recentPopularity', 'buyAgain', 'neighbours', 'ease'] as const;
export type RecommenderName = (typeof recommenderNames)[number];

/** Those that stand for what a shop has without a model. */
export const baselineNames: readonly RecommenderName[] = ['popularity', 'recentPopularity', 'buyAgain'];

/** Above so many products, the inverse that EASE needs takes too long. */
export const easeMostProducts = 3500;

/** Scores of all modelled products for a customer. */
export interface Recommender {
  name: RecommenderName;
  /** One for each product; the array is the same one at every call, and may be written to. */
  scores(customer: number): Float32Array;
  /** The purchase of the customer that speaks most for an item; null where none does. */
  because(customer: number, item: number): number | null;
}

export interface RecommenderOptions {
  /** Whether what a customer has bought may be recommended again. */
  repeats: boolean;
}

/** Which recommenders a shop's data can carry. */
export const recommendersFor = (
  { products }: ModelledPurchases,
  { repeats }: RecommenderOptions,
): RecommenderName[] =>
  recommenderNames.filter(
    (name) => (name !== 'buyAgain' || repeats) && (name !== 'ease' || products.length <= easeMostProducts),
  );

export function fitRecommender(
  name: RecommenderName,
  purchases: ModelledPurchases,
  options: RecommenderOptions,
): Recommender {
  switch (name) {
    case 'popularity':
      return sameForAll(name, purchases.buyers);
    case 'recentPopularity':
      return sameForAll(name, purchases.popularNow);
    case 'buyAgain':
      return buyAgain(purchases);
    case 'neighbours':
      return byNeighbours(purchases, fitNeighbours(purchases), options);
    case 'ease':
      return byEase(purchases, fitEase(purchases), options);
  }
}

function sameForAll(name: RecommenderName, values: ArrayLike<number>): Recommender {
  const scores = new Float32Array(values.length);
  return {
    name,
    scores: () => {
      scores.set(values);
      return scores;
    },
    because: () => null,
  };
}

/** Of a purchase that is never made twice by anybody, something is left, for it may be the first. */
const leastRepeatShare = 0.05;
/** What is bought by all now counts as much as a weak link to what the customer bought. */
const popularityShare = 0.05;

/** What a customer has bought lately and often, as far as others buy it again. */
function buyAgain(purchases: ModelledPurchases): Recommender {
  const scores = new Float32Array(purchases.products.length);
  return {
    name: 'buyAgain',
    scores: (customer) => {
      scores.fill(0);
      addPopularityInPlace(purchases, scores, popularityShare / 100);
      addRepeatsInPlace(purchases, customer, scores);
      return scores;
    },
    because: (customer, item) => (hasBought(purchases, customer, item) ? item : null),
  };
}

function byEase(
  purchases: ModelledPurchases,
  model: EaseModel,
  { repeats }: RecommenderOptions,
): Recommender {
  return {
    name: 'ease',
    scores: (customer) => {
      const scores = scoreByEase(model, itemsOf(purchases, customer), weightsOf(purchases, customer));
      addPopularityInPlace(purchases, scores, popularityShare);
      if (repeats) addRepeatsInPlace(purchases, customer, scores);
      return scores;
    },
    because: (customer, item) =>
      strongest(purchases, { customer, item, repeats }, (bought) => easeWeight(model, bought, item)),
  };
}

function byNeighbours(
  purchases: ModelledPurchases,
  model: NeighbourModel,
  { repeats }: RecommenderOptions,
): Recommender {
  const popularity = new Float32Array(purchases.products.length);
  addPopularityInPlace(purchases, popularity, popularityShare);
  const [scores, sums] = [new Float32Array(popularity.length), new Float32Array(popularity.length)];
  const touched = new Uint32Array(popularity.length);
  return {
    name: 'neighbours',
    scores: (customer) => {
      const [items, weights] = [itemsOf(purchases, customer), weightsOf(purchases, customer)];
      const count = addNeighbourSumsInPlace(model, { items, weights, sums, touched });
      scores.set(popularity);
      let greatest = 0;
      for (let at = 0; at < count; at++) greatest = Math.max(greatest, sums[touched[at] as number] as number);
      for (let at = 0; at < count; at++) {
        const item = touched[at] as number;
        // Sums of similarities have no scale of their own.
        scores[item] = (scores[item] as number) + (sums[item] as number) / greatest;
        sums[item] = 0;
      }
      if (repeats) addRepeatsInPlace(purchases, customer, scores);
      return scores;
    },
    because: (customer, item) =>
      strongest(purchases, { customer, item, repeats }, (bought) => neighbourWeight(model, bought, item)),
  };
}

/** The numbers of what a customer has bought. */
export const itemsOf = ({ starts, item }: ModelledPurchases, customer: number): Uint32Array =>
  item.subarray(starts[customer], starts[customer + 1]);

const weightsOf = ({ starts, weight }: ModelledPurchases, customer: number): Float32Array =>
  weight.subarray(starts[customer], starts[customer + 1]);

function addPopularityInPlace({ popularNow }: ModelledPurchases, scores: Float32Array, share: number): void {
  for (let item = 0; item < scores.length; item++)
    scores[item] = (scores[item] as number) + share * (popularNow[item] as number);
}

function addRepeatsInPlace(
  { starts, item, strength, repeatShare }: ModelledPurchases,
  customer: number,
  scores: Float32Array,
): void {
  for (let entry = starts[customer] as number; entry < (starts[customer + 1] as number); entry++) {
    const bought = item[entry] as number;
    scores[bought] =
      (scores[bought] as number) +
      (strength[entry] as number) * (leastRepeatShare + (repeatShare[bought] as number));
  }
}

function strongest(
  purchases: ModelledPurchases,
  { customer, item, repeats }: { customer: number; item: number; repeats: boolean },
  weightOf: (bought: number) => number,
): number | null {
  if (repeats && hasBought(purchases, customer, item)) return item;
  let [best, most]: [number | null, number] = [null, 0];
  const weights = weightsOf(purchases, customer);
  for (const [at, bought] of itemsOf(purchases, customer).entries()) {
    const contribution = (weights[at] as number) * weightOf(bought);
    if (contribution > most) [best, most] = [bought, contribution];
  }
  return best;
}

const hasBought = (purchases: ModelledPurchases, customer: number, item: number): boolean =>
  itemsOf(purchases, customer).includes(item);
