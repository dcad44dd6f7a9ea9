import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import { type BidFit, fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { fitLinearBidPolicy } from '../../../lib/bids/linear.ts';
import { bidLinear } from '../../../lib/bids/policy.ts';
import { type BidSettings, bidSettings } from '../../../lib/bids/settings.ts';
import { suggestBids } from '../../../lib/bids/suggestBids.ts';
import { writeBidLists } from '../../../lib/pipeline/bids/bidLists.ts';
import { writeFit } from '../../../lib/pipeline/bids/storedFit.ts';
import type {
  BidEntry,
  BidsManifest,
  CustomerEntry,
  CustomersManifest,
  ModelManifest,
  OrderScoresManifest,
  ScoreEntry,
  ScoresManifest,
} from '../../../lib/pipeline/results.ts';
import { type ModelFacts, putModel } from '../../../lib/store/models.ts';
import { writeList, writeLookup } from '../../../lib/store/pages.ts';
import { publishPointer } from '../../../lib/store/pointer.ts';
import { putRun, type RunRecord } from '../../../lib/store/runs.ts';
import type { Table } from '../../../lib/store/table.ts';
import type { Tier } from '../../../lib/value/tier.ts';
import { purchaseReport } from '../../support/purchaseReport.ts';

/** Results as a run leaves them, written with the store's own functions. */
interface Publication {
  runId: string;
  asOf: string;
  fence?: number;
}

export async function publishCustomers(
  table: Table,
  { customers, ...publication }: Publication & { customers: readonly CustomerEntry[] },
): Promise<void> {
  const { runId } = publication;
  const inTier = (tier: Tier) => customers.filter((customer) => customer.tier === tier);
  const list = (tier: Tier) => writeList(table, { runId, name: `segment-${tier}`, values: inTier(tier) });
  const entries = customers.map((customer) => [customer.customerId, customer] as const);
  const { buckets } = await writeLookup(table, { runId, name: 'customers', entries });
  const spend = customers.reduce((sum, customer) => sum + customer.spend, 0);
  const manifest: CustomersManifest = {
    kind: 'customers',
    customers: customers.length,
    buckets,
    lists: { high: await list('high'), mid: await list('mid'), low: await list('low') },
    segments: (['high', 'mid', 'low'] as const).map((segment) => ({
      segment,
      label: `${segment} value`,
      customers: inTier(segment).length,
      shareOfCustomers: inTier(segment).length / customers.length,
      spend: inTier(segment).reduce((sum, customer) => sum + customer.spend, 0),
      shareOfSpend: inTier(segment).reduce((sum, customer) => sum + customer.spend, 0) / spend,
      meanScore: null,
    })),
    language: 'en',
    currency: 'CNY',
    scale: 'percentile',
    method: 'quantile',
    edges: [40, 80],
  };
  await publish(table, { dataset: 'customers', manifest, ...publication });
}

/** As the newest of its dataset; `before` is the model that it can be rolled back to. */
export async function publishModel(
  table: Table,
  { before, ...publication }: Publication & { before?: string },
): Promise<void> {
  const metrics = { rocAuc: 0.89, averagePrecision: 0.64, brier: 0.09, logLoss: 0.29 };
  const baseline = { rocAuc: 0.5, averagePrecision: 0.15, brier: 0.13, logLoss: 0.43 };
  const manifest: ModelManifest = {
    kind: 'model',
    modelKey: `models/${publication.runId}.json`,
    modelSha256: '0'.repeat(64),
    tested: null,
    challenge: null,
    erasedDigest: null,
    engine: 'logisticRegression',
    status: 'ok',
    grade: purchaseReport.grade,
    reasons: [],
    rows: 1000,
    positives: 150,
    heldOutRows: 300,
    metrics,
    baseline,
    candidates: [
      { engine: 'logisticRegression', metrics },
      { engine: 'randomForestDraws', metrics: null },
    ],
    columns: [{ name: 'pages', kind: 'numeric' }],
    horizonDays: 30,
  };
  for (const runId of [publication.runId, ...(before === undefined ? [] : [before])]) {
    await putModel(table, modelFacts({ ...publication, runId }, manifest), { fence: 1 });
    await writeList(table, { runId, name: 'report', values: [purchaseReport] });
  }
  const previousRuns = before === undefined ? [] : [before];
  await publish(table, { dataset: 'training', manifest, previousRuns, ...publication });
}

function modelFacts({ runId, asOf }: Publication, manifest: ModelManifest): ModelFacts {
  const { codeVersion, settings, inputs } = runRecord({ runId, dataset: 'training' });
  const { engine, status, grade, rows, positives, heldOutRows, horizonDays, metrics, baseline } = manifest;
  return {
    runId,
    dataset: 'training',
    asOf,
    codeVersion,
    settings,
    inputs,
    inputCount: inputs.length,
    trainedAt: '2026-03-01T10:00:01.000Z',
    summary: { engine, status, grade, rows, positives, heldOutRows, horizonDays, metrics, baseline },
    manifest,
  };
}

export async function publishScores(
  table: Table,
  {
    file,
    scores,
    modelRunId,
    ...publication
  }: Publication & { file: string; scores: ScoreEntry[]; modelRunId: string },
): Promise<void> {
  const entries = scores.map((score) => [score.customerId, score] as const);
  const { buckets } = await writeLookup(table, { runId: publication.runId, name: 'scores', entries });
  const manifest: ScoresManifest = {
    kind: 'scores',
    buckets,
    rows: scores.length,
    modelRunId,
    modelStatus: 'ok',
    horizonDays: 30,
    scoresKey: `scores/${file}`,
  };
  await publish(table, { dataset: `scoring/${file}`, manifest, ...publication });
}

export async function publishOrderScores(
  table: Table,
  { scores, modelRunId, ...publication }: Publication & { scores: ScoreEntry[]; modelRunId: string },
): Promise<void> {
  const entries = scores.map((score) => [score.customerId, score] as const);
  const lookup = await writeLookup(table, { runId: publication.runId, name: 'scores-0', entries });
  const manifest: OrderScoresManifest = {
    kind: 'orderScores',
    lookups: [lookup],
    rows: scores.length,
    modelRunId,
    modelStatus: 'ok',
    scoresKey: 'scores/orders.csv',
    ordersRunId: 'a0000000000000000001',
    lastDay: '2026-02-28',
    horizonDays: 30,
  };
  await publish(table, { dataset: 'orders/scores', manifest, ...publication });
}

/** Spend is 10,000 times the conversion rate less 100, so that every bid is 1.2 times the spend. */
export async function publishBids(table: Table, publication: Publication): Promise<void> {
  const ads = [1, 2, 3, 4, 5].map((place) => ({
    adId: `ads.csv:${place}`,
    impressions: null,
    clicks: null,
    conversions: null,
    clickRate: [0.05, 0.1, 0.2, 0.3, 0.4][place - 1] as number,
    conversionRate: (place + 1) / 100,
    spend: 100 * place,
  }));
  const policy = fitLinearBidPolicy(ads, { seed: 42, bidFactor: 1.2 });
  const bids = ads.map(({ adId, clickRate, conversionRate, spend }) => {
    return { adId, clickRate, conversionRate, spend, ...bidLinear(policy, { clickRate, conversionRate }) };
  });
  const list = await writeList(table, { runId: publication.runId, name: 'bids', values: bids });
  const manifest: BidsManifest = {
    ...{ kind: 'bids', policy: 'linear', lists: { bids: list }, currency: 'CNY' },
    ...{ linear: policy, fit: null, files: [] },
  };
  await publish(table, { dataset: 'ads', manifest, ...publication });
}

/** Six ads in each of two campaigns over four weeks, and the portfolio's bids on them. */
export async function publishPortfolio(
  table: Table,
  publication: Publication,
  given: Partial<BidSettings> = {},
): Promise<{ fit: BidFit; settings: BidSettings; entries: BidEntry[] }> {
  const settings = bidSettings.parse(given);
  const fit = fitBidModel(adHistoryOf(adDays), { settings, seed: 42 });
  const { rows, portfolio } = suggestBids(fit.model, fit.ads, { settings });
  const entries = rows.map((row, at) => ({
    ...row,
    ...{ campaign: fit.ads[at]?.campaign ?? null, adGroup: null, keyword: null, segment: null },
    suggestedSince: '2026-03-01',
    bidChangedOn: null,
  }));
  const place = { runId: publication.runId, fence: publication.fence ?? 1 };
  const bids = await writeBidLists(table, { ...place, entries }, ({ campaign }) => campaign);
  const manifest: BidsManifest = {
    ...{ kind: 'bids', policy: settings.policy, lists: { bids }, currency: 'CNY', files: [] },
    linear: fit.model.linear,
    fit: await writeFit(table, { ...place, fit, settings, segmentWorth: { high: 1.5 }, portfolio }),
  };
  await publish(table, { dataset: 'ads', manifest, ...publication });
  return { fit, settings, entries };
}

/** More clicks and sales for the later ads of a campaign; a bid that was raised half-way. */
const adDays = ['Spring', 'Éte 夏'].flatMap((campaign, campaignAt) =>
  Array.from({ length: 6 }, (_, ad) =>
    Array.from({ length: 28 }, (_, day) => {
      const clicks = 2 + 3 * ad + (day % 3);
      const conversions = (day * (ad + 1)) % 11 < campaignAt + 1 ? 1 : 0;
      return {
        ...{
          id: `${campaign}-${ad + 1}`,
          campaign,
          adGroup: null,
          keyword: null,
          segment: null,
          device: null,
        },
        date: new Date(Date.UTC(2026, 1, 1 + day)).toISOString().slice(0, 10),
        ...{ impressions: 40 * clicks, clicks, conversions, spendMicros: clicks * 300_000 },
        ...{ revenueMicros: conversions * 25_000_000, currentBidMicros: day < 14 ? 400_000 : 440_000 },
        ...{ bidType: 'CPC' as const, servedShare: null },
      };
    }),
  ).flat(),
);

/** `count` customers with spends from high to low: the first fifth high, the next three mid, the rest low. */
export const customersOf = (count: number, prefix = 'C'): CustomerEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    customerId: `${prefix}${String(index + 1).padStart(5, '0')}`,
    spend: 10 * (count - index),
    frequency: 3,
    browsingMinutes: 20,
    score: 100 - (100 * index) / count,
    tier: index < 0.2 * count ? 'high' : index < 0.8 * count ? 'mid' : 'low',
    rank: index + 1,
  }));

