import type { AdHistory } from '../../bids/adHistory.ts';
import type { AdEvidence, BidModel } from '../../bids/bidModel.ts';
import { dayOf } from '../../tables/cells/calendar.ts';
import { daysBetween, isTaken, type PreviousRound } from './previousBids.ts';

/** Of spend: so much of it must have been bid as suggested, for the round to say something of the suggestion. */
const leastShareTaken = 0.5;

export interface Pacing {
  expectedSpendMicros: number;
  demandedSpendMicros: number;
}

/**
 * What the last round was expected to spend in the days that have passed, and what was demanded in them: spent, or what would
 * have been without a budget that ran out. Null where there was no round, or its bids were not taken over.
 */
export function pacingOf(
  { history, model, ads }: { history: AdHistory; model: BidModel; ads: readonly AdEvidence[] },
  previous: PreviousRound | null,
): Pacing | null {
  if (previous === null || previous.lastDay === null || model.lastDay === null) return null;
  const days = Math.min(previous.cycleDays, daysBetween(previous.lastDay, model.lastDay));
  if (days === 0 || shareTaken(ads, previous) < leastShareTaken) return null;
  return {
    expectedSpendMicros: (previous.expectedSpendMicros * days) / previous.cycleDays,
    demandedSpendMicros: demandedBetween(history, dayOf(model.lastDay) - days, dayOf(model.lastDay)),
  };
}

function shareTaken(ads: readonly AdEvidence[], { bids }: PreviousRound): number {
  let [taken, all] = [0, 0];
  for (const { id, currentBidMicros, spendMicros } of ads) {
    all += spendMicros;
    const before = bids.get(id);
    if (before !== undefined && isTaken(currentBidMicros, before)) taken += spendMicros;
  }
  return all === 0 ? 0 : taken / all;
}

/** After the first day, up to the last. */
function demandedBetween({ chunks }: AdHistory, after: number, last: number): number {
  let demanded = 0;
  for (const { length, day, spendMicros, servedShare } of chunks) {
    for (let row = 0; row < length; row++) {
      const at = day[row] as number;
      if (at > after && at <= last) demanded += (spendMicros[row] as number) / (servedShare[row] as number);
    }
  }
  return demanded;
}
