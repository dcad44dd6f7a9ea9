import type { AdRow } from '../../../lib/tables/types.ts';

/** Ads from click rate, conversion rate and spend. */
export const adsOf = (rows: readonly (readonly [number | null, number | null, number])[]): AdRow[] =>
  rows.map(([clickRate, conversionRate, spend], index) => ({
    adId: `ad ${index + 1}`,
    impressions: null,
    clicks: null,
    conversions: null,
    clickRate,
    conversionRate,
    spend,
  }));

/** The table of examples/ads, in which spend is 10,000 times the conversion rate, less 100. */
export const firstAds = adsOf([
  [0.05, 0.02, 100],
  [0.1, 0.03, 200],
  [0.2, 0.04, 300],
  [0.3, 0.05, 400],
  [0.4, 0.06, 500],
]);
