import {
  type CampaignsManifest,
  callEntrySchema,
  campaignsManifestSchema,
  type MeasuredCampaignEntry,
  measuredCampaignSchema,
  nextActionSchema,
  notPlannedSchema,
  type PlannedCampaign,
  plannedCampaignSchema,
} from '../../lib/pipeline/campaigns/campaignResults.ts';
import {
  actionsLookup,
  callsList,
  notPlannedList,
  plannedList,
  resultsList,
} from '../../lib/pipeline/campaigns/lists.ts';
import { readLookup } from '../../lib/store/pages.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { inUnits } from './amounts.ts';
import {
  actionsQuery,
  actionsSchema,
  campaignSchema,
  campaignsSchema,
  customerActionSchema,
} from './campaignSchemas.ts';
import { isErased } from './erasedReaders.ts';
import { readListPage } from './listPage.ts';
import { Problem } from './problem.ts';
import { type Published, readPublished } from './published.ts';
import { readWhole } from './publishedHistory.ts';
import { route } from './route.ts';

export const campaignsRoute = route(
  {
    method: 'GET',
    path: '/campaigns',
    operationId: 'listCampaigns',
    summary: 'Planned campaigns by segment and tier, where the budget goes, and what past campaigns brought',
    tag: 'campaigns',
    problems: ['nothingPublished'],
    answer: campaignsSchema,
  },
  async (_request, wiring) => {
    const published = await requireCampaigns(wiring);
    const { manifest } = published;
    const amount = inUnits(manifest.currency);
    const { campaigns, notPlanned, results } = await readCampaigns(wiring, published);
    return {
      ...factsOf(published),
      probability: manifest.probability,
      budget: amount(manifest.budget),
      unspent: amount(manifest.unspent),
      next: manifest.next,
      campaigns,
      notPlanned,
      results,
      audiences: manifest.audiences,
    };
  },
);

export const campaignRoute = route(
  {
    method: 'GET',
    path: '/campaigns/{name}',
    operationId: 'getCampaign',
    summary: 'One campaign: its plan, and what it brought where its results are uploaded',
    tag: 'campaigns',
    problems: ['notFound', 'nothingPublished'],
    parameters: { name: 'As GET /campaigns names it: of a plan, or of an uploaded file without .csv.' },
    answer: campaignSchema,
  },
  async ({ parameters }, wiring) => {
    const published = await requireCampaigns(wiring);
    const { campaigns, results } = await readCampaigns(wiring, published);
    const plan = campaigns.find(({ name }) => name === parameters.name) ?? null;
    const result = results.find(({ name }) => name === parameters.name) ?? null;
    if (plan === null && result === null)
      throw new Problem('notFound', 'no campaign has this name; GET /campaigns lists them');
    return { ...factsOf(published), plan, result };
  },
);

export const actionsRoute = route(
  {
    method: 'GET',
    path: '/actions',
    operationId: 'listActions',
    summary: 'Customers to call: the most value at stake first, with what changed and what to do',
    tag: 'campaigns',
    problems: ['nothingPublished', 'cursorExpired', 'invalidRequest'],
    query: actionsQuery,
    answer: actionsSchema,
  },
  async ({ query }, wiring) => {
    const current = await requireCampaigns(wiring);
    const { kind, ...page } = query;
    const { comparedWith } = current.manifest.calls;
    if (current.manifest.orders === null) return { ...factsOf(current), kind, comparedWith, calls: [] };
    const read = await readListPage(wiring, {
      dataset: 'campaigns',
      list: callsList,
      entry: callEntrySchema,
      query: page,
      current,
    });
    const { entries, ...ofPage } = read;
    const amount = inUnits(current.manifest.currency);
    const calls = entries.map((entry) => ({
      ...entry,
      valueAtStake: amount(entry.valueAtStake),
      expectedSpend: amount(entry.expectedSpend),
    }));
    return { ...factsOf(current), ...ofPage, kind, comparedWith, calls };
  },
);

export const customerActionRoute = route(
  {
    method: 'GET',
    path: '/customers/{customerId}/action',
    operationId: 'getCustomerAction',
    summary: 'The next thing to do about one customer, and why',
    tag: 'campaigns',
    problems: ['notFound', 'nothingPublished'],
    parameters: { customerId: 'The id as it stood in the upload. Percent-encode it.' },
    answer: customerActionSchema,
  },
  async ({ parameters }, wiring) => {
    const published = await requireCampaigns(wiring);
    const customerId = parameters.customerId as string;
    const { runId, manifest } = published;
    const place = { runId, name: actionsLookup, ...manifest.actions };
    const isUnknown = manifest.orders === null || (await isErased(wiring, customerId));
    const stored = isUnknown ? null : await readLookup(wiring.table, { ...place, id: customerId });
    if (stored === null)
      throw new Problem('notFound', 'no customer with this id has bought in the published order history');
    return { customerId, ...factsOf(published), ...nextActionSchema.parse(stored) };
  },
);

async function requireCampaigns(wiring: ApiWiring): Promise<Published<CampaignsManifest>> {
  const published = await readPublished(wiring, 'campaigns', campaignsManifestSchema);
  if (published) return published;
  throw new Problem(
    'nothingPublished',
    'no campaigns are published yet: upload an order export to orders/, and consents to contacts/, in the uploads bucket; GET /runs tells how it went',
  );
}

const factsOf = ({ runId, asOf, manifest }: Published<CampaignsManifest>) => ({
  runId,
  asOf,
  lastDay: manifest.orders?.lastDay ?? null,
  currency: manifest.currency,
});

async function readCampaigns(wiring: ApiWiring, { runId, manifest }: Published<CampaignsManifest>) {
  const read = (name: string) => readWhole(wiring, { runId, name });
  const isPlanned = manifest.orders !== null;
  const [planned, notPlanned, results] = await Promise.all([
    isPlanned ? read(plannedList) : [],
    isPlanned ? read(notPlannedList) : [],
    read(resultsList),
  ]);
  const amount = inUnits(manifest.currency);
  return {
    campaigns: planned.map((entry) => planInUnits(plannedCampaignSchema.parse(entry), amount)),
    notPlanned: notPlanned.map((entry) => notPlannedSchema.parse(entry)),
    results: results.map((entry) => resultInUnits(measuredCampaignSchema.parse(entry), amount)),
  };
}

type InUnits = ReturnType<typeof inUnits>;

const planInUnits = (plan: PlannedCampaign, amount: InUnits): PlannedCampaign => ({
  ...plan,
  budget: amount(plan.budget),
  expectedCost: amount(plan.expectedCost),
  contactCost: amount(plan.contactCost),
  expectedProfit: amount(plan.expectedProfit),
  low: amount(plan.low),
  high: amount(plan.high),
});

function resultInUnits(result: MeasuredCampaignEntry, amount: InUnits): MeasuredCampaignEntry {
  const { revenuePerCustomer: revenue, costPerExtraOrder: per } = result;
  return {
    ...result,
    cost: amount(result.cost),
    revenuePerCustomer: revenue && {
      ...revenue,
      difference: amount(revenue.difference),
      interval: { low: amount(revenue.interval.low), high: amount(revenue.interval.high) },
    },
    costPerExtraOrder: per && { cost: amount(per.cost), low: amount(per.low), high: amount(per.high) },
  };
}
