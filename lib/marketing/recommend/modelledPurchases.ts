import type { PurchaseMatrix } from './purchaseMatrix.ts';

/** The purchases of products that enough customers bought, by which products are compared; products have numbers of their own here. */
export interface ModelledPurchases {
  /** Numbers in the purchase matrix. */
  products: Uint32Array;
  /** Customer c has the entries from `starts[c]` to `starts[c + 1]`. */
  starts: Uint32Array;
  item: Uint32Array;
  /** How much of the purchases is left, and the same with 1 at most. */
  strength: Float32Array;
  weight: Float32Array;
  /** By product: buyers, the share of them who bought it on more than one day, and how much it is bought now, 0 to 1. */
  buyers: Uint32Array;
  repeatShare: Float64Array;
  popularNow: Float64Array;
  /** Entries of the longest row. */
  mostItems: number;
}

/** Of fewer buyers, what they bought besides is chance. */
const usualMinBuyers = 5;
/** With fewer products than this left, all that were ever bought are taken. */
const fewProducts = 20;

export function modelPurchases(matrix: PurchaseMatrix): ModelledPurchases {
  const { products, customers, starts, product, strength, buyers } = matrix;
  const oftenBought = buyers.reduce((sum, count) => sum + Number(count >= usualMinBuyers), 0);
  const minBuyers = oftenBought < fewProducts ? 1 : usualMinBuyers;
  const itemOf = new Int32Array(products).fill(-1);
  const modelled: number[] = [];
  for (let number = 0; number < products; number++)
    if ((buyers[number] as number) >= minBuyers) itemOf[number] = modelled.push(number) - 1;
  const rows = new Uint32Array(customers + 1);
  const item = new Uint32Array(product.length);
  const left = new Float32Array(product.length);
  let [end, mostItems] = [0, 0];
  for (let customer = 0; customer < customers; customer++) {
    const start = end;
    for (let entry = starts[customer] as number; entry < (starts[customer + 1] as number); entry++) {
      const number = itemOf[product[entry] as number] as number;
      if (number < 0) continue;
      item[end] = number;
      left[end++] = strength[entry] as number;
    }
    rows[customer + 1] = end;
    mostItems = Math.max(mostItems, end - start);
  }
  return {
    products: Uint32Array.from(modelled),
    starts: rows,
    item: item.slice(0, end),
    strength: left.slice(0, end),
    weight: left.slice(0, end).map((value) => Math.min(1, value)),
    mostItems,
    ...tastes(matrix, modelled),
  };
}

function tastes({ buyers, repeaters, recentBuyers }: PurchaseMatrix, modelled: readonly number[]) {
  const recent = modelled.map((number) => Math.log1p(recentBuyers[number] as number));
  const most = recent.reduce((largest, value) => Math.max(largest, value), 1);
  return {
    buyers: Uint32Array.from(modelled, (number) => buyers[number] as number),
    repeatShare: Float64Array.from(
      modelled,
      (number) => (repeaters[number] as number) / Math.max(1, buyers[number] as number),
    ),
    popularNow: Float64Array.from(recent, (value) => value / most),
  };
}