/** The record of a run with nothing out of the ordinary. */
export function runRecord(facts: Partial<RunRecord> & { runId: string; dataset: string }): RunRecord {
  return {
    status: 'published',
    startedAt: '2026-03-01T10:00:00.000Z',
    finishedAt: '2026-03-01T10:00:02.000Z',
    asOf: '2026-03-01T09:59:59.000Z',
    codeVersion: 'test',
    settings: { currency: 'CNY' },
    inputs: [
      {
        key: `${facts.dataset}/may.csv`,
        etag: 'e1',
        sizeBytes: 10,
        lastModified: '2026-03-01T09:59:59.000Z',
      },
    ],
    counts: { rowsIn: 5, rowsOk: 4, rowsQuarantined: 1 },
    files: [{ key: `${facts.dataset}/may.csv`, rowsIn: 5 }],
    notes: [{ code: 'syntheticId', message: 'no id column', count: 4 }],
    problems: [],
    rejects: [],
    metrics: null,
    timings: { read: 0.1 },
    ...facts,
  };
}

async function publish(
  table: Table,
  {
    fence = 1,
    previousRuns = [],
    ...pointer
  }: Publication & { dataset: string; manifest: Record<string, unknown>; previousRuns?: string[] },
): Promise<void> {
  const { runId, dataset, asOf } = pointer;
  await putRun(table, runRecord({ runId, dataset, asOf }), { fence });
  await publishPointer(table, {
    ...pointer,
    fence,
    publishedAt: '2026-03-01T10:00:02.000Z',
    previousRuns,
    lastingFiles: [],
  });
}
