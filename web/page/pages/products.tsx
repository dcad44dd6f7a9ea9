import { useState } from 'preact/hooks';
import type { Health, Recommenders, RunDetail, Stock } from '../../answers.ts';
import {
  articleName,
  forecastChart,
  type Horizon,
  horizons,
  recommendersChart,
  stockChart,
  unitsWithin,
} from '../../charts/productCharts.ts';
import { ChartView } from '../ChartView.tsx';
import { Article, DataTable, Download, PageTitle, Paging, Panel, Select, Shown } from '../parts.tsx';
import { useAnswer, usePages, useShop } from '../shop.ts';

/** What will be sold, when to order how much, and how forecasts and recommenders did on days that they had not seen. */
export function Products() {
  const shop = useShop();
  const { say } = shop;
  const pages = usePages<Stock>('/stock?limit=50');
  const [horizon, setHorizon] = useState<Horizon>(30);
  return (
    <>
      <PageTitle
        aside={
          <Select
            label={say('horizon')}
            value={String(horizon)}
            options={horizons.map((days) => [String(days), say('inDaysAhead', { days })] as const)}
            onChange={(value) => setHorizon(Number(value) as Horizon)}
          />
        }
      >
        {say('products')}
      </PageTitle>
      <Shown asked={pages} empty="emptyProducts">
        {(stock) => (
          <>
            {!stock.knowsStock && <p class="note">{say('stockUnknownNote')}</p>}
            <div class="panels">
              <ChartView chart={stockChart({ stock, horizon }, shop)} />
              <ChartView chart={forecastChart({ stock, horizon }, shop)} />
              <Recommending lastDay={stock.lastDay} />
            </div>
            <Panel
              title={say('stock')}
              wide
              aside={
                <span class="actions">
                  <Download file="stock.csv">stock.csv</Download>
                  <Download file="recommendations.csv">recommendations.csv</Download>
                </span>
              }
            >
              <StockTable stock={stock} horizon={horizon} />
              <Paging pages={pages} label={say('stock')} />
            </Panel>
          </>
        )}
      </Shown>
    </>
  );
}

/** How recommenders compare stands in the record of the published run. */
function Recommending({ lastDay }: { lastDay: string }) {
  const shop = useShop();
  const health = useAnswer<Health>('/health');
  const runId = health.answer?.datasets.products?.runId;
  const run = useAnswer<RunDetail>(runId === undefined ? null : `/runs/${runId}`);
  const metrics = run.answer?.metrics as { recommendations?: Recommenders } | null | undefined;
  const { answer } = run;
  if (answer == null || metrics?.recommendations === undefined) return null;
  const { asOf } = answer;
  return (
    <ChartView
      chart={recommendersChart({ report: metrics.recommendations, runId: answer.runId, asOf, lastDay }, shop)}
    />
  );
}

function StockTable({
  stock: { products, currency, runId, asOf, lastDay },
  horizon,
}: {
  stock: Stock;
  horizon: Horizon;
}) {
  const { say, formats } = useShop();
  const count = (value: number | null) => (value === null ? '–' : formats.count(value));
  const units = (name: 'p50' | 'p90' | 'p95') => ({
    label: say(name),
    numeric: true,
    cell: (entry: Stock['products'][number]) => formats.count(unitsWithin(entry, horizon)[name]),
    sortBy: (entry: Stock['products'][number]) => unitsWithin(entry, horizon)[name],
  });
  return (
    <>
      <DataTable<Stock['products'][number]>
        caption={say('stock')}
        columns={[
          {
            label: say('article'),
            cell: (entry) => <Article {...entry} />,
            sortBy: articleName,
          },
          {
            label: say('status'),
            cell: ({ status }) => <span class={`tag ${status}`}>{say(`stock_${status}`)}</span>,
            sortBy: ({ status }) => status,
          },
          {
            label: say('inStock'),
            numeric: true,
            cell: ({ stock }) => count(stock),
            sortBy: ({ stock }) => stock,
          },
          {
            label: say('coverDays'),
            numeric: true,
            cell: ({ coverDays }) => (coverDays === null ? '–' : formats.figure(coverDays, 0)),
            sortBy: ({ coverDays }) => coverDays,
          },
          units('p50'),
          units('p90'),
          units('p95'),
          {
            label: say('reorderDay'),
            cell: ({ reorderDay }) => (reorderDay === null ? '–' : formats.day(reorderDay)),
            sortBy: ({ reorderDay }) => reorderDay,
          },
          {
            label: say('reorderUnits'),
            numeric: true,
            cell: ({ reorderUnits }) => <strong>{formats.count(reorderUnits)}</strong>,
            sortBy: ({ reorderUnits }) => reorderUnits,
          },
          {
            label: say('reorderCost'),
            numeric: true,
            cell: ({ reorderCost }) => (reorderCost === null ? '–' : formats.money(reorderCost, currency)),
            sortBy: ({ reorderCost }) => reorderCost,
          },
          {
            label: say('leadTimeDays'),
            numeric: true,
            cell: ({ leadTimeDays }) => formats.figure(leadTimeDays, 0),
            sortBy: ({ leadTimeDays }) => leadTimeDays,
          },
        ]}
        rows={products}
        keyOf={({ product }) => product}
      />
      <p class="source">
        {say('units')}: {say('unitUnits')}, {say('inDaysAhead', { days: horizon })} ·{' '}
        {say('sourceOf', { run: runId.slice(0, 8), asOf: formats.day(lastDay ?? asOf) })}
      </p>
    </>
  );
}
