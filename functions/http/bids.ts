import { allBids, bidsOfCampaign } from '../../lib/pipeline/bids/bidLists.ts';
import { bidEntrySchema, bidsManifestSchema, linearBidEntrySchema } from '../../lib/pipeline/results.ts';
import { PageMissing } from '../../lib/store/pages.ts';
import { bidAnswersSchema, bidListSchema, bidRequestSchema, bidsQuery } from './bidSchemas.ts';
import { readListPage } from './listPage.ts';
import { Problem } from './problem.ts';
import { requirePublished } from './published.ts';
import { route } from './route.ts';
import { suggestForRequest } from './suggestForRequest.ts';

export const bidsRoute = route(
  {
    method: 'GET',
    path: '/bids',
    operationId: 'listBids',
    summary: 'A bid for each advertisement of the uploaded table, in its order',
    tag: 'bids',
    problems: ['notFound', 'nothingPublished', 'cursorExpired', 'invalidRequest'],
    query: bidsQuery,
    answer: bidListSchema,
  },
  async ({ query }, wiring) => {
    const current = await requirePublished(wiring, 'ads', bidsManifestSchema);
    const { policy, currency, fit } = current.manifest;
    const list = query.campaign === undefined ? allBids : bidsOfCampaign(query.campaign);
    const request = { dataset: 'ads', list, query, current };
    if (policy === 'linear' || fit === null || fit.portfolio === null) {
      const { entries, ...page } = await refuseUnknownCampaign(
        readListPage(wiring, { ...request, entry: linearBidEntrySchema }),
      );
      return { ...page, policy: 'linear' as const, label: 'baseline' as const, currency, bids: entries };
    }
    const { entries, ...page } = await refuseUnknownCampaign(
      readListPage(wiring, { ...request, entry: bidEntrySchema }),
    );
    return { ...page, policy, currency, portfolio: fit.portfolio, bids: entries };
  },
);

export const suggestBidsRoute = route(
  {
    method: 'POST',
    path: '/bids',
    operationId: 'suggestBids',
    summary: 'Bids for the advertisements of the request, within a budget or at a return',
    description:
      'Each advertisement by the id of an uploaded one, with figures of its own, with both, or with its rates alone (the linear policy).',
    tag: 'bids',
    problems: ['nothingPublished', 'tooLarge', 'invalidRequest'],
    body: bidRequestSchema,
    answer: bidAnswersSchema,
  },
  async ({ body }, wiring) =>
    suggestForRequest(wiring, await requirePublished(wiring, 'ads', bidsManifestSchema), body),
);

/** A campaign without a list of its own is none of the run's. */
async function refuseUnknownCampaign<Page>(reading: Promise<Page>): Promise<Page> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof PageMissing)
      throw new Problem('notFound', 'no ad of the last run is of a campaign with this name');
    throw error;
  }
}
