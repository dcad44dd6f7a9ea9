import type { Segments as Answer, Cohorts, HistorySegments, Migration, ValueModel } from '../../answers.ts';
import { cohortsChart, migrationChart, valueHoldoutChart } from '../../charts/historyCharts.ts';
import { aliveChart, groupsChart, rfmChart, tiersChart } from '../../charts/segmentCharts.ts';
import { addressOf } from '../address.ts';
import { ChartView } from '../ChartView.tsx';
import { moneyColumns } from '../moneyColumns.tsx';
import { DataTable, Download, PageTitle, Panel, Shown } from '../parts.tsx';
import { useAnswer, useShop } from '../shop.ts';

/** Tiers, groups and clusters; who moved, who comes back, and who is still there. */
export function Segments() {
  const shop = useShop();
  const { say } = shop;
  const segments = useAnswer<Answer>('/segments');
  const migration = useAnswer<Migration>('/segments/migration');
  const cohorts = useAnswer<Cohorts>('/cohorts');
  const values = useAnswer<ValueModel>('/models/value');
  return (
    <>
      <PageTitle>{say('segments')}</PageTitle>
      <Shown asked={segments} empty="emptyCustomers">
        {(answer) => (
          <>
            <div class="panels">
              <ChartView chart={tiersChart(answer, shop)} />
              <ChartView chart={groupsChart(answer.history, shop)} />
              <ChartView chart={rfmChart(answer.history, shop)} />
              <ChartView chart={aliveChart(answer.history, shop)} />
              <ChartView chart={migrationChart(migration.answer ?? null, shop)} />
              <ChartView chart={valueHoldoutChart(values.answer ?? null, shop)} />
              <ChartView chart={cohortsChart(cohorts.answer ?? null, shop)} wide />
            </div>
            {answer.history !== null && <AllSegments history={answer.history} />}
          </>
        )}
      </Shown>
    </>
  );
}

function AllSegments({ history }: { history: HistorySegments }) {
  const shop = useShop();
  const { say, formats, language } = shop;
  const rows = [
    ...history.tiers.map((one) => ({ ...one, description: null })),
    ...history.rfmGroups.map((one) => ({ ...one, description: null })),
    ...history.clusters,
  ];
  return (
    <Panel title={say('allSegments')} wide>
      <DataTable
        caption={say('allSegments')}
        columns={[
          {
            label: say('segment'),
            cell: ({ segment, label, description }) => (
              <>
                <a href={addressOf('customers', null, { segment, source: 'orders' })}>{label[language]}</a>
                {description !== null && <small class="muted block">{description[language]}</small>}
              </>
            ),
          },
          {
            label: say('customersCount'),
            numeric: true,
            cell: ({ customers }) => formats.count(customers),
            sortBy: ({ customers }) => customers,
          },
          ...moneyColumns(shop, history.currency),
          {
            label: say('download'),
            cell: ({ segment }) => <Download file={`segments/${segment}.csv`}>CSV</Download>,
          },
        ]}
        rows={rows}
        keyOf={({ segment }) => segment}
      />
    </Panel>
  );
}
