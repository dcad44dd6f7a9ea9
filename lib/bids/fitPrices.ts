import { minimise, type Objective } from '../math/lbfgs.ts';
import { normalCdf } from '../math/normalCdf.ts';
import type { AdEvidence, BidLevel, Prices } from './bidModel.ts';
import { discountAt, type LogNormalPrices, shareWon } from './prices.ts';
import type { Auction, BidType } from './settings.ts';

export interface FittedPrices {
  account: Prices;
  campaigns: Record<string, Prices>;
}

/**
 * The prices that a campaign's ads compete with, from how far below their bids they paid (second price), and from how their
 * volume moved where their bids did. Each campaign is drawn towards the spread that all have in common.
 */
export function fitPrices(
  campaigns: ReadonlyMap<string, readonly AdEvidence[]>,
  { bidType, auction }: { bidType: BidType; auction: Auction },
): FittedPrices {
  const names = [...campaigns.keys()].sort();
  const observed = names.map((name) =>
    observationsOf(campaigns.get(name) as AdEvidence[], { bidType, auction }),
  );
  const first = observed.map((ads) => (ads.length === 0 ? null : fitCampaign(ads, usualShape)));
  const common = commonShape(first, observed);
  const fitted = observed.map((ads, index) =>
    ads.length === 0 ? null : fitCampaign(ads, { ...common, deviation: 0.15 }, first[index]),
  );
  const found = names.flatMap((name, index): [string, Prices][] => {
    const prices = fitted[index];
    return prices ? [[name, prices]] : [];
  });
  return {
    account: accountOf(
      found.map(([, prices]) => prices),
      common,
    ),
    campaigns: Object.fromEntries(found),
  };
}

/** Clicks, or thousands of impressions: what is bid for. */
export const eventsOf = (level: Pick<BidLevel, 'clicks' | 'impressions'>, bidType: BidType): number =>
  bidType === 'CPC' ? level.clicks : level.impressions / 1000;

interface Observation {
  logBid: number;
  days: number;
  events: number;
  /** log(price paid / bid); null where it tells nothing. */
  discount: number | null;
}

/** Sigma and offset, as their logarithms are expected to be, with the deviation of the former. */
interface Shape {
  sigma: number;
  offset: number;
  deviation: number;
}

/** Without any data: half of the prices lie within a factor of one and a half about their median. */
const usualShape: Shape = { sigma: 0.6, offset: 0.2, deviation: 0.4 };

function observationsOf(
  ads: readonly AdEvidence[],
  { bidType, auction }: { bidType: BidType; auction: Auction },
): Observation[][] {
  return ads.flatMap(({ levels }) => {
    const seen = levels.flatMap((level): Observation[] => {
      const events = eventsOf(level, bidType);
      if (!(level.bidMicros > 0 && level.days > 0)) return [];
      const paid = level.spendMicros / events / level.bidMicros;
      // paying the bid or more says that bids are not what is paid by: rounding, or a bid that was changed within the day
      const discount =
        auction === 'secondPrice' && events > 0 && paid > 0 ? Math.log(Math.min(paid, 0.98)) : null;
      return [{ logBid: Math.log(level.bidMicros), days: level.days, events, discount }];
    });
    return seen.some(({ events }) => events > 0) ? [seen] : [];
  });
}

function fitCampaign(all: readonly Observation[][], shape: Shape, near: Prices | null = null): Prices {
  const ads = mostTelling(all);
  const levels = ads.flat();
  const events = levels.reduce((sum, level) => sum + level.events, 0);
  const centre = levels.reduce((sum, { logBid, events: weight }) => sum + logBid * weight, 0) / events;
  const objective = withDifferences((point) => priceObjective(ads, { point, centre, shape }));
  const start = [
    (near?.mu ?? centre) - centre,
    Math.log((near ?? shape).sigma),
    Math.log((near ?? shape).offset),
  ];
  // slopes of the log-likelihood this small are far below what a shop's data can tell
  const { point } = minimise(objective, { start, maxIterations: 25, tolerance: near === null ? 0.5 : 0.05 });
  const prices = {
    mu: centre + (point[0] as number),
    sigma: Math.exp(clamp(point[1] as number)),
    offset: Math.exp(clamp(point[2] as number)),
  };
  return { ...prices, demand: demandOf(all, prices) };
}

/** Events per ad and day that any bid could win. */
function demandOf(ads: readonly Observation[][], prices: LogNormalPrices): number {
  let [events, auctions] = [0, 0];
  for (const level of ads.flat()) {
    events += level.events;
    auctions += level.days * shareWon(prices, Math.exp(level.logBid));
  }
  return events / Math.max(auctions, 1e-9);
}

