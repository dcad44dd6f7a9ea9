import type { HistorySegments, Segments } from '../answers.ts';
import { type Chart, type ChartContext, emptyChart, number, sourceOf, text } from './chart.ts';
import {
  bars,
  categoryAxis,
  frame,
  inkOn,
  largest,
  legend,
  outer,
  ramp,
  shortened,
  valueAxis,
  whiskers,
} from './parts.ts';

/** Customers and money by tier, group and field. */

type HistorySegment = HistorySegments['tiers'][number];

/** What tiers have spent and are expected to spend; of a shop with a customer table alone, what they have spent. */
export function tiersChart(segments: Segments | null, context: ChartContext): Chart {
  if (segments?.history) return historyTiers(segments.history, context);
  return tableTiers(segments, context);
}

const barMaxWidth = 44;

function historyTiers(history: HistorySegments, context: ChartContext): Chart {
  const { say, formats, theme, language } = context;
  const { currency, tiers } = history;
  const names = tiers.map(({ label }) => label[language]);
  const money = (value: number | null) => (value === null ? '–' : formats.money(value, currency));
  const share = (value: number | null) => (value === null ? '–' : formats.percent(value));
  const best = tiers[0];
  return {
    id: 'tiers',
    title: say('tiersTitle'),
    units: say('unitMoney', { currency }),
    source: sourceOf(context, history),
    sentence: say('tiersSentence', {
      share: share(best?.shareOfCustomers ?? null),
      money: share(best?.shareOfNext12m ?? best?.shareOfHistoric ?? null),
    }),
    empty: null,
    height: 260,
    option: {
      ...frame(context),
      legend: legend(context),
      xAxis: categoryAxis(context, names),
      yAxis: valueAxis(context),
      series: [
        {
          ...bars(
            say('spentSoFar'),
            tiers.map(({ historic }) => historic),
            theme.series[4],
          ),
          barMaxWidth,
        },
        {
          ...bars(
            say('expected12m'),
            tiers.map(({ next12m }) => next12m),
            theme.series[0],
          ),
          barMaxWidth,
        },
        whiskers(
          context,
          tiers.flatMap(({ low, high }, at) => (low === null || high === null ? [] : [[at, low, high]])),
          { onBar: { bar: 1, of: 2, barMaxWidth } },
        ),
      ],
    },
    table: segmentTable(tiers, { context, currency, heading: say('tier'), money, share }),
  };
}

function segmentTable(
  segments: readonly HistorySegment[],
  {
    context: { say, formats, language },
    heading,
    money,
    share,
  }: {
    context: ChartContext;
    currency: string;
    heading: string;
    money: (value: number | null) => string;
    share: (value: number | null) => string;
  },
): Chart['table'] {
  return {
    columns: [
      text(heading),
      number(say('customersCount')),
      number(say('shareOfCustomers')),
      number(say('spentSoFar')),
      number(say('expected12m')),
      number(say('low90')),
      number(say('high90')),
      number(say('shareOfExpected')),
    ],
    rows: segments.map((one) => [
      one.label[language],
      formats.count(one.customers),
      share(one.shareOfCustomers),
      money(one.historic),
      money(one.next12m),
      money(one.low),
      money(one.high),
      share(one.shareOfNext12m),
    ]),
  };
}

