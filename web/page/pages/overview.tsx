import type {
  Actions,
  BidList,
  Campaigns,
  Health,
  HistorySegments,
  Migration,
  PurchaseModel,
  RunList,
  Segments,
  Stock,
} from '../../answers.ts';
import { planName } from '../../charts/campaignCharts.ts';
import { migrationChart } from '../../charts/historyCharts.ts';
import { articleName } from '../../charts/productCharts.ts';
import { groupsChart, tiersChart } from '../../charts/segmentCharts.ts';
import { addressOf } from '../address.ts';
import { ChartView } from '../ChartView.tsx';
import {
  Download,
  Empty,
  Figure,
  Figures,
  Loading,
  PageTitle,
  Panel,
  Shown,
  TroubleNote,
} from '../parts.tsx';
import { type Shop, useAnswer, useShop } from '../shop.ts';

/** Money by tier, what changed since the last run, what needs a look, and what to do next. */
export function Overview() {
  const shop = useShop();
  const { say } = shop;
  const health = useAnswer<Health>('/health');
  const segments = useAnswer<Segments>('/segments');
  const migration = useAnswer<Migration>('/segments/migration');
  const isNew = health.answer != null && Object.keys(health.answer.datasets).length === 0;
  const published = segments.answer?.history ?? segments.answer ?? null;
  return (
    <>
      <PageTitle
        aside={published && <Download file={`reports/${published.runId}.html`}>{say('report')}</Download>}
      >
        {say('overview')}
      </PageTitle>
      {isNew && <Empty word="emptyEverything" />}
      <Shown asked={segments} empty="emptyCustomers">
        {(answer) => (
          <>
            <Totals segments={answer} />
            <div class="panels">
              <ChartView chart={tiersChart(answer, shop)} />
              {answer.history && <ChartView chart={groupsChart(answer.history, shop)} />}
              {answer.history && <ChartView chart={migrationChart(migration.answer ?? null, shop)} wide />}
            </div>
          </>
        )}
      </Shown>
      {(segments.answer !== undefined || segments.trouble !== null) && (
        <NextSteps history={segments.answer?.history ?? null} />
      )}
    </>
  );
}

/** Asked after the money, which is to be seen first. Nothing is said to be well before all has been heard. */
function NextSteps({ history }: { history: HistorySegments | null }) {
  const shop = useShop();
  const { say } = shop;
  const runs = useAnswer<RunList>('/runs?limit=20');
  const model = useAnswer<PurchaseModel>('/models/purchase');
  const bids = useAnswer<BidList>('/bids?limit=1');
  const campaigns = useAnswer<Campaigns>('/campaigns');
  const calls = useAnswer<Actions>('/actions?limit=100');
  const stock = useAnswer<Stock>('/stock?limit=3');
  const asked = [runs, model, bids, campaigns, calls, stock];
  const trouble = asked.find((one) => one.trouble !== null)?.trouble ?? null;
  const isWaiting = asked.some((one) => one.answer === undefined && one.trouble === null);
  const told = (items: Item[], empty: string) =>
    isWaiting ? <Loading /> : <List items={items} empty={trouble === null ? empty : ''} />;
  return (
    <div class="panels">
      <Panel title={say('alerts')}>
        {trouble !== null && <TroubleNote trouble={trouble} />}
        {told(alerts(shop, { runs: runs.answer ?? null, model: model.answer ?? null }), say('noAlerts'))}
      </Panel>
      <Panel title={say('nextActions')}>
        {told(
          actions(shop, {
            calls: calls.answer ?? null,
            campaigns: campaigns.answer ?? null,
            stock: stock.answer ?? null,
            history,
            bids: bids.answer ?? null,
            model: model.answer ?? null,
          }),
          say('noActions'),
        )}
      </Panel>
    </div>
  );
}

function Totals({ segments }: { segments: Segments }) {
  const { say, formats } = useShop();
  const { history } = segments;
  if (history === null)
    return (
      <Figures>
        <Figure label={say('customersCount')} value={formats.count(segments.customers ?? 0)} />
      </Figures>
    );
  const { total, currency } = history;
  const money = (value: number) => formats.money(value, currency);
  const range =
    total.low === null || total.high === null
      ? null
      : `${say('interval90')}: ${money(total.low)} – ${money(total.high)}`;
  return (
    <Figures>
      <Figure
        label={say('customersCount')}
        value={formats.count(total.customers)}
        note={say('dataTo', { day: formats.day(history.lastDay) })}
      />
      <Figure label={say('spentSoFar')} value={money(total.historic)} />
      <Figure
        label={say('expected12m')}
        value={total.next12m === null ? say('notKnown') : money(total.next12m)}
        note={range}
      />
    </Figures>
  );
}

