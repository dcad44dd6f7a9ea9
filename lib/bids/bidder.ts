import { type AdCurve, adCurve, resultAt } from './adCurve.ts';
import { adRowOf } from './adRow.ts';
import type { AdEvidence, BidModel } from './bidModel.ts';
import { gammaInterval } from './gammaInterval.ts';
import { type BidLimits, bidLimits, type GuardMode, guardedBid } from './guardrails.ts';
import { bidLinear } from './policy.ts';
import type { BidSettings } from './settings.ts';
import { type ShadingTable, shadedBid, shadingTable } from './shading.ts';
import { type ClickValue, valuePerClick, valuePerImpression } from './valuePerClick.ts';

export type BidderSettings = Pick<
  BidSettings,
  'policy' | 'auction' | 'margin' | 'cycleDays' | 'guardrails' | 'maxShareOfValue' | 'segmentValue'
>;

/** One ad, ready to be bid on. An event is a click (CPC) or a thousand impressions (CPM). */
export interface Bidder {
  ad: AdEvidence;
  click: ClickValue;
  curve: AdCurve;
  limits: BidLimits;
  /** What the policy takes an event to be worth, micros. */
  worth: number;
  /** Of an event's worth: variance over squared mean. */
  worthVariation: number;
  clicksPerEvent: number;
  /** Too few clicks to have anything of its own. */
  cold: boolean;
  shading: ShadingTable | null;
}

/** What bids bring together, or one of them, in one round. */
export interface RoundResult {
  events: number;
  clicks: number;
  costMicros: number;
  conversions: number;
  revenueMicros: number;
  valueMicros: number;
}

export function bidders(
  model: BidModel,
  ads: readonly AdEvidence[],
  {
    settings,
    segmentMultipliers,
  }: { settings: BidderSettings; segmentMultipliers: Readonly<Record<string, number>> },
): Bidder[] {
  const { policy, auction, margin, guardrails, segmentValue } = settings;
  const multipliers = segmentValue.apply ? cappedMultipliers(segmentMultipliers, segmentValue.cap) : {};
  const tables = new Map<number, ShadingTable>();
  return ads.map((ad) => {
    const click = valuePerClick(model, ad, { margin, segmentMultipliers: multipliers });
    const curve = adCurve(model, ad, auction);
    const event = eventWorth(model, ad, click);
    return {
      ad,
      click,
      curve,
      limits: bidLimits(ad, {
        guardrails,
        highestBid: curve.highestBid,
        sureWorth: guardrails.upToSureWorth ? sureWorthOf(event) : 0,
      }),
      worth: policy === 'portfolio' ? event.worth : worthByPolicy(model, ad, { click, event, policy }),
      worthVariation: event.variation,
      clicksPerEvent: event.clicks,
      cold: ad.maturedClicks < guardrails.coldClicks || ad.maturedClicks === 0,
      shading: auction === 'firstPrice' ? tableFor(curve.sigma, tables) : null,
    };
  });
}

/** What the policy would bid at this share of worth, before guardrails. */
export function wantedBid({ worth, shading, curve }: Bidder, kappa: number): number {
  return shading === null ? kappa * worth : shadedBid(shading, kappa * worth, curve.mu);
}

/** Whole micros, down, so that a budget holds. */
export const allowedBid = (bidder: Bidder, kappa: number, mode: GuardMode): number =>
  Math.floor(guardedBid(wantedBid(bidder, kappa), bidder.limits, mode));

export function resultOf(
  { curve, click, clicksPerEvent }: Bidder,
  bidMicros: number,
  {
    auction,
    cycleDays,
    demandScale,
  }: { auction: BidSettings['auction']; cycleDays: number; demandScale: number },
): RoundResult {
  const daily = resultAt(curve, bidMicros, auction);
  const days = cycleDays * demandScale;
  const clicks = daily.events * days * clicksPerEvent;
  const conversions = clicks * click.conversionRate.mean;
  return {
    events: daily.events * days,
    clicks,
    costMicros: daily.costMicros * days,
    conversions,
    revenueMicros: (conversions * click.perConversion) / click.factor,
    valueMicros: conversions * click.perConversion,
  };
}

/** A segment counts at most `cap` times the average, and at least its inverse. */
function cappedMultipliers(
  multipliers: Readonly<Record<string, number>>,
  cap: number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(multipliers).map(([segment, value]) => [segment, Math.min(cap, Math.max(1 / cap, value))]),
  );
}

interface EventWorth {
  worth: number;
  variation: number;
  clicks: number;
}

function eventWorth(model: BidModel, ad: AdEvidence, click: ClickValue): EventWorth {
  const variationOf = ({ mean, variance }: { mean: number; variance: number }): number =>
    mean > 0 ? variance / mean ** 2 : 0;
  if (ad.bidType === 'CPC') return { worth: click.mean, variation: variationOf(click), clicks: 1 };
  const impression = valuePerImpression(model, ad, click);
  const clicks = click.mean > 0 ? (1000 * impression.mean) / click.mean : 0;
  return { worth: 1000 * impression.mean, variation: variationOf(impression), clicks };
}

const sureWorthOf = ({ worth, variation }: EventWorth): number =>
  gammaInterval({ mean: worth, variance: variation * worth ** 2 }).low;

/** Baselines: they believe what they see. */
function worthByPolicy(
  model: BidModel,
  ad: AdEvidence,
  { click, event, policy }: { click: ClickValue; event: EventWorth; policy: 'revenuePerClick' | 'linear' },
): number {
  if (policy === 'linear') {
    const bid = model.linear === null ? null : bidLinear(model.linear, adRowOf(ad)).suggestedBid;
    return (bid ?? 0) * 1e6;
  }
  // without a click there is nothing to see, and the campaign has to do
  if (ad.clicks === 0) return event.worth;
  const revenue =
    model.conversionValue.source === 'revenue'
      ? ad.revenueMicros
      : ad.conversions * model.conversionValue.account.mean;
  const perClick = (Math.max(0, revenue) * click.factor) / ad.clicks;
  return ad.bidType === 'CPC' ? perClick : (1000 * perClick * ad.clicks) / Math.max(1, ad.impressions);
}

function tableFor(sigma: number, tables: Map<number, ShadingTable>): ShadingTable {
  const known = tables.get(sigma);
  if (known !== undefined) return known;
  const table = shadingTable(sigma);
  tables.set(sigma, table);
  return table;
}
