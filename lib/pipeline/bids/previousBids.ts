import * as z from 'zod/mini';
import type { AdEvidence } from '../../bids/bidModel.ts';
import { PageMissing, readList } from '../../store/pages.ts';
import { readPointer } from '../../store/pointer.ts';
import type { RunNote } from '../../store/runs.ts';
import { dayOf, isoDay } from '../../tables/cells/calendar.ts';
import { bidEntrySchema, bidsManifestSchema } from '../results.ts';
import type { Run } from '../run.ts';
import { allBids } from './bidLists.ts';

const previousBidSchema = z.pick(bidEntrySchema, {
  id: true,
  currentBidMicros: true,
  suggestedBidMicros: true,
  suggestedSince: true,
  bidChangedOn: true,
});
export type PreviousBid = z.infer<typeof previousBidSchema>;

const halfCentMicros = 5000;

/** What the run before suggested. */
export interface PreviousRound {
  bids: ReadonlyMap<string, PreviousBid>;
  /** Null where that run's table had no dates. */
  lastDay: string | null;
  expectedSpendMicros: number;
  cycleDays: number;
}

/** Null where nothing was suggested before, or not by a policy that goes on from there. */
export async function readPreviousRound({ platform: { table }, plan }: Run): Promise<PreviousRound | null> {
  const pointer = await readPointer(table, plan.dataset);
  // a run that is done again after its pointer has moved must not follow itself
  if (pointer === null || pointer.runId === plan.runId) return null;
  const { success, data } = bidsManifestSchema.safeParse(pointer.manifest);
  if (!success || data.fit === null) return null;
  const { portfolio, lastDay } = data.fit;
  if (portfolio === null) return null;
  try {
    const { values } = await readList(table, {
      ...{ runId: pointer.runId, name: allBids, limit: data.lists.bids.length },
    });
    const bids = values.map((value) => previousBidSchema.parse(value));
    return {
      bids: new Map(bids.map((bid) => [bid.id, bid])),
      lastDay,
      expectedSpendMicros: portfolio.expectedSpendMicros,
      cycleDays: portfolio.cycleDays,
    };
  } catch (error) {
    if (error instanceof PageMissing) return null;
    throw error;
  }
}

/**
 * What the run before tells of bids where the table does not: a table without bids is taken to have those that were suggested,
 * and a bid that was suggested and has been taken over has changed on the day from which on it was.
 */
export function withPreviousBids(
  ads: readonly AdEvidence[],
  previous: PreviousRound | null,
  today: string,
): { ads: AdEvidence[]; notes: RunNote[] } {
  const hasBids = ads.some(({ currentBidMicros }) => currentBidMicros !== null);
  let assumed = 0;
  const known = ads.map((ad) => {
    const before = previous?.bids.get(ad.id);
    if (before === undefined || before.suggestedBidMicros === 0) return ad;
    const currentBidMicros = ad.currentBidMicros ?? (hasBids ? null : before.suggestedBidMicros);
    if (ad.currentBidMicros === null && currentBidMicros !== null) assumed++;
    const changedOn = changeOf(currentBidMicros, before);
    const daysSinceChange = ad.daysSinceChange ?? (changedOn === null ? null : daysBetween(changedOn, today));
    return { ...ad, currentBidMicros, daysSinceChange };
  });
  if (assumed === 0) return { ads: known, notes: [] };
  const message =
    'the table has no bids, so that those which the run before suggested are taken for the ones in force';
  return { ads: known, notes: [{ code: 'bidsOfPreviousRun', message, count: assumed }] };
}

/** The day since which the bid in force stands, as far as the run before tells: it saw the change, or suggested it. */
function changeOf(bidMicros: number | null, before: PreviousBid): string | null {
  if (bidMicros === before.currentBidMicros) return before.bidChangedOn;
  return isTaken(bidMicros, before) ? before.suggestedSince : null;
}

/**
 * Bids are uploaded to the minor unit, so that a suggestion comes back rounded; a bid that was left as it was may be as near
 * to it, and is not taken for it.
 */
export function isTaken(
  bidMicros: number | null,
  { currentBidMicros, suggestedBidMicros }: Pick<PreviousBid, 'currentBidMicros' | 'suggestedBidMicros'>,
): boolean {
  if (bidMicros === null) return false;
  const off = Math.abs(bidMicros - suggestedBidMicros);
  if (off > Math.max(0.01 * suggestedBidMicros, halfCentMicros)) return false;
  return off === 0 || currentBidMicros === null || off < Math.abs(bidMicros - currentBidMicros);
}

/** The day, ISO 8601, that lies so many days before another. */
export const dayBefore = (day: string, days: number): string => isoDay(dayOf(day) - days);

export function daysBetween(from: string, to: string): number {
  return Math.max(0, dayOf(to) - dayOf(from));
}
