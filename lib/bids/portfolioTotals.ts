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

  constructor(bidders: readonly Bidder[], round: Round) {
    const column = (): Float64Array => new Float64Array(bidders.length);
    this.#bidders = bidders;
    this.#round = round;
    this.#days = round.cycleDays * round.demandScale;
    this.#spent = { bids: column(), costs: column() };
    this.#seen = { bids: column(), costs: column(), events: column() };
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
    let [cost, conversions, revenue] = [0, 0, 0];
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
      const converted = (events[index] as number) * clicksPerEvent * click.conversionRate.mean;
      cost += costs[index] as number;
      conversions += converted;
      revenue += (converted * click.perConversion) / click.factor;
    }
    return {
      costMicros: cost * this.#days,
      conversions: conversions * this.#days,
      revenueMicros: revenue * this.#days,
    };
  }
}

const everyAd = (): boolean => true;

const bidAt = (bidder: Bidder, { kappa, coldKappa = kappa, mode }: Multipliers): number =>
  allowedBid(bidder, bidder.cold ? coldKappa : kappa, mode);
