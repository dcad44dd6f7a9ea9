import { normalCdf } from '../math/normalCdf.ts';
import type { AdEvidence, BidLevel, BidModel, Prices } from './bidModel.ts';
import { eventsOf } from './fitPrices.ts';
import { costPerAuction, discountAt, meanPrice, shareWon } from './prices.ts';
import type { Auction } from './settings.ts';

/**
 * What an ad wins at any bid: clicks (CPC) or thousands of impressions (CPM). Auctions per day and share of prices differ
 * between historic bids, so that the curve runs through what was seen, never falls, and its next click costs the bid.
 */
export interface AdCurve {
  mu: number;
  sigma: number;
  /** Of all auctions, micros. */
  meanPrice: number;
  /** Bids at which the curve bends, lowest first; empty below three historic bids. */
  knots: number[];
  /** Auctions per day below the first knot, between, and above the last. */
  auctions: number[];
  /**
   * Events and cost per day up to each knot, less what the auctions above it would have won below: what to add above the knot.
   */
  eventsAt: number[];
  costAt: number[];
  /** Beyond twice the highest past bid nothing is known. */
  highestBid: number;
  /** Events that the curve rests on. */
  events: number;
}

/** Per day, at one bid. */
export interface DailyResult {
  events: number;
  costMicros: number;
}

/** From an ad's own levels and its campaign's prices; an ad without any has the usual demand of its campaign. */
export function adCurve(model: BidModel, ad: AdEvidence, auction: Auction): AdCurve {
  const { account, campaigns } = model.prices[ad.bidType];
  const prices = Object.hasOwn(campaigns, ad.campaign ?? '')
    ? (campaigns[ad.campaign ?? ''] as Prices)
    : account;
  const levels = ad.levels.filter(({ bidMicros, days }) => bidMicros > 0 && days > 0);
  const events = levels.reduce((sum, level) => sum + eventsOf(level, ad.bidType), 0);
  const { sigma } = prices;
  const mu = auction === 'secondPrice' ? ownMu(prices, levels, ad) : prices.mu;
  const own = { mu, sigma };
  const auctions = levels.reduce((sum, { bidMicros, days }) => sum + days * shareWon(own, bidMicros), 0);
  const demand = (events + 1) / (auctions + 1 / prices.demand);
  const bends =
    levels.length < 3
      ? { knots: [], auctions: [demand], eventsAt: [], costAt: [] }
      : throughLevels(own, levels, { demand, ad });
  // written out: objects that are spread together are slow to make and to read, and there are thousands
  return {
    mu,
    sigma,
    meanPrice: meanPrice(own),
    knots: bends.knots,
    auctions: bends.auctions,
    eventsAt: bends.eventsAt,
    costAt: bends.costAt,
    highestBid: 2 * (levels.at(-1)?.bidMicros ?? Math.exp(prices.mu)),
    events,
  };
}

/** Events and cost per day; the bid counts up to `highestBid`. */
export function resultAt(curve: AdCurve, bidMicros: number, auction: Auction): DailyResult {
  const bid = Math.min(bidMicros, curve.highestBid);
  if (!(bid > 0)) return { events: 0, costMicros: 0 };
  const segment = segmentAt(curve, bid);
  const z = (Math.log(bid) - curve.mu) / curve.sigma;
  const events = eventsIn(curve, segment, z);
  return { events, costMicros: auction === 'secondPrice' ? costIn(curve, segment, z) : events * bid };
}

/** The cost of `resultAt` alone. */
export function costAt(curve: AdCurve, bidMicros: number, auction: Auction): number {
  const bid = Math.min(bidMicros, curve.highestBid);
  if (!(bid > 0)) return 0;
  const segment = segmentAt(curve, bid);
  const z = (Math.log(bid) - curve.mu) / curve.sigma;
  return auction === 'secondPrice' ? costIn(curve, segment, z) : eventsIn(curve, segment, z) * bid;
}

function segmentAt({ knots }: AdCurve, bid: number): number {
  let segment = 0;
  while (segment < knots.length && bid > (knots[segment] as number)) segment += 1;
  return segment;
}

function eventsIn({ auctions, eventsAt }: AdCurve, segment: number, z: number): number {
  const below = segment === 0 ? 0 : (eventsAt[segment - 1] as number);
  return Math.max(0, below + (auctions[segment] as number) * normalCdf(z));
}