function tableTiers(segments: Segments | null, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'tiers', title: say('tiersTitle') };
  if (segments === null || segments.currency === null)
    return emptyChart({ ...named, units: '', source: '' }, say('emptyCustomers'));
  const { currency, segments: tiers } = segments;
  const share = (value: number | null) => (value === null ? '–' : formats.percent(value));
  return {
    ...named,
    units: say('unitMoney', { currency }),
    source: sourceOf(context, segments),
    sentence: say('tiersSentence', {
      share: share(tiers[0]?.shareOfCustomers ?? null),
      money: share(tiers[0]?.shareOfSpend ?? null),
    }),
    empty: null,
    height: 260,
    option: {
      ...frame(context),
      xAxis: categoryAxis(
        context,
        tiers.map(({ segment }) => say(segment)),
      ),
      yAxis: valueAxis(context),
      series: [
        {
          type: 'bar',
          name: say('spentSoFar'),
          data: tiers.map(({ spend }) => spend),
          itemStyle: { color: theme.series[0], borderRadius: 3 },
          barMaxWidth: 60,
        },
      ],
    },
    table: {
      columns: [
        text(say('tier')),
        number(say('customersCount')),
        number(say('shareOfCustomers')),
        number(say('spentSoFar')),
        number(say('shareOfSpend')),
      ],
      rows: tiers.map((one) => [
        say(one.segment),
        formats.count(one.customers),
        share(one.shareOfCustomers),
        formats.money(one.spend, currency),
        share(one.shareOfSpend),
      ]),
    },
  };
}

/** RFM groups by how many customers they hold; the colour is what one of them is expected to spend. */
export function groupsChart(history: HistorySegments | null, context: ChartContext): Chart {
  const { say, formats, theme, language } = context;
  const named = { id: 'groups', title: say('groupsTitle') };
  if (history === null) return emptyChart({ ...named, units: '', source: '' }, say('emptyHistory'));
  const { currency, rfmGroups } = history;
  const filled = rfmGroups.filter(({ customers }) => customers > 0);
  const perCustomer = ({ next12m, historic, customers }: HistorySegment) => (next12m ?? historic) / customers;
  const most = largest(filled.map(perCustomer));
  const biggest = filled.reduce(
    (one, other) => (other.customers > one.customers ? other : one),
    filled[0] as HistorySegment,
  );
  const money = (value: number | null) => (value === null ? '–' : formats.money(value, currency));
  const share = (value: number | null) => (value === null ? '–' : formats.percent(value));
  return {
    ...named,
    units: say('unitCustomers'),
    source: sourceOf(context, history),
    sentence: say('groupsSentence', {
      name: biggest.label[language],
      count: formats.count(biggest.customers),
    }),
    empty: null,
    height: 320,
    option: {
      ...frame(context),
      series: [
        {
          type: 'treemap',
          roam: false,
          nodeClick: false,
          breadcrumb: { show: false },
          left: 0,
          right: 0,
          top: 4,
          bottom: 4,
          itemStyle: { borderColor: theme.ground, borderWidth: 2, gapWidth: 2 },
          data: filled.map((one) => ({
            name: one.label[language],
            value: one.customers,
            itemStyle: { color: mixed(theme.ramp, perCustomer(one) / most) },
            label: {
              color: inkOn(theme, perCustomer(one) / most),
              formatter: `${shortened(one.label[language])}\n${formats.count(one.customers)}`,
            },
          })),
        },
      ],
    },
    table: segmentTable(rfmGroups, { context, currency, heading: say('group'), money, share }),
  };
}

/** How many customers have which recency and frequency score. */
export function rfmChart(history: HistorySegments | null, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'rfm', title: say('rfmTitle') };
  if (history === null || history.rfmCells.length === 0)
    return emptyChart({ ...named, units: '', source: '' }, say('emptyHistory'));
  const { currency, rfmCells } = history;
  const most = largest(rfmCells.map(({ customers }) => customers));
  const best = rfmCells.find(({ r, f }) => r === 5 && f === 5);
  const scores = ['1', '2', '3', '4', '5'];
  const money = (value: number | null) => (value === null ? '–' : formats.money(value, currency));
  return {
    ...named,
    units: say('unitCustomers'),
    source: sourceOf(context, history),
    sentence: say('rfmSentence', { count: formats.count(best?.customers ?? 0) }),
    empty: null,
    height: 320,
    option: {
      ...frame(context),
      grid: { left: 28, right: 12, top: 8, bottom: 30, ...outer },
      visualMap: ramp(context, { min: 0, max: most }),
      xAxis: categoryAxis(context, scores, say('frequencyScore')),
      yAxis: categoryAxis(context, scores, say('recencyScore')),
      series: [
        {
          type: 'heatmap',
          itemStyle: { borderColor: theme.ground, borderWidth: 2 },
          data: rfmCells.map(({ r, f, customers }) => ({
            value: [f - 1, r - 1, customers],
            label: { show: true, color: inkOn(theme, customers / most), formatter: formats.count(customers) },
          })),
        },
      ],
    },
    table: {
      columns: [
        number(say('recencyScore')),
        number(say('frequencyScore')),
        number(say('customersCount')),
        number(say('spentSoFar')),
        number(say('expected12m')),
      ],
      rows: rfmCells.map(({ r, f, customers, historic, next12m }) => [
        String(r),
        String(f),
        formats.count(customers),
        money(historic),
        money(next12m),
      ]),
    },
  };
}

