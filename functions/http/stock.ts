import { stockEntrySchema, stockList } from '../../lib/pipeline/products/productResults.ts';
import { readListPage } from './listPage.ts';
import { stockSchema } from './productSchemas.ts';
import { requireProducts } from './recommendations.ts';
import { route } from './route.ts';
import { pageQuery } from './schemas.ts';

export const stockRoute = route(
  {
    method: 'GET',
    path: '/stock',
    operationId: 'listStock',
    summary:
      'What is expected to be sold of each product in the next 7, 30 and 90 days, and when to order how much',
    tag: 'products',
    problems: ['nothingPublished', 'cursorExpired', 'invalidRequest'],
    query: pageQuery,
    answer: stockSchema,
  },
  async ({ query }, wiring) => {
    const { runId, asOf, manifest } = await requireProducts(wiring);
    const { entries, ...page } = await readListPage(wiring, {
      dataset: 'products',
      list: stockList,
      entry: stockEntrySchema,
      query,
      current: { runId, asOf },
    });
    const { lastDay, currency, knowsStock, stock } = manifest;
    return { ...page, lastDay, currency, knowsStock, forecasts: stock, products: entries };
  },
);
