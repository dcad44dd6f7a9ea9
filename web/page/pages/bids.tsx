import { useEffect, useState } from 'preact/hooks';
import type { BidList, PortfolioBids, Simulation } from '../../answers.ts';
import { inLanguage } from '../../apiSentences.ts';
import { bidCurveChart, budgetChart, nearest } from '../../charts/bidCharts.ts';
import { Trouble } from '../api.ts';
import { ChartView } from '../ChartView.tsx';
import {
  DataTable,
  Download,
  Figure,
  Figures,
  Name,
  Notes,
  PageTitle,
  Paging,
  Panel,
  Shown,
  Slider,
  TroubleNote,
} from '../parts.tsx';
import { useAnswer, usePages, useShop } from '../shop.ts';

/** What to bid on each ad and why; what another bid, budget or return would bring; files for the ad platforms. */
export function Bids() {
  const { say } = useShop();
  const bids = usePages<BidList>('/bids?limit=50');
  return (
    <>
      <PageTitle>{say('bids')}</PageTitle>
      <Shown asked={bids} empty="emptyBids">
        {(answer) => (
          <>
            {'portfolio' in answer ? <Portfolio bids={answer} /> : <LinearBids bids={answer} />}
            <Paging pages={bids} label={say('bids')} />
            <Downloads />
          </>
        )}
      </Shown>
    </>
  );
}

type Bid = PortfolioBids['bids'][number];

function Portfolio({ bids }: { bids: PortfolioBids }) {
  const { say, formats, language } = useShop();
  const { currency, portfolio } = bids;
  const [chosen, setChosen] = useState<string | null>(null);
  const money = (micros: number) => formats.micros(micros, currency);
  const bid = bids.bids.find(({ id }) => id === chosen) ?? bids.bids[0] ?? null;
  return (
    <>
      <Figures>
        <Figure
          label={say('expectedSpend')}
          value={money(portfolio.expectedSpendMicros)}
          note={say('roundOf', { days: portfolio.cycleDays })}
        />
        <Figure
          label={say('valueOfBid')}
          value={money(portfolio.expectedValueMicros)}
          note={`${say('interval90')}: ${money(portfolio.lowMicros)} – ${money(portfolio.highMicros)}`}
        />
        <Figure label={say('conversions')} value={formats.figure(portfolio.expectedConversions, 1)} />
        <Figure label={say('heldBy')} value={say(`binding_${portfolio.binding}`)} />
      </Figures>
      {portfolio.infeasible !== null && (
        <p class="note bad">{inLanguage(language, portfolio.infeasible.message)}</p>
      )}
      <Notes notes={portfolio.notes} />
      <BidTable bids={bids} onChoose={setChosen} chosen={bid?.id ?? null} />
      {bid !== null && <Curve key={bid.id} bids={bids} bid={bid} />}
      <WhatIf bids={bids} />
    </>
  );
}

