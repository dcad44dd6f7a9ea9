import type { CustomerAction, Customer as Profile, Recommendations } from '../../answers.ts';
import { timelineChart } from '../../charts/historyCharts.ts';
import { articleName } from '../../charts/productCharts.ts';
import { addressOf } from '../address.ts';
import { ChartView } from '../ChartView.tsx';
import { Article, DataTable, Figure, Figures, Name, PageTitle, Panel, Shown } from '../parts.tsx';
import { useAnswer, useShop } from '../shop.ts';

/** All that is known of one customer. */
export function Customer({ id }: { id: string }) {
  const { say } = useShop();
  const profile = useAnswer<Profile>(`/customers/${encodeURIComponent(id)}`);
  return (
    <>
      <p>
        <a href={addressOf('customers')}>← {say('customers')}</a>
      </p>
      <PageTitle>
        <Name>{id}</Name>
      </PageTitle>
      <Shown asked={profile} empty="noSuchCustomer">
        {(answer) => <Parts profile={answer} />}
      </Shown>
    </>
  );
}

function Parts({ profile }: { profile: Profile }) {
  const shop = useShop();
  const { value, scores, history } = profile;
  return (
    <>
      <Worth profile={profile} />
      <div class="panels">
        {value !== null && <ChartView chart={timelineChart(value, history?.orders ?? [], shop)} wide />}
        {value !== null && <NextAction id={profile.customerId} />}
        {value !== null && <Reasons value={value} />}
        {scores.map((score) => (
          <Score key={score.runId} score={score} />
        ))}
        {history !== null && <Offers id={profile.customerId} />}
        {history !== null && <Features history={history} />}
      </div>
    </>
  );
}

function Worth({ profile: { value, segment, scores } }: { profile: Profile }) {
  const { say, formats } = useShop();
  const money = (amount: number) => formats.money(amount, value?.currency ?? '');
  const [score] = scores;
  return (
    <Figures>
      {value?.next12m != null && (
        <Figure
          label={say('expected12m')}
          value={money(value.next12m)}
          note={
            value.low === null || value.high === null
              ? null
              : `${say('interval90')}: ${money(value.low)} – ${money(value.high)}`
          }
        />
      )}
      {value !== null && <Figure label={say('spentSoFar')} value={money(value.historic)} />}
      {value?.lifetime12m != null && <Figure label={say('lifetime')} value={money(value.lifetime12m)} />}
      {value?.pAlive != null && <Figure label={say('pAlive')} value={formats.percent(value.pAlive)} />}
      {value !== null && (
        <Figure
          label={say('tier')}
          value={say(value.tier)}
          note={value.previousTier === null ? null : say('before', { name: say(value.previousTier) })}
        />
      )}
      {value?.nextPurchase.from != null && (
        <Figure
          label={say('nextPurchase')}
          value={`${formats.day(value.nextPurchase.from)} – ${value.nextPurchase.to === null ? '…' : formats.day(value.nextPurchase.to)}`}
        />
      )}
      {score !== undefined && (
        <Figure
          label={say('probability')}
          value={formats.percent(score.probability)}
          note={say('inDays', { days: score.horizonDays })}
        />
      )}
      {segment !== null && (
        <Figure
          label={say('score')}
          value={formats.figure(segment.score, 1)}
          note={say('rankOf', { rank: formats.count(segment.rank), tier: say(segment.tier) })}
        />
      )}
    </Figures>
  );
}

function Reasons({ value }: { value: NonNullable<Profile['value']> }) {
  const { say, language } = useShop();
  return (
    <Panel title={say('whyTier')}>
      <ul class="notes">
        {value.reasons.map(({ code, text }) => (
          <li key={code}>{text[language]}</li>
        ))}
      </ul>
    </Panel>
  );
}