/** Mean P(alive) by how often and how long ago customers bought. */
export function aliveChart(history: HistorySegments | null, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'alive', title: say('aliveTitle') };
  if (history === null) return emptyChart({ ...named, units: '', source: '' }, say('emptyHistory'));
  const { aliveCells } = history;
  const source = sourceOf(context, history);
  if (aliveCells.length === 0)
    return emptyChart({ ...named, units: say('unitProbability'), source }, say('emptyAlive'));
  const often = [
    ...new Set(
      aliveCells.map(({ purchaseDaysFrom, purchaseDaysTo }) => span(purchaseDaysFrom, purchaseDaysTo)),
    ),
  ];
  const ago = [
    ...new Set(aliveCells.map(({ daysSinceFrom, daysSinceTo }) => span(daysSinceFrom, daysSinceTo))),
  ];
  return {
    ...named,
    units: say('unitProbability'),
    source,
    sentence: say('aliveSentence'),
    empty: null,
    height: 320,
    option: {
      ...frame(context),
      grid: { left: 28, right: 12, top: 8, bottom: 30, ...outer },
      visualMap: ramp(context, { min: 0, max: 1 }),
      xAxis: categoryAxis(context, ago, say('daysSinceLast')),
      yAxis: categoryAxis(context, often, say('purchaseDays')),
      series: [
        {
          type: 'heatmap',
          itemStyle: { borderColor: theme.ground, borderWidth: 2 },
          data: aliveCells.flatMap((cell) =>
            cell.pAlive === null
              ? []
              : {
                  value: [
                    ago.indexOf(span(cell.daysSinceFrom, cell.daysSinceTo)),
                    often.indexOf(span(cell.purchaseDaysFrom, cell.purchaseDaysTo)),
                    cell.pAlive,
                  ],
                  label: {
                    show: true,
                    color: inkOn(theme, cell.pAlive),
                    formatter: formats.percent(cell.pAlive, 0),
                  },
                },
          ),
        },
      ],
    },
    table: {
      columns: [
        text(say('purchaseDays')),
        text(say('daysSinceLast')),
        number(say('customersCount')),
        number(say('pAlive')),
      ],
      rows: aliveCells.map((cell) => [
        span(cell.purchaseDaysFrom, cell.purchaseDaysTo),
        span(cell.daysSinceFrom, cell.daysSinceTo),
        formats.count(cell.customers),
        cell.pAlive === null ? '–' : formats.percent(cell.pAlive),
      ]),
    },
  };
}

const span = (from: number, to: number | null): string => {
  if (to === null) return `${from}+`;
  return from === to ? String(from) : `${from}–${to}`;
};

/** A colour of the ramp, `share` of the way. */
function mixed([low, middle, high]: readonly [string, string, string], share: number): string {
  const [from, to, part] = share < 0.5 ? [low, middle, share * 2] : [middle, high, share * 2 - 1];
  const channel = (at: number): string => {
    const [one, other] = [from, to].map((color) => Number.parseInt(color.slice(at, at + 2), 16)) as [
      number,
      number,
    ];
    return Math.round(one + (other - one) * part)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
