import type { PortfolioBids, Simulation } from '../answers.ts';
import { type Chart, type ChartContext, emptyChart, number, sourceOf } from './chart.ts';
import { frame, legend, outer, shortened, valueAxis } from './parts.ts';

/** What bids and budgets bring, with 90 % intervals. */

type Bid = PortfolioBids['bids'][number];
type CurvePoint = Bid['curve'][number];

/** Cost and value of one ad at bids around its own; `bidMicros` marks one of them. */
export function bidCurveChart(
  { bids, bid, bidMicros }: { bids: PortfolioBids | null; bid: Bid | null; bidMicros: number },
  context: ChartContext,
): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'bidCurve', title: say('curveTitle', { name: shortened(bid?.id ?? '') }) };
  if (bids === null) return emptyChart({ ...named, units: '', source: '' }, say('emptyBids'));
  const { currency, portfolio } = bids;
  const units = say('unitMoneyRound', { currency, days: portfolio.cycleDays });
  const source = sourceOf(context, bids);
  const marked = bid && nearest(bid.curve, bidMicros);
  if (bid === null || marked == null) return emptyChart({ ...named, units, source }, say('emptyCurve'));
  const money = (micros: number) => formats.micros(micros, currency);
  const points = (of: (point: CurvePoint) => number) =>
    bid.curve.map((point) => [point.bidMicros / 1e6, of(point) / 1e6]);
  return {
    ...named,
    units,
    source,
    sentence: say('curveSentence', {
      bid: money(marked.bidMicros),
      value: money(marked.valueMicros),
      cost: money(marked.costMicros),
    }),
    empty: null,
    height: 300,
    option: {
      ...frame(context),
      legend: { ...legend(context), data: [say('valueOfBid'), say('cost')] },
      grid: { left: 8, right: 16, top: 32, bottom: 30, ...outer },
      xAxis: {
        ...valueAxis(context, { name: say('bid'), format: (value) => formats.figure(value, 2) }),
        scale: true,
      },
      yAxis: valueAxis(context),
      series: [
        ...band(
          points(({ lowMicros }) => lowMicros),
          points(({ highMicros }) => highMicros),
          theme.series[0],
        ),
        curve(
          say('valueOfBid'),
          points(({ valueMicros }) => valueMicros),
          theme.series[0],
          {
            mark: bidMicros / 1e6,
            label: money(bidMicros),
            ink: theme.text,
          },
        ),
        curve(
          say('cost'),
          points(({ costMicros }) => costMicros),
          theme.series[1],
        ),
      ],
    },
    table: {
      columns: [
        number(say('bid')),
        number(say('clicks')),
        number(say('cost')),
        number(say('conversions')),
        number(say('valueOfBid')),
        number(say('low90')),
        number(say('high90')),
      ],
      rows: bid.curve.map((point) => [
        money(point.bidMicros),
        formats.figure(point.clicks, 1),
        money(point.costMicros),
        formats.figure(point.conversions, 2),
        money(point.valueMicros),
        money(point.lowMicros),
        money(point.highMicros),
      ]),
    },
  };
}

/** The point of the curve whose bid is closest. */
export const nearest = (curve: readonly CurvePoint[], bidMicros: number): CurvePoint | null =>
  curve.reduce<CurvePoint | null>(
    (best, point) =>
      best === null || Math.abs(point.bidMicros - bidMicros) < Math.abs(best.bidMicros - bidMicros)
        ? point
        : best,
    null,
  );

/** What all ads together would bring at several budgets. */
export function budgetChart(simulation: Simulation | null, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'budgets', title: say('budgetTitle') };
  if (simulation === null) return emptyChart({ ...named, units: '', source: '' }, say('emptyCurve'));
  const { currency, cycleDays } = simulation;
  const money = (micros: number) => formats.micros(micros, currency);
  const budgets = simulation.budgets.filter(({ budgetMicros }) => budgetMicros !== null);
  const units = say('unitMoneyRound', { currency, days: cycleDays });
  const source = sourceOf(context, simulation);
  if (budgets.length === 0) return emptyChart({ ...named, units, source }, say('emptyCurve'));
  type Budget = (typeof budgets)[number];
  const points = (of: (budget: Budget) => number) =>
    budgets.map((budget) => [(budget.budgetMicros as number) / 1e6, of(budget) / 1e6]);
  return {
    ...named,
    units,
    source,
    sentence: say('budgetSentence', { days: cycleDays }),
    empty: null,
    height: 300,
    option: {
      ...frame(context),
      legend: { ...legend(context), data: [say('valueOfBid'), say('spend')] },
      grid: { left: 8, right: 16, top: 32, bottom: 30, ...outer },
      xAxis: { ...valueAxis(context, { name: say('budget') }), scale: true },
      yAxis: valueAxis(context),
      series: [
        ...band(
          points(({ lowMicros }) => lowMicros),
          points(({ highMicros }) => highMicros),
          theme.series[0],
        ),
        curve(
          say('valueOfBid'),
          points(({ expectedValueMicros }) => expectedValueMicros),
          theme.series[0],
        ),
        curve(
          say('spend'),
          points(({ expectedSpendMicros }) => expectedSpendMicros),
          theme.series[1],
        ),
      ],
    },
    table: {
      columns: [
        number(say('budget')),
        number(say('spend')),
        number(say('clicks')),
        number(say('conversions')),
        number(say('valueOfBid')),
        number(say('low90')),
        number(say('high90')),
      ],
      rows: budgets.map((budget) => [
        money(budget.budgetMicros as number),
        money(budget.expectedSpendMicros),
        formats.figure(budget.expectedClicks, 1),
        formats.figure(budget.expectedConversions, 2),
        money(budget.expectedValueMicros),
        money(budget.lowMicros),
        money(budget.highMicros),
      ]),
    },
  };
}

/** The room between two curves: the lower one unseen, and what lies above it filled. */
function band(low: number[][], high: number[][], color: string) {
  const hidden = {
    type: 'line' as const,
    silent: true,
    symbol: 'none',
    lineStyle: { opacity: 0 },
    stack: 'interval',
  };
  const room = high.map(([x = 0, y = 0], at) => [x, y - (low[at]?.[1] ?? 0)]);
  return [
    { ...hidden, data: low, tooltip: { show: false } },
    { ...hidden, data: room, areaStyle: { color, opacity: 0.16 }, tooltip: { show: false } },
  ];
}

const curve = (
  name: string,
  data: number[][],
  color: string,
  marked?: { mark: number; label: string; ink: string },
) => ({
  type: 'line' as const,
  name,
  data,
  symbolSize: 5,
  itemStyle: { color },
  lineStyle: { color, width: 2 },
  ...(marked && {
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: marked.ink, width: 2 },
      label: { color: marked.ink, formatter: marked.label },
      data: [{ xAxis: marked.mark }],
    },
  }),
});
