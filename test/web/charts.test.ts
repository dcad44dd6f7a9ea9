import { describe, expect, it } from 'vitest';
import { bidCurveChart, budgetChart, nearest } from '../../web/charts/bidCharts.ts';
import { plannedChart, qiniChart, upliftChart } from '../../web/charts/campaignCharts.ts';
import type { Chart, ChartContext } from '../../web/charts/chart.ts';
import { chartContext } from '../../web/charts/context.ts';
import {
  cohortsChart,
  migrationChart,
  timelineChart,
  valueHoldoutChart,
} from '../../web/charts/historyCharts.ts';
import {
  calibrationChart,
  candidatesChart,
  dependenceCharts,
  driftChart,
  gainsChart,
  importanceChart,
  liftChart,
  precisionRecallChart,
} from '../../web/charts/modelCharts.ts';
import { forecastChart, recommendersChart, stockChart } from '../../web/charts/productCharts.ts';
import { ledgerChart, psiChart } from '../../web/charts/qualityCharts.ts';
import { aliveChart, groupsChart, rfmChart, tiersChart } from '../../web/charts/segmentCharts.ts';
import { svgOf } from '../../web/charts/svg.ts';
import {
  bids,
  cohorts,
  migration,
  purchaseModel,
  quality,
  segments,
  simulation,
  value,
  valueModel,
} from './answers.ts';
import { campaigns, recommenders, stock } from './marketingAnswers.ts';

const orders = [
  { day: '2026-05-01', amount: 60 },
  { day: '2026-06-20', amount: 40 },
];
const asOf = '2026-07-01T10:00:00.000Z';

/** Every chart, of an answer and of none. */
const charts: Record<string, (context: ChartContext, has: boolean) => Chart> = {
  tiers: (context, has) => tiersChart(has ? segments : null, context),
  groups: (context, has) => groupsChart(has ? segments.history : null, context),
  rfm: (context, has) => rfmChart(has ? segments.history : null, context),
  alive: (context, has) => aliveChart(has ? segments.history : null, context),
  migration: (context, has) => migrationChart(has ? migration : null, context),
  cohorts: (context, has) => cohortsChart(has ? cohorts : null, context),
  valueHoldout: (context, has) => valueHoldoutChart(has ? valueModel : null, context),
  timeline: (context, has) => timelineChart(has ? value : null, has ? orders : [], context),
  lift: (context, has) => liftChart(has ? purchaseModel : null, context),
  gains: (context, has) => gainsChart(has ? purchaseModel : null, context),
  calibration: (context, has) => calibrationChart(has ? purchaseModel : null, context),
  precisionRecall: (context, has) => precisionRecallChart(has ? purchaseModel : null, context),
  importance: (context, has) => importanceChart(has ? purchaseModel : null, context),
  candidates: (context, has) => candidatesChart(has ? purchaseModel : null, context),
  drift: (context, has) => driftChart(has ? purchaseModel : null, context),
  bidCurve: (context, has) =>
    bidCurveChart(
      { bids: has ? bids : null, bid: has ? (bids.bids[0] ?? null) : null, bidMicros: 500_000 },
      context,
    ),
  budgets: (context, has) => budgetChart(has ? simulation : null, context),
  planned: (context, has) => plannedChart(has ? campaigns : null, context),
  uplift: (context, has) => upliftChart(has ? campaigns : null, context),
  qini: (context, has) => qiniChart(has ? campaigns : null, context),
  stock: (context, has) => stockChart({ stock: has ? stock : null, horizon: 30 }, context),
  forecast: (context, has) => forecastChart({ stock: has ? stock : null, horizon: 30 }, context),
  recommenders: (context, has) => recommendersChart(has ? { ...stock, report: recommenders } : null, context),
  ledger: (context, has) => ledgerChart({ quality: has ? quality : null, asOf }, context),
  psi: (context, has) => psiChart({ quality: has ? quality : null, asOf }, context),
};

const languages = ['en', 'zh'] as const;

