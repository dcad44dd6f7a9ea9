import { isoDay } from '../tables/cells/calendar.ts';
import type { TableNote } from '../tables/types.ts';
import type { AdHistory } from './adHistory.ts';
import { adRowOf } from './adRow.ts';
import type { AdEvidence, BidModel, ConversionValue, HierarchicalRate } from './bidModel.ts';
import type { TrialColumns } from './campaignSite.ts';
import { constantConversionValue, fitConversionValue } from './conversionValue.ts';
import { fitPrices } from './fitPrices.ts';
import { fitHierarchicalRate } from './fitRate.ts';
import { BidFitError, fitLinearBidPolicy } from './linear.ts';
import type { LinearBidPolicy } from './policy.ts';
import type { BidSettings, BidType } from './settings.ts';
import { type AdSummary, summariseAds } from './summariseAds.ts';

export interface BidFitOptions {
  settings: Pick<BidSettings, 'auction' | 'valuePerConversionMicros' | 'historyDays' | 'bidFactor'>;
  /** Of the linear baseline's split. */
  seed: number;
}

export interface BidFit {
  model: BidModel;
  /** One per ad, by id. */
  ads: AdEvidence[];
}

/**
 * What a history of ads says: of conversion and click rates, of what conversions bring, of the prices that bids compete with.
 * The order of the rows does not matter. An empty history gives the model of somebody who knows nothing yet.
 */
export function fitBidModel(history: AdHistory, { settings, seed }: BidFitOptions): BidFit {
  const summary = summariseAds(history, settings);
  const { ads, span, firstDay, delay } = summary;
  const campaigns = byCampaign(ads);
  const linear = fitLinear(ads, { seed, bidFactor: settings.bidFactor });
  const prices = (bidType: BidType) =>
    fitPrices(ofType(campaigns, bidType), { bidType, auction: settings.auction });
  const model: BidModel = {
    version: 1,
    ads: ads.length,
    rows: history.rows,
    firstDay: firstDay === null ? null : isoDay(firstDay),
    lastDay: span.lastDay === null ? null : isoDay(span.lastDay),
    days: span.days,
    totals: totalsOf(ads),
    delay,
    conversionRate: fitRate(campaigns, conversionTrials, usualConversionRate),
    clickRate: fitRate(campaigns, clickTrials, usualClickRate),
    conversionValue: fitValue(campaigns, summary, settings),
    prices: { CPC: prices('CPC'), CPM: prices('CPM') },
    linear: linear.policy,
    notes: [...notesOf(summary), ...linear.notes],
  };
  return { model, ads };
}

/** Where a table says nothing: about what is usual for shops. */
const usualConversionRate = 0.02;
const usualClickRate = 0.01;

function byCampaign(ads: readonly AdEvidence[]): Map<string, AdEvidence[]> {
  const campaigns = new Map<string, AdEvidence[]>();
  for (const ad of ads) {
    const name = ad.campaign ?? '';
    const members = campaigns.get(name);
    if (members === undefined) campaigns.set(name, [ad]);
    else members.push(ad);
  }
  return campaigns;
}

function ofType(campaigns: ReadonlyMap<string, AdEvidence[]>, bidType: BidType): Map<string, AdEvidence[]> {
  const entries = [...campaigns].map(([name, ads]): [string, AdEvidence[]] => [
    name,
    ads.filter((ad) => ad.bidType === bidType),
  ]);
  return new Map(entries.filter(([, ads]) => ads.length > 0));
}

const conversionTrials = (ad: AdEvidence) => ({ trials: ad.maturedClicks, successes: ad.conversions });
const clickTrials = (ad: AdEvidence) => ({
  trials: ad.impressions,
  successes: ad.impressions > 0 ? ad.clicks : 0,
});

function fitRate(
  campaigns: ReadonlyMap<string, readonly AdEvidence[]>,
  trialsOf: (ad: AdEvidence) => { trials: number; successes: number },
  guess: number,
): HierarchicalRate {
  const columns = [...campaigns].map(([name, ads]): [string, TrialColumns] => {
    const counted = ads.map(trialsOf);
    return [
      name,
      {
        trials: Float64Array.from(counted, ({ trials, successes }) => Math.max(trials, successes)),
        successes: Float64Array.from(counted, ({ successes }) => successes),
      },
    ];
  });
  return fitHierarchicalRate(new Map(columns), { guess });
}

function fitValue(
  campaigns: ReadonlyMap<string, readonly AdEvidence[]>,
  { within, capMicros, rowsWithRevenue }: AdSummary,
  { valuePerConversionMicros }: BidFitOptions['settings'],
): ConversionValue {
  const valued = [...campaigns.values()].some((ads) =>
    ads.some((ad) => ad.valuedConversions > 0 && ad.revenueMicros > 0),
  );
  if (rowsWithRevenue > 0 && valued) return fitConversionValue(campaigns, { within, capMicros });
  return valuePerConversionMicros === null
    ? constantConversionValue('unit', 1_000_000)
    : constantConversionValue('setting', valuePerConversionMicros);
}

function fitLinear(
  ads: readonly AdEvidence[],
  options: { seed: number; bidFactor: number },
): { policy: LinearBidPolicy | null; notes: TableNote[] } {
  try {
    return { policy: fitLinearBidPolicy(ads.map(adRowOf), options), notes: [] };
  } catch (error) {
    if (!(error instanceof BidFitError)) throw error;
    return { policy: null, notes: [{ code: 'noLinearPolicy', message: error.message }] };
  }
}

function totalsOf(ads: readonly AdEvidence[]): BidModel['totals'] {
  const total = (of: (ad: AdEvidence) => number): number => ads.reduce((sum, ad) => sum + of(ad), 0);
  return {
    impressions: total((ad) => ad.impressions),
    clicks: total((ad) => ad.clicks),
    maturedClicks: total((ad) => ad.maturedClicks),
    conversions: total((ad) => ad.conversions),
    spendMicros: total((ad) => ad.spendMicros),
    revenueMicros: total((ad) => ad.revenueMicros),
  };
}

function notesOf({ ads, capped, capMicros, delay }: AdSummary): TableNote[] {
  const beyondClicks = ads.filter((ad) => ad.conversions > ad.maturedClicks).length;
  const withoutBid = ads.filter((ad) => ad.currentBidMicros === null).length;
  const notes: (TableNote | null)[] = [
    beyondClicks === 0
      ? null
      : {
          code: 'moreConversionsThanClicks',
          message:
            'ads with more conversions than clicks (after a view, say) count as converting at every click',
          count: beyondClicks,
        },
    capped.rows === 0
      ? null
      : {
          code: 'revenueCapped',
          message: `revenue above ${((capMicros ?? 0) / 1e6).toFixed(2)} per conversion counts as that, on a day of an ad; ${(capped.micros / 1e6).toFixed(2)} in all is left out`,
          count: capped.rows,
        },
    withoutBid === 0
      ? null
      : {
          code: 'adsWithoutBid',
          message:
            'ads without a bid of their own (the platform bids) are taken to bid one and a half times what they pay',
          count: withoutBid,
        },
    delay === null
      ? null
      : {
          code: 'conversionsMature',
          message: `${Math.round(100 * delay.immediate)} % of conversions come at once, the rest ${delay.scaleDays.toFixed(1)} days later on average; recent clicks count for less`,
        },
  ];
  return notes.filter((note) => note !== null);
}
