import { type AdDay, bidOf } from './adDays.ts';
import { undated } from './adHistory.ts';
import type { BidLevel } from './bidModel.ts';
import type { BidType } from './settings.ts';

export interface TableSpan {
  /** Null for a table without dates, which covers `days` all the same. */
  lastDay: number | null;
  days: number;
}

/**
 * What an ad did at each of its bids, lowest first. Exports leave out days on which nothing happened: up to two weeks
 * without a row, or three times what is usual for the ad, count as such days at the last bid, longer ones as a pause.
 */
export function bidLevels(
  days: readonly AdDay[],
  { span, bidType }: { span: TableSpan; bidType: BidType },
): BidLevel[] {
  const implied = impliedBid(days, bidType);
  const byBid = new Map<number, BidLevel>();
  days.forEach((day, index) => {
    const bidMicros = bidOf(day) ?? implied;
    if (bidMicros === null) return;
    const level = byBid.get(bidMicros) ?? { bidMicros, days: 0, impressions: 0, clicks: 0, spendMicros: 0 };
    level.days += daysAt(days, index, span) * day.servedShare;
    level.impressions += day.impressions;
    level.clicks += day.clicks;
    level.spendMicros += day.spendMicros;
    byBid.set(bidMicros, level);
  });
  const sorted = [...byBid.values()].sort((one, other) => one.bidMicros - other.bidMicros);
  return merged(sorted, mostLevels);
}

const mostLevels = 8;
const longestGap = 14;

/** Of a platform that bids by itself: with usual prices, what is paid lies a third below the bid that wins half. */
export const impliedBidFactor = 1.5;

function impliedBid(days: readonly AdDay[], bidType: BidType): number | null {
  let [spend, events] = [0, 0];
  for (const day of days) {
    spend += day.spendMicros;
    events += bidType === 'CPC' ? day.clicks : day.impressions / 1000;
  }
  return spend > 0 && events > 0 ? Math.round((impliedBidFactor * spend) / events) : null;
}

/** A day, and those after it without a row; before the first row those that fit how often the ad has one. */
function daysAt(days: readonly AdDay[], index: number, { lastDay, days: covered }: TableSpan): number {
  const { day } = days[index] as AdDay;
  if (lastDay === null || day === undated) return covered;
  const [first, last] = [days[0] as AdDay, days.at(-1) as AdDay];
  const usualGap = days.length === 1 ? covered : (last.day - first.day) / (days.length - 1);
  const longest = Math.max(longestGap, 3 * usualGap);
  const gap = (days[index + 1]?.day ?? lastDay + 1) - day;
  const lead = index === 0 ? day - (lastDay - covered + 1) : 0;
  return (gap > longest ? 1 : gap) + (lead > 3 * usualGap ? 0 : lead);
}

/** Neighbours become one, those that differ least first. */
function merged(levels: BidLevel[], most: number): BidLevel[] {
  const kept = [...levels];
  for (;;) {
    let [closest, at] = [kept.length > most ? Number.POSITIVE_INFINITY : sameBid, -1];
    for (let index = 1; index < kept.length; index++) {
      const ratio = (kept[index] as BidLevel).bidMicros / (kept[index - 1] as BidLevel).bidMicros;
      if (ratio < closest) [closest, at] = [ratio, index];
    }
    if (at < 0) return kept;
    kept.splice(at - 1, 2, together(kept[at - 1] as BidLevel, kept[at] as BidLevel));
  }
}

/** Bids nearer than this are one: a cent up and down tells nothing. */
const sameBid = 1.02;

function together(one: BidLevel, other: BidLevel): BidLevel {
  const days = one.days + other.days;
  return {
    bidMicros: Math.round((one.bidMicros * one.days + other.bidMicros * other.days) / days),
    days,
    impressions: one.impressions + other.impressions,
    clicks: one.clicks + other.clicks,
    spendMicros: one.spendMicros + other.spendMicros,
  };
}
