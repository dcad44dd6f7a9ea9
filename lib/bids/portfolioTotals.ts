import { costAt, resultAt } from './adCurve.ts';
import { allowedBid, type Bidder } from './bidder.ts';
import type { GuardMode } from './guardrails.ts';
import type { Round } from './solveKappa.ts';

/** All ads at one multiplier, cold ones perhaps at another. */
export interface Multipliers {
  kappa: number;
  coldKappa?: number;
  mode: GuardMode;
}

/** What targets are about, of all ads in one round. */
export interface PortfolioTotal {
  costMicros: number;
  conversions: number;
  revenueMicros: number;
  /** Standard deviations of what is not known of rates and values, before the chance of the round. */
  conversionsDeviation: number;
  revenueDeviation: number;
}

/**
 * What all ads cost and bring together at any multiplier. A search asks many times over, and guardrails hold many bids where they
 * are from one multiplier to the next: an ad whose bid has not moved since it was last asked for is not evaluated again.
 */
export class PortfolioTotals {
  readonly #bidders: readonly Bidder[];
  readonly #round: Round;
  readonly #days: number;
  readonly #spent: { bids: Float64Array; costs: Float64Array };
  readonly #seen: { bids: Float64Array; costs: Float64Array; events: Float64Array };
  /** By ad, the number of its campaign. */
  readonly #campaigns: Int32Array;
  readonly #shared: { conversions: Float64Array; revenue: Float64Array };

  constructor(bidders: readonly Bidder[], round: Round) {
    const column = (): Float64Array => new Float64Array(bidders.length);
    this.#bidders = bidders;
    this.#round = round;
    this.#days = round.cycleDays * round.demandScale;
    this.#spent = { bids: column(), costs: column() };
    this.#seen = { bids: column(), costs: column(), events: column() };
    const numbers = new Map<string, number>();
    this.#campaigns = Int32Array.from(bidders, ({ ad }) => numberOf(ad.campaign ?? '', numbers));
    const perCampaign = (): Float64Array => new Float64Array(numbers.size);
    this.#shared = { conversions: perCampaign(), revenue: perCampaign() };
  }

  /** Of the ads for which `counts`, or of all; money in micros. */
  spendAt(at: Multipliers, counts: (bidder: Bidder) => boolean = everyAd): number {
    const { bids, costs } = this.#spent;
    let perDay = 0;
    for (let index = 0; index < bids.length; index++) {
      const bidder = this.#bidders[index] as Bidder;
      if (!counts(bidder)) continue;
      const bid = bidAt(bidder, at);
      if (bid !== bids[index]) {
        bids[index] = bid;
        costs[index] = costAt(bidder.curve, bid, this.#round.auction);
      }
      perDay += costs[index] as number;
    }
    return perDay * this.#days;
  }

  totalAt(at: Multipliers): PortfolioTotal {
    const { bids, costs, events } = this.#seen;
    const shared = this.#shared;
    shared.conversions.fill(0);
    shared.revenue.fill(0);
    let [cost, conversions, revenue] = [0, 0, 0];
    let [conversionsVariance, revenueVariance] = [0, 0];
    for (let index = 0; index < bids.length; index++) {
      const bidder = this.#bidders[index] as Bidder;
      const bid = bidAt(bidder, at);
      if (bid !== bids[index]) {
        const result = resultAt(bidder.curve, bid, this.#round.auction);
        bids[index] = bid;
        costs[index] = result.costMicros;
        events[index] = result.events;
      }
      const { click, clicksPerEvent } = bidder;
      const clicks = (events[index] as number) * clicksPerEvent;
      const campaign = this.#campaigns[index] as number;
      const rate = click.conversionRate;
      cost += costs[index] as number;
      conversions += clicks * rate.mean;
      conversionsVariance += clicks ** 2 * (rate.variance - rate.commonVariance);
      addInPlace(shared.conversions, campaign, clicks * Math.sqrt(rate.commonVariance));
      const worth = clicks / click.factor;
      revenue += worth * click.mean;
      revenueVariance += worth ** 2 * (click.variance - click.commonVariance);
      addInPlace(shared.revenue, campaign, worth * Math.sqrt(click.commonVariance));
    }
    return {
      costMicros: cost * this.#days,
      conversions: conversions * this.#days,
      revenueMicros: revenue * this.#days,
      conversionsDeviation:
        Math.sqrt(Math.max(0, conversionsVariance) + sumOfSquares(shared.conversions)) * this.#days,
      revenueDeviation: Math.sqrt(Math.max(0, revenueVariance) + sumOfSquares(shared.revenue)) * this.#days,
    };
  }
}

function numberOf(campaign: string, numbers: Map<string, number>): number {
  const known = numbers.get(campaign) ?? numbers.size;
  numbers.set(campaign, known);
  return known;
}

function addInPlace(values: Float64Array, index: number, value: number): void {
  values[index] = (values[index] as number) + value;
}

const sumOfSquares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

const everyAd = (): boolean => true;

const bidAt = (bidder: Bidder, { kappa, coldKappa = kappa, mode }: Multipliers): number =>
  allowedBid(bidder, bidder.cold ? coldKappa : kappa, mode);
