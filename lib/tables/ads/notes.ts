import type { TableNote } from '../types.ts';

/** What is said of rows that were kept by a rule. docs/uploads.md lists them. */
export const adRules = {
  noImpressions: 'Ads without impressions have no click rate.',
  noClicks: 'Ads without clicks have no conversion rate.',
  missingRate: 'Ads with an empty rate have none.',
  moreClicksThanImpressions:
    'Rows of a day have more clicks than impressions, as a click can come after midnight; they were kept.',
  moreConversionsThanClicks: 'Ads have more conversions than clicks, as when a view counts; they were kept.',
  spendWithoutClicks: 'Rows have spend and no clicks, as where impressions are paid for; they were kept.',
  negativeRevenue:
    'Rows have a revenue below 0, as refunds outweigh sales; it was kept and lowers the ad’s revenue.',
  missingRevenue: 'Rows have conversions and an empty revenue; it is not known.',
  otherBidTypes:
    'Bids are for something else than clicks or impressions, such as conversions; they are not taken as bids.',
  resultsNoSales: 'Results are clicks, views or the like and no sales; they do not count as conversions.',
  rateFromCounts: 'Ads have a rate that differs from their counts; the counts were taken.',
} as const;
export type AdRule = keyof typeof adRules;

/** How many rows of a file met each rule. */
export class AdNotes {
  readonly #met = new Map<AdRule, number>();

  meet(rule: AdRule): void {
    this.#met.set(rule, (this.#met.get(rule) ?? 0) + 1);
  }

  notes(): TableNote[] {
    return [...this.#met].map(([code, count]) => ({ code, message: adRules[code], count }));
  }
}
