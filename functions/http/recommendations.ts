import { groupOf } from '../../lib/pipeline/history/groups.ts';
import {
  type ProductFacts,
  type ProductsManifest,
  productFactsSchema,
  productsManifestSchema,
  type RecommendationEntry,
  recommendationEntrySchema,
} from '../../lib/pipeline/products/productResults.ts';
import { historyManifestSchema } from '../../lib/pipeline/results.ts';
import { readLookup, readLookupPages } from '../../lib/store/pages.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { isErased } from './erasedReaders.ts';
import { Problem } from './problem.ts';
import { recommendationsSchema } from './productSchemas.ts';
import { type Published, readPublished } from './published.ts';
import { route } from './route.ts';

export const recommendationsRoute = route(
  {
    method: 'GET',
    path: '/customers/{customerId}/recommendations',
    operationId: 'listRecommendations',
    summary: 'What to offer a customer next, each with the purchase that speaks most for it',
    description:
      'A customer who has only browsed is told what most customers bought lately. Percent-encode the id.',
    tag: 'customers',
    problems: ['notFound', 'nothingPublished'],
    parameters: { customerId: 'The id as it stood in the upload.' },
    answer: recommendationsSchema,
  },
  async ({ parameters }, wiring) => {
    const customerId = parameters.customerId as string;
    const published = await requireProducts(wiring);
    const { runId, asOf, manifest } = published;
    if (await isErased(wiring, customerId)) throw unknownCustomer();
    const { basis, items } = (await readEntry(wiring, published, customerId)) ?? manifest.popular;
    const facts = await readFacts(wiring, published, items);
    const { lastDay, currency, recommendations } = manifest;
    return {
      ...{ runId, asOf, customerId, lastDay, currency, basis },
      method: recommendations.method,
      sentence: recommendations.sentence,
      items: items.map(([product, because]) => ({
        product,
        ...facts(product),
        because: because === null ? null : { product: because, name: facts(because).name },
      })),
    };
  },
);

export async function requireProducts(wiring: ApiWiring): Promise<Published<ProductsManifest>> {
  const published = await readPublished(wiring, 'products', productsManifestSchema);
  if (published) return published;
  throw new Problem(
    'nothingPublished',
    'no products are published yet: upload an order export whose lines name products to orders/ in the uploads bucket; GET /runs tells how it went',
  );
}

/** Null for a customer who has bought nothing; throws the 404 for one whom the order history does not know. */
async function readEntry(
  wiring: ApiWiring,
  { runId, manifest: { lookups } }: Published<ProductsManifest>,
  customerId: string,
): Promise<RecommendationEntry | null> {
  const group = groupOf(customerId, lookups.length);
  const stored = await readLookup(wiring.table, {
    ...{ runId, name: `recommendations-${group}`, id: customerId },
    ...{ buckets: 0, ...lookups[group] },
  });
  if (stored !== null) return recommendationEntrySchema.parse(stored);
  if (await isKnown(wiring, customerId)) return null;
  throw unknownCustomer();
}

const unknownCustomer = (): Problem =>
  new Problem('notFound', 'the published order history holds no customer with this id');

async function isKnown(wiring: ApiWiring, customerId: string): Promise<boolean> {
  const orders = await readPublished(wiring, 'orders', historyManifestSchema);
  if (orders === null) return false;
  const { lookups } = orders.manifest;
  const group = groupOf(customerId, lookups.length);
  const place = { runId: orders.runId, name: `history-${group}`, buckets: 0, ...lookups[group] };
  return (await readLookup(wiring.table, { ...place, id: customerId })) !== null;
}

const unknown: ProductFacts = { name: null, category: null, price: null, stock: null };

async function readFacts(
  { table }: ApiWiring,
  { runId, manifest }: Published<ProductsManifest>,
  items: RecommendationEntry['items'],
): Promise<(product: string) => ProductFacts> {
  const ids = new Set(items.flat().filter((product) => product !== null));
  const place = { runId, name: 'product-facts', ...manifest.facts };
  const found = await readLookupPages(table, { ...place, ids });
  return (product) => {
    const stored = found.get(product);
    return stored === undefined ? unknown : productFactsSchema.parse(stored);
  };
}