function costIn({ auctions, costAt, meanPrice, sigma }: AdCurve, segment: number, z: number): number {
  const below = segment === 0 ? 0 : (costAt[segment - 1] as number);
  return Math.max(0, below + (auctions[segment] as number) * meanPrice * normalCdf(z - sigma));
}

/** The campaign's mu, moved by how far below its bids the ad itself paid: two of Gauss and Newton's steps. */
function ownMu(prices: Prices, levels: readonly BidLevel[], ad: AdEvidence): number {
  const { sigma, offset } = prices;
  let mu = prices.mu;
  for (let round = 0; round < 2; round++) {
    let precision = 1 / offset ** 2;
    let pull = (prices.mu - mu) / offset ** 2;
    for (const level of levels) {
      const events = eventsOf(level, ad.bidType);
      const paid = level.spendMicros / events / level.bidMicros;
      if (!(events > 0 && paid > 0)) continue;
      const z = Math.max(-6, (Math.log(level.bidMicros) - mu) / sigma);
      const discount = discountAt(z, sigma);
      const noise = discount.variation / events;
      const slope = -discount.slope / sigma;
      const weight = 1 / (noise + 0.02 ** 2);
      precision += weight * slope ** 2;
      pull += weight * slope * (Math.log(Math.min(paid, 0.98)) - discount.log + 0.5 * Math.min(noise, 0.3));
    }
    mu += Math.max(-2 * offset, Math.min(2 * offset, pull / precision));
  }
  return mu;
}

/**
 * Volume at each bid is drawn towards the log-normal curve as far as it is noisy (gamma about Poisson), then made to rise
 * with the bid by pooling those that fall (Ayer et al. 1955).
 */
function throughLevels(
  prices: { mu: number; sigma: number },
  levels: readonly BidLevel[],
  { demand, ad }: { demand: number; ad: AdEvidence },
): Pick<AdCurve, 'knots' | 'auctions' | 'eventsAt' | 'costAt'> {
  const knots = levels.map(({ bidMicros }) => bidMicros);
  const shares = knots.map((bid) => shareWon(prices, bid));
  const weights: number[] = [];
  const drawn = levels.map((level, index) => {
    const expected = demand * level.days * (shares[index] as number);
    weights.push(expected + curveWeight);
    const ratio = (eventsOf(level, ad.bidType) + curveWeight) / (expected + curveWeight);
    return demand * (shares[index] as number) * ratio;
  });
  const seen = nonDecreasing(drawn, weights);
  const auctions = seen.map((events, index) =>
    index === 0
      ? events / Math.max(shares[0] as number, 1e-12)
      : (events - (seen[index - 1] as number)) /
        Math.max((shares[index] as number) - (shares[index - 1] as number), 1e-12),
  );
  auctions.push((seen.at(-1) as number) / Math.max(shares.at(-1) as number, 1e-12));
  return { knots, auctions, ...above(prices, { knots, shares, auctions }) };
}

/** What is won and paid up to each knot, less what the next segment's auctions would give up to there. */
function above(
  prices: { mu: number; sigma: number },
  {
    knots,
    shares,
    auctions,
  }: { knots: readonly number[]; shares: readonly number[]; auctions: readonly number[] },
): Pick<AdCurve, 'eventsAt' | 'costAt'> {
  let [events, cost] = [0, 0];
  const eventsAt: number[] = [];
  const costAt: number[] = [];
  knots.forEach((knot, index) => {
    const fewer = (auctions[index] as number) - (auctions[index + 1] as number);
    events += fewer * (shares[index] as number);
    cost += fewer * costPerAuction(prices, knot);
    eventsAt.push(events);
    costAt.push(cost);
  });
  return { eventsAt, costAt };
}

/** In events: demand of one period differs from another's by a fifth, as if by 25 events. */
const curveWeight = 25;

/** The nearest sequence that never falls, by weighted squares: pool adjacent violators. */
export function nonDecreasing(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: { mean: number; weight: number; length: number }[] = [];
  values.forEach((value, index) => {
    let block = { mean: value, weight: weights[index] as number, length: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.mean >= block.mean; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      const mean = (last.mean * last.weight + block.mean * block.weight) / weight;
      block = { mean, weight, length: last.length + block.length };
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ mean, length }) => Array.from({ length }, () => mean));
}
