import { useEffect, useState } from 'preact/hooks';
import type { SegmentCustomers, Segments } from '../../answers.ts';
import { addressOf, useAddress } from '../address.ts';
import { Trouble } from '../api.ts';
import {
  type Column,
  DataTable,
  Download,
  Loading,
  Name,
  PageTitle,
  Select,
  Shown,
  TroubleNote,
} from '../parts.tsx';
import { useAnswer, useShop } from '../shop.ts';

/** Customers of a tier, a group or a cluster, page by page as the API lists them, and one by their id. */
export function Customers() {
  const { say } = useShop();
  const segments = useAnswer<Segments>('/segments');
  return (
    <>
      <PageTitle>{say('customers')}</PageTitle>
      <Search />
      <Shown asked={segments} empty="emptyCustomers">
        {(answer) => <Listing segments={answer} />}
      </Shown>
    </>
  );
}

function Search() {
  const { say } = useShop();
  const [id, setId] = useState('');
  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (id.trim() !== '') location.hash = addressOf('customers', id.trim());
        }}
      >
        <label for="customer-id">{say('findCustomer')}</label>
        <input
          id="customer-id"
          type="search"
          value={id}
          autocomplete="off"
          onInput={(event) => setId(event.currentTarget.value)}
        />
        <button type="submit">{say('find')}</button>
      </form>
    </search>
  );
}

function Listing({ segments }: { segments: Segments }) {
  const { say, language } = useShop();
  const { query } = useAddress();
  const { history } = segments;
  const hasTable = segments.currency !== null;
  const source = query.get('source') ?? (history !== null ? 'orders' : 'customers');
  const segment = query.get('segment') ?? 'high';
  const choose = (changed: Record<string, string>) => {
    location.hash = addressOf('customers', null, { segment, source, ...changed });
  };
  const tiers = (['high', 'mid', 'low'] as const).map((one) => [one, `${say('tier')}: ${say(one)}`] as const);
  const others =
    source === 'orders' && history !== null
      ? [
          ...history.rfmGroups.map(
            (one) => [one.segment, `${say('group')}: ${one.label[language]}`] as const,
          ),
          ...history.clusters.map((one) => [one.segment, one.label[language]] as const),
        ]
      : [];
  const file = source === 'orders' ? `segments/${segment}.csv` : 'customers.csv';
  return (
    <>
      <div class="controls">
        {hasTable && history !== null && (
          <Select
            label={say('from')}
            value={source}
            options={[
              ['orders', say('orderHistory')],
              ['customers', say('customerTable')],
            ]}
            onChange={(value) => choose({ source: value, segment: 'high' })}
          />
        )}
        <Select
          label={say('segment')}
          value={segment}
          options={[...tiers, ...others]}
          onChange={(value) => choose({ segment: value })}
        />
        <Download file={file}>{file}</Download>
      </div>
      <Pages
        key={`${source}/${segment}`}
        path={`/segments/${encodeURIComponent(segment)}/customers?source=${source}&limit=50`}
        currency={(source === 'orders' ? history?.currency : segments.currency) ?? ''}
        caption={[...tiers, ...others].find(([name]) => name === segment)?.[1] ?? segment}
      />
    </>
  );
}

/** One page at a time: of a million customers no more than these are ever here. The run is that of the first page. */
function Pages({ path, currency, caption }: { path: string; currency: string; caption: string }) {
  const { api, say, formats, revision } = useShop();
  const [cursors, setCursors] = useState<string[]>([]);
  const [page, setPage] = useState<SegmentCustomers | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const cursor = cursors.at(-1);
  // A list that is being read goes on in its run; only its first page follows what is published.
  const seen = cursor === undefined ? revision : 0;
  // `seen` asks again
  useEffect(() => {
    const ending = new AbortController();
    const asked = cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
    setTrouble(null);
    api.get<SegmentCustomers>(asked, ending.signal).then(setPage, (error: unknown) => {
      if (!ending.signal.aborted) setTrouble(error instanceof Trouble ? error : new Trouble(null, null));
    });
    return () => ending.abort();
  }, [api, path, cursor, seen]);
  if (trouble !== null) return <TroubleNote trouble={trouble} />;
  if (page === null) return <Loading />;
  return (
    <>
      <CustomerTable page={page} currency={currency} caption={caption} />
      <p class="muted">
        {say('sortsThisPage')}{' '}
        {say('sourceOf', { run: page.runId.slice(0, 8), asOf: formats.day(page.asOf) })}
      </p>
      <nav class="paging" aria-label={caption}>
        <button
          type="button"
          disabled={cursors.length === 0}
          onClick={() => setCursors(cursors.slice(0, -1))}
        >
          {say('previous')}
        </button>
        <span>{say('pageNumber', { number: formats.count(cursors.length + 1) })}</span>
        <button
          type="button"
          disabled={page.cursor === undefined}
          onClick={() => page.cursor !== undefined && setCursors([...cursors, page.cursor])}
        >
          {say('next')}
        </button>
      </nav>
    </>
  );
}

type TableCustomer = Extract<SegmentCustomers['customers'][number], { score: number }>;
type Member = Exclude<SegmentCustomers['customers'][number], { score: number }>;

function CustomerTable({
  page,
  currency,
  caption,
}: {
  page: SegmentCustomers;
  currency: string;
  caption: string;
}) {
  const { say, formats } = useShop();
  const idColumn = {
    label: say('customer'),
    cell: ({ customerId }: { customerId: string }) => (
      <a href={addressOf('customers', customerId)}>
        <Name>{customerId}</Name>
      </a>
    ),
    sortBy: ({ customerId }: { customerId: string }) => customerId,
  };
  const money = (value: number | null) => (value === null ? '–' : formats.money(value, currency));
  if (page.source === 'customers') {
    const columns: Column<TableCustomer>[] = [
      idColumn,
      {
        label: say('rank'),
        numeric: true,
        cell: ({ rank }) => formats.count(rank),
        sortBy: ({ rank }) => rank,
      },
      {
        label: say('score'),
        numeric: true,
        cell: ({ score }) => formats.figure(score, 1),
        sortBy: ({ score }) => score,
      },
      {
        label: say('spentSoFar'),
        numeric: true,
        cell: ({ spend }) => money(spend),
        sortBy: ({ spend }) => spend,
      },
      {
        label: say('frequency'),
        numeric: true,
        cell: ({ frequency }) => formats.figure(frequency, 2),
        sortBy: ({ frequency }) => frequency,
      },
    ];
    return (
      <DataTable
        caption={caption}
        columns={columns}
        rows={page.customers as TableCustomer[]}
        keyOf={({ customerId }) => customerId}
      />
    );
  }
  const columns: Column<Member>[] = [
    idColumn,
    { label: say('tier'), cell: ({ tier }) => say(tier) },
    {
      label: say('expected12m'),
      numeric: true,
      cell: ({ next12m }) => money(next12m),
      sortBy: ({ next12m }) => next12m,
    },
    {
      label: say('interval90'),
      numeric: true,
      cell: ({ low, high }) => (low === null || high === null ? '–' : `${money(low)} – ${money(high)}`),
    },
    {
      label: say('spentSoFar'),
      numeric: true,
      cell: ({ historic }) => money(historic),
      sortBy: ({ historic }) => historic,
    },
    {
      label: say('pAlive'),
      numeric: true,
      cell: ({ pAlive }) => (pAlive === null ? '–' : formats.percent(pAlive)),
      sortBy: ({ pAlive }) => pAlive,
    },
  ];
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={page.customers as Member[]}
      keyOf={({ customerId }) => customerId}
    />
  );
}
