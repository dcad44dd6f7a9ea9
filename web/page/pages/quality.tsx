import type { Quality as Report, RunDetail, RunList } from '../../answers.ts';
import { ledgerChart, psiChart } from '../../charts/qualityCharts.ts';
import { ChartView } from '../ChartView.tsx';
import { DataTable, Download, Figure, Figures, Name, PageTitle, Panel, Shown } from '../parts.tsx';
import { useAnswer, useShop } from '../shop.ts';

/** What the order history is like: rows by file and reason, dates, columns, and how far it moved. */
export function Quality() {
  const { say } = useShop();
  const runs = useAnswer<RunList>('/runs?dataset=orders&limit=1');
  const newest = runs.answer?.runs[0] ?? null;
  const shown = { ...runs, answer: runs.answer === undefined ? undefined : newest };
  return (
    <>
      <PageTitle>{say('quality')}</PageTitle>
      <Shown asked={shown} empty="emptyHistory">
        {(run) => <OfRun runId={run.runId} asOf={run.asOf} />}
      </Shown>
    </>
  );
}

function OfRun({ runId, asOf }: { runId: string; asOf: string }) {
  const shop = useShop();
  const { say } = shop;
  const quality = useAnswer<Report>(`/runs/${runId}/quality`);
  const run = useAnswer<RunDetail>(`/runs/${runId}`);
  return (
    <Shown asked={quality} empty="emptyQuality">
      {(report) => (
        <>
          <Totals report={report} />
          <div class="panels">
            <ChartView chart={ledgerChart({ quality: report, asOf }, shop)} />
            <ChartView chart={psiChart({ quality: report, asOf }, shop)} />
            <Files report={report} />
            {(run.answer?.rejects.length ?? 0) > 0 && (
              <Panel title={say('rejectedRows')}>
                <p class="actions">
                  {run.answer?.rejects.map((key) => (
                    <Download key={key} file={key}>
                      {key}
                    </Download>
                  ))}
                </p>
              </Panel>
            )}
            <Gaps report={report} />
            <Columns report={report} />
          </div>
        </>
      )}
    </Shown>
  );
}

function Totals({ report: { rows, dates, duplicates, revenue, currency } }: { report: Report }) {
  const { say, formats } = useShop();
  const span =
    dates.firstDay === null || dates.lastDay === null
      ? say('notKnown')
      : `${formats.day(dates.firstDay)} – ${formats.day(dates.lastDay)}`;
  return (
    <Figures>
      <Figure
        label={say('rows')}
        value={formats.count(rows.rowsIn)}
        note={say('okAndSetAside', {
          ok: formats.count(rows.rowsOk),
          bad: formats.count(rows.rowsQuarantined),
        })}
      />
      <Figure
        label={say('days')}
        value={span}
        note={say('daysWithout', { count: formats.count(dates.daysWithoutOrders) })}
      />
      <Figure
        label={say('duplicates')}
        value={formats.count(duplicates.lines)}
        note={duplicates.share === null ? null : formats.percent(duplicates.share)}
      />
      <Figure
        label={say('revenue')}
        value={formats.money(revenue.amount, currency)}
        note={
          revenue.shareWithoutCustomer === null
            ? null
            : say('withoutCustomer', { share: formats.percent(revenue.shareWithoutCustomer) })
        }
      />
    </Figures>
  );
}

function Files({ report }: { report: Report }) {
  const { say, formats } = useShop();
  return (
    <Panel title={say('filesAndReasons')} wide>
      <DataTable
        caption={say('filesAndReasons')}
        columns={[
          { label: say('file'), cell: ({ key }) => <Name>{key}</Name> },
          { label: say('rows'), numeric: true, cell: ({ rowsIn }) => formats.count(rowsIn) },
          { label: say('read'), numeric: true, cell: ({ rowsOk }) => formats.count(rowsOk) },
          {
            label: say('setAside'),
            numeric: true,
            cell: ({ rowsQuarantined }) => formats.count(rowsQuarantined),
          },
          {
            label: say('why'),
            cell: ({ reasons }) =>
              reasons.length === 0 ? (
                '–'
              ) : (
                <ul class="notes">
                  {reasons.map(({ column, reason, rows }) => (
                    <li key={`${column}/${reason}`}>
                      {formats.count(rows)} × {column !== null && <Name>{column}</Name>} {reason}
                    </li>
                  ))}
                </ul>
              ),
          },
        ]}
        rows={report.files}
        keyOf={({ key }) => key}
      />
    </Panel>
  );
}

function Gaps({ report: { dates } }: { report: Report }) {
  const { say, formats } = useShop();
  if (dates.gaps.length === 0) return null;
  return (
    <Panel title={say('gaps')}>
      <DataTable
        caption={say('gaps')}
        columns={[
          { label: say('from'), cell: ({ from }) => formats.day(from) },
          { label: say('to'), cell: ({ to }) => formats.day(to) },
          {
            label: say('days'),
            numeric: true,
            cell: ({ days }) => formats.count(days),
            sortBy: ({ days }) => days,
          },
        ]}
        rows={dates.gaps}
        keyOf={({ from }) => from}
      />
    </Panel>
  );
}

function Columns({ report }: { report: Report }) {
  const { say, formats } = useShop();
  return (
    <Panel title={say('columns')} wide>
      <DataTable
        caption={say('columns')}
        columns={[
          { label: say('column'), cell: ({ name }) => <Name>{name}</Name> },
          {
            label: say('missing'),
            numeric: true,
            cell: ({ missing }) => formats.count(missing),
            sortBy: ({ missing }) => missing,
          },
          {
            label: say('distinct'),
            numeric: true,
            cell: ({ distinct }) => `${distinct.exact ? '' : '≈ '}${formats.count(distinct.count)}`,
            sortBy: ({ distinct }) => distinct.count,
          },
          {
            label: say('median'),
            numeric: true,
            cell: ({ quantiles }) => (quantiles === null ? '–' : formats.figure(quantiles.p50)),
          },
        ]}
        rows={report.columns}
        keyOf={({ name }) => name}
      />
    </Panel>
  );
}
