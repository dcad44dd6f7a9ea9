import { type AdFacts, type AdHistory, type HistoryChunk, undated } from './adHistory.ts';

/** One ad on one day (or over the whole table, undated), its rows by device and the like added up. */
export interface AdDay {
  day: number;
  impressions: number;
  clicks: number;
  conversions: number;
  spendMicros: number;
  revenueMicros: number;
  /** Of rows that have revenue. */
  valuedConversions: number;
  /** Bids times weights, and weights, of the rows that have a bid; `bidOf` divides. */
  weightedBids: number;
  bidWeight: number;
  servedShare: number;
}

/** Calls `visit` for each ad, by id, with its days, oldest first; the same array is filled again for the next ad. */
export function eachAd(history: AdHistory, visit: (ad: number, days: readonly AdDay[]) => void): void {
  const { starts, order } = rowsByAd(history);
  const days: AdDay[] = [];
  for (const ad of adsById(history)) {
    const rows = order.subarray(starts[ad], starts[ad + 1]);
    sortByDayInPlace(rows, history.chunks);
    days.length = 0;
    for (const row of rows) addRowInPlace(days, history.chunks[row >>> 16] as HistoryChunk, row & 65_535);
    visit(ad, days);
  }
}

const adsById = ({ ads }: AdHistory): Uint32Array =>
  Uint32Array.from(ads.keys()).sort((one, other) =>
    (ads[one] as AdFacts).id < (ads[other] as AdFacts).id ? -1 : 1,
  );

/** In whole micros; null where no row had one. */
export const bidOf = ({ weightedBids, bidWeight }: AdDay): number | null =>
  bidWeight === 0 ? null : Math.round(weightedBids / bidWeight);

/** Rows in the order of their ads, by counting. */
function rowsByAd({ ads, chunks, rows }: AdHistory): { starts: Uint32Array; order: Uint32Array } {
  const starts = new Uint32Array(ads.length + 1);
  for (const chunk of chunks)
    for (let at = 0; at < chunk.length; at++) (starts[(chunk.ad[at] as number) + 1] as number)++;
  for (let ad = 0; ad < ads.length; ad++)
    starts[ad + 1] = (starts[ad + 1] as number) + (starts[ad] as number);
  const next = starts.slice();
  const order = new Uint32Array(rows);
  chunks.forEach((chunk, index) => {
    for (let at = 0; at < chunk.length; at++) {
      const ad = chunk.ad[at] as number;
      order[next[ad] as number] = index * 65_536 + at;
      next[ad] = (next[ad] as number) + 1;
    }
  });
  return { starts, order };
}

function sortByDayInPlace(rows: Uint32Array, chunks: readonly HistoryChunk[]): void {
  const dayOfRow = (row: number): number => (chunks[row >>> 16] as HistoryChunk).day[row & 65_535] as number;
  let sorted = true;
  for (let at = 1; at < rows.length && sorted; at++)
    sorted = dayOfRow(rows[at - 1] as number) <= dayOfRow(rows[at] as number);
  if (!sorted) rows.sort((one, other) => dayOfRow(one) - dayOfRow(other));
}

function addRowInPlace(days: AdDay[], chunk: HistoryChunk, at: number): void {
  const day = chunk.day[at] as number;
  let last = days.at(-1);
  if (last === undefined || last.day !== day) {
    last = emptyDay(day);
    days.push(last);
  }
  const clicks = chunk.clicks[at] as number;
  const bid = chunk.bidMicros[at] as number;
  const revenue = chunk.revenueMicros[at] as number;
  if (!Number.isNaN(bid)) addBidInPlace(last, { bid, clicks });
  last.impressions += chunk.impressions[at] as number;
  last.clicks += clicks;
  last.conversions += chunk.conversions[at] as number;
  last.spendMicros += chunk.spendMicros[at] as number;
  last.servedShare = Math.max(last.servedShare, chunk.servedShare[at] as number);
  if (Number.isNaN(revenue)) return;
  last.revenueMicros += revenue;
  last.valuedConversions += chunk.conversions[at] as number;
}

const emptyDay = (day: number): AdDay => ({
  day,
  impressions: 0,
  clicks: 0,
  conversions: 0,
  spendMicros: 0,
  revenueMicros: 0,
  valuedConversions: 0,
  weightedBids: 0,
  bidWeight: 0,
  servedShare: 0,
});

/** Of a day's rows the mean, weighted by clicks; rows without a click still have a say, if a small one. */
function addBidInPlace(day: AdDay, { bid, clicks }: { bid: number; clicks: number }): void {
  day.weightedBids += bid * (clicks + 0.01);
  day.bidWeight += clicks + 0.01;
}

/** First and last day of a table, and how many days it covers; null without dates. */
export function dayRange({ chunks }: AdHistory): { first: number; last: number } | null {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const chunk of chunks)
    for (let at = 0; at < chunk.length; at++) {
      const day = chunk.day[at] as number;
      if (day === undated) continue;
      first = Math.min(first, day);
      last = Math.max(last, day);
    }
  return last < first ? null : { first, last };
}
