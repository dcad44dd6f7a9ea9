import type { AdRow } from '../types.ts';
import type { AdPlatform } from './profiles.ts';

/**
 * What one ad did on one day, or in one period, as a row of a file says it. Money is in micros: whole millionths of the
 * shop's currency. Conversions may be fractions.
 */
export interface AdPerformance {
  id: string;
  campaign: string | null;
  adGroup: string | null;
  keyword: string | null;
  segment: string | null;
  device: string | null;
  /** ISO 8601; null where the row is of no single day. */
  date: string | null;
  /** `2026-09-01/2026-09-30`: the days of a row that is of several, where it says so. */
  period: string | null;
  /** Null where the table has none. */
  impressions: number | null;
  clicks: number;
  conversions: number;
  spendMicros: number;
  /** Null where it is not known; below 0 where refunds outweigh sales. */
  revenueMicros: number | null;
  /** Per click, or per thousand impressions for CPM; null where the platform bids by itself, or the table has none. */
  currentBidMicros: number | null;
  bidType: 'CPC' | 'CPM';
  /** 0 to 1: the part of the day before the budget ran out; null where the table has none. */
  servedShare: number | null;
}

/** How an ad is called where it runs, so that its bid can be uploaded there. */
export interface AdNames {
  id: string;
  /** Null where neither the layout nor a column tells. */
  platform: AdPlatform | null;
  campaign: string | null;
  campaignId: string | null;
  adGroup: string | null;
  adGroupId: string | null;
  keyword: string | null;
  keywordId: string | null;
  matchType: string | null;
  /** Of a bulk sheet. */
  entity: string | null;
}

/** The usable rows of one file: those with counts, and those with rates alone, which the linear policy can use. */
export interface AdFileRows {
  performance: AdPerformance[];
  rates: AdRow[];
  /** By id, as the first row of each ad has them. */
  names: Map<string, AdNames>;
}
