import type { AdPerformance } from '../tables/ads/adRows.ts';
import { dayOf } from '../tables/cells/calendar.ts';
import type { BidType } from './settings.ts';

/** What is said of an ad beside its figures: by its newest row, and of several that are as new by the first in the alphabet. */
export interface AdFacts {
  id: string;
  campaign: string | null;
  segment: string | null;
  bidType: BidType;
  /** Of the row that says so; null where it has no date. */
  day: number | null;
}

/** Rows by column, as many as a chunk holds. */
export interface HistoryChunk {
  length: number;
  /** Index into the history's ads. */
  ad: Uint32Array;
  /** Days since 1970-01-01; `undated` without a date. */
  day: Int32Array;
  impressions: Uint32Array;
  clicks: Uint32Array;
  conversions: Float64Array;
  spendMicros: Float64Array;
  /** NaN where the table has none, as are bids. */
  revenueMicros: Float64Array;
  bidMicros: Float64Array;
  servedShare: Float32Array;
}

/** All rows of a table, one at a time, in some 50 bytes each: 50,000 ads × 90 days fit into 240 MB. */
export interface AdHistory {
  ads: AdFacts[];
  chunks: HistoryChunk[];
  rows: number;
  indexOf: Map<string, number>;
}

export const undated = -2_147_483_648;

export const createAdHistory = (): AdHistory => ({ ads: [], chunks: [], rows: 0, indexOf: new Map() });

/** All of `rows`; `addAdRowInPlace` takes them one by one, as they are read. */
export function adHistoryOf(rows: Iterable<AdPerformance>): AdHistory {
  const history = createAdHistory();
  for (const row of rows) addAdRowInPlace(history, row);
  return history;
}

/** Throws RangeError where a figure is not one: rows are checked where they are read. */
export function addAdRowInPlace(history: AdHistory, row: AdPerformance): void {
  requireFigures(row);
  const day = row.date === null ? undated : dayOf(row.date);
  const chunk = chunkWithRoom(history);
  const at = chunk.length++;
  chunk.ad[at] = adIndex(history, row, day);
  chunk.day[at] = day;
  chunk.impressions[at] = row.impressions ?? 0;
  chunk.clicks[at] = row.clicks;
  chunk.conversions[at] = row.conversions;
  chunk.spendMicros[at] = row.spendMicros;
  chunk.revenueMicros[at] = row.revenueMicros ?? Number.NaN;
  chunk.bidMicros[at] = row.currentBidMicros ?? Number.NaN;
  chunk.servedShare[at] = row.servedShare ?? 1;
  history.rows += 1;
}

function requireFigures(row: AdPerformance): void {
  for (const name of counted) {
    const value = row[name] ?? 0;
    if (!(value >= 0 && value < 2 ** 53))
      throw new RangeError(`addAdRowInPlace: ${name} of ${row.id} is ${value}, not a number from 0 up`);
  }
  if (!Number.isFinite(row.revenueMicros ?? 0))
    throw new RangeError(`addAdRowInPlace: revenueMicros of ${row.id} is ${row.revenueMicros}`);
  if (row.servedShare !== null && !(row.servedShare > 0 && row.servedShare <= 1))
    throw new RangeError(`addAdRowInPlace: servedShare of ${row.id} is ${row.servedShare}, not in (0, 1]`);
}

const counted = ['impressions', 'clicks', 'conversions', 'spendMicros', 'currentBidMicros'] as const;

const chunkLength = 65_536;

function chunkWithRoom({ chunks }: AdHistory): HistoryChunk {
  const last = chunks.at(-1);
  if (last !== undefined && last.length < chunkLength) return last;
  const chunk = {
    length: 0,
    ad: new Uint32Array(chunkLength),
    day: new Int32Array(chunkLength),
    impressions: new Uint32Array(chunkLength),
    clicks: new Uint32Array(chunkLength),
    conversions: new Float64Array(chunkLength),
    spendMicros: new Float64Array(chunkLength),
    revenueMicros: new Float64Array(chunkLength),
    bidMicros: new Float64Array(chunkLength),
    servedShare: new Float32Array(chunkLength),
  };
  chunks.push(chunk);
  return chunk;
}

function adIndex({ ads, indexOf }: AdHistory, row: AdPerformance, day: number): number {
  const { id, campaign, segment, bidType } = row;
  const facts = { id, campaign, segment, bidType, day: day === undated ? null : day };
  const known = indexOf.get(id);
  if (known === undefined) {
    indexOf.set(id, ads.length);
    return ads.push(facts) - 1;
  }
  if (isNewer(facts, ads[known] as AdFacts)) ads[known] = facts;
  return known;
}

/** Whatever the order of rows, the same one ends up speaking for the ad. */
function isNewer(one: AdFacts, other: AdFacts): boolean {
  const [day, otherDay] = [one.day ?? undated, other.day ?? undated];
  if (day !== otherDay) return day > otherDay;
  return sortKey(one) < sortKey(other);
}

const sortKey = ({ campaign, segment, bidType }: AdFacts): string =>
  JSON.stringify([campaign ?? '', segment ?? '', bidType]);
