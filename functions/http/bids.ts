import { bidLinear } from '../../lib/bids/policy.ts';
import { bidEntrySchema, bidsManifestSchema } from '../../lib/pipeline/results.ts';
import { readListPage } from './listPage.ts';
import { requirePublished } from './published.ts';
import { route } from './route.ts';
import { bidAnswersSchema, bidListSchema, bidRequestSchema, pageQuery, type RequestedAd } from './schemas.ts';

export const bidsRoute = route(
  {
    method: 'GET',
    path: '/bids',
    operationId: 'listBids',
    summary: 'A bid for each advertisement of the uploaded table, in its order',
    tag: 'bids',
    problems: ['nothingPublished', 'cursorExpired', 'invalidRequest'],
    query: pageQuery,
    answer: bidListSchema,
  },
  async ({ query }, wiring) => {
    const current = await requirePublished(wiring, 'ads', bidsManifestSchema);
    const { entries, ...page } = await readListPage(wiring, {
      dataset: 'ads',
      list: 'bids',
      entry: bidEntrySchema,
      query,
      current,
    });
    const { policy, currency } = current.manifest;
    return { ...page, policy: policy.policy, label: policy.label, currency, bids: entries };
  },
);

export const suggestBidsRoute = route(
  {
    method: 'POST',
    path: '/bids',
    operationId: 'suggestBids',
    summary: 'Bids for the advertisements of the request, by the fitted policy',
    description: 'Each advertisement with its rates, or with the counts from which they follow.',
    tag: 'bids',
    problems: ['nothingPublished', 'tooLarge', 'invalidRequest'],
    body: bidRequestSchema,
    answer: bidAnswersSchema,
  },
  async ({ body }, wiring) => {
    const { runId, asOf, manifest } = await requirePublished(wiring, 'ads', bidsManifestSchema);
    const { policy, currency } = manifest;
    const bids = body.ads.map((ad, index) => {
      const rates = ratesOf(ad);
      return { adId: ad.id ?? String(index + 1), ...rates, ...bidLinear(policy, rates) };
    });
    return { runId, asOf, policy: policy.policy, label: policy.label, currency, bids };
  },
);

function ratesOf(ad: RequestedAd): { clickRate: number | null; conversionRate: number | null } {
  if ('clickRate' in ad) return { clickRate: ad.clickRate, conversionRate: ad.conversionRate };
  const { impressions, clicks, conversions } = ad;
  return {
    clickRate: impressions > 0 ? clicks / impressions : null,
    conversionRate: clicks > 0 ? conversions / clicks : null,
  };
}
