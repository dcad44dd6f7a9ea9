import {
  type ProductsManifest,
  productFactsSchema,
  productsManifestSchema,
} from '../../lib/pipeline/products/productResults.ts';
import { readWholeLookup } from '../../lib/store/pages.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { type Published, readPublished } from './published.ts';

/** What the shop calls its products, and what it would offer, for words. */
export interface ShopProducts {
  /** Of every product, none of which a writer may name but as a fact. */
  names: string[];
  /** The names of what customers of a segment buy most, or else of what most customers buy now; the best first. */
  offeredTo: (segment: string) => string[];
}

/** Null as long as no products are published. Kept for the next request, since a shop may have many. */
export async function readShopProducts(wiring: ApiWiring): Promise<ShopProducts | null> {
  const published = await readPublished(wiring, 'products', productsManifestSchema);
  if (published === null) return null;
  if (kept?.runId !== published.runId)
    kept = { runId: published.runId, products: await read(wiring, published) };
  return kept.products;
}

let kept: { runId: string; products: ShopProducts } | null = null;

async function read(
  { table }: ApiWiring,
  { runId, manifest }: Published<ProductsManifest>,
): Promise<ShopProducts> {
  const nameOf = new Map<string, string>();
  for await (const [product, facts] of readWholeLookup(table, {
    ...{ runId, name: 'product-facts' },
    ...manifest.facts,
  }))
    nameOf.set(product, productFactsSchema.parse(facts).name ?? product);
  return {
    names: [...new Set(nameOf.values())].filter((name) => /\p{L}/u.test(name)).sort(),
    offeredTo: (segment) =>
      (manifest.bySegment[segment] ?? manifest.popular.items.map(([product]) => product)).map(
        (product) => nameOf.get(product) ?? product,
      ),
  };
}
