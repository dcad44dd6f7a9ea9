import * as z from 'zod/mini';
import { type GivenFact, nameFact } from '../../copywriter/facts.ts';
import { same, spelledCount, spelledDays } from '../../copywriter/spelled.ts';
import type { RunRecord } from '../../store/runs.ts';
import { forecastReportSchema, recommendersReportSchema } from '../products/productResults.ts';
import type { RunStory } from './runTask.ts';
import { moneyOfMinor, share } from './segmentTask.ts';

/** What is to be told of a run over campaigns: its plan, and the newest of the results. */
export function factsOfCampaigns({ record, campaigns }: RunStory): GivenFact[] {
  const currency = currencyOf(record);
  const { calls = 0 } = record.counts;
  if (campaigns === null || currency === null) return [];
  const { planned, results } = campaigns;
  const money = moneyOfMinor(currency);
  const total = (of: (campaign: (typeof planned)[number]) => number): number =>
    planned.reduce((sum, campaign) => sum + of(campaign), 0);
  const plan =
    planned.length === 0
      ? []
      : [
          count('planned', 'campaigns that are planned', planned.length),
          count(
            'contacted',
            'customers whom they contact',
            total(({ test }) => test.treated),
          ),
          count(
            'control',
            'customers whom they leave out, to measure the effect',
            total(({ test }) => test.control),
          ),
          {
            key: 'cost',
            meaning: 'what they are expected to cost',
            text: money(total(({ expectedCost }) => expectedCost)),
          },
          {
            key: 'extraOrders',
            meaning: 'orders that are expected only because of them',
            text: same(total(({ expectedExtraOrders }) => expectedExtraOrders).toFixed(1)),
          },
          {
            key: 'profit',
            meaning: 'profit that is expected of them',
            text: money(total(({ expectedProfit }) => expectedProfit)),
          },
        ];
  return [
    ...plan,
    ...(calls === 0 ? [] : [count('calls', 'customers on the call list', calls)]),
    ...factsOfResult(results),
  ];
}

/** Of the last of the uploaded campaigns that had a control group. */
function factsOfResult(results: NonNullable<RunStory['campaigns']>['results']): GivenFact[] {
  const last = results.findLast(({ interval }) => interval !== null);
  const name = last && nameFact('resultName', 'the name of a campaign that has run', last.name);
  if (!last || !name || last.uplift === null || last.interval === null) return [];
  const { verdict, uplift, interval, significance } = last;
  const changed = {
    raised: ['raisedBy', 'by how much it raised the share of buyers'],
    lowered: ['loweredBy', 'by how much it lowered the share of buyers'],
    noMeasurableEffect: null,
    noControl: null,
  }[verdict] as [string, string] | null;
  return [
    name,
    ...(changed === null
      ? []
      : [
          { key: changed[0], meaning: changed[1], text: spelledPoints(Math.abs(uplift)) },
          // what keeps the template from calling it an effect that was not measured
          { key: 'changedBy', meaning: 'the same with its sign', text: spelledPoints(uplift) },
        ]),
    ...share('resultConfidence', 'how certain the interval of its effect is', 1 - significance),
    { key: 'resultLow', meaning: 'low end of its effect', text: spelledPoints(interval.low) },
    { key: 'resultHigh', meaning: 'high end of its effect', text: spelledPoints(interval.high) },
  ];
}

/** A difference of shares. */
function spelledPoints(difference: number): GivenFact['text'] {
  const points = (100 * difference).toFixed(1).replace(/^-(0\.0)$/, '$1');
  return { en: `${points} percentage points`, zh: `${points} 个百分点` };
}

const productMetricsSchema = z.object({
  recommendations: recommendersReportSchema,
  stock: z.array(forecastReportSchema),
});

/** What is to be told of a run over products: how recommendations and forecasts did on days that they had not seen, what to order. */
export function factsOfProducts({ record, stock }: RunStory): GivenFact[] {
  const { customers, products } = record.counts;
  const metrics = productMetricsSchema.safeParse(record.metrics);
  const toOrder = (stock ?? []).filter(({ status }) => status === 'orderNow');
  return [
    ...(toOrder.length === 0 ? [] : factsOfOrders(toOrder)),
    ...(customers === undefined ? [] : [count('customers', 'customers with recommendations', customers)]),
    ...(products === undefined ? [] : [count('products', 'products that were ever sold', products)]),
    ...(metrics.success ? [...factsOfRecommenders(metrics.data), ...factsOfForecast(metrics.data)] : []),
  ];
}

function factsOfOrders(toOrder: NonNullable<RunStory['stock']>): GivenFact[] {
  const [first] = toOrder;
  const name = first && nameFact('product0', 'the product to order first', first.name ?? first.product);
  return [
    count('toOrder', 'products that have to be ordered now', toOrder.length),
    ...(first && name ? [name, count('product0Units', 'units of it to order', first.reorderUnits)] : []),
  ];
}

type ProductMetrics = z.infer<typeof productMetricsSchema>;

function factsOfRecommenders({ recommendations: { comparison } }: ProductMetrics): GivenFact[] {
  if (comparison === null || comparison.winner === comparison.baseline) return [];
  const of = (name: string): string =>
    (comparison.rows.find((row) => row.name === name)?.ndcgAt10 ?? 0).toFixed(3);
  return [
    {
      key: 'ndcg',
      meaning: 'quality of the recommendations on days that they had not seen (NDCG)',
      text: same(of(comparison.winner)),
    },
    {
      key: 'popularNdcg',
      meaning: 'the same of what most customers buy',
      text: same(of(comparison.baseline)),
    },
  ];
}

/** Of a month. */
function factsOfForecast({ stock }: ProductMetrics): GivenFact[] {
  const month = stock.find(({ horizonDays }) => horizonDays === 30);
  const row = month?.backTest?.rows.find(({ name }) => name === month.method);
  if (month === undefined || !row || row.coverageP90 === null) return [];
  return [
    { key: 'days', meaning: 'time ahead that is forecast', text: spelledDays(month.horizonDays) },
    ...share('wape', 'what the forecast was off by, of the units sold', row.wape),
    ...share(
      'coverage',
      'share of products of which no more was sold than it allows with nine in ten',
      row.coverageP90,
    ),
  ];
}

export const count = (key: string, meaning: string, value: number): GivenFact => ({
  key,
  meaning,
  text: spelledCount(value),
});

const currencySchema = z.object({ currency: z.string() });

/** Null for a record whose settings are those of another version of the code: then no amount is told. */
export function currencyOf({ settings }: RunRecord): string | null {
  const parsed = currencySchema.safeParse(settings);
  return parsed.success ? parsed.data.currency : null;
}