describe.each(Object.entries(charts))('the chart %s', (id, define) => {
  it.each(languages)('says in %s what it shows, in which units, and which run it is of', (language) => {
    const chart = define(chartContext(language, 'light'), true);
    expect(chart.id).toBe(id);
    for (const told of [chart.title, chart.units, chart.source, chart.sentence]) {
      expect(told).not.toBe('');
      expect(told).not.toMatch(/[{}]|undefined|NaN|null/);
    }
    expect(chart.source).toContain('01234567');
  });

  it.each(languages)('says in %s what to upload where there is nothing to show', (language) => {
    const chart = define(chartContext(language, 'light'), false);
    expect(chart.empty).toMatch(language === 'en' ? /upload/i : /上传/);
    expect(svgOf(chart, { width: 400 })).toBe('');
  });

  it.each(['light', 'dark'] as const)(
    'is drawn in Node in %s colours, at a phone’s width and at a wall’s',
    (theme) => {
      const chart = define(chartContext('en', theme), true);
      for (const width of [320, 3000]) {
        const svg = svgOf(chart, { width });
        expect(svg).toMatch(/^<svg /);
        expect(svg).toContain('<path');
        expect(svg).not.toMatch(/NaN|undefined/);
      }
    },
  );

  it('has a table with a cell for every column', () => {
    const { table } = define(chartContext('en', 'light'), true);
    expect(table.rows.length).toBeGreaterThan(0);
    for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
    expect(table.rows.flat().join(' ')).not.toMatch(/NaN|undefined/);
  });
});

describe('a chart', () => {
  const context = chartContext('en', 'light');

  it('shows the table of customers where there is no order history', () => {
    const chart = tiersChart({ ...segments, history: null }, context);
    expect(chart.table.rows.map(([name, customers]) => [name, customers])).toEqual([
      ['high', '1'],
      ['mid', '2'],
      ['low', '3'],
    ]);
  });

  it('keeps markup of a column’s name as the text that it is', () => {
    const svg = svgOf(importanceChart(purchaseModel, context), { width: 600 });
    expect(svg).toContain('&lt;img');
    expect(svg).not.toContain('<img');
  });

  it('has one chart of dependence for each column that the report has', () => {
    const drawn = dependenceCharts(purchaseModel, context);
    expect(drawn.map(({ table }) => table.rows.length)).toEqual([2, 1]);
    for (const chart of drawn) expect(svgOf(chart, { width: 400 })).toMatch(/^<svg /);
    expect(dependenceCharts(null, context)).toEqual([]);
  });

  it('waits with what was said and what came until the days are over', () => {
    expect(driftChart({ ...purchaseModel, drift: null }, context).empty).toMatch(/newer orders/);
  });

  it('leaves out of a drawing what could not be measured, and tells measured effects from none', () => {
    const chart = upliftChart(campaigns, context);
    expect(chart.table.rows.map(([name, verdict]) => [name, verdict])).toEqual([
      ['spring', 'raised'],
      ['summer', 'no measurable effect'],
    ]);
    expect(chart.sentence).toContain('1 of 2 campaigns');
    expect(chart.table.columns[5]?.label).toBe('95% interval');
  });

  it('says what is missing for a plan, a test or a comparison that the shop has not enough data for', () => {
    expect(plannedChart({ ...campaigns, campaigns: [] }, context).empty).toMatch(/contacts\//);
    expect(forecastChart({ stock, horizon: 7 }, context).empty).toMatch(/older orders/);
    const report = { ...recommenders, comparison: null };
    expect(recommendersChart({ ...stock, report }, context).empty).toMatch(/longer history/);
  });

  it('draws intervals of tiers over their bars', () => {
    const [, , intervals] = (tiersChart(segments, context).option as { series: { data: unknown[] }[] })
      .series;
    expect(intervals?.data).toEqual([
      [0, 400, 600],
      [1, 400, 600],
      [2, 400, 600],
    ]);
  });

  it('marks the point of a curve that is nearest to a bid', () => {
    expect(nearest(bids.bids[0]?.curve ?? [], 640_000)?.bidMicros).toBe(500_000);
    expect(nearest([], 1)).toBeNull();
  });
});
