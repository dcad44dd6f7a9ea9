import type { Recommenders, Stock } from '../answers.ts';
import { type Chart, type ChartContext, emptyChart, number, sourceOf, text } from './chart.ts';
import { bars, categoryAxis, frame, heightOfRows, legend, outer, shortened, valueAxis } from './parts.ts';

/** What will be sold and what to offer, and how the methods did on days that they had not seen. */

export const horizons = [7, 30, 90] as const;
export type Horizon = (typeof horizons)[number];

type StockEntry = Stock['products'][number];

export const unitsWithin = (entry: StockEntry, horizon: Horizon): StockEntry['next30d'] =>
  entry[`next${horizon}d`];

export const articleName = ({ name, product }: { name: string | null; product: string }): string =>
  name ?? product;

const mostShown = 15;

/** Units of each product of a page that are not passed with 50, 90 and 95 %. */
export function stockChart(
  { stock, horizon }: { stock: Stock | null; horizon: Horizon },
  context: ChartContext,
): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'stock', title: say('stockTitle', { days: horizon }), units: say('unitUnits') };
  if (stock === null) return emptyChart({ ...named, source: '' }, say('emptyProducts'));
  const source = sourceOf(context, stock);
  const [first] = stock.products;
  if (first === undefined) return emptyChart({ ...named, source }, say('emptyProducts'));
  const shown = stock.products.slice(0, mostShown).reverse();
  const ofFirst = unitsWithin(first, horizon);
  const marks = (name: 'p90' | 'p95', symbol: string, color: string) => ({
    type: 'scatter' as const,
    name: say(name),
    symbol,
    symbolSize: 10,
    itemStyle: { color },
    data: shown.map((entry, at) => [unitsWithin(entry, horizon)[name], at]),
  });
  return {
    ...named,
    source,
    sentence: say('stockSentence', {
      name: shortened(articleName(first)),
      p50: formats.count(ofFirst.p50),
      p95: formats.count(ofFirst.p95),
    }),
    empty: null,
    height: heightOfRows(shown.length) + 24,
    option: {
      ...frame(context),
      legend: legend(context),
      grid: { left: 8, right: 24, top: 32, bottom: 8, ...outer },
      xAxis: valueAxis(context, { min: 0 }),
      yAxis: categoryAxis(context, shown.map(articleName)),
      series: [
        bars(
          say('p50'),
          shown.map((entry) => unitsWithin(entry, horizon).p50),
          theme.series[0],
        ),
        marks('p90', 'diamond', theme.series[1]),
        marks('p95', 'triangle', theme.series[3]),
      ],
    },
    table: {
      columns: [
        text(say('article')),
        number(say('expectedUnits')),
        number(say('p50')),
        number(say('p90')),
        number(say('p95')),
      ],
      rows: stock.products.map((entry) => {
        const { expected, p50, p90, p95 } = unitsWithin(entry, horizon);
        return [
          articleName(entry),
          formats.figure(expected, 1),
          ...[p50, p90, p95].map((units) => formats.count(units)),
        ];
      }),
    },
  };
}

/** Error of every method on past days; the one in use first, and the last period as the baseline. */
export function forecastChart(
  { stock, horizon }: { stock: Stock | null; horizon: Horizon },
  context: ChartContext,
): Chart {
  const { say, formats, language } = context;
  const named = { id: 'forecast', title: say('forecastTitle', { days: horizon }), units: say('unitWape') };
  if (stock === null) return emptyChart({ ...named, source: '' }, say('emptyProducts'));
  const source = sourceOf(context, stock);
  const report = stock.forecasts.find(({ horizonDays }) => horizonDays === horizon);
  if (report == null || report.backTest === null)
    return emptyChart({ ...named, source }, say('emptyBackTest'));
  const { rows } = report.backTest;
  const cell = (value: number | null, written: (value: number) => string) =>
    value === null ? '–' : written(value);
  return {
    ...named,
    source,
    sentence: report.sentence[language],
    empty: null,
    ...methodsDrawing(
      rows.map(({ name, wape }) => ({ name, value: wape })),
      { used: report.method, isBaseline: (name) => name === 'lastPeriod', title: say('wape') },
      context,
    ),
    table: {
      columns: [
        text(say('method')),
        number(say('wape')),
        number(say('bias')),
        number(say('pinball')),
        number(say('coverage90')),
      ],
      rows: rows.map(({ name, wape, bias, pinballP90, coverageP90 }) => [
        methodName(name, report.method, context),
        formats.percent(wape),
        formats.percent(bias),
        cell(pinballP90, (value) => formats.figure(value)),
        cell(coverageP90, (value) => formats.percent(value)),
      ]),
    },
  };
}

/** How well each recommender foretold what customers bought on held-out days. */
export function recommendersChart(
  answer: { report: Recommenders; runId: string; asOf: string; lastDay: string } | null,
  context: ChartContext,
): Chart {
  const { say, formats } = context;
  const named = { id: 'recommenders', title: say('recommendersTitle'), units: say('unitNdcg') };
  if (answer === null) return emptyChart({ ...named, source: '' }, say('emptyProducts'));
  const source = sourceOf(context, answer);
  const { comparison, method } = answer.report;
  if (comparison === null) return emptyChart({ ...named, source }, say('emptyComparison'));
  const { rows, customers, heldOutDays } = comparison;
  return {
    ...named,
    source,
    sentence: say('recommendersSentence', {
      name: method,
      days: heldOutDays,
      count: formats.count(customers),
    }),
    empty: null,
    ...methodsDrawing(
      rows.map(({ name, ndcgAt10 }) => ({ name, value: ndcgAt10 })),
      { used: method, isBaseline: (name) => name === comparison.baseline, title: say('ndcg') },
      context,
    ),
    table: {
      columns: [
        text(say('method')),
        number(say('ndcg')),
        number(say('recallAt10')),
        number(say('hitAt10')),
        number(say('coverage')),
      ],
      rows: rows.map(({ name, ndcgAt10, recallAt10, hitAt10, coverage }) => [
        methodName(name, method, context),
        formats.figure(ndcgAt10, 4),
        formats.figure(recallAt10, 4),
        formats.percent(hitAt10),
        formats.percent(coverage),
      ]),
    },
  };
}

function methodsDrawing(
  methods: readonly { name: string; value: number }[],
  { used, isBaseline, title }: { used: string; isBaseline: (name: string) => boolean; title: string },
  context: ChartContext,
): Pick<Chart, 'height' | 'option'> {
  const { formats, theme, say } = context;
  const shown = [...methods].reverse();
  const nameOf = (name: string) =>
    name !== used && isBaseline(name) ? `${name} (${say('baseline')})` : methodName(name, used, context);
  const colorOf = (name: string) => {
    if (name === used) return theme.series[0];
    return isBaseline(name) ? theme.series[1] : theme.series[4];
  };
  return {
    height: heightOfRows(shown.length),
    option: {
      ...frame(context),
      grid: { left: 8, right: 24, top: 8, bottom: 8, ...outer },
      xAxis: valueAxis(context, { format: (value) => formats.figure(value, 2), min: 0 }),
      yAxis: categoryAxis(
        context,
        shown.map(({ name }) => nameOf(name)),
      ),
      series: [
        {
          type: 'bar',
          name: title,
          data: shown.map(({ name, value }) => ({
            value,
            itemStyle: { color: colorOf(name), borderRadius: 3 },
          })),
        },
      ],
    },
  };
}

const methodName = (name: string, used: string, { say }: ChartContext): string =>
  name === used ? `${name} (${say('inUse')})` : name;
