import type { SalesTable } from '../../marketing/sales/salesTable.ts';
import type { ExpectedPurchases } from '../../marketing/stock/customerDemand.ts';
import { horizonsDays } from '../../marketing/stock/horizons.ts';
import { planStock, type StockRow } from '../../marketing/stock/planStock.ts';
import type { UnitQuantiles } from '../../marketing/stock/simulateUnits.ts';
import type { CustomerModelName } from '../../models/btyd/customerModel.ts';
import { putObject } from '../../store/objects.ts';
import { writeList } from '../../store/pages.ts';
import { isoDay } from '../../tables/cells/calendar.ts';
import { type Cell, writeCsv } from '../../tables/csv.ts';
import { type Run, runObjectKey } from '../run.ts';
import { type Catalogue, categoryOf } from './catalogue.ts';
import { type ForecastReport, type StockEntry, stockList } from './productResults.ts';
import { forecastSentence } from './sentences.ts';

export const stockFile = 'stock.csv';

/** What is expected to be sold of every product and when to order it, for the API and as a file. */
export async function forecastStock(
  run: Run,
  {
    sales,
    catalogue,
    firstDay,
    lastDay,
    model,
    published,
    language,
  }: {
    sales: SalesTable;
    catalogue: Catalogue;
    firstDay: number;
    lastDay: number;
    model: CustomerModelName;
    published: ExpectedPurchases | null;
    language: 'en' | 'zh';
  },
): Promise<ForecastReport[]> {
  const { stock: settings } = run.settings;
  const facts = (product: number) => {
    const { stock = null, leadTimeDays = null } = catalogue.get(sales.products[product] as string) ?? {};
    return { stock, leadTimeDays };
  };
  const plan = await run.timed('stock.forecast', async () =>
    planStock(sales, { firstDay, lastDay, model, published, facts, settings }),
  );
  const sold = plan.rows.map((row, product) =>
    entryOf(row, {
      product: sales.products[product] as string,
      category: categoryOf(catalogue, sales, product),
      catalogue,
    }),
  );
  const known = new Set(sales.products);
  const unsold = [...catalogue.keys()]
    .filter((product) => !known.has(product))
    .map((product) => unsoldEntry(product, { catalogue, leadTimeDays: settings.leadTimeDays }));
  const entries = [...sold, ...unsold].sort(byUrgency);
  await run.timed('stock.write', () => writeStock(run, { entries, language }));
  return plan.horizons.map(({ horizonDays, method, backTest }) => ({
    horizonDays,
    method,
    sentence: forecastSentence({ horizonDays, method, backTest }),
    backTest: backTest && {
      cutoffs: backTest.cutoffs.length,
      products: backTest.products,
      rows: backTest.rows,
    },
  }));
}

function entryOf(
  { status, stock, leadTimeDays, coverDays, reorderDay, reorderUnits, units }: StockRow,
  { product, category, catalogue }: { product: string; category: string | null; catalogue: Catalogue },
): StockEntry {
  const { name = null, cost = null } = catalogue.get(product) ?? {};
  const [next7d, next30d, next90d] = units.map(rounded) as [UnitQuantiles, UnitQuantiles, UnitQuantiles];
  return {
    product,
    name,
    category,
    status,
    stock,
    leadTimeDays,
    coverDays: coverDays === null ? null : Math.floor(coverDays),
    reorderDay: reorderDay === null ? null : isoDay(reorderDay),
    reorderUnits,
    reorderCost: cost === null ? null : Number((cost * reorderUnits).toFixed(2)),
    next7d,
    next30d,
    next90d,
  };
}

const rounded = ({ expected, ...quantiles }: UnitQuantiles): UnitQuantiles => ({
  expected: Number(expected.toPrecision(4)),
  ...quantiles,
});

const nothing: UnitQuantiles = { expected: 0, p50: 0, p90: 0, p95: 0 };

/** Of a product that was never sold, nothing is known: it is listed, and nothing is expected. */
function unsoldEntry(
  product: string,
  { catalogue, leadTimeDays: usual }: { catalogue: Catalogue; leadTimeDays: number },
): StockEntry {
  const { name, category, stock, leadTimeDays } = catalogue.get(product) as NonNullable<
    ReturnType<Catalogue['get']>
  >;
  return {
    ...{ product, name, category, stock },
    status: stock === null ? 'unknown' : 'noDemand',
    leadTimeDays: Math.ceil(leadTimeDays ?? usual),
    ...{ coverDays: null, reorderDay: null, reorderUnits: 0, reorderCost: null },
    ...{ next7d: nothing, next30d: nothing, next90d: nothing },
  };
}

/** What has to be ordered first, the sooner it runs out the sooner; then by what is expected to be sold. */
function byUrgency(one: StockEntry, other: StockEntry): number {
  return (
    (one.reorderDay ?? '9').localeCompare(other.reorderDay ?? '9') ||
    (one.coverDays ?? Number.MAX_VALUE) - (other.coverDays ?? Number.MAX_VALUE) ||
    other.next30d.expected - one.next30d.expected ||
    (one.product < other.product ? -1 : 1)
  );
}

async function writeStock(
  { platform, plan, fence }: Run,
  { entries, language }: { entries: StockEntry[]; language: 'en' | 'zh' },
): Promise<void> {
  await writeList(platform.table, { runId: plan.runId, fence, name: stockList, values: entries });
  await putObject(platform.objects, {
    bucket: platform.resultsBucket,
    key: runObjectKey(plan, stockFile),
    body: writeCsv(csvHeader[language], entries.map(cellsOf), { bom: language === 'zh' }),
    contentType: 'text/csv; charset=utf-8',
  });
}

const figures = ['expected_', 'p50_', 'p90_', 'p95_'];
const figuresZh = ['预计销量_', 'P50_', 'P90_', 'P95_'];
const horizonNames = horizonsDays.map((days) => `${days}d`);

const csvHeader = {
  en: [
    ...['product', 'name', 'category', 'status', 'stock', 'lead_time_days', 'cover_days'],
    ...['reorder_day', 'reorder_units', 'reorder_cost'],
    ...horizonNames.flatMap((days) => figures.map((figure) => `${figure}${days}`)),
  ],
  zh: [
    ...[
      '商品编号',
      '商品名称',
      '类目',
      '状态',
      '库存',
      '交货天数',
      '可售天数',
      '建议下单日',
      '建议下单数量',
      '下单成本',
    ],
    ...horizonNames.flatMap((days) => figuresZh.map((figure) => `${figure}${days}`)),
  ],
};

const cellsOf = (entry: StockEntry): Cell[] => [
  entry.product,
  entry.name,
  entry.category,
  entry.status,
  entry.stock,
  entry.leadTimeDays,
  entry.coverDays,
  entry.reorderDay,
  entry.reorderUnits,
  entry.reorderCost,
  ...[entry.next7d, entry.next30d, entry.next90d].flatMap(({ expected, p50, p90, p95 }) => [
    expected,
    p50,
    p90,
    p95,
  ]),
];
