import type { AdPerformance } from '../../lib/tables/ads/adRows.ts';

/** An ad's row with what a test says of it; all else is nothing. */
export const adRow = (row: Partial<AdPerformance> & { id: string }): AdPerformance => ({
  campaign: null,
  adGroup: null,
  keyword: null,
  segment: null,
  device: null,
  date: null,
  impressions: null,
  clicks: 0,
  conversions: 0,
  spendMicros: 0,
  revenueMicros: null,
  currentBidMicros: null,
  bidType: 'CPC',
  servedShare: null,
  ...row,
});

/** 1970-01-01 and so many days, ISO 8601. */
export const isoDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
