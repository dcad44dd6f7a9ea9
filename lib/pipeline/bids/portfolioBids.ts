import type { AdHistory } from '../../bids/adHistory.ts';
import type { BidRow } from '../../bids/answer.ts';
import type { AdEvidence } from '../../bids/bidModel.ts';
import type { BidFit } from '../../bids/fitBidModel.ts';
import type { LinearBidPolicy } from '../../bids/policy.ts';
import { suggestBids } from '../../bids/suggestBids.ts';
import type { RunNote } from '../../store/runs.ts';
import type { AdNames } from '../../tables/ads/adRows.ts';
import type { BidEntry, BidsManifest } from '../results.ts';
import type { Run, RunResult } from '../run.ts';
import { writeBidLists } from './bidLists.ts';
import { bulkFileNames, writeBidTables } from './bidTables.ts';
import { pacingOf } from './pacing.ts';
import { dayBefore, type PreviousRound, readPreviousRound, withPreviousBids } from './previousBids.ts';
import { multipliersOf, readSegmentWorth } from './segmentMultipliers.ts';
import { writeFit } from './storedFit.ts';

interface Fitted {
  fit: BidFit;
  history: AdHistory;
  names: ReadonlyMap<string, AdNames>;
  linear: LinearBidPolicy | null;
}

/** Bids for all ads together; what answers requests is stored beside them. */
export async function publishPortfolio(
  run: Run,
  { fit: { model, ads: fitted }, history, names, linear }: Fitted,
): Promise<RunResult> {
  const { settings, plan } = run;
  const today = (plan.asOf ?? '').slice(0, 10);
  const previous = await readPreviousRound(run);
  const { ads, notes } = withPreviousBids(fitted, previous, today);
  const { worth, notes: worthNotes } = await readSegmentWorth(run);
  const { multipliers, unknown } = multipliersOf(
    worth,
    ads.map(({ segment }) => segment),
  );
  const { rows, portfolio } = await run.timed('bid', async () =>
    suggestBids(model, ads, {
      settings: settings.bids,
      segmentMultipliers: multipliers,
      pacing: pacingOf({ history, model, ads }, previous),
    }),
  );
  run.amend({ notes: [...notes, ...worthNotes, ...portfolio.notes], metrics: portfolio });
  if (settings.bids.segmentValue.apply) run.amend({ notes: notesOnSegments(unknown) });
  const entries = rows.map((row, at) => {
    // the table counts from the day after its last one, and knows better than the run before
    const byTable = fitted[at]?.daysSinceChange !== null && model.lastDay !== null;
    const countedFrom = byTable ? dayBefore(model.lastDay as string, -1) : today;
    return entryOf(row, ads[at] as AdEvidence, { names, previous, today, countedFrom });
  });
  return run.timed('write', async () => {
    const { platform, fence } = run;
    const place = { runId: plan.runId, fence };
    const bids = await writeBidLists(platform.table, { ...place, entries }, ({ campaign }) => campaign);
    const files = await writeBidTables(run, entries, names);
    const fit = await writeFit(platform.table, {
      ...{ ...place, fit: { model, ads }, settings: settings.bids, segmentWorth: worth, portfolio },
    });
    const manifest: BidsManifest = {
      ...{ kind: 'bids', policy: settings.bids.policy, lists: { bids }, currency: settings.currency },
      ...{ linear, fit, files },
    };
    return { manifest, absentFiles: bulkFileNames.filter((name) => !files.includes(name)) };
  });
}

function notesOnSegments(unknown: readonly string[]): RunNote[] {
  if (unknown.length === 0) return [];
  const message = 'segments of ads are none of the published ones, and count as the average';
  return [{ code: 'unknownSegments', message, count: unknown.length }];
}

function entryOf(
  row: BidRow,
  { campaign, segment, daysSinceChange }: AdEvidence,
  {
    names,
    previous,
    today,
    countedFrom,
  }: {
    names: ReadonlyMap<string, AdNames>;
    previous: PreviousRound | null;
    today: string;
    /** The day that `daysSinceChange` goes back from. */
    countedFrom: string;
  },
): BidEntry {
  const before = previous?.bids.get(row.id);
  const called = names.get(row.id);
  return {
    ...row,
    campaign,
    adGroup: called?.adGroup ?? null,
    keyword: called?.keyword ?? null,
    segment,
    suggestedSince: before?.suggestedBidMicros === row.suggestedBidMicros ? before.suggestedSince : today,
    bidChangedOn: daysSinceChange === null ? null : dayBefore(countedFrom, daysSinceChange),
  };
}
