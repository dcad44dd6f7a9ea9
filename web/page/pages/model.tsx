import { useState } from 'preact/hooks';
import type { ModelList, PurchaseModel, ValueModel } from '../../answers.ts';
import { inLanguage } from '../../apiSentences.ts';
import {
  calibrationChart,
  candidatesChart,
  dependenceCharts,
  driftChart,
  gainsChart,
  importanceChart,
  liftChart,
  precisionRecallChart,
} from '../../charts/modelCharts.ts';
import { ChartView } from '../ChartView.tsx';
import { DataTable, Figure, Figures, PageTitle, Panel, Select, Shown } from '../parts.tsx';
import { useAnswer, useShop } from '../shop.ts';

/** The purchase model: how good it is on rows that no fit has seen, beside the baselines, and what it looks at. */
export function Model() {
  const { say } = useShop();
  const models = useAnswer<ModelList>('/models?limit=50');
  const [from, setFrom] = useState<'' | 'orders' | 'training'>('');
  const model = useAnswer<PurchaseModel>(from === '' ? '/models/purchase' : `/models/purchase?from=${from}`);
  const sources = new Set(models.answer?.models.map((one) => one.from));
  return (
    <>
      <PageTitle
        aside={
          sources.size > 1 && (
            <Select
              label={say('fittedTo')}
              value={from === '' ? (model.answer?.from ?? 'training') : from}
              options={[
                ['training', say('trainingTable')],
                ['orders', say('orderHistory')],
              ]}
              onChange={setFrom}
            />
          )
        }
      >
        {say('model')}
      </PageTitle>
      <Shown asked={model} empty="emptyModel">
        {(answer) => <Report model={answer} />}
      </Shown>
      <Values />
    </>
  );
}

function Report({ model }: { model: PurchaseModel }) {
  const shop = useShop();
  const { say, formats, language } = shop;
  const { report, metrics, baseline } = model;
  const beside = (value: number | null | undefined) =>
    value == null ? null : `${say('baseRate')}: ${formats.figure(value)}`;
  return (
    <>
      <Figures>
        <Figure label={say('grade')} value={report.grade} note={say(`grade${report.grade}`)} />
        <Figure
          label={say('inUse')}
          value={model.engine}
          note={say('rowsAndBuyers', {
            rows: formats.count(model.rows),
            buyers: formats.count(model.positives),
          })}
        />
        {metrics?.rocAuc != null && (
          <Figure
            label={say('rocAuc')}
            value={formats.figure(metrics.rocAuc)}
            note={beside(baseline?.rocAuc)}
          />
        )}
        {metrics !== null && (
          <Figure
            label={say('logLoss')}
            value={formats.figure(metrics.logLoss)}
            note={beside(baseline?.logLoss)}
          />
        )}
        {metrics !== null && (
          <Figure label={say('brier')} value={formats.figure(metrics.brier)} note={beside(baseline?.brier)} />
        )}
      </Figures>
      <div class="panels">
        <Panel title={say('inWords')} wide>
          <ul class="notes">
            {[...report.verdict, ...report.gradeReasons, ...report.rules].map((text) => (
              <li key={text.en}>
                <bdi>{text[language]}</bdi>
              </li>
            ))}
          </ul>
          {report.leaks.length > 0 && (
            <ul class="notes">
              {report.leaks.map(({ column, message }) => (
                <li key={column}>
                  <bdi>{message}</bdi>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        <ChartView chart={liftChart(model, shop)} />
        <ChartView chart={gainsChart(model, shop)} />
        <ChartView chart={calibrationChart(model, shop)} />
        <ChartView chart={precisionRecallChart(model, shop)} />
        <ChartView chart={candidatesChart(model, shop)} />
        <ChartView chart={importanceChart(model, shop)} />
        <ChartView chart={driftChart(model, shop)} />
        {dependenceCharts(model, shop).map((chart) => (
          <ChartView key={chart.id} chart={chart} />
        ))}
      </div>
    </>
  );
}

/** How candidates for customers' value did on days that none of them saw. */
function Values() {
  const { say, formats, language } = useShop();
  const values = useAnswer<ValueModel>('/models/value');
  const choice = values.answer?.choice;
  if (choice == null) return null;
  return (
    <Panel title={say('valueModels')} wide>
      <p class="sentence">{inLanguage(language, choice.sentence)}</p>
      <DataTable
        caption={say('valueModels')}
        columns={[
          {
            label: say('candidate'),
            cell: ({ name, baseline }) =>
              `${name}${baseline ? ` (${say('baseline')})` : ''}${name === choice.winner ? ` (${say('inUse')})` : ''}`,
          },
          {
            label: say('error'),
            numeric: true,
            cell: ({ purchases }) => (purchases === null ? '–' : formats.figure(purchases.meanAbsoluteError)),
            sortBy: ({ purchases }) => purchases?.meanAbsoluteError ?? null,
          },
          {
            label: say('gini'),
            numeric: true,
            cell: ({ ranking }) => formats.figure(ranking.gini),
            sortBy: ({ ranking }) => ranking.gini,
          },
          {
            label: say('topDecile'),
            numeric: true,
            cell: ({ ranking }) => formats.percent(ranking.topDecileShare),
            sortBy: ({ ranking }) => ranking.topDecileShare,
          },
        ]}
        rows={choice.rows}
        keyOf={({ name }) => name}
      />
    </Panel>
  );
}
