import type { Guardrail } from './answer.ts';
import type { AdEvidence } from './bidModel.ts';
import type { GuardrailSettings } from './settings.ts';

/** How far this round's bid on an ad may go; micros. */
export interface BidLimits {
  current: number | null;
  /** As far down as one round goes, and as far up. */
  lowest: number;
  highest: number;
  /** What holds at either end. */
  below: Guardrail;
  above: Guardrail[];
  floor: number;
  cooling: boolean;
  deadBand: number;
}

/**
 * `guarded` keeps to all. Where the budget would not hold, `cut` goes down to the floor at once, and `belowFloor` further:
 * money that is not there cannot be guarded.
 */
export type GuardMode = 'guarded' | 'cut' | 'belowFloor';

/** No limit but what is known of the curve: policies are compared by themselves. */
export const noGuardrails: GuardrailSettings = {
  maxChange: 10,
  maxTimesCostPerClick: 100,
  upToSureWorth: true,
  deadBand: 0,
  cooldownDays: 0,
  floorMicros: 0,
  ceilingMicros: null,
  learningShare: 0,
  coldClicks: 0,
};

export function bidLimits(
  ad: AdEvidence,
  {
    guardrails,
    highestBid,
    sureWorth,
  }: {
    guardrails: GuardrailSettings;
    highestBid: number;
    /** What a click (a thousand impressions) is worth at least, with 95 %, where bids may go as far; else 0. */
    sureWorth: number;
  },
): BidLimits {
  const { maxChange, maxTimesCostPerClick, deadBand, cooldownDays, floorMicros } = guardrails;
  const current = ad.currentBidMicros !== null && ad.currentBidMicros > 0 ? ad.currentBidMicros : null;
  const ceiling = guardrails.ceilingMicros ?? Number.POSITIVE_INFINITY;
  const floor = Math.min(floorMicros, ceiling);
  const timesCost = (ad.recentCostMicros ?? Number.POSITIVE_INFINITY) * maxTimesCostPerClick;
  const least = current === null ? 0 : current * (1 - maxChange);
  const step = current === null ? Number.POSITIVE_INFINITY : current * (1 + maxChange);
  const cost = Math.max(timesCost, sureWorth);
  const most = Math.min(step, cost, highestBid);
  const lowest = Math.min(ceiling, Math.max(floor, least));
  const highest = Math.min(ceiling, Math.max(most, lowest));
  const above: Guardrail[] = [];
  if (highest === ceiling) above.push('ceiling');
  else {
    if (step === most) above.push('maxChange');
    if (cost === most) above.push('maxTimesCostPerClick');
    if (highestBid === most) above.push('beyondPastBids');
  }
  return {
    current,
    lowest,
    highest,
    below: lowest === floor ? 'floor' : 'maxChange',
    above,
    floor,
    cooling: ad.daysSinceChange !== null && ad.daysSinceChange < cooldownDays,
    deadBand,
  };
}

/** The bid that is allowed nearest to the one that is wanted; never falls where the wanted one rises. */
export function guardedBid(wanted: number, limits: BidLimits, mode: GuardMode): number {
  const { current, lowest, highest, floor, cooling, deadBand } = limits;
  if (mode === 'guarded' && current !== null && current >= floor && current <= highest) {
    if (cooling) return current;
    if (Math.abs(wanted / current - 1) < deadBand) return current;
  }
  const end = mode === 'guarded' ? lowest : mode === 'cut' ? Math.min(floor, highest) : 0;
  return Math.min(highest, Math.max(end, wanted));
}

/** Which guardrails made `bid` another one than `wanted`. */
export function guardrailsHit(
  wanted: number,
  bid: number,
  { limits, mode }: { limits: BidLimits; mode: GuardMode },
): Guardrail[] {
  const { current, highest, floor, cooling } = limits;
  const moved = Math.abs(bid - wanted) > 1;
  const hit: Guardrail[] = [];
  if (mode !== 'guarded' && current !== null && bid < limits.lowest - 1) hit.push('budgetOverMaxChange');
  if (!moved) return hit;
  if (bid === current && bid !== highest && mode === 'guarded')
    return [cooling ? 'cooldown' : 'deadBand', ...hit];
  if (wanted > bid) return [...(cooling && bid === current ? (['cooldown'] as const) : limits.above), ...hit];
  return [bid <= floor ? 'floor' : limits.below, ...hit];
}
