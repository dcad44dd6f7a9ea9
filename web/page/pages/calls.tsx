import type { Actions } from '../../answers.ts';
import { customerColumn, DataTable, Download, PageTitle, Paging, Shown } from '../parts.tsx';
import { usePages, useShop } from '../shop.ts';

type Call = Actions['calls'][number];

/** Whom to call, the most value at stake first, with what changed and what to do. */
export function Calls() {
  const { say, formats } = useShop();
  const pages = usePages<Actions>('/actions?limit=50');
  return (
    <>
      <PageTitle aside={<Download file="actions/call-list.csv">actions/call-list.csv</Download>}>
        {say('calls')}
      </PageTitle>
      <Shown asked={pages.answer?.calls.length === 0 ? { ...pages, answer: null } : pages} empty="emptyCalls">
        {({ calls, currency, comparedWith, runId, asOf, lastDay }) => (
          <>
            <p class="sentence">
              {comparedWith === null
                ? say('comparedWithNone')
                : say('comparedWithDay', { day: formats.day(comparedWith.lastDay) })}
            </p>
            <CallTable calls={calls} currency={currency} />
            <p class="source">
              {say('units')}: {currency} ·{' '}
              {say('sourceOf', { run: runId.slice(0, 8), asOf: formats.day(lastDay ?? asOf) })}
            </p>
            <Paging pages={pages} label={say('calls')} />
          </>
        )}
      </Shown>
    </>
  );
}

function CallTable({ calls, currency }: { calls: readonly Call[]; currency: string }) {
  const { say, formats, language } = useShop();
  const money = (value: number) => formats.money(value, currency);
  return (
    <DataTable
      caption={say('calls')}
      columns={[
        customerColumn(say('customer')),
        {
          label: say('valueAtStake'),
          numeric: true,
          cell: ({ valueAtStake }) => <strong>{money(valueAtStake)}</strong>,
          sortBy: ({ valueAtStake }) => valueAtStake,
        },
        {
          label: say('pAliveBefore'),
          numeric: true,
          cell: ({ pAliveBefore }) => (pAliveBefore === null ? '–' : formats.percent(pAliveBefore, 0)),
          sortBy: ({ pAliveBefore }) => pAliveBefore,
        },
        {
          label: say('pAliveNow'),
          numeric: true,
          cell: ({ pAlive }) => formats.percent(pAlive, 0),
          sortBy: ({ pAlive }) => pAlive,
        },
        {
          label: say('expected12m'),
          numeric: true,
          cell: ({ expectedSpend }) => money(expectedSpend),
          sortBy: ({ expectedSpend }) => expectedSpend,
        },
        {
          label: say('lastOrder'),
          cell: ({ lastOrder }) => formats.day(lastOrder),
          sortBy: ({ lastOrder }) => lastOrder,
        },
        {
          label: say('usualGap'),
          numeric: true,
          cell: ({ usualGapDays }) => (usualGapDays === null ? '–' : formats.figure(usualGapDays, 0)),
          sortBy: ({ usualGapDays }) => usualGapDays,
        },
        {
          label: say('whatChanged'),
          cell: ({ whatChanged }) => <span class="reason">{whatChanged[language]}</span>,
        },
        {
          label: say('whatToDo'),
          cell: ({ action, suggestion }) => (
            <>
              <span class="tag">{say(`action_${action}`)}</span>
              <small class="muted block reason">{suggestion[language]}</small>
            </>
          ),
        },
      ]}
      rows={calls}
      keyOf={({ customerId }) => customerId}
    />
  );
}
