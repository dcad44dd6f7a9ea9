import type { Cohorts, Customer, Migration, ValueModel } from '../answers.ts';
import { type Chart, type ChartContext, emptyChart, number, sourceOf, text } from './chart.ts';
import { categoryAxis, frame, inkOn, largest, legend, outer, ramp, valueAxis } from './parts.ts';

/** How customers of an order history move, come back and order, and how their forecasts did. */

const tierOrder = ['high', 'mid', 'low'] as const;

/** From the tiers of the run before to those of now. */
export function migrationChart(answer: Migration | null, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'migration', title: say('migrationTitle'), units: say('unitCustomers') };
  if (answer === null) return emptyChart({ ...named, source: '' }, say('emptyHistory'));
  const source = sourceOf(context, answer);
  if (answer.migration === null) return emptyChart({ ...named, source }, say('emptyMigration'));
  const { tiers } = answer.migration;
  const { up, down, stayed, joined, left, cells } = tiers;
  const nameOf = (tier: (typeof tierOrder)[number] | null, side: 'before' | 'after') => {
    if (tier === null) return say(side === 'before' ? 'joined' : 'left');
    return say(side, { name: say(tier) });
  };
  const moves = cells.filter(({ customers }) => customers > 0);
  const nodes = new Set(moves.flatMap(({ from, to }) => [nameOf(from, 'before'), nameOf(to, 'after')]));
  const counted = { up, down, stayed, joined, left };
  return {
    ...named,
    source,
    sentence: say(
      'migrationSentence',
      Object.fromEntries(Object.entries(counted).map(([name, value]) => [name, formats.count(value)])),
    ),
    empty: null,
    height: 340,
    option: {
      ...frame(context),
      series: [
        {
          type: 'sankey',
          left: 4,
          right: 120,
          top: 8,
          bottom: 8,
          nodeGap: 14,
          draggable: false,
          emphasis: { focus: 'adjacency' },
          label: { color: theme.text, fontSize: 12 },
          lineStyle: { color: 'source', opacity: 0.35 },
          data: [...nodes].map((name, at) => ({
            name,
            itemStyle: { color: theme.series[at % theme.series.length] },
          })),
          links: moves.map(({ from, to, customers }) => ({
            source: nameOf(from, 'before'),
            target: nameOf(to, 'after'),
            value: customers,
          })),
        },
      ],
    },
    table: {
      columns: [
        text(say('from')),
        text(say('to')),
        number(say('customersCount')),
        number(say('valueBefore')),
        number(say('valueAfter')),
      ],
      rows: cells.map(({ from, to, customers, valueBefore, valueAfter }) => [
        nameOf(from, 'before'),
        nameOf(to, 'after'),
        formats.count(customers),
        formats.money(valueBefore, answer.currency),
        formats.money(valueAfter, answer.currency),
      ]),
    },
  };
}

const mostMonths = 24;

/** Retention by month of the first purchase: the newest cohorts, as far as fields can be read. */
export function cohortsChart(answer: Cohorts | null, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'cohorts', title: say('cohortsTitle'), units: say('unitShare') };
  if (answer === null) return emptyChart({ ...named, source: '' }, say('emptyHistory'));
  const shown = answer.cohorts.slice(-mostMonths);
  const later = largest(shown.flatMap(({ months }) => months.map(({ month }) => month)));
  const columns = Array.from({ length: Math.min(later, mostMonths) }, (_, at) => at + 1);
  const most = largest(
    shown.flatMap(({ months }) => months.filter(({ month }) => month > 0).map(({ retention }) => retention)),
  );
  return {
    ...named,
    source: sourceOf(context, answer),
    sentence: say('cohortsSentence', { count: formats.count(answer.cohorts.length) }),
    empty: null,
    height: Math.max(220, 60 + 22 * shown.length),
    option: {
      ...frame(context),
      grid: { left: 8, right: 12, top: 8, bottom: 30, ...outer },
      visualMap: ramp(context, { min: 0, max: most }),
      xAxis: categoryAxis(context, columns.map(String), say('month')),
      yAxis: {
        ...categoryAxis(
          context,
          shown.map(({ cohort }) => cohort),
        ),
        inverse: true,
      },
      series: [
        {
          type: 'heatmap',
          itemStyle: { borderColor: theme.ground, borderWidth: 1 },
          data: shown.flatMap(({ months }, row) =>
            months
              .filter(({ month }) => month > 0 && month <= mostMonths)
              .map(({ month, retention }) => ({
                value: [month - 1, row, retention],
                label: {
                  show: columns.length <= 13,
                  fontSize: 11,
                  color: inkOn(theme, retention / most),
                  formatter: formats.percent(retention, 0),
                },
              })),
          ),
        },
      ],
    },
    table: {
      columns: [
        text(say('cohort')),
        number(say('month')),
        number(say('customersCount')),
        number(say('retention')),
        number(say('revenue')),
        number(say('cumulative')),
      ],
      rows: answer.cohorts.flatMap(({ cohort, months }) =>
        months.map(({ month, customers, retention, revenue, cumulativePerCustomer }) => [
          cohort,
          String(month),
          formats.count(customers),
          formats.percent(retention),
          formats.money(revenue, answer.currency),
          formats.money(cumulativePerCustomer, answer.currency),
        ]),
      ),
    },
  };
}

