import type { BidFit } from '../../bids/fitBidModel.ts';
import { bidLinear, type LinearBidPolicy } from '../../bids/policy.ts';
import type { AdNames } from '../../tables/ads/adRows.ts';
import type { AdRow } from '../../tables/types.ts';
import { putCsv } from '../putCsv.ts';
import type { BidsManifest, LinearBidEntry } from '../results.ts';
import type { Run, RunResult } from '../run.ts';
import { writeBidLists } from './bidLists.ts';
import { bulkFileNames } from './bidTables.ts';
import { writeFit } from './storedFit.ts';

export interface LinearInputs {
  linear: LinearBidPolicy;
  rows: AdRow[];
  names: ReadonlyMap<string, AdNames>;
  /** Stored for requests that ask for another policy. */
  fit: BidFit | null;
}

/** The baseline's bid for each ad, from its rates. */
export async function publishLinearBids(
  run: Run,
  { linear, rows, names, fit }: LinearInputs,
): Promise<RunResult> {
  const entries = rows.map(
    ({ adId, clickRate, conversionRate, spend }): LinearBidEntry => ({
      ...{ adId, clickRate, conversionRate, spend },
      ...bidLinear(linear, { clickRate, conversionRate }),
    }),
  );
  run.amend({ notes: linear.notes, metrics: linear.heldOut });
  return run.timed('write', async () => {
    const { platform, plan, fence, settings } = run;
    const place = { runId: plan.runId, fence };
    const campaignOf = ({ adId }: LinearBidEntry) => names.get(adId)?.campaign ?? null;
    const bids = await writeBidLists(platform.table, { ...place, entries }, campaignOf);
    await putCsv(run, 'bids.csv', {
      header: ['ad_id', 'click_rate', 'conversion_rate', 'spend', 'suggested_bid', 'reason'],
      rows: entries.map(({ adId, clickRate, conversionRate, spend, suggestedBid, reason }) => [
        ...[adId, clickRate, conversionRate, spend, suggestedBid, reason],
      ]),
    });
    const manifest: BidsManifest = {
      ...{ kind: 'bids', policy: 'linear', lists: { bids }, currency: settings.currency },
      linear,
      fit:
        fit &&
        (await writeFit(platform.table, {
          ...{ ...place, fit, settings: settings.bids, segmentWorth: {}, portfolio: null },
        })),
      files: [],
    };
    return { manifest, absentFiles: [...bulkFileNames] };
  });
}
