import type { BidType } from './settings.ts';

/**
 * What one ad (keyword, ad group) did on one day, or over the whole table where it has no dates. Money is in micros: whole
 * millionths of the shop's currency. Conversions may be fractions, as attribution shares them out.
 */
export interface AdHistoryRow {
  id: string;
  /** Ads of a campaign are pooled; null pools with the other ads that have none. */
  campaign: string | null;
  adGroup: string | null;
  keyword: string | null;
  /** Audience or customer segment, for multipliers by what its customers are worth. */
  segment: string | null;
  device: string | null;
  /** ISO 8601, in the shop's time zone; null where the row covers the whole table. */
  date: string | null;
  /** Null where the table has none; only CPM bids and click rates need them. */
  impressions: number | null;
  clicks: number;
  conversions: number;
  spendMicros: number;
  /** Null where the table has no revenue; below 0 where refunds outweigh sales. */
  revenueMicros: number | null;
  /** The bid in force on that day: per click, or per thousand impressions for CPM. Null where the platform bids by itself. */
  currentBidMicros: number | null;
  bidType: BidType;
  /**
   * Share of the day (0 to 1) before the budget ran out, where the platform tells: what was demanded is what was served over
   * this. Null counts as 1.
   */
  servedShare: number | null;
}
