import { impliedBidFactor } from './bidLevels.ts';
import type { AdEvidence } from './bidModel.ts';
import type { BidType } from './settings.ts';

/** An ad of a request, with or without figures of its own; money in micros. */
export interface AdStatistics {
  id: string;
  campaign?: string | null;
  segment?: string | null;
  bidType?: BidType;
  impressions?: number;
  clicks?: number;
  conversions?: number;
  spendMicros?: number;
  /** Left out where conversions have no revenue. */
  revenueMicros?: number | null;
  currentBidMicros?: number | null;
  /** Days that the figures cover. */
  days?: number;
}

/** What bidding needs to know of an ad that comes with a request: its figures are taken to be of its current bid. */
export function evidenceOf(ad: AdStatistics, { historyDays }: { historyDays: number }): AdEvidence {
  const { impressions = 0, clicks = 0, conversions = 0, spendMicros = 0 } = ad;
  const { bidType = 'CPC', revenueMicros = null, currentBidMicros = null, days = historyDays } = ad;
  const events = bidType === 'CPC' ? clicks : impressions / 1000;
  const recentCostMicros = events > 0 && spendMicros > 0 ? spendMicros / events : null;
  const bidMicros =
    currentBidMicros ?? (recentCostMicros === null ? null : Math.round(impliedBidFactor * recentCostMicros));
  return {
    id: ad.id,
    campaign: ad.campaign ?? null,
    segment: ad.segment ?? null,
    bidType,
    impressions,
    clicks,
    maturedClicks: clicks,
    conversions,
    spendMicros,
    revenueMicros: revenueMicros ?? 0,
    valuedConversions: revenueMicros === null ? 0 : conversions,
    currentBidMicros,
    daysSinceChange: null,
    recentCostMicros,
    // a bid with no figures says nothing of what it wins
    levels:
      bidMicros === null || bidMicros === 0 || (events === 0 && impressions === 0)
        ? []
        : [{ bidMicros, days, impressions, clicks, spendMicros }],
  };
}
