import { drawInPlace, seededGenerator } from '../../math/random.ts';
import { netSales } from '../sales/netSales.ts';
import type { SalesTable } from '../sales/salesTable.ts';
import { type ModelledPurchases, modelPurchases } from './modelledPurchases.ts';
import { decayDaysOf, purchaseMatrix } from './purchaseMatrix.ts';
import {
  baselineNames,
  fitRecommender,
  itemsOf,
  type Recommender,
  type RecommenderName,
  recommendersFor,
} from './recommender.ts';
import { topItems } from './topItems.ts';

/** Means over the customers who bought in the days that no recommender saw. */
export interface RecommenderQuality {
  name: RecommenderName;
  /** Of the list of ten: hits over those that were possible (Liang et al. 2018, section 4.3), their ranks counted, any hit at all. */
  recallAt10: number;
  ndcgAt10: number;
  hitAt10: number;
  /** Share of the modelled products that anybody was recommended. */
  coverage: number;
}

export interface RecommenderComparison {
  /** The days held out at the end of the history, and the customers that are judged. */
  heldOutDays: number;
  customers: number;
  products: number;
  winner: RecommenderName;
  /** The best of those that need no model. */
  baseline: RecommenderName;
  rows: RecommenderQuality[];
}

export interface ComparisonOptions {
  firstDay: number;
  lastDay: number;
  /** Whether what a customer has bought may be recommended again. */
  repeats: boolean;
  /** Products that are never recommended, by number. */
  excluded: ReadonlySet<number>;
  seed: number;
}

/** Lists of ten, as they are judged. */
const listLength = 10;
const [fewestDays, mostDays] = [7, 30];
/** Of fewer customers a winner would be chance. */
const fewestCustomers = 30;
const mostCustomers = 10_000;

/**
 * Recommenders that saw the history without its last days, judged by what customers bought in them: with repeats, by all of it, else by
 * what they had not bought before. Null where too few customers bought.
 */
export function compareRecommenders(
  sales: SalesTable,
  { firstDay, lastDay, repeats, excluded, seed }: ComparisonOptions,
): RecommenderComparison | null {
  const heldOutDays = Math.min(mostDays, Math.max(fewestDays, Math.floor((lastDay - firstDay) / 6)));
  const cutoff = lastDay - heldOutDays;
  const matrix = purchaseMatrix(sales, { lastDay: cutoff, decayDays: decayDaysOf(firstDay, cutoff) });
  const purchases = modelPurchases(matrix);
  const judged = drawJudged(
    { purchases, bought: boughtAfter(sales, { cutoff, lastDay }) },
    { repeats, excluded, seed },
  );
  if (judged.length < fewestCustomers) return null;
  const rows = recommendersFor(purchases, { repeats }).map((name) =>
    judge(fitRecommender(name, purchases, { repeats }), { purchases, judged, repeats, excluded }),
  );
  return {
    heldOutDays,
    customers: judged.length,
    products: purchases.products.length,
    winner: bestOf(rows),
    baseline: bestOf(rows.filter(({ name }) => baselineNames.includes(name))),
    rows,
  };
}

/** Of equals the first. */
const bestOf = (rows: readonly RecommenderQuality[]): RecommenderName =>
  rows.reduce((best, row) => (row.ndcgAt10 > best.ndcgAt10 ? row : best)).name;

/** Products by customer. */
function boughtAfter(
  sales: SalesTable,
  { cutoff, lastDay }: { cutoff: number; lastDay: number },
): Map<number, Set<number>> {
  const bought = new Map<number, Set<number>>();
  const { customer, product } = netSales(sales, { afterDay: cutoff, lastDay });
  for (const [row, buyer] of customer.entries()) {
    if (buyer < 0) continue;
    const products = bought.get(buyer) ?? new Set<number>();
    bought.set(buyer, products.add(product[row] as number));
  }
  return bought;
}

interface JudgedCustomer {
  customer: number;
  /** Products that they bought in the days held out, as numbers of items; -1 for one that no recommender knows. */
  wanted: Set<number>;
  /** With those that no recommender knows. */
  wantedCount: number;
}

/** Customers who had bought before and bought something that could have been recommended; a sample of a large crowd. */
function drawJudged(
  { purchases, bought }: { purchases: ModelledPurchases; bought: ReadonlyMap<number, Set<number>> },
  { repeats, excluded, seed }: { repeats: boolean; excluded: ReadonlySet<number>; seed: number },
): JudgedCustomer[] {
  const itemOf = new Map(Array.from(purchases.products, (number, item) => [number, item]));
  const judged: JudgedCustomer[] = [];
  for (const [customer, products] of bought) {
    const own = itemsOf(purchases, customer);
    if (own.length === 0) continue;
    const before = new Set(own);
    const wanted = new Set<number>();
    let wantedCount = 0;
    for (const product of products) {
      if (excluded.has(product)) continue;
      const item = itemOf.get(product);
      if (item !== undefined && !repeats && before.has(item)) continue;
      wantedCount++;
      if (item !== undefined) wanted.add(item);
    }
    if (wanted.size > 0) judged.push({ customer, wanted, wantedCount });
  }
  if (judged.length <= mostCustomers) return judged;
  const drawn = drawInPlace(seededGenerator(seed), Uint32Array.from(judged.keys()), mostCustomers);
  return Array.from(drawn, (at) => judged[at] as JudgedCustomer);
}

function judge(
  recommender: Recommender,
  {
    purchases,
    judged,
    repeats,
    excluded,
  }: {
    purchases: ModelledPurchases;
    judged: readonly JudgedCustomer[];
    repeats: boolean;
    excluded: ReadonlySet<number>;
  },
): RecommenderQuality {
  const barred = Array.from(purchases.products.keys()).filter((item) =>
    excluded.has(purchases.products[item] as number),
  );
  const shown = new Set<number>();
  let [recall, ndcg, hit] = [0, 0, 0];
  for (const { customer, wanted, wantedCount } of judged) {
    const scores = recommender.scores(customer);
    for (const item of barred) scores[item] = Number.NEGATIVE_INFINITY;
    if (!repeats) for (const item of itemsOf(purchases, customer)) scores[item] = Number.NEGATIVE_INFINITY;
    let [hits, gain, ideal] = [0, 0, 0];
    for (const [rank, item] of topItems(scores, listLength).entries()) {
      shown.add(item);
      if (!wanted.has(item)) continue;
      hits++;
      gain += 1 / Math.log2(rank + 2);
    }
    const possible = Math.min(listLength, wantedCount);
    for (let rank = 0; rank < possible; rank++) ideal += 1 / Math.log2(rank + 2);
    recall += hits / possible;
    ndcg += gain / ideal;
    hit += Math.min(1, hits);
  }
  return {
    name: recommender.name,
    recallAt10: recall / judged.length,
    ndcgAt10: ndcg / judged.length,
    hitAt10: hit / judged.length,
    coverage: shown.size / purchases.products.length,
  };
}
