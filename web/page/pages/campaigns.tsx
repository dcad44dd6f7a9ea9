import { useState } from 'preact/hooks';
import type { Campaigns as Answer, PlannedCampaign, Segments } from '../../answers.ts';
import { planName, plannedChart, qiniChart, upliftChart } from '../../charts/campaignCharts.ts';
import { ChartView } from '../ChartView.tsx';
import { DataTable, Download, Figure, Figures, Name, PageTitle, Panel, Shown } from '../parts.tsx';
import { useAnswer, useShop } from '../shop.ts';
import { CampaignResults } from './campaignResults.tsx';
import { CopyDesk } from './copyDesk.tsx';

/** Where the budget goes, whom to leave alone so that the effect can be measured, and what past campaigns brought. */
export function Campaigns() {
  const shop = useShop();
  const { say } = shop;
  const campaigns = useAnswer<Answer>('/campaigns');
  return (
    <>
      <PageTitle>{say('campaigns')}</PageTitle>
      <Shown asked={campaigns} empty="emptyCampaigns">
        {(answer) => (
          <>
            <Budget answer={answer} />
            <ChartView chart={plannedChart(answer, shop)} wide />
            <Plans answer={answer} />
            <NotPlanned answer={answer} />
            <div class="panels">
              <ChartView chart={upliftChart(answer, shop)} />
              <ChartView chart={qiniChart(answer, shop)} />
              <CampaignResults answer={answer} />
              <Audiences answer={answer} />
            </div>
          </>
        )}
      </Shown>
    </>
  );
}

function Budget({ answer }: { answer: Answer }) {
  const shop = useShop();
  const { say, formats } = shop;
  const { budget, unspent, probability, next, currency, campaigns } = answer;
  const money = (value: number) => formats.money(value, currency);
  const following = next && campaigns.find(({ name }) => name === next.campaign);
  return (
    <Figures>
      <Figure
        label={say('budget')}
        value={budget === null ? say('noBudgetSet') : money(budget)}
        note={budget === null ? null : `${say('unspent')}: ${money(unspent)}`}
      />
      {probability !== null && (
        <Figure
          label={say('withoutCampaign')}
          value={say(`source_${probability.source}`)}
          note={say('inDays', { days: probability.horizonDays })}
        />
      )}
      {next !== null && (
        <Figure
          label={say('nextUnit')}
          value={formats.figure(next.gainPerUnit, 2)}
          note={say('nextUnitBrings', {
            gain: money(next.gainPerUnit),
            name: following == null ? next.campaign : planName(following, shop),
          })}
        />
      )}
    </Figures>
  );
}

function Plans({ answer }: { answer: Answer }) {
  const shop = useShop();
  const { say, formats, language } = shop;
  const { campaigns, currency } = answer;
  const [chosen, setChosen] = useState<string | null>(null);
  const plan = campaigns.find(({ name }) => name === chosen) ?? campaigns[0];
  const money = (value: number) => formats.money(value, currency);
  if (plan === undefined) return null;
  return (
    <>
      <Panel
        title={say('plannedCampaigns')}
        wide
        aside={<Download file="campaigns/plan.csv">campaigns/plan.csv</Download>}
      >
        <DataTable
          caption={say('plannedCampaigns')}
          columns={[
            {
              label: say('campaign'),
              cell: (one) => (
                <button
                  type="button"
                  class="link"
                  aria-pressed={one.name === plan.name}
                  onClick={() => setChosen(one.name)}
                >
                  <Name>{planName(one, shop)}</Name>
                </button>
              ),
              sortBy: (one) => planName(one, shop),
            },
            { label: say('goal'), cell: ({ goalText }) => <span class="reason">{goalText[language]}</span> },
            {
              label: say('budget'),
              numeric: true,
              cell: ({ budget }) => money(budget),
              sortBy: ({ budget }) => budget,
            },
            {
              label: say('toContact'),
              numeric: true,
              cell: ({ test }) => formats.count(test.treated),
              sortBy: ({ test }) => test.treated,
            },
            {
              label: say('controlGroup'),
              numeric: true,
              cell: ({ test }) => formats.count(test.control),
              sortBy: ({ test }) => test.control,
            },
            {
              label: say('power'),
              numeric: true,
              cell: ({ test }) => formats.percent(test.power, 0),
              sortBy: ({ test }) => test.power,
            },
            {
              label: say('extraOrders'),
              numeric: true,
              cell: ({ expectedExtraOrders }) => formats.figure(expectedExtraOrders, 1),
              sortBy: ({ expectedExtraOrders }) => expectedExtraOrders,
            },
            {
              label: say('expectedProfit'),
              numeric: true,
              cell: ({ expectedProfit, low, high }) => (
                <>
                  <strong>{money(expectedProfit)}</strong>
                  <small class="muted block">
                    {money(low)} – {money(high)}
                  </small>
                </>
              ),
              sortBy: ({ expectedProfit }) => expectedProfit,
            },
            { label: say('download'), cell: ({ file }) => <Download file={file}>CSV</Download> },
          ]}
          rows={campaigns}
          keyOf={({ name }) => name}
        />
      </Panel>
      <div class="panels">
        <Control plan={plan} />
        <CopyDesk key={plan.name} segment={plan.segment} name={planName(plan, shop)} />
      </div>
    </>
  );
}

