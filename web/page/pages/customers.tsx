import { useState } from 'preact/hooks';
import type { SegmentCustomers, Segments } from '../../answers.ts';
import { addressOf, useAddress } from '../address.ts';
import { moneyColumns } from '../moneyColumns.tsx';
import {
  type Column,
  customerColumn,
  DataTable,
  Download,
  PageTitle,
  Paging,
  Select,
  Shown,
} from '../parts.tsx';
import { useAnswer, usePages, useShop } from '../shop.ts';
import { Told } from '../Words.tsx';

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
          aria-describedby="customer-id-hint"
          onInput={(event) => setId(event.currentTarget.value)}
        />
        <button type="submit">{say('find')}</button>
        <small id="customer-id-hint">{say('wholeId')}</small>
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
      <Told
        key={`told-${source}/${segment}`}
        path={`/segments/${encodeURIComponent(segment)}/explanation?source=${source}`}
      >
        {say('tellSegment')}
      </Told>
      <Listed
        key={`${source}/${segment}`}
        path={`/segments/${encodeURIComponent(segment)}/customers?source=${source}&limit=50`}
        currency={(source === 'orders' ? history?.currency : segments.currency) ?? ''}
        caption={[...tiers, ...others].find(([name]) => name === segment)?.[1] ?? segment}
      />
    </>
  );
}

function Listed({ path, currency, caption }: { path: string; currency: string; caption: string }) {
  const { say, formats } = useShop();
  const pages = usePages<SegmentCustomers>(path);
  return (
    <Shown asked={pages} empty="emptyCustomers">
      {(page) => (
        <>
          <CustomerTable page={page} currency={currency} caption={caption} />
          <p class="muted">
            {say('sortsThisPage')}{' '}
            {say('sourceOf', { run: page.runId.slice(0, 8), asOf: formats.day(page.asOf) })}
          </p>
          <Paging pages={pages} label={caption} />
        </>
      )}
    </Shown>
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
  const shop = useShop();
  const { say, formats } = shop;
  const idColumn = customerColumn(say('customer'));
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
    ...moneyColumns(shop, currency),
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
