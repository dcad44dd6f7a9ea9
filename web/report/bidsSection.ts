import type { BidList, PortfolioBids } from '../answers.ts';
import { inLanguage } from '../apiSentences.ts';
import { number, words } from '../charts/chart.ts';
import { html, type Markup } from './html.ts';
import { paragraphs, type ReportContext, type Section, tableOf } from './parts.ts';
import type { ReportAnswers } from './reportAnswers.ts';

/** Bids for the ads that matter most, with their intervals and reasons. */
export function bidsSection({ bids }: Pick<ReportAnswers, 'bids'>, context: ReportContext): Section {
  const { say } = context;
  const named = { title: say('bids'), missing: say('emptyBids') };
  if (bids === null || bids.bids.length === 0) return { ...named, inShort: [], body: null };
  return { ...named, ...('portfolio' in bids ? ofPortfolio(bids, context) : ofRates(bids, context)) };
}

const shown = 20;

function ofPortfolio(bids: PortfolioBids, context: ReportContext): Pick<Section, 'inShort' | 'body'> {
  const { report, say, formats, language } = context;
  const { portfolio, currency } = bids;
  const money = (micros: number | null) => (micros === null ? '–' : formats.micros(micros, currency));
  const top = bids.bids.toSorted((a, b) => b.evidence.clicks - a.evidence.clicks).slice(0, shown);
  const outlook = {
    days: portfolio.cycleDays,
    spend: money(portfolio.expectedSpendMicros),
    value: money(portfolio.expectedValueMicros),
    low: money(portfolio.lowMicros),
    high: money(portfolio.highMicros),
  };
  return {
    inShort: [report('bidsSentence', { ...outlook, count: formats.count(bids.bids.length) })],
    body: html`${paragraphs([
      report('portfolio', outlook),
      ...(portfolio.infeasible ? [inLanguage(language, portfolio.infeasible.message)] : []),
      ...portfolio.notes.map(({ message }) => inLanguage(language, message)),
    ])}<h3>${report('topBids')}</h3>${tableOf({
      columns: [
        words(report('ad')),
        number(say('currentBid')),
        number(say('suggestedBid')),
        number(say('interval90')),
        words(report('why')),
      ],
      rows: top.map((bid) => [
        bid.id,
        money(bid.currentBidMicros),
        money(bid.suggestedBidMicros),
        `${money(bid.rangeLowMicros)} – ${money(bid.rangeHighMicros)}`,
        bid.reasons
          .slice(0, 2)
          .map((reason) => inLanguage(language, reason))
          .join(language === 'zh' ? '；' : '; '),
      ]),
    })}${more(bids.bids.length, context)}`,
  };
}

function ofRates(
  bids: Exclude<BidList, PortfolioBids>,
  context: ReportContext,
): Pick<Section, 'inShort' | 'body'> {
  const { report, say, formats, language } = context;
  const money = (value: number) => formats.money(value, bids.currency);
  const top = bids.bids.toSorted((a, b) => b.spend - a.spend).slice(0, shown);
  return {
    inShort: [],
    body: html`<h3>${report('topAds')}</h3>${tableOf({
      columns: [words(report('ad')), number(say('spend')), number(say('suggestedBid')), words(report('why'))],
      rows: top.map(({ adId, spend, suggestedBid, reason }) => [
        adId,
        money(spend),
        suggestedBid === null ? report('noBid') : money(suggestedBid),
        inLanguage(language, reason ?? ''),
      ]),
    })}${more(bids.bids.length, context)}`,
  };
}

const more = (all: number, { report, formats }: ReportContext): Markup | null =>
  all <= shown
    ? null
    : html`<p class="muted">${report('moreAds', { shown: formats.count(shown), all: formats.count(all) })}</p>`;
