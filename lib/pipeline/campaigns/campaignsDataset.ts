import { type Call, callList, type StandingBefore } from '../../marketing/calls/callList.ts';
import { type Plan, planCampaigns } from '../../marketing/campaigns/planCampaigns.ts';
import type { Prospects } from '../../marketing/campaigns/prospects.ts';
import { mayApproach } from '../../marketing/consent.ts';
import { ObjectChanged } from '../../store/objects.ts';
import { dayOf } from '../../tables/cells/calendar.ts';
import { minorDigits } from '../../tables/cells/currencies.ts';
import { placesBefore } from '../../value/migration.ts';
import type { RunInput } from '../plan.ts';
import type { Platform } from '../platform.ts';
import { inputsFrom } from '../purchase/ordersInUse.ts';
import type { Dataset, Run, RunResult } from '../run.ts';
import { type AnnounceMoves, movesBetween } from './announceMoves.ts';
import { type CampaignsManifest, campaignsManifestSchema, type StandingRef } from './campaignResults.ts';
import { learnedDifferences } from './learnedFrom.ts';
import { type MeasuredUpload, measuredApproaches, measureUploads } from './measureUploads.ts';
import { prospectsOf, recentContacts } from './prospectsOf.ts';
import {
  type Buyers,
  lastDayOf,
  type PublishedBuyers,
  probabilityOf,
  readBuyers,
  readPublishedBuyers,
} from './readBuyers.ts';
import { type CampaignUploads, campaignsPrefix, contactsPrefix, readUploads } from './readUploads.ts';
import { earlierStandings, readStanding, standingDaysAgo, storeStanding } from './standings.ts';
import { writeActions } from './writeActions.ts';
import { audiencesPrefix, writeAudiences } from './writeAudiences.ts';
import { callListFile, writeCalls } from './writeCalls.ts';
import { planFile, writePlan } from './writePlan.ts';
import { writeResults } from './writeResults.ts';

/** What the published order history is good for: campaigns, calls and audiences for its customers, and what past campaigns brought. */
export const campaignsDataset = (announce: AnnounceMoves): Dataset => ({
  name: 'campaigns',
  prefixes: [contactsPrefix, campaignsPrefix],
  inputs: buyersInUse,
  modelFrom: null,
  lastingFiles: [],
  lastingPrefixes: ['campaigns/', 'actions/', audiencesPrefix],
  forgottenPrefix: audiencesPrefix,
  work: (run) => actOnRun(run, announce),
});

async function buyersInUse(platform: Platform): Promise<RunInput[]> {
  const published = await readPublishedBuyers(platform);
  if (published === null) return [];
  const { orders, scores } = published;
  const ofOrders = await inputsFrom(platform, orders, orders.manifest.files);
  if (scores === null) return ofOrders;
  const scoresKey = `runs/${scores.runId}/${scores.manifest.scoresKey}`;
  return [...ofOrders, ...(await inputsFrom(platform, scores, [scoresKey]))];
}

async function actOnRun(run: Run, announce: AnnounceMoves): Promise<RunResult> {
  const { settings } = run;
  const digits = minorDigits(settings.currency);
  const uploads = await run.timed('read', () => readUploads(run));
  const measured = measureUploads(uploads.campaigns, {
    settings: settings.campaigns,
    minorUnits: 10 ** digits,
    seed: settings.seed,
  });
  const published = await buyersOfPlan(run);
  run.amend({ counts: { contacts: uploads.contacts.size, campaignsMeasured: measured.length } });
  if (published === null) return withoutBuyers(run, { uploads, measured, digits });
  const buyers = await run.timed('buyers', () => readBuyers(run, published));
  return actOnBuyers(run, { announce, published, buyers, uploads, measured, digits });
}

/** Those that the run was planned for. */
async function buyersOfPlan({ platform, plan }: Run): Promise<PublishedBuyers | null> {
  const published = await readPublishedBuyers(platform);
  const planned = new Set(plan.inputs.map(({ etag }) => etag));
  const isPlanned =
    published === null
      ? plan.inputs.every(({ key }) =>
          [contactsPrefix, campaignsPrefix].some((prefix) => key.startsWith(prefix)),
        )
      : planned.has(published.orders.runId) &&
        (published.scores === null || planned.has(published.scores.runId));
  if (!isPlanned) throw new ObjectChanged('published/orders.json');
  return published;
}

async function withoutBuyers(
  run: Run,
  { uploads, measured, digits }: { uploads: CampaignUploads; measured: MeasuredUpload[]; digits: number },
): Promise<RunResult> {
  const message =
    'campaigns, calls and audiences wait for an order history: upload an order export to orders/, and they follow by themselves';
  run.amend({ notes: [{ code: 'noOrderHistory', message }] });
  const context = { campaigns: uploads.campaigns, buyers: null, reachable: null, minorDigits: digits };
  const files = await writeResults(run, measured, context);
  const manifest: CampaignsManifest = {
    kind: 'campaigns',
    orders: null,
    currency: run.settings.currency,
    probability: null,
    budget: null,
    unspent: 0,
    next: null,
    contacts: uploads.contacts.size,
    calls: { count: 0, comparedWith: null },
    actions: { buckets: 0 },
    audiences: [],
    standings: [],
    announcedOrdersRunId: null,
  };
  return { manifest, files };
}

interface Acting {
  announce: AnnounceMoves;
  published: PublishedBuyers;
  buyers: Buyers;
  uploads: CampaignUploads;
  measured: MeasuredUpload[];
  digits: number;
}

