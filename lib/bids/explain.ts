import type { BidRow, BidStatus, Guardrail } from './answer.ts';
import type { Bidder } from './bidder.ts';
import type { Interval } from './gammaInterval.ts';
import type { BidSettings } from './settings.ts';
import type { Solution } from './solveKappa.ts';
import type { BidContext, Placed } from './suggestBids.ts';

/** The first that holds. */
export function statusOf({ cold, click }: Bidder, { binding }: Solution, worth: Interval): BidStatus {
  if (cold) return 'LEARNING';
  if (halfWidth(click.mean, worth) > 0.5) return 'LIMITED_BY_DATA';
  return binding === 'budget' ? 'LIMITED_BY_BUDGET' : 'OK';
}

export function confidenceOf(mean: number, worth: Interval): BidRow['confidence'] {
  const width = halfWidth(mean, worth);
  return width <= 0.25 ? 'high' : width <= 0.5 ? 'medium' : 'low';
}

const halfWidth = (mean: number, { low, high }: Interval): number =>
  mean > 0 ? (high - low) / 2 / mean : Number.POSITIVE_INFINITY;

/** Why this bid, in sentences: what decides first. */
export function reasonsFor(
  { bidder, bid, wanted }: Placed,
  {
    context,
    worth,
    status,
    guardrails,
  }: { context: BidContext; worth: Interval; status: BidStatus; guardrails: readonly Guardrail[] },
): string[] {
  const reasons = [
    ...guardrails.map((name) => guardrailReason(name, { bid, wanted })),
    valueReason(bidder, worth),
    context.policyReason,
    evidenceReason(bidder, status),
  ];
  if (bidder.click.multiplier !== 1)
    reasons.push(
      `customers of segment ${bidder.ad.segment} count ${bidder.click.multiplier.toFixed(2)} times the average`,
    );
  if (bidder.ad.currentBidMicros === null) reasons.push('there is no bid of its own to compare with');
  return reasons;
}

const money = (micros: number): string => (micros / 1e6).toFixed(micros < 1e5 ? 4 : 2);

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

function valueReason({ click }: Bidder, { low, high }: Interval): string {
  return `a click is worth ${money(click.mean)} after margin, ${money(low)} to ${money(high)} with 90 %`;
}

const bindingReasons: Record<Solution['binding'], string> = {
  budget: 'so that the budget lasts',
  targetRoas: 'so that the return is reached',
  targetCpa: 'so that a conversion costs no more than it may',
  value: 'the most that a click may cost',
  guardrails: 'with all bids as high as one round allows',
  none: 'with nothing to hold it down',
};

/** The reason that all bids of an answer share. */
export function policyReasonOf(
  { kappa, binding }: Solution,
  { policy, auction }: Pick<BidSettings, 'policy' | 'auction'>,
): string {
  if (policy !== 'portfolio') return policyReasons[policy];
  const shaded = auction === 'firstPrice' ? ', less what the first price asks to hold back' : '';
  return `bids are ${percent(kappa)} of what a click is worth, ${bindingReasons[binding]}${shaded}`;
}

const policyReasons = {
  revenuePerClick: 'a baseline: the revenue per click as it was seen, however few the clicks',
  linear: 'a baseline: what such an ad has spent so far, times a factor',
};

function evidenceReason({ ad, click }: Bidder, status: BidStatus): string {
  const { shrinkWeight } = click.conversionRate;
  const seen = `${Math.round(ad.maturedClicks)} clicks and ${Number(ad.conversions.toFixed(1))} conversions of its own`;
  if (status === 'LEARNING') return `${seen} say next to nothing, so its campaign speaks for it`;
  return `${seen} count for ${percent(1 - shrinkWeight)} of its conversion rate, its campaign for ${percent(shrinkWeight)}`;
}

function guardrailReason(name: Guardrail, { bid, wanted }: { bid: number; wanted: number }): string {
  const instead = `${money(bid)} instead of ${money(wanted)}`;
  switch (name) {
    case 'maxChange':
      return `${instead}: one round moves a bid only so far`;
    case 'maxTimesCostPerClick':
      return `${instead}: no more than so many times what was paid lately`;
    case 'deadBand':
      return `${instead}: too small a change to be worth making`;
    case 'cooldown':
      return `${instead}: the bid changed only days ago`;
    case 'floor':
      return `${instead}: the lowest bid`;
    case 'ceiling':
      return `${instead}: the highest bid`;
    case 'beyondPastBids':
      return `${instead}: nothing is known beyond twice the highest past bid`;
    case 'budgetOverMaxChange':
      return 'cut further than one round should, for the budget would not have held';
    case 'learningBudget':
      return 'raised out of the learning budget, to be seen at all';
  }
}
