import { readProductSales } from '../../features/readProductSales.ts';
import { joinSales, type SalesTable } from '../../marketing/sales/salesTable.ts';
import type { CustomerModelName } from '../../models/btyd/customerModel.ts';
import type { LookupExtent } from '../../store/lookupExtent.ts';
import { ObjectChanged, readBytes } from '../../store/objects.ts';
import { writeLookup } from '../../store/pages.ts';
import { dayOf } from '../../tables/cells/calendar.ts';
import { placesBefore } from '../../value/migration.ts';
import { readStanding, type Standing } from '../history/standing.ts';
import type { RunInput } from '../plan.ts';
import type { Platform } from '../platform.ts';
import { inputsFrom, type OrdersInUse, readOrdersInUse } from '../purchase/ordersInUse.ts';
import { rejectRun } from '../rejection.ts';
import type { Dataset, Run, RunResult } from '../run.ts';
import { type Catalogue, categoryOf, productsPrefix, readCatalogue } from './catalogue.ts';
import { forecastStock, stockFile } from './forecastStock.ts';
import type { ProductFacts, ProductsManifest } from './productResults.ts';
import { recommend, recommendationsFile } from './recommend.ts';

/** The sales of the published order history, with what products/ says, become recommendations and a forecast of stock. */
export const productsDataset: Dataset = {
  name: 'products',
  prefixes: [productsPrefix],
  inputs: salesInUse,
  modelFrom: null,
  lastingFiles: [recommendationsFile, stockFile],
  work: learnProducts,
};

async function salesInUse(platform: Platform): Promise<RunInput[] | null> {
  const orders = await readOrdersInUse(platform);
  return orders === null ? null : inputsFrom(platform, orders, orders.manifest.sales);
}

/** Used where no model of customers could be fitted to the history, which then says so. */
const usualModel: CustomerModelName = 'mbgNbd';

async function learnProducts(run: Run): Promise<RunResult> {
  const orders = await ordersOf(run);
  const catalogue = await run.timed('read', () => readCatalogue(run));
  const sales = await run.timed('sales', () => readSales(run, orders));
  const { lastDay: lastIsoDay, language, currency, value } = orders.manifest;
  const lastDay = dayOf(lastIsoDay);
  const firstDay = sales.saleDay.reduce((first, day) => Math.min(first, day), lastDay);
  const span = { sales, catalogue, firstDay, lastDay, language };
  const standing = await readStanding(run.platform, orders.runId);
  const recommended = await recommend(run, { ...span, standing });
  const model = (value?.model ?? usualModel) as CustomerModelName;
  const published = publishedPurchases(sales, standing);
  const stock = await forecastStock(run, { ...span, model, published });
  const facts = await writeFacts(run, sales, catalogue);
  const counts = { customers: sales.customerIds.length, products: sales.products.length };
  const customersForecast = published?.[0]?.reduce((sum, days) => sum + Number(!Number.isNaN(days)), 0) ?? 0;
  run.amend({
    counts: { ...counts, customersForecast },
    metrics: { recommendations: recommended.report, stock },
  });
  const manifest: ProductsManifest = {
    kind: 'products',
    ordersRunId: orders.runId,
    lastDay: lastIsoDay,
    currency,
    ...counts,
    lookups: recommended.lookups,
    facts,
    popular: recommended.popular,
    bySegment: recommended.bySegment,
    recommendations: recommended.report,
    stock,
    knowsStock: [...catalogue.values()].some((row) => row.stock !== null),
  };
  return { manifest };
}

/** What the published model expects of each customer of the sales; null where no model could be fitted to the history. */
function publishedPurchases({ customerIds }: SalesTable, standing: Standing | null): Float64Array[] | null {
  const expected = standing?.expectedPurchases ?? null;
  if (standing === null || expected === null) return null;
  const places = placesBefore(standing, { customerIds });
  return expected.map((ofBuyers) => Float64Array.from(places, (place) => ofBuyers[place] ?? Number.NaN));
}

/** The history that the run was planned for. */
async function ordersOf({ platform, plan }: Run): Promise<OrdersInUse> {
  const orders = await readOrdersInUse(platform);
  const sales = orders?.manifest.sales ?? [];
  const planned = plan.inputs.filter(({ key }) => sales.includes(key));
  if (orders === null || planned.length < sales.length || planned.some(({ etag }) => etag !== orders.runId))
    throw new ObjectChanged('published/orders.json');
  return orders;
}

/** Of the erased only how much was sold is left. Rejects the run where orders name no products. */
async function readSales({ platform, erased }: Run, { runId, manifest }: OrdersInUse): Promise<SalesTable> {
  const { objects, resultsBucket: bucket } = platform;
  const groups = [];
  for (const key of manifest.sales) {
    const bytes = await readBytes(objects, { bucket, key });
    if (bytes === null)
      throw new Error(`${key} of run ${runId} is gone; the next run of orders/ writes it again`);
    const group = await readProductSales(bytes);
    const isErased = (id: string | null): boolean => id !== null && erased.hashOf(id) !== null;
    const customers =
      erased.digest === null ? group.customers : group.customers.map((id) => (isErased(id) ? null : id));
    groups.push({ ...group, customers });
  }
  const sales = joinSales(groups);
  if (sales.products.length === 0)
    rejectRun(
      'noProducts',
      'orders/ names no products, so there is nothing to recommend or to keep in stock: export order lines with an article number or name',
    );
  return sales;
}

/** What the API tells of a product beside its number. */
async function writeFacts(
  { platform, plan, fence }: Run,
  sales: SalesTable,
  catalogue: Catalogue,
): Promise<LookupExtent> {
  const entries = sales.products.map((product, number): [string, ProductFacts] => {
    const { name = null, price = null, stock = null } = catalogue.get(product) ?? {};
    return [product, { name, category: categoryOf(catalogue, sales, number), price, stock }];
  });
  return writeLookup(platform.table, { runId: plan.runId, fence, name: 'product-facts', entries });
}
