import { compareRecommenders } from '../../marketing/recommend/compareRecommenders.ts';
import { modelPurchases } from '../../marketing/recommend/modelledPurchases.ts';
import { decayDaysOf, purchaseMatrix } from '../../marketing/recommend/purchaseMatrix.ts';
import {
  type CustomerRecommendations,
  recommendCustomers,
} from '../../marketing/recommend/recommendCustomers.ts';
import { fitRecommender } from '../../marketing/recommend/recommender.ts';
import type { SalesTable } from '../../marketing/sales/salesTable.ts';
import type { LookupExtent } from '../../store/lookupExtent.ts';
import { putObject } from '../../store/objects.ts';
import { writeLookup } from '../../store/pages.ts';
import { type Cell, writeCsv, writeCsvRows } from '../../tables/csv.ts';
import { type RfmGroup, rfmGroupNames } from '../../value/rfmGroups.ts';
import type { Standing } from '../history/standing.ts';
import { type Run, runObjectKey } from '../run.ts';
import { type Catalogue, offeredProducts } from './catalogue.ts';
import type { RecommendationEntry, RecommendersReport } from './productResults.ts';
import { recommenderSentence } from './sentences.ts';

export const recommendationsFile = 'recommendations.csv';

export interface RecommendInputs {
  sales: SalesTable;
  catalogue: Catalogue;
  /** Where the buyers of the order history stand; null where it does not say. */
  standing: Standing | null;
  firstDay: number;
  lastDay: number;
  language: 'en' | 'zh';
}

export interface Recommended {
  lookups: LookupExtent[];
  popular: RecommendationEntry;
  bySegment: Record<string, string[]>;
  report: RecommendersReport;
}

/** Lets recommenders compete, has the winner recommend to everybody, and writes that for the API and as a file. */
export async function recommend(run: Run, inputs: RecommendInputs): Promise<Recommended> {
  const { sales, catalogue, firstDay, lastDay } = inputs;
  const { recommendations, seed } = run.settings;
  const repeats = recommendations.boughtBefore === 'recommend';
  const { excluded, isOffered } = offeredProducts(sales, catalogue, { lastDay, ...recommendations });
  const comparison = await run.timed('recommend.compare', async () =>
    compareRecommenders(sales, { firstDay, lastDay, repeats, excluded, seed }),
  );
  const method = comparison?.winner ?? 'recentPopularity';
  const made = await run.timed('recommend.fit', async () => {
    const matrix = purchaseMatrix(sales, { lastDay, decayDays: decayDaysOf(firstDay, lastDay) });
    const purchases = modelPurchases(matrix);
    const recommender = fitRecommender(method, purchases, { repeats });
    const { count } = recommendations;
    const ofSegments = { segmentOf: segmentsOf(inputs), segments: rfmGroupNames.length };
    return recommendCustomers({
      ...{ recommender, purchases, matrix, isOffered, repeats, count },
      ...ofSegments,
    });
  });
  const named = (list: CustomerRecommendations): RecommendationEntry => ({
    basis: list.basis,
    items: list.items.map(({ product, because }) => [
      sales.products[product] as string,
      because === null ? null : (sales.products[because] as string),
    ]),
  });
  const lookups = await run.timed('recommend.write', () =>
    writeLists(run, { inputs, listOf: (customer) => named(made.at(customer)) }),
  );
  const report = { method, comparison, sentence: recommenderSentence(comparison) };
  const bySegment = rfmGroupNames.flatMap((group, place): [string, string[]][] => {
    const products = (made.bySegment[place] ?? []).map((product) => sales.products[product] as string);
    return products.length === 0 ? [] : [[group, products]];
  });
  return {
    lookups,
    popular: named({ basis: 'popular', items: made.popular }),
    bySegment: Object.fromEntries(bySegment),
    report,
  };
}

/** The RFM group of each customer, as a number; -1 for those without one. */
function segmentsOf({ sales, standing }: RecommendInputs): Int32Array {
  const placeOf = new Map(rfmGroupNames.map((name, place) => [name, place]));
  const groupOf = new Map(
    standing?.customerIds.map((id, buyer) => [id, placeOf.get(standing.rfmGroups[buyer] as RfmGroup) ?? -1]),
  );
  return Int32Array.from(sales.customerIds, (id) => groupOf.get(id) ?? -1);
}

/** Group by group, each list once, into a lookup and into the file. */
async function writeLists(
  run: Run,
  { inputs, listOf }: { inputs: RecommendInputs; listOf: (customer: number) => RecommendationEntry },
): Promise<LookupExtent[]> {
  const { sales, catalogue, language } = inputs;
  const { count } = run.settings.recommendations;
  const nameOf = (product: string): string => catalogue.get(product)?.name ?? '';
  const csv = [Buffer.from(writeCsv(csvHeader(language, count), [], { bom: language === 'zh' }))];
  const lookups: LookupExtent[] = [];
  let first = 0;
  for (const [group, size] of sales.groupSizes.entries()) {
    const from = first;
    first += size;
    const entries = Array.from({ length: size }, (_, at): [string, RecommendationEntry] => [
      sales.customerIds[from + at] as string,
      listOf(from + at),
    ]);
    const place = { runId: run.plan.runId, fence: run.fence, name: `recommendations-${group}` };
    lookups.push(await writeLookup(run.platform.table, { ...place, entries }));
    const cells = entries.map(([customerId, entry]) => [customerId, ...cellsOf(entry, { count, nameOf })]);
    if (cells.length > 0) csv.push(Buffer.from(writeCsvRows(cells)));
  }
  await putObject(run.platform.objects, {
    bucket: run.platform.resultsBucket,
    key: runObjectKey(run.plan, recommendationsFile),
    body: Buffer.concat(csv),
    contentType: 'text/csv; charset=utf-8',
  });
  return lookups;
}

function csvHeader(language: 'en' | 'zh', count: number): string[] {
  const [customer, basis, ...names] =
    language === 'zh'
      ? ['客户编号', '依据', '推荐', '推荐名称', '因为买过']
      : ['customer_id', 'basis', 'product_', 'name_', 'because_'];
  const places = Array.from({ length: count }, (_, at) => at + 1);
  return [
    customer as string,
    basis as string,
    ...places.flatMap((at) => names.map((name) => `${name}${at}`)),
  ];
}

function cellsOf(
  { basis, items }: RecommendationEntry,
  { count, nameOf }: { count: number; nameOf: (product: string) => string },
): Cell[] {
  const cells: Cell[] = [basis];
  for (let at = 0; at < count; at++) {
    const [product, because] = items[at] ?? ['', null];
    cells.push(product, nameOf(product), because === null ? '' : nameOf(because) || because);
  }
  return cells;
}