/** Three figures of a campaign need no more ads than this: those that saw most, of equals the first. */
function mostTelling(ads: readonly Observation[][]): readonly Observation[][] {
  if (ads.length <= mostAdsFitted) return ads;
  const eventsOfAd = (levels: readonly Observation[]): number =>
    levels.reduce((sum, { events }) => sum + events, 0);
  return [...ads].sort((one, other) => eventsOfAd(other) - eventsOfAd(one)).slice(0, mostAdsFitted);
}

const mostAdsFitted = 100;

const clamp = (log: number): number => Math.max(Math.log(0.05), Math.min(Math.log(2), log));

/** Minus the log posterior of (mu - centre, log sigma, log offset). */
function priceObjective(
  ads: readonly Observation[][],
  { point, centre, shape }: { point: Float64Array; centre: number; shape: Shape },
): number {
  const [shift = 0, logSigma = 0, logOffset = 0] = point;
  const [sigma, offset] = [Math.exp(clamp(logSigma)), Math.exp(clamp(logOffset))];
  const mu = centre + shift;
  let value =
    0.5 * shift ** 2 +
    0.5 * ((logSigma - Math.log(shape.sigma)) / shape.deviation) ** 2 +
    0.5 * ((logOffset - Math.log(shape.offset)) / 0.7) ** 2;
  for (const levels of ads) {
    for (const { logBid, events, discount } of levels) {
      if (discount === null) continue;
      const z = Math.max(-6, (logBid - mu) / sigma);
      const { log, slope, variation } = discountAt(z, sigma);
      const noise = variation / events;
      const variance = noise + ((slope / sigma) * offset) ** 2 + 0.02 ** 2;
      // the logarithm of a mean of few prices lies below that of their expectation
      const expected = log - 0.5 * Math.min(noise, 0.3);
      value += 0.5 * ((discount - expected) ** 2 / variance + Math.log(variance));
    }
    if (levels.length > 1) value += volumeMisfit(levels, { mu, sigma });
  }
  return value;
}

/** How badly the share won explains that volume moved with the bid, the ad's own level left free. */
function volumeMisfit(levels: readonly Observation[], prices: { mu: number; sigma: number }): number {
  let [total, mean, squares] = [0, 0, 0];
  for (const { logBid, days, events } of levels) {
    const share = normalCdf((logBid - prices.mu) / prices.sigma);
    const gap = Math.log((events + 0.5) / days / Math.max(share, 1e-6));
    const weight = 1 / (1 / (events + 0.5) + demandNoise ** 2);
    total += weight;
    const step = gap - mean;
    mean += (weight / total) * step;
    squares += weight * step * (gap - mean);
  }
  return 0.5 * squares;
}

/** From one period to another demand moves by so much of itself, for reasons other than the bid. */
const demandNoise = 0.15;

const step = 1e-5;

function withDifferences(value: (point: Float64Array) => number): Objective {
  return (point, gradient) => {
    const here = value(point);
    for (let index = 0; index < point.length; index++)
      gradient[index] = (value(point.map((x, at) => (at === index ? x + step : x))) - here) / step;
    return here;
  };
}

/** Weighted by how much each campaign saw. */
function commonShape(first: readonly (Prices | null)[], observed: readonly Observation[][][]): Shape {
  // a prior of so many ads keeps a few small campaigns from setting the shape for all
  let [weights, sigma, offset] = [20, 20 * Math.log(usualShape.sigma), 20 * Math.log(usualShape.offset)];
  first.forEach((prices, index) => {
    if (prices === null) return;
    const weight = (observed[index] as Observation[][]).length;
    weights += weight;
    sigma += weight * Math.log(prices.sigma);
    offset += weight * Math.log(prices.offset);
  });
  return {
    sigma: Math.exp(sigma / weights),
    offset: Math.exp(offset / weights),
    deviation: usualShape.deviation,
  };
}

/** For a campaign not met before: the middle of all. */
function accountOf(campaigns: readonly Prices[], { sigma, offset }: Shape): Prices {
  const middle = (values: number[]): number =>
    values.sort((one, other) => one - other)[values.length >> 1] ?? 0;
  if (campaigns.length === 0) return { mu: Math.log(1_000_000), sigma, offset: 1, demand: 1 };
  const mus = campaigns.map(({ mu }) => mu);
  const mean = mus.reduce((sum, mu) => sum + mu, 0) / mus.length;
  const spread = Math.sqrt(mus.reduce((sum, mu) => sum + (mu - mean) ** 2, 0) / mus.length);
  return {
    mu: middle(mus),
    sigma,
    offset: Math.hypot(offset, spread),
    demand: middle(campaigns.map(({ demand }) => demand)),
  };
}
