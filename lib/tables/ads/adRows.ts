import type { AdRow } from '../types.ts';
import { NumberColumn, TextColumn } from './columns.ts';
import type { AdPlatform } from './profiles.ts';

/**
 * What one ad (keyword, ad group) did on one day, or over the whole table where it has no date. Money is in micros: whole
 * millionths of the shop's currency. Conversions may be fractions, as attribution shares them out.
 */
export interface AdPerformance {
  id: string;
  /** Ads of a campaign are pooled; null pools with the other ads that have none. */
  campaign: string | null;
  adGroup: string | null;
  keyword: string | null;
  /** Audience or customer segment, for multipliers by what its customers are worth. */
  segment: string | null;
  device: string | null;
  /** ISO 8601, in the shop's time zone; null where the row is of no single day. */
  date: string | null;
  /** Null where the table has none; only CPM bids and click rates need them. */
  impressions: number | null;
  clicks: number;
  conversions: number;
  spendMicros: number;
  /** Null where it is not known; below 0 where refunds outweigh sales. */
  revenueMicros: number | null;
  /** In force on that day: per click, or per thousand impressions for CPM; null where the platform bids by itself, or nothing tells. */
  currentBidMicros: number | null;
  bidType: 'CPC' | 'CPM';
  /**
   * Share of the day (above 0, to 1) before the budget ran out, where the platform tells: what was demanded is what was served
   * over this. Null counts as 1.
   */
  servedShare: number | null;
}

/** As a row of a file says it. */
export interface AdPerformanceRow extends AdPerformance {
  /** `2026-09-01/2026-09-30`: the days of a row that is of several, where it says so. */
  period: string | null;
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
  performance: Iterable<AdPerformanceRow>;
  rates: AdRow[];
  /** By id, as the first row of each ad has them. */
  names: Map<string, AdNames>;
}

/** Rows by column, in some 90 bytes each: millions of them fit where as many objects would not. */
export class AdPerformanceRows implements Iterable<AdPerformanceRow> {
  length = 0;
  readonly #texts = {
    ...{ id: new TextColumn(), campaign: new TextColumn(), adGroup: new TextColumn() },
    ...{ keyword: new TextColumn(), segment: new TextColumn(), device: new TextColumn() },
    ...{ date: new TextColumn(), period: new TextColumn(), bidType: new TextColumn() },
  };
  readonly #numbers = {
    ...{ impressions: new NumberColumn(), clicks: new NumberColumn(), conversions: new NumberColumn() },
    ...{ spendMicros: new NumberColumn(), revenueMicros: new NumberColumn() },
    ...{ currentBidMicros: new NumberColumn(), servedShare: new NumberColumn() },
  };

  push(row: AdPerformanceRow): void {
    for (const field in this.#texts) this.#texts[field as TextField].push(row[field as TextField]);
    for (const field in this.#numbers) this.#numbers[field as NumberField].push(row[field as NumberField]);
    this.length++;
  }

  *[Symbol.iterator](): Generator<AdPerformanceRow> {
    const { id, campaign, adGroup, keyword, segment, device, date, period, bidType } = this.#texts;
    const { impressions, clicks, conversions, spendMicros, revenueMicros, currentBidMicros, servedShare } =
      this.#numbers;
    for (let row = 0; row < this.length; row++) {
      yield {
        id: id.at(row) as string,
        campaign: campaign.at(row),
        adGroup: adGroup.at(row),
        keyword: keyword.at(row),
        segment: segment.at(row),
        device: device.at(row),
        date: date.at(row),
        period: period.at(row),
        impressions: impressions.at(row),
        clicks: clicks.at(row) as number,
        conversions: conversions.at(row) as number,
        spendMicros: spendMicros.at(row) as number,
        revenueMicros: revenueMicros.at(row),
        currentBidMicros: currentBidMicros.at(row),
        servedShare: servedShare.at(row),
        bidType: bidType.at(row) as AdPerformanceRow['bidType'],
      };
    }
  }
}

type TextField =
  | 'id'
  | 'campaign'
  | 'adGroup'
  | 'keyword'
  | 'segment'
  | 'device'
  | 'date'
  | 'period'
  | 'bidType';
type NumberField = Exclude<keyof AdPerformanceRow, TextField>;
