import { type AdDay, bidOf, dayRange, eachAd } from './adDays.ts';
import { type AdFacts, type AdHistory, undated } from './adHistory.ts';
import { bidLevels, type TableSpan } from './bidLevels.ts';
import type { AdEvidence, ConversionDelay } from './bidModel.ts';
import { type AgeProfile, fitConversionDelay, shareMatured } from './conversionDelay.ts';
import type { WithinAds } from './conversionValue.ts';

/** A history, an ad at a time, with what all of its rows say together. */
export interface AdSummary {
  ads: AdEvidence[];
  span: TableSpan;
  firstDay: number | null;
  delay: ConversionDelay | null;
  within: WithinAds;
  /** Revenue per conversion of a row counts up to this. */
  capMicros: number | null;
  /** Rows whose revenue per conversion was above it, and what was cut off. */
  capped: { rows: number; micros: number };
  rowsWithRevenue: number;
}

export function summariseAds(history: AdHistory, { historyDays }: { historyDays: number }): AdSummary {
  const range = dayRange(history);
  const span =
    range === null
      ? { lastDay: null, days: historyDays }
      : { lastDay: range.last, days: range.last - range.first + 1 };
  const delay =
    span.lastDay === null ? null : fitConversionDelay(ageProfile(history, span.lastDay, span.days));
  const { capMicros, rowsWithRevenue } = revenueCap(history);
  const summary: AdSummary = {
    ads: [],
    span,
    firstDay: range?.first ?? null,
    delay,
    within: { sumOfSquares: 0, degrees: 0 },
    capMicros,
    capped: { rows: 0, micros: 0 },
    rowsWithRevenue,
  };
  eachAd(history, (ad, days) => {
    const evidence = evidenceOfDays(history.ads[ad] as AdFacts, days, summary);
    addWithinInPlace(summary.within, days, { evidence, capMicros });
    summary.ads.push(evidence);
  });
  return summary;
}

const recentDays = 90;

function ageProfile({ chunks }: AdHistory, lastDay: number, days: number): AgeProfile {
  const profile = { clicks: new Float64Array(days), conversions: new Float64Array(days) };
  for (const chunk of chunks)
    for (let at = 0; at < chunk.length; at++) {
      const day = chunk.day[at] as number;
      if (day === undated) continue;
      const age = lastDay - day;
      profile.clicks[age] = (profile.clicks[age] as number) + (chunk.clicks[at] as number);
      profile.conversions[age] = (profile.conversions[age] as number) + (chunk.conversions[at] as number);
    }
  return profile;
}

/** Rows' revenue per conversion is cut at its 99th percentile, where there are enough rows to have one. */
function revenueCap({ chunks }: AdHistory): { capMicros: number | null; rowsWithRevenue: number } {
  const values: number[] = [];
  let rowsWithRevenue = 0;
  for (const chunk of chunks)
    for (let at = 0; at < chunk.length; at++) {
      const revenue = chunk.revenueMicros[at] as number;
      if (Number.isNaN(revenue)) continue;
      rowsWithRevenue += 1;
      const conversions = chunk.conversions[at] as number;
      if (conversions > 0 && revenue > 0) values.push(revenue / conversions);
    }
  if (values.length < leastRowsToCap) return { capMicros: null, rowsWithRevenue };
  const sorted = Float64Array.from(values).sort();
  return { capMicros: sorted[Math.ceil(0.99 * sorted.length) - 1] as number, rowsWithRevenue };
}

const leastRowsToCap = 200;

function evidenceOfDays(facts: AdFacts, days: readonly AdDay[], summary: AdSummary): AdEvidence {
  const { span, delay, capMicros, capped } = summary;
  const { id, campaign, segment, bidType } = facts;
  const sums = {
    impressions: 0,
    clicks: 0,
    maturedClicks: 0,
    conversions: 0,
    spendMicros: 0,
    revenueMicros: 0,
    valuedConversions: 0,
  };
  let [recentSpend, recentEvents] = [0, 0];
  for (const day of days) {
    const age =
      span.lastDay === null || day.day === undated ? Number.POSITIVE_INFINITY : span.lastDay - day.day;
    const revenue = cappedRevenue(day, capMicros);
    if (revenue < day.revenueMicros) {
      capped.rows += 1;
      capped.micros += day.revenueMicros - revenue;
    }
    sums.impressions += day.impressions;
    sums.clicks += day.clicks;
    sums.maturedClicks += day.clicks * (Number.isFinite(age) ? shareMatured(delay, age + 0.5) : 1);
    sums.conversions += day.conversions;
    sums.spendMicros += day.spendMicros;
    sums.revenueMicros += revenue;
    sums.valuedConversions += day.valuedConversions;
    if (age >= recentDays && span.lastDay !== null) continue;
    recentSpend += day.spendMicros;
    recentEvents += bidType === 'CPC' ? day.clicks : day.impressions / 1000;
  }
  return {
    id,
    campaign,
    segment,
    bidType,
    ...sums,
    ...currentBid(days, span),
    recentCostMicros: recentEvents > 0 && recentSpend > 0 ? recentSpend / recentEvents : null,
    levels: bidLevels(days, { span, bidType }),
  };
}

const cappedRevenue = ({ revenueMicros, valuedConversions }: AdDay, capMicros: number | null): number =>
  capMicros === null || valuedConversions === 0
    ? revenueMicros
    : Math.min(revenueMicros, capMicros * valuedConversions);

/** The bid of the newest day that has one, and since when it stands; a bid that never moved has stood for we do not know how long. */
function currentBid(
  days: readonly AdDay[],
  { lastDay }: TableSpan,
): Pick<AdEvidence, 'currentBidMicros' | 'daysSinceChange'> {
  let current: number | null = null;
  let since = 0;
  for (let index = days.length - 1; index >= 0; index--) {
    const day = days[index] as AdDay;
    const bid = bidOf(day);
    if (bid === null) continue;
    if (current !== null && bid !== current)
      return { currentBidMicros: current, daysSinceChange: lastDay === null ? null : lastDay - since + 1 };
    current = bid;
    since = day.day;
  }
  return { currentBidMicros: current, daysSinceChange: null };
}

function addWithinInPlace(
  within: WithinAds,
  days: readonly AdDay[],
  { evidence, capMicros }: { evidence: AdEvidence; capMicros: number | null },
): void {
  const mean = evidence.revenueMicros / evidence.valuedConversions;
  let seen = 0;
  for (const day of days) {
    const { valuedConversions } = day;
    if (valuedConversions === 0) continue;
    const value = cappedRevenue(day, capMicros) / valuedConversions;
    within.sumOfSquares += valuedConversions * (value - mean) ** 2;
    seen += 1;
  }
  within.degrees += Math.max(0, seen - 1);
}