interface Item {
  text: string;
  href: string;
}

function List({ items, empty }: { items: Item[]; empty: string }) {
  if (items.length === 0) return <p class="muted">{empty}</p>;
  return (
    <ul class="links">
      {items.map(({ text, href }) => (
        <li key={text}>
          <a href={href}>{text}</a>
        </li>
      ))}
    </ul>
  );
}

/** The newest run of each dataset that did not end well, and a model whose word did not hold. */
function alerts(
  { say }: Shop,
  { runs, model }: { runs: RunList | null; model: PurchaseModel | null },
): Item[] {
  const newest = new Map<string, RunList['runs'][number]>();
  for (const run of runs?.runs ?? []) if (!newest.has(run.dataset)) newest.set(run.dataset, run);
  const troubled = [...newest.values()]
    .filter(({ status }) => ['rejected', 'held', 'failed'].includes(status))
    .map(({ runId, dataset, status, problems }) => ({
      text: `${dataset}: ${say(status as 'rejected')} – ${problems[0]?.message ?? ''}`,
      href: addressOf('runs', runId),
    }));
  const drifted =
    model?.drift && model.drift.verdict !== 'asSaid'
      ? [{ text: say('alertDrift', { verdict: say(model.drift.verdict) }), href: addressOf('model') }]
      : [];
  const isThin = model !== null && model.status === 'insufficientData';
  return [...troubled, ...drifted, ...(isThin ? [{ text: say('alertThin'), href: addressOf('model') }] : [])];
}

interface Answers {
  calls: Actions | null;
  campaigns: Campaigns | null;
  stock: Stock | null;
  history: HistorySegments | null;
  bids: BidList | null;
  model: PurchaseModel | null;
}

/** Where the API's figures say that looking pays first. */
const actions = (shop: Shop, answers: Answers): Item[] => [
  ...callActions(shop, answers),
  ...campaignActions(shop, answers),
  ...stockActions(shop, answers),
  ...groupActions(shop, answers),
  ...bidActions(shop, answers),
  ...contactActions(shop, answers),
];

function callActions({ say, formats }: Shop, { calls }: Answers): Item[] {
  const count = calls?.calls.length ?? 0;
  if (calls === null || count === 0) return [];
  // how many follow behind the cursor is not told
  const text =
    calls.cursor === undefined ? say('actionCalls', { count: formats.count(count) }) : say('actionCallsMore');
  return [{ text, href: addressOf('calls') }];
}

const mostCampaigns = 2;

const campaignActions = (shop: Shop, { campaigns }: Answers): Item[] =>
  (campaigns?.campaigns ?? []).slice(0, mostCampaigns).map((plan) => ({
    text: shop.say('actionCampaign', {
      name: planName(plan, shop),
      profit: shop.formats.money(plan.expectedProfit, campaigns?.currency ?? ''),
    }),
    href: addressOf('campaigns'),
  }));

const stockActions = ({ say, formats }: Shop, { stock }: Answers): Item[] =>
  (stock?.products ?? [])
    .filter(({ status }) => status === 'orderNow')
    .map((entry) => ({
      text: say('actionOrder', { units: formats.count(entry.reorderUnits), name: articleName(entry) }),
      href: addressOf('products'),
    }));

const worthAsking = ['atRisk', 'previouslyLoyal', 'champions', 'new'];

const groupActions = ({ say, formats, language }: Shop, { history }: Answers): Item[] =>
  (history?.rfmGroups ?? [])
    .filter(({ segment, customers }) => customers > 0 && worthAsking.includes(segment))
    .map(({ segment, label, customers, next12m, historic }) => ({
      text: say('actionGroup', {
        group: label[language],
        count: formats.count(customers),
        money: formats.money(next12m ?? historic, history?.currency ?? ''),
      }),
      href: addressOf('customers', null, { segment }),
    }));

const bidActions = ({ say, formats }: Shop, { bids }: Answers): Item[] =>
  bids !== null && 'portfolio' in bids
    ? [
        {
          text: say('actionBids', {
            spend: formats.micros(bids.portfolio.expectedSpendMicros, bids.currency),
            value: formats.micros(bids.portfolio.expectedValueMicros, bids.currency),
          }),
          href: addressOf('bids'),
        },
      ]
    : [];

const contactActions = ({ say, formats }: Shop, { model }: Answers): Item[] =>
  model?.report.threshold == null
    ? []
    : [
        {
          text: say('actionContact', { probability: formats.percent(model.report.threshold.probability) }),
          href: addressOf('model'),
        },
      ];
