import type { EChartsCoreOption } from 'echarts/core';
import type { ChartContext } from './chart.ts';
import type { Theme } from './theme.ts';

/** Pieces that several charts are made of. */

/** Room for axis labels, whatever their length, taken from the drawing. */
export const outer = { outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' } as const;

/** What every chart has: type, colours, room, and tooltips that are drawn, so that no text is ever read as HTML. */
export const frame = ({ theme }: ChartContext): EChartsCoreOption => ({
  animation: false,
  backgroundColor: 'transparent',
  textStyle: { color: theme.text, fontFamily: fontFamily, fontSize: 12 },
  color: [...theme.series],
  grid: { left: 8, right: 16, top: 32, bottom: 8, ...outer },
  tooltip: {
    renderMode: 'richText',
    confine: true,
    backgroundColor: theme.ground,
    borderColor: theme.muted,
    textStyle: { color: theme.text, fontSize: 12 },
  },
});

/** Without quotes, which ECharts would write into an attribute as they are where it writes SVG as text. */
const fontFamily =
  'system-ui, Segoe UI, Roboto, Noto Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif';

export const legend = ({ theme }: ChartContext) => ({
  top: 0,
  left: 0,
  itemWidth: 14,
  itemHeight: 10,
  itemGap: 18,
  textStyle: { color: theme.text, fontSize: 12 },
});

interface AxisOptions {
  name?: string;
  format?: (value: number) => string;
  min?: number;
  max?: number;
}

export const valueAxis = (
  { theme, formats }: ChartContext,
  { name, format, ...range }: AxisOptions = {},
) => ({
  type: 'value' as const,
  ...(name !== undefined && { name, nameTextStyle: { color: theme.muted } }),
  nameLocation: 'middle' as const,
  nameGap: 28,
  axisLabel: { color: theme.muted, formatter: format ?? formats.compact, hideOverlap: true },
  splitLine: { lineStyle: { color: theme.line } },
  ...range,
});

export const categoryAxis = ({ theme }: ChartContext, data: readonly string[], name?: string) => ({
  type: 'category' as const,
  data: data.map(shortened),
  ...(name !== undefined && { name, nameLocation: 'middle' as const, nameGap: 28 }),
  nameTextStyle: { color: theme.muted },
  axisLabel: { color: theme.muted, hideOverlap: true },
  axisLine: { lineStyle: { color: theme.muted } },
  axisTick: { show: false },
});

/** A name from a shop's table may be as long as it likes; the table view has it whole. */
export const shortened = (name: string): string => {
  const characters = Array.from(name);
  return characters.length > 28 ? `${characters.slice(0, 27).join('')}…` : name;
};

/**
 * Whiskers from low to high. Data are [category or x, low, high], or with `across` [low, high, category]. `onBar` puts them on one of several
 * bars of a category.
 */
export const whiskers = (
  { theme }: ChartContext,
  data: readonly (readonly number[])[],
  { across = false, color = theme.text, onBar }: WhiskerOptions = {},
) => ({
  type: 'custom' as const,
  silent: true,
  z: 5,
  encode: across ? { x: [0, 1], y: 2 } : { x: 0, y: [1, 2] },
  data: data.map((point) => [...point]),
  renderItem: (_: unknown, api: WhiskerApi) => {
    const [from, to] = across
      ? [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])]
      : [api.coord([api.value(0), api.value(1)]), api.coord([api.value(0), api.value(2)])];
    if (onBar !== undefined) {
      const { of: count, barMaxWidth, bar } = onBar;
      const offset = api.barLayout({ count, barMaxWidth })[bar]?.offsetCenter ?? 0;
      from[0] += offset;
      to[0] += offset;
    }
    const style = { stroke: color, lineWidth: 1.5, fill: undefined };
    return {
      type: 'group',
      children: whisker(from, to, across).map((shape) => ({ type: 'line', shape, style })),
    };
  },
});

interface WhiskerOptions {
  across?: boolean;
  color?: string;
  onBar?: { bar: number; of: number; barMaxWidth: number };
}

interface WhiskerApi {
  value(dimension: number): number;
  coord(point: number[]): [number, number];
  barLayout(bars: { count: number; barMaxWidth: number }): { offsetCenter: number }[];
}

const capPixels = 4;

function whisker([x1, y1]: [number, number], [x2, y2]: [number, number], across: boolean) {
  const [dx, dy] = across ? [0, capPixels] : [capPixels, 0];
  return [
    { x1, y1, x2, y2 },
    { x1: x1 - dx, y1: y1 - dy, x2: x1 + dx, y2: y1 + dy },
    { x1: x2 - dx, y1: y2 - dy, x2: x2 + dx, y2: y2 + dy },
  ];
}

export interface Difference {
  name: string;
  difference: number;
  low: number;
  high: number;
  color: string;
}

/** Differences with their intervals, the first at the top, and a line where there is none. */
export const differencesOption = (
  context: ChartContext,
  differences: readonly Difference[],
  format: (value: number) => string,
): EChartsCoreOption => {
  const shown = [...differences].reverse();
  return {
    ...frame(context),
    grid: { left: 8, right: 24, top: 8, bottom: 8, ...outer },
    xAxis: valueAxis(context, { format }),
    yAxis: categoryAxis(
      context,
      shown.map(({ name }) => name),
    ),
    series: [
      {
        type: 'scatter',
        symbolSize: 10,
        data: shown.map(({ difference, color }, at) => ({ value: [difference, at], itemStyle: { color } })),
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: context.theme.muted, type: 'dashed' },
          label: { show: false },
          data: [{ xAxis: 0 }],
        },
      },
      whiskers(
        context,
        shown.map(({ low, high }, at) => [low, high, at]),
        { across: true },
      ),
    ],
  };
};

/** Bars across with their intervals, the first at the top. */
export const rankedOption = (
  context: ChartContext,
  rows: readonly { name: string; value: number; low: number; high: number }[],
  format?: (value: number) => string,
): EChartsCoreOption => {
  const shown = [...rows].reverse();
  return {
    ...frame(context),
    grid: { left: 8, right: 24, top: 8, bottom: 8, ...outer },
    xAxis: valueAxis(context, format === undefined ? {} : { format }),
    yAxis: categoryAxis(
      context,
      shown.map(({ name }) => name),
    ),
    series: [
      bars(
        '',
        shown.map(({ value }) => value),
        context.theme.series[0],
      ),
      whiskers(
        context,
        shown.map(({ low, high }, at) => [low, high, at]),
        { across: true },
      ),
    ],
  };
};

export const heightOfRows = (rows: number): number => 60 + 28 * rows;

/** Bars beside each other, one for each category. */
export const bars = (name: string, data: readonly (number | null)[], color: string) => ({
  type: 'bar' as const,
  name,
  data: [...data],
  itemStyle: { color, borderRadius: 3 },
});

/** Colours of a field by its value. */
export const ramp = ({ theme }: ChartContext, { min, max }: { min: number; max: number }) => ({
  show: false,
  min,
  max: max > min ? max : min + 1,
  inRange: { color: [...theme.ramp] },
});

/** Of a field, the ink that can be read on it. */
export const inkOn = (theme: Theme, share: number): string => {
  const isStrong = share > 0.55;
  if (theme.name === 'light') return isStrong ? '#ffffff' : theme.text;
  return isStrong ? '#0d1520' : theme.text;
};

/** At least one, so that nothing is divided by nothing. */
export const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0) || 1;
