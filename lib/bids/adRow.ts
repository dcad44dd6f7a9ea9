import type { AdRow } from '../tables/types.ts';
import type { AdEvidence } from './bidModel.ts';

/** As the linear policy takes it: rates, and spend in major units. */
export const adRowOf = ({ id, impressions, clicks, conversions, spendMicros }: AdEvidence): AdRow => ({
  adId: id,
  impressions,
  clicks,
  conversions,
  clickRate: impressions > 0 ? clicks / impressions : null,
  conversionRate: clicks > 0 ? conversions / clicks : null,
  spend: spendMicros / 1e6,
});
