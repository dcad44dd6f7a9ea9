import type { ModelledPurchases } from './modelledPurchases.ts';
import type { PurchaseMatrix } from './purchaseMatrix.ts';
import { itemsOf, type Recommender } from './recommender.ts';
import { topItems } from './topItems.ts';

/** What is recommended to one customer; products by their numbers. */
export interface Recommendation {
  product: number;
  /** The purchase that speaks most for it; null where what others buy does. */
  because: number | null;
}

export interface CustomerRecommendations {
  /** By what the customer bought, by what customers of the same segment buy, or by what all do. */
  basis: 'model' | 'segment' | 'popular';
  items: Recommendation[];
}

export interface RecommendOptions {
  recommender: Recommender;
  purchases: ModelledPurchases;
  matrix: PurchaseMatrix;
  /** Products that may be recommended now: on sale, in stock, not excluded. */
  isOffered: Uint8Array;
  repeats: boolean;
  count: number;
  /** Segment of each customer; -1 for none. */
  segmentOf: Int32Array;
  segments: number;
}

/** Lists for every customer in their order: `at` makes that of one. */
export function recommendCustomers(options: RecommendOptions): {
  at(customer: number): CustomerRecommendations;
  /** For whoever nothing is known of. */
  popular: Recommendation[];
  /** What each segment buys most now; empty of those of which too few are known. */
  bySegment: number[][];
} {
  const { recommender, purchases, matrix, isOffered, repeats, count } = options;
  const barred = Uint32Array.from(purchases.products.keys()).filter(
    (item) => isOffered[purchases.products[item] as number] === 0,
  );
  const popular = popularProducts(matrix.recentBuyers, matrix.buyers, isOffered);
  const bySegment = segmentProducts(options);
  const productOf = (item: number): number => purchases.products[item] as number;
  const ownProducts = (customer: number): Set<number> =>
    new Set(matrix.product.subarray(matrix.starts[customer], matrix.starts[customer + 1]));
  return {
    popular: popular.slice(0, count).map((product) => ({ product, because: null })),
    bySegment: bySegment.map((products) => products.slice(0, count)),
    at(customer) {
      const own = itemsOf(purchases, customer);
      if (own.length === 0) {
        const segment = options.segmentOf[customer] ?? -1;
        const ofSegment = bySegment[segment] ?? [];
        const bought = repeats ? new Set<number>() : ownProducts(customer);
        const items = [...ofSegment, ...popular.filter((product) => !ofSegment.includes(product))]
          .filter((product) => !bought.has(product))
          .slice(0, count)
          .map((product) => ({ product, because: null }));
        return { basis: ofSegment.length > 0 ? 'segment' : 'popular', items };
      }
      const scores = recommender.scores(customer);
      for (const item of barred) scores[item] = Number.NEGATIVE_INFINITY;
      if (!repeats) for (const item of own) scores[item] = Number.NEGATIVE_INFINITY;
      const items = topItems(scores, count).map((item) => {
        const because = recommender.because(customer, item);
        return { product: productOf(item), because: because === null ? null : productOf(because) };
      });
      return { basis: 'model', items };
    },
  };
}

/** Candidates of a list: enough for what is left out of it for one customer. */
const listedProducts = 100;

/** What most customers bought lately, then what most ever bought. */
function popularProducts(
  recent: ArrayLike<number>,
  ever: ArrayLike<number>,
  isOffered: Uint8Array,
): number[] {
  return Array.from(isOffered.keys())
    .filter((product) => isOffered[product] === 1 && (ever[product] as number) > 0)
    .sort(
      (one, other) =>
        (recent[other] as number) - (recent[one] as number) ||
        (ever[other] as number) - (ever[one] as number) ||
        one - other,
    )
    .slice(0, listedProducts);
}

/** Of fewer buyers, what a segment buys is chance. */
const fewestOfSegment = 30;

function segmentProducts({ matrix, segmentOf, segments, isOffered }: RecommendOptions): number[][] {
  const strengths = Array.from({ length: segments }, () => new Float64Array(matrix.products));
  const members = new Uint32Array(segments);
  for (let customer = 0; customer < matrix.customers; customer++) {
    const segment = segmentOf[customer] as number;
    if (segment < 0) continue;
    members[segment] = (members[segment] as number) + 1;
    const sums = strengths[segment] as Float64Array;
    for (let at = matrix.starts[customer] as number; at < (matrix.starts[customer + 1] as number); at++) {
      const product = matrix.product[at] as number;
      sums[product] = (sums[product] as number) + Math.min(1, matrix.strength[at] as number);
    }
  }
  return strengths.map((sums, segment) =>
    (members[segment] as number) < fewestOfSegment ? [] : popularProducts(sums, sums, isOffered),
  );
}
