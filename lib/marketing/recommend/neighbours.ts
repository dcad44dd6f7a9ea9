import type { ModelledPurchases } from './modelledPurchases.ts';

/**
 * Of what each product is a neighbour: item b speaks for `target[n]` by `similarity[n]`, for n from `starts[b]` to `starts[b + 1]`, targets
 * in rising order.
 */
export interface NeighbourModel {
  starts: Uint32Array;
  target: Uint32Array;
  similarity: Float32Array;
}

const neighboursPerItem = 50;
/** Similarities that rest on few customers in common are drawn towards 0 by so many. */
const shrinkage = 5;

/**
 * Item-item nearest neighbours (Sarwar et al. 2001): the cosine of two products' columns, times n / (n + shrinkage) for the weight n of
 * the customers that they have in common; of each product those that are most alike to it. Takes time in proportion to the squares of the
 * rows' lengths.
 */
export function fitNeighbours(purchases: ModelledPurchases): NeighbourModel {
  const { products, starts, item, weight } = purchases;
  const items = products.length;
  const norms = new Float64Array(items);
  for (const [entry, number] of item.entries())
    norms[number] = (norms[number] as number) + (weight[entry] as number) ** 2;
  const columns = byItem(purchases);
  const nearest: Nearest = {
    neighbour: new Uint32Array(items * neighboursPerItem),
    similarity: new Float32Array(items * neighboursPerItem),
  };
  const common = new Float64Array(items);
  const touched = new Uint32Array(items);
  for (let one = 0; one < items; one++) {
    let count = 0;
    for (let at = columns.starts[one] as number; at < (columns.starts[one + 1] as number); at++) {
      const customer = columns.customer[at] as number;
      const own = columns.weight[at] as number;
      for (let entry = starts[customer] as number; entry < (starts[customer + 1] as number); entry++) {
        const other = item[entry] as number;
        if (common[other] === 0) touched[count++] = other;
        common[other] = (common[other] as number) + own * (weight[entry] as number);
      }
    }
    for (let at = 0; at < count; at++) {
      const other = touched[at] as number;
      const shared = common[other] as number;
      common[other] = 0;
      if (other === one || shared === 0) continue;
      const cosine = shared / Math.sqrt((norms[one] as number) * (norms[other] as number));
      insertInPlace(nearest, { one, other, similarity: cosine * (shared / (shared + shrinkage)) });
    }
  }
  return turnedRound(nearest, items);
}

/** The places of item i begin at i * neighboursPerItem; those without a neighbour have 0. */
interface Nearest {
  neighbour: Uint32Array;
  similarity: Float32Array;
}

/** Who bought each item. */
function byItem({ products, starts, item, weight }: ModelledPurchases): {
  starts: Uint32Array;
  customer: Uint32Array;
  weight: Float32Array;
} {
  const ends = new Uint32Array(products.length + 1);
  for (const number of item) ends[number + 1] = (ends[number + 1] as number) + 1;
  for (let number = 0; number < products.length; number++)
    ends[number + 1] = (ends[number + 1] as number) + (ends[number] as number);
  const next = ends.slice();
  const columns = {
    starts: ends,
    customer: new Uint32Array(item.length),
    weight: new Float32Array(item.length),
  };
  for (let customer = 0; customer + 1 < starts.length; customer++)
    for (let entry = starts[customer] as number; entry < (starts[customer + 1] as number); entry++) {
      const number = item[entry] as number;
      const at = next[number] as number;
      next[number] = at + 1;
      columns.customer[at] = customer;
      columns.weight[at] = weight[entry] as number;
    }
  return columns;
}

/** The places of an item are in falling order; equal ones in the order in which they came. */
function insertInPlace(
  { neighbour, similarity }: Nearest,
  { one, other, similarity: value }: { one: number; other: number; similarity: number },
): void {
  const first = one * neighboursPerItem;
  let at = first + neighboursPerItem - 1;
  if (value <= (similarity[at] as number)) return;
  while (at > first && (similarity[at - 1] as number) < value) {
    similarity[at] = similarity[at - 1] as number;
    neighbour[at] = neighbour[at - 1] as number;
    at--;
  }
  similarity[at] = value;
  neighbour[at] = other;
}

/** By neighbour in place of by item, so that a customer's purchases are gone through once. */
function turnedRound({ neighbour, similarity }: Nearest, items: number): NeighbourModel {
  const starts = new Uint32Array(items + 1);
  for (const [place, value] of similarity.entries())
    if (value > 0) {
      const after = (neighbour[place] as number) + 1;
      starts[after] = (starts[after] as number) + 1;
    }
  for (let item = 0; item < items; item++)
    starts[item + 1] = (starts[item + 1] as number) + (starts[item] as number);
  const next = starts.slice();
  const size = starts[items] as number;
  const model = { starts, target: new Uint32Array(size), similarity: new Float32Array(size) };
  for (const [place, value] of similarity.entries()) {
    if (value === 0) continue;
    const bought = neighbour[place] as number;
    const at = next[bought] as number;
    next[bought] = at + 1;
    model.target[at] = Math.floor(place / neighboursPerItem);
    model.similarity[at] = value;
  }
  return model;
}

/**
 * Adds to `sums` what each of a customer's purchases says for others, and writes which these are to `touched`. Answers how many: few of
 * a large shop's products, so that the others need not be gone through.
 */
export function addNeighbourSumsInPlace(
  { starts, target, similarity }: NeighbourModel,
  {
    items,
    weights,
    sums,
    touched,
  }: { items: Uint32Array; weights: Float32Array; sums: Float32Array; touched: Uint32Array },
): number {
  let count = 0;
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as number;
    const weight = weights[at] as number;
    const end = starts[item + 1] as number;
    for (let place = starts[item] as number; place < end; place++) {
      const other = target[place] as number;
      const before = sums[other] as number;
      if (before === 0) touched[count++] = other;
      sums[other] = before + weight * (similarity[place] as number);
    }
  }
  return count;
}

/** What a purchase of `bought` adds to the score of `item`. */
export function neighbourWeight(
  { starts, target, similarity }: NeighbourModel,
  bought: number,
  item: number,
): number {
  let [low, high] = [starts[bought] as number, (starts[bought + 1] as number) - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = target[middle] as number;
    if (found === item) return similarity[middle] as number;
    if (found < item) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}