function BidTable({
  bids,
  chosen,
  onChoose,
}: {
  bids: PortfolioBids;
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  const { say, formats, language } = useShop();
  const money = (micros: number | null) => (micros === null ? '–' : formats.micros(micros, bids.currency));
  return (
    <DataTable<Bid>
      caption={say('bids')}
      columns={[
        {
          label: say('ad'),
          cell: ({ id, campaign }) => (
            <>
              <button type="button" class="link" aria-pressed={id === chosen} onClick={() => onChoose(id)}>
                <Name>{id}</Name>
              </button>
              {campaign !== null && (
                <small class="muted block">
                  <Name>{campaign}</Name>
                </small>
              )}
            </>
          ),
          sortBy: ({ id }) => id,
        },
        {
          label: say('currentBid'),
          numeric: true,
          cell: ({ currentBidMicros }) => money(currentBidMicros),
          sortBy: ({ currentBidMicros }) => currentBidMicros,
        },
        {
          label: say('suggestedBid'),
          numeric: true,
          cell: ({ suggestedBidMicros }) => <strong>{money(suggestedBidMicros)}</strong>,
          sortBy: ({ suggestedBidMicros }) => suggestedBidMicros,
        },
        {
          label: say('range'),
          numeric: true,
          cell: ({ rangeLowMicros, rangeHighMicros }) =>
            `${money(rangeLowMicros)} – ${money(rangeHighMicros)}`,
        },
        {
          label: say('status'),
          cell: ({ status, confidence }) => (
            <>
              <span class="tag">{say(`bid_${status}`)}</span>
              <small class="muted block">
                {say('confidence', { level: say(confidence === 'medium' ? 'mid' : confidence) })}
              </small>
            </>
          ),
        },
        {
          label: say('why'),
          cell: ({ reasons }) => <span class="reason">{inLanguage(language, reasons[0] ?? '')}</span>,
        },
      ]}
      rows={bids.bids}
      keyOf={({ id }) => id}
    />
  );
}

/** One ad's curve, and what the API says of the bid that the reader drags to. */
function Curve({ bids, bid }: { bids: PortfolioBids; bid: Bid }) {
  const shop = useShop();
  const { say, formats, language } = shop;
  const { currency } = bids;
  const lowest = bid.curve[0]?.bidMicros ?? 0;
  const highest = bid.curve.at(-1)?.bidMicros ?? 0;
  const [bidMicros, setBid] = useState(bid.suggestedBidMicros);
  const asked = useSimulation(
    bid.curve.length === 0
      ? null
      : { ads: [{ id: bid.id }], bidsMicros: [bidMicros], budgetsMicros: [1_000_000] },
  );
  const point =
    asked.answer?.ads[0]?.curve.find((one) => one.bidMicros === bidMicros) ?? nearest(bid.curve, bidMicros);
  const withPoint = point === null ? bid : { ...bid, curve: merged(bid.curve, point) };
  const pick = (units: number) => setBid(Math.round(Math.min(highest, Math.max(lowest, units * 1e6))));
  const money = (micros: number) => formats.micros(micros, currency);
  return (
    <div class="panels">
      <ChartView chart={bidCurveChart({ bids, bid: withPoint, bidMicros }, shop)} onPick={pick} wide />
      {bid.curve.length > 0 && (
        <Panel title={say('tryBid')} wide>
          <Slider
            label={say('bid')}
            value={bidMicros}
            min={lowest}
            max={highest}
            step={Math.max(1, Math.round((highest - lowest) / 200))}
            shown={money(bidMicros)}
            onChange={setBid}
          />
          {asked.trouble !== null && <TroubleNote trouble={asked.trouble} />}
          {point !== null && (
            <Figures>
              <Figure label={say('clicks')} value={formats.figure(point.clicks, 1)} />
              <Figure label={say('cost')} value={money(point.costMicros)} />
              <Figure label={say('conversions')} value={formats.figure(point.conversions, 2)} />
              <Figure
                label={say('valueOfBid')}
                value={money(point.valueMicros)}
                note={`${say('interval90')}: ${money(point.lowMicros)} – ${money(point.highMicros)}`}
              />
            </Figures>
          )}
          <ul class="notes">
            {bid.reasons.map((reason) => (
              <li key={reason}>
                <bdi>{inLanguage(language, reason)}</bdi>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

const merged = (curve: Bid['curve'], point: Bid['curve'][number]): Bid['curve'] =>
  [...curve.filter(({ bidMicros }) => bidMicros !== point.bidMicros), point].sort(
    (a, b) => a.bidMicros - b.bidMicros,
  );

const mostAds = 2000;

/** Budget and return for all ads together, as the API simulates them. */
function WhatIf({ bids }: { bids: PortfolioBids }) {
  const shop = useShop();
  const { say, formats, language } = shop;
  const { currency, portfolio, runId } = bids;
  const ids = useAllAds(runId);
  const usual = portfolio.budgetMicros ?? Math.max(1_000_000, portfolio.expectedSpendMicros);
  const [factor, setFactor] = useState(1);
  const [roas, setRoas] = useState(0);
  const budgetMicros = Math.max(1, Math.round(usual * factor));
  const budgets = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2].map((one) => Math.max(1, Math.round(usual * one)));
  const asked = useSimulation(
    ids.length === 0
      ? null
      : {
          ads: ids.map((id) => ({ id })),
          budgetsMicros: [...new Set([...budgets, budgetMicros])].sort((a, b) => a - b),
          bidsMicros: [1_000_000],
          ...(roas > 0 && { target: { roas } }),
        },
  );
  const money = (micros: number) => formats.micros(micros, currency);
  const chosen = asked.answer?.budgets.find((one) => one.budgetMicros === budgetMicros) ?? null;
  return (
    <div class="panels">
      <ChartView chart={budgetChart(asked.answer, shop)} />
      <Panel title={say('tryBudget')}>
        <Slider
          label={say('budget')}
          value={factor}
          min={0.1}
          max={2}
          step={0.05}
          shown={money(budgetMicros)}
          onChange={setFactor}
        />
        <Slider
          label={say('targetRoas')}
          value={roas}
          min={0}
          max={10}
          step={0.25}
          shown={roas === 0 ? say('none') : formats.figure(roas, 2)}
          onChange={setRoas}
        />
        {asked.trouble !== null && <TroubleNote trouble={asked.trouble} />}
        {chosen !== null && (
          <Figures>
            <Figure label={say('spend')} value={money(chosen.expectedSpendMicros)} />
            <Figure label={say('conversions')} value={formats.figure(chosen.expectedConversions, 1)} />
            <Figure
              label={say('valueOfBid')}
              value={money(chosen.expectedValueMicros)}
              note={`${say('interval90')}: ${money(chosen.lowMicros)} – ${money(chosen.highMicros)}`}
            />
          </Figures>
        )}
        {chosen?.infeasible != null && (
          <p class="note bad">{inLanguage(language, chosen.infeasible.message)}</p>
        )}
        <p class="muted">{say('noPromise')}</p>
      </Panel>
    </div>
  );
}

/** Ids of the run's ads, as many as a simulation takes. */
function useAllAds(runId: string): string[] {
  const { api } = useShop();
  const [ids, setIds] = useState<string[]>([]);
  // another run has other ads
  useEffect(() => {
    const ending = new AbortController();
    const read = async () => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page: BidList | null = await api.get<BidList>(`/bids?limit=500${from}`, ending.signal);
        if (page === null || !('portfolio' in page)) break;
        found.push(...page.bids.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== undefined && found.length < mostAds);
      setIds(found.slice(0, mostAds));
    };
    read().catch(() => {
      // The table above says what is wrong with the list.
    });
    return () => ending.abort();
  }, [api, runId]);
  return ids;
}

/** Asked once the reader's hand has come to rest; the last answer stays until the next. */
function useSimulation(question: object | null): { answer: Simulation | null; trouble: Trouble | null } {
  const { api, revision } = useShop();
  const [state, setState] = useState<{ answer: Simulation | null; trouble: Trouble | null }>({
    answer: null,
    trouble: null,
  });
  const asked = question === null ? null : JSON.stringify(question);
  // a new revision asks again
  useEffect(() => {
    if (asked === null) return;
    const ending = new AbortController();
    const timer = setTimeout(() => {
      api.post<Simulation>('/bids/simulate', JSON.parse(asked), ending.signal).then(
        (answer) => setState({ answer, trouble: null }),
        (error: unknown) => {
          if (ending.signal.aborted) return;
          const trouble = error instanceof Trouble ? error : new Trouble(null, null);
          setState((before) => ({ ...before, trouble }));
        },
      );
    }, 150);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [api, asked, revision]);
  return state;
}

function LinearBids({ bids }: { bids: Exclude<BidList, PortfolioBids> }) {
  const { say, formats, language } = useShop();
  return (
    <>
      <p class="note">{say('linearNote')}</p>
      <DataTable
        caption={say('bids')}
        columns={[
          { label: say('ad'), cell: ({ adId }) => <Name>{adId}</Name> },
          { label: say('spend'), numeric: true, cell: ({ spend }) => formats.money(spend, bids.currency) },
          {
            label: say('suggestedBid'),
            numeric: true,
            cell: ({ suggestedBid }) =>
              suggestedBid === null ? '–' : formats.money(suggestedBid, bids.currency),
            sortBy: ({ suggestedBid }) => suggestedBid,
          },
          { label: say('why'), cell: ({ reason }) => inLanguage(language, reason ?? '') },
        ]}
        rows={bids.bids}
        keyOf={({ adId }) => adId}
      />
    </>
  );
}

function Downloads() {
  const { say } = useShop();
  const files = useAnswer<{ files: { key: string; dataset: string }[] }>('/files');
  const ofAds = files.answer?.files.filter(({ dataset }) => dataset === 'ads') ?? [];
  if (ofAds.length === 0) return null;
  return (
    <Panel title={say('downloadBids')} wide>
      <p class="actions">
        {ofAds.map(({ key }) => (
          <Download key={key} file={key}>
            {key}
          </Download>
        ))}
      </p>
    </Panel>
  );
}