function Score({ score }: { score: Profile['scores'][number] }) {
  const { say, formats, language } = useShop();
  const from = score.file === null ? say('orderHistory') : score.file;
  return (
    <Panel
      title={say('whyProbability', {
        probability: formats.percent(score.probability),
        days: score.horizonDays,
      })}
    >
      {score.reasons.length === 0 ? (
        <p class="muted">{say('noReasons')}</p>
      ) : (
        <ul class="notes">
          {score.reasons.map(({ column, text }) => (
            <li key={column}>
              <bdi>{text[language]}</bdi>
            </li>
          ))}
        </ul>
      )}
      <p class="source">
        <bdi>{from}</bdi> · {say('decileOf', { decile: score.decile })} ·{' '}
        {say('sourceOf', { run: score.runId.slice(0, 8), asOf: formats.day(score.asOf) })}
      </p>
    </Panel>
  );
}

/** Call, campaign, hold out or leave alone, and why. */
function NextAction({ id }: { id: string }) {
  const { say, language, formats } = useShop();
  const asked = useAnswer<CustomerAction>(`/customers/${encodeURIComponent(id)}/action`);
  const { answer } = asked;
  return (
    <Panel title={say('action')}>
      {answer === null && <p class="muted">{say('noAction')}</p>}
      {answer != null && (
        <>
          <p>
            <span class="tag">{say(`action_${answer.action}`)}</span>{' '}
            {answer.campaign !== null && (
              <a href={addressOf('campaigns')}>
                <Name>{answer.campaign}</Name>
              </a>
            )}
            {answer.channel !== null && ` · ${say(`channel_${answer.channel}`)}`}
            {answer.offer !== null && answer.offer !== '' && ` · ${answer.offer}`}
          </p>
          <p class="sentence">{answer.reason[language]}</p>
          <p class="source">
            {say('sourceOf', {
              run: answer.runId.slice(0, 8),
              asOf: formats.day(answer.lastDay ?? answer.asOf),
            })}
          </p>
        </>
      )}
    </Panel>
  );
}

/** What to offer next, each with the purchase that speaks most for it. */
function Offers({ id }: { id: string }) {
  const { say, formats } = useShop();
  const asked = useAnswer<Recommendations>(`/customers/${encodeURIComponent(id)}/recommendations`);
  return (
    <Panel title={say('recommendations')} wide>
      {asked.answer === null && asked.trouble === null && <p class="muted">{say('noRecommendations')}</p>}
      {asked.answer != null && (
        <>
          <p class="sentence">{say(`basis_${asked.answer.basis}`)}</p>
          <DataTable
            caption={say('recommendations')}
            columns={[
              {
                label: say('article'),
                cell: (item) => <Article {...item} />,
              },
              {
                label: say('category'),
                cell: ({ category }) => (category === null ? '–' : <Name>{category}</Name>),
              },
              {
                label: say('price'),
                numeric: true,
                cell: ({ price }) =>
                  price === null ? '–' : formats.money(price, asked.answer?.currency ?? ''),
              },
              {
                label: say('inStock'),
                numeric: true,
                cell: ({ stock }) => (stock === null ? '–' : formats.count(stock)),
              },
              {
                label: say('becauseBought'),
                cell: ({ product, because }) => {
                  if (because === null) return '–';
                  return because.product === product ? (
                    say('boughtAgain')
                  ) : (
                    <Name>{articleName(because)}</Name>
                  );
                },
              },
            ]}
            rows={asked.answer.items}
            keyOf={({ product }) => product}
          />
          <p class="source">
            {say('method')}: {asked.answer.method} ·{' '}
            {say('sourceOf', {
              run: asked.answer.runId.slice(0, 8),
              asOf: formats.day(asked.answer.lastDay),
            })}
          </p>
        </>
      )}
    </Panel>
  );
}

function Features({ history }: { history: NonNullable<Profile['history']> }) {
  const { say, formats } = useShop();
  const rows = Object.entries(history.features).filter(([, value]) => value !== null);
  return (
    <Panel title={say('features')} wide>
      <details>
        <summary>{say('showFeatures', { count: rows.length })}</summary>
        <DataTable
          caption={say('features')}
          columns={[
            { label: say('feature'), cell: ([name]) => <Name>{name}</Name> },
            {
              label: say('value'),
              numeric: true,
              cell: ([, value]) =>
                typeof value === 'number' ? formats.figure(value) : <Name>{String(value)}</Name>,
            },
          ]}
          rows={rows}
          keyOf={([name]) => name}
        />
      </details>
    </Panel>
  );
}