/** Whom a campaign leaves alone, and whether that is enough to see what it does. */
function Control({ plan }: { plan: PlannedCampaign }) {
  const shop = useShop();
  const { say, formats } = shop;
  const { test, lift } = plan;
  const basis =
    lift.basis === 'assumed'
      ? say('basis_assumed')
      : say('basis_measured', { share: formats.percent(lift.shareMeasured, 0) });
  return (
    <Panel title={`${say('controlGroup')}: ${planName(plan, shop)}`}>
      <Figures>
        <Figure
          label={say('controlGroup')}
          value={formats.count(test.control)}
          note={say('controlOf', { share: formats.percent(test.controlShare) })}
        />
        <Figure
          label={say('power')}
          value={formats.percent(test.power, 0)}
          note={say('powerWanted', { power: formats.percent(test.wantedPower, 0) })}
        />
        <Figure label={say('rateWithout')} value={formats.percent(test.controlRate, 2)} />
        <Figure label={say('rateWith')} value={formats.percent(test.treatedRate, 2)} />
        <Figure
          label={say('oddsTimes')}
          value={formats.figure(lift.oddsRatio, 3)}
          note={`${say('interval90')}: ${formats.figure(lift.low, 3)} – ${formats.figure(lift.high, 3)}; ${basis}`}
        />
        {test.minimumDetectableRise !== null && (
          <Figure
            label={say('smallestRise')}
            value={formats.percent(test.minimumDetectableRise, 2)}
            note={
              test.customersNeeded === null
                ? null
                : say('customersNeeded', { count: formats.count(test.customersNeeded) })
            }
          />
        )}
      </Figures>
      {test.power < test.wantedPower && <p class="note">{say('tooSmallToMeasure')}</p>}
    </Panel>
  );
}

function NotPlanned({ answer: { notPlanned } }: { answer: Answer }) {
  const { say, formats, language } = useShop();
  const segments = useAnswer<Segments>('/segments');
  const groups = segments.answer?.history?.rfmGroups ?? [];
  const nameOf = ({ segment, tier }: Answer['notPlanned'][number]) =>
    `${groups.find((one) => one.segment === segment)?.label[language] ?? segment} · ${say(tier)}`;
  if (notPlanned.length === 0) return null;
  return (
    <Panel title={say('notPlannedTitle')} wide>
      <DataTable
        caption={say('notPlannedTitle')}
        columns={[
          { label: say('segment'), cell: nameOf, sortBy: nameOf },
          {
            label: say('customersCount'),
            numeric: true,
            cell: ({ customers }) => formats.count(customers),
            sortBy: ({ customers }) => customers,
          },
          {
            label: say('reachable'),
            numeric: true,
            cell: ({ reachable }) => formats.count(reachable),
            sortBy: ({ reachable }) => reachable,
          },
          {
            label: say('reason'),
            cell: ({ reason, minimumMissed }) =>
              `${say(`reason_${reason}`)}${minimumMissed ? `; ${say('minimumMissed')}` : ''}`,
          },
        ]}
        rows={notPlanned}
        keyOf={({ name }) => name}
      />
    </Panel>
  );
}

function Audiences({ answer: { audiences } }: { answer: Answer }) {
  const { say, formats } = useShop();
  if (audiences.length === 0) return null;
  return (
    <Panel title={say('audiences')} wide>
      <DataTable
        caption={say('audiences')}
        columns={[
          { label: say('audience'), cell: ({ name }) => <Name>{name}</Name>, sortBy: ({ name }) => name },
          {
            label: say('customersCount'),
            numeric: true,
            cell: ({ customers }) => formats.count(customers),
            sortBy: ({ customers }) => customers,
          },
          { label: 'Google', numeric: true, cell: ({ google }) => formats.count(google) },
          { label: 'Meta', numeric: true, cell: ({ meta }) => formats.count(meta) },
          {
            label: say('download'),
            cell: ({ files }) => (
              <span class="actions">
                {files.map((file) => (
                  <Download key={file} file={file}>
                    {file.replace(/^audiences\//, '')}
                  </Download>
                ))}
              </span>
            ),
          },
        ]}
        rows={audiences}
        keyOf={({ name }) => name}
      />
    </Panel>
  );
}