/** Tenths of the customers, the best forecast first, by the model in use: what was said beside what came. */
export function valueHoldoutChart(answer: ValueModel | null, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'valueHoldout', title: say('valueHoldoutTitle'), units: say('unitPurchases') };
  if (answer === null) return emptyChart({ ...named, source: '' }, say('emptyHistory'));
  const source = sourceOf(context, answer);
  const winner = answer.choice?.rows.find(({ name }) => name === answer.choice?.winner);
  const tenths = winner?.calibration ?? null;
  if (answer.choice === null || tenths === null) return emptyChart({ ...named, source }, say('emptyHeldOut'));
  const bars = (name: string, values: number[], color: string) => ({
    type: 'bar' as const,
    name,
    data: values,
    itemStyle: { color, borderRadius: 3 },
  });
  return {
    ...named,
    source,
    sentence: say('valueHoldoutSentence', { name: answer.choice.winner, days: answer.choice.heldOutDays }),
    empty: null,
    height: 260,
    option: {
      ...frame(context),
      legend: legend(context),
      xAxis: categoryAxis(
        context,
        tenths.map((_, at) => String(at + 1)),
        say('decile'),
      ),
      yAxis: valueAxis(context),
      grid: { left: 8, right: 16, top: 32, bottom: 30, ...outer },
      series: [
        bars(
          say('predicted'),
          tenths.map(({ meanPredicted }) => meanPredicted),
          theme.series[0],
        ),
        bars(
          say('observed'),
          tenths.map(({ meanActual }) => meanActual),
          theme.series[1],
        ),
      ],
    },
    table: {
      columns: [
        number(say('decile')),
        number(say('customersCount')),
        number(say('predicted')),
        number(say('observed')),
      ],
      rows: tenths.map(({ customers, meanPredicted, meanActual }, at) => [
        String(at + 1),
        formats.count(customers),
        formats.figure(meanPredicted),
        formats.figure(meanActual),
      ]),
    },
  };
}

/** What one customer spent on the days of their orders. */
export function timelineChart(
  value: Customer['value'],
  orders: readonly { day: string; amount: number }[],
  context: ChartContext,
): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'timeline', title: say('timelineTitle') };
  const last = orders.at(-1);
  if (value === null || last === undefined)
    return emptyChart({ ...named, units: '', source: '' }, say('emptyTimeline'));
  const { currency } = value;
  return {
    ...named,
    units: say('unitMoney', { currency }),
    source: sourceOf(context, value),
    sentence: say('timelineSentence', { count: formats.count(orders.length), day: formats.day(last.day) }),
    empty: null,
    height: 220,
    option: {
      ...frame(context),
      grid: { left: 8, right: 24, top: 12, bottom: 8, ...outer },
      xAxis: {
        type: 'time',
        max: value.lastDay,
        axisLabel: {
          color: theme.muted,
          hideOverlap: true,
          formatter: (at: number) => formats.day(new Date(at).toISOString()),
        },
        axisLine: { lineStyle: { color: theme.muted } },
        splitNumber: 4,
      },
      yAxis: valueAxis(context),
      series: [
        {
          type: 'bar',
          barWidth: 5,
          itemStyle: { color: theme.series[0] },
          data: orders.map(({ day, amount }) => [day, amount]),
        },
      ],
    },
    table: {
      columns: [text(say('date')), number(say('amount'))],
      rows: orders.map(({ day, amount }) => [formats.day(day), formats.money(amount, currency)]),
    },
  };
}
