import type { BidPortfolio, CurvePoint } from './answer.ts';
import { type Bidder, bidders } from './bidder.ts';
import type { AdEvidence, BidModel } from './bidModel.ts';
import { type BidOptions, constraintsOf, curvePoint, planFor } from './suggestBids.ts';

export interface AdCurveAnswer {
  id: string;
  bidType: AdEvidence['bidType'];
  currentBidMicros: number | null;
  /** Beyond it nothing is known of the ad. */
  knownUpToMicros: number;
  curve: CurvePoint[];
}

export interface WhatIf {
  ads: AdCurveAnswer[];
  /** One per budget asked for, in that order. */
  budgets: BidPortfolio[];
}

/** Of an ad's bid, where no bids are asked for. */
const factors = [0.25, 0.4, 0.55, 0.7, 0.85, 1, 1.15, 1.3, 1.5, 1.75, 2];

/**
 * What each ad does in one round at each bid, and all of them together with each budget, with 90 % intervals; money in micros.
 * Bids beyond what is known of an ad are left out.
 */
export function whatIf(
  model: BidModel,
  ads: readonly AdEvidence[],
  {
    budgetsMicros,
    bidsMicros,
    ...options
  }: Omit<BidOptions, 'withCurves' | 'pacing'> & {
    budgetsMicros: readonly number[];
    bidsMicros: readonly number[] | null;
  },
): WhatIf {
  const { settings, segmentMultipliers = {} } = options;
  const round = { auction: settings.auction, cycleDays: settings.cycleDays, demandScale: 1 };
  const ready = bidders(model, ads, { settings, segmentMultipliers });
  const curves = ready.map((bidder): AdCurveAnswer => {
    const knownUpToMicros = Math.floor(bidder.curve.highestBid);
    const bids = (bidsMicros ?? usualBids(bidder)).filter((bid) => bid <= knownUpToMicros);
    return {
      ...{ id: bidder.ad.id, bidType: bidder.ad.bidType, currentBidMicros: bidder.ad.currentBidMicros },
      ...{ knownUpToMicros, curve: bids.map((bid) => curvePoint(bidder, bid, round)) },
    };
  });
  const budgets = budgetsMicros.map((budgetMicros) => {
    const ofBudget = { ...settings, budgetMicros };
    const constraints = constraintsOf(model, ads, ofBudget);
    return planFor(ready, { model, constraints, settings: ofBudget }).portfolio;
  });
  return { ads: curves, budgets };
}

function usualBids({ ad, curve }: Bidder): number[] {
  const middle = ad.currentBidMicros ?? curve.highestBid / 2;
  return factors.map((factor) => Math.round(factor * middle));
}