async function actOnBuyers(run: Run, acting: Acting): Promise<RunResult> {
  const { published, buyers, uploads, measured, digits } = acting;
  const { settings } = run;
  const { orders } = published;
  const lastDay = lastDayOf(published);
  const { language } = orders.manifest;
  const earlier = earlierStandings(run, orders.runId);
  const compared = await compareWithEarlier(run, { buyers, earlier, lastDay });
  const calls = callsFor(run, { buyers, uploads, before: compared.before });
  const { contactDays } = settings.campaigns;
  const contacted = recentContacts(uploads.campaigns, { lastDay, contactDays });
  const called = new Set(calls.filter(({ action }) => action === 'call').map(({ customer }) => customer));
  const prospects = prospectsOf(buyers, uploads, { settings: settings.campaigns, contacted, called });
  const plan = await run.timed('plan', async () => planFor(run, { acting, prospects }));
  return run.timed('write', async () => {
    const planFiles = await writePlan(run, plan, { buyers, minorDigits: digits });
    const daysAgo = compared.before?.daysAgo ?? null;
    await writeCalls(run, calls, { lastDay, daysAgo, minorDigits: digits, language });
    const resultFiles = await writeResults(run, measured, {
      campaigns: uploads.campaigns,
      buyers,
      reachable: prospects.reachable,
      minorDigits: digits,
    });
    const audiences = await writeAudiences(run, { buyers, contacts: uploads.contacts, minorDigits: digits });
    const { contacts } = uploads;
    const actions = await writeActions(run, {
      buyers,
      contacts,
      contacted,
      calls,
      campaigns: plan.campaigns,
    });
    const standings = await storeStanding(run, buyers, {
      ordersRunId: orders.runId,
      lastDay: orders.manifest.lastDay,
      earlier,
    });
    await announceMoves(run, { acting, earlier });
    run.amend({
      counts: { customers: buyers.customerIds.length, campaigns: plan.campaigns.length, calls: calls.length },
    });
    const manifest: CampaignsManifest = {
      kind: 'campaigns',
      orders: { runId: orders.runId, lastDay: orders.manifest.lastDay },
      currency: settings.currency,
      probability: probabilityOf(published),
      budget: plan.budget,
      unspent: plan.unspent,
      next: plan.next,
      contacts: contacts.size,
      calls: { count: calls.length, comparedWith: compared.reference },
      actions,
      audiences,
      standings,
      announcedOrdersRunId: orders.runId,
    };
    const audienceFiles = audiences.flatMap(({ files }) => files);
    return { manifest, files: [planFile, ...planFiles, callListFile, ...resultFiles, ...audienceFiles] };
  });
}

/** How customers stood some time ago; null where no earlier run is known. */
async function compareWithEarlier(
  run: Run,
  { buyers, earlier, lastDay }: { buyers: Buyers; earlier: readonly StandingRef[]; lastDay: number },
): Promise<{ reference: StandingRef | null; before: StandingBefore | null }> {
  const reference = standingDaysAgo(earlier, { lastDay, days: run.settings.calls.compareDays });
  const standing = reference && (await readStanding(run, reference));
  if (reference === null || standing === null) return { reference: null, before: null };
  const { tiers, groups, pAlive, next12m } = standing;
  const daysAgo = lastDay - dayOf(reference.lastDay);
  return {
    reference,
    before: { places: placesBefore(standing, buyers), tiers, groups, pAlive, next12m, daysAgo },
  };
}

function callsFor(
  { settings }: Run,
  { buyers, uploads, before }: { buyers: Buyers; uploads: CampaignUploads; before: StandingBefore | null },
): Call[] {
  const contactOf = (customerId: string) => uploads.contacts.get(customerId);
  const where = (holds: (customerId: string) => boolean): Uint8Array =>
    Uint8Array.from(buyers.customerIds, (customerId) => Number(holds(customerId)));
  const columns = {
    ...buyers,
    mayCall: where((customerId) => mayApproach(contactOf(customerId), 'phone')),
    mayEmail: where((customerId) => mayApproach(contactOf(customerId), 'email')),
    isSuppressed: where((customerId) => contactOf(customerId)?.doNotContact === true),
  };
  return callList(columns, { before, limit: settings.calls.limit });
}

function planFor(
  { settings }: Run,
  { acting: { buyers, uploads, measured, digits }, prospects }: { acting: Acting; prospects: Prospects },
): Plan {
  const { campaigns, orders, seed } = settings;
  return planCampaigns(prospects, {
    settings: campaigns,
    margin: orders.margin,
    minorUnits: 10 ** digits,
    seed,
    measured: measuredApproaches(uploads.campaigns),
    learned: learnedDifferences(measured, { buyers, minorDigits: digits }),
  });
}

/** Once for each order history, however often campaigns are planned over it. */
async function announceMoves(
  run: Run,
  { acting: { announce, published, buyers }, earlier }: { acting: Acting; earlier: readonly StandingRef[] },
): Promise<void> {
  const { runId, manifest } = published.orders;
  const parsed = campaignsManifestSchema.safeParse(run.previousManifest);
  const isDone = parsed.success && parsed.data.announcedOrdersRunId === runId;
  const [last] = earlier;
  const before = last === undefined || isDone ? null : await readStanding(run, last);
  if (last === undefined || before === null) return;
  const runs = { ordersRunId: runId, previousOrdersRunId: last.ordersRunId, lastDay: manifest.lastDay };
  await run.timed('announce', () => announce(movesBetween(before, buyers, runs)));
}
