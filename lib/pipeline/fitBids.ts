import { BidFitError, fitLinearBidPolicy } from '../bids/linear.ts';
import { bidLinear, type LinearBidPolicy } from '../bids/policy.ts';
import { putObject } from '../store/objects.ts';
import { writeList } from '../store/pages.ts';
import type { RunNote } from '../store/runs.ts';
import { type MergedAds, mergeAds, ratesByAd } from '../tables/ads/mergeAds.ts';
import { readAds } from '../tables/ads/readAds.ts';
import { writeCsv } from '../tables/csv.ts';
import type { AdRow } from '../tables/types.ts';
import { readEachInput } from './readInputs.ts';
import { rejectRun } from './rejection.ts';
import type { BidEntry, BidsManifest } from './results.ts';
import { type Dataset, type Run, type RunResult, runObjectKey } from './run.ts';

/** `ads/`: what was paid for which rates becomes the bid policy, and a bid for each ad. */
export const adsDataset: Dataset = {
  name: 'ads',
  prefixes: ['ads/'],
  modelFrom: null,
  lastingFiles: ['bids.csv'],
  work: fitBids,
};

async function fitBids(run: Run): Promise<RunResult> {
  const { settings } = run;
  const { currency, timeZone, orders } = settings;
  const readings = await run.timed('read', () =>
    readEachInput(run, (source) => readAds(source, { currency, timeZone, rates: orders.rates })),
  );
  const merged = mergeAds(readings);
  run.amend({ notes: notesOnMerging(merged) });
  const ads = ratesByAd(merged);
  const policy = await run.timed('fit', async () => fitOrReject(run, ads));
  const entries = ads.map(({ adId, clickRate, conversionRate, spend }) => ({
    adId,
    clickRate,
    conversionRate,
    spend,
    ...bidLinear(policy, { clickRate, conversionRate }),
  }));
  run.amend({ notes: policy.notes, counts: { ads: ads.length }, metrics: policy.heldOut });
  return run.timed('write', async () => {
    const { platform, plan } = run;
    const bids = await writeList(platform.table, {
      runId: plan.runId,
      fence: run.fence,
      name: 'bids',
      values: entries,
    });
    const manifest: BidsManifest = { kind: 'bids', lists: { bids }, policy, currency: settings.currency };
    await writeBidsCsv(run, entries);
    return { manifest };
  });
}

function notesOnMerging({ superseded, undatedBesideDated }: MergedAds): RunNote[] {
  const notes: RunNote[] = [];
  if (superseded > 0) {
    const message =
      'rows gave way to a later file’s of the same ad and day (files in the order of their names)';
    notes.push({ code: 'supersededRows', message, count: superseded });
  }
  if (undatedBesideDated > 0) {
    const message = 'rows without a date were left out, as their ads have rows with dates';
    notes.push({ code: 'undatedBesideDated', message, count: undatedBesideDated });
  }
  return notes;
}

function fitOrReject({ settings }: Run, ads: AdRow[]): LinearBidPolicy {
  try {
    return fitLinearBidPolicy(ads, { seed: settings.seed, ...settings.bids });
  } catch (error) {
    if (error instanceof BidFitError) return rejectRun('bidFit', error.message);
    throw error;
  }
}

async function writeBidsCsv({ platform, plan }: Run, entries: BidEntry[]): Promise<void> {
  const key = runObjectKey(plan, 'bids.csv');
  await putObject(platform.objects, {
    bucket: platform.resultsBucket,
    key,
    body: writeCsv(
      ['ad_id', 'click_rate', 'conversion_rate', 'spend', 'suggested_bid', 'reason'],
      entries.map(({ adId, clickRate, conversionRate, spend, suggestedBid, reason }) => [
        adId,
        clickRate,
        conversionRate,
        spend,
        suggestedBid,
        reason,
      ]),
    ),
    contentType: 'text/csv; charset=utf-8',
  });
}
