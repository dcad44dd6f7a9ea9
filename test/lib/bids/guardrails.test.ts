import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdEvidence } from '../../../lib/bids/bidModel.ts';
import { evidenceOf } from '../../../lib/bids/evidence.ts';
import { bidLimits, guardedBid, guardrailsHit } from '../../../lib/bids/guardrails.ts';
import { bidSettings, type GuardrailSettings } from '../../../lib/bids/settings.ts';

const { guardrails: usual } = bidSettings.parse({});
/** Bids 1.00 and pays .60 a click. */
const ad: AdEvidence = evidenceOf(
  { id: 'ad', clicks: 100, spendMicros: 60_000_000, currentBidMicros: 1_000_000 },
  { historyDays: 28 },
);
const boundTo = (
  wanted: number,
  changes: Partial<GuardrailSettings> = {},
  { sureWorth = 0, ...of }: Partial<AdEvidence> & { sureWorth?: number } = {},
) => {
  const limits = bidLimits(
    { ...ad, ...of },
    { guardrails: { ...usual, ...changes }, highestBid: 2_000_000, sureWorth },
  );
  const bid = guardedBid(wanted, limits, 'guarded');
  return [bid, ...guardrailsHit(wanted, bid, { limits, mode: 'guarded' })];
};

describe('guardrails', () => {
  it.each([
    ['lets a bid be that moves as far as it may', [800_000], boundTo(800_000)],
    ['stops a fall at 30 %', [700_000, 'maxChange'], boundTo(100_000)],
    ['stops a rise at twice what a click cost', [1_200_000, 'maxTimesCostPerClick'], boundTo(5_000_000)],
    [
      'goes beyond that as far as a click is worth with certainty, where that is told',
      [1_250_000, 'maxTimesCostPerClick'],
      boundTo(5_000_000, {}, { sureWorth: 1_250_000 }),
    ],
    ['but never by more than 30 %', [1_300_000, 'maxChange'], boundTo(5_000_000, {}, { sureWorth: 9e6 })],
    ['stops a rise at 30 %', [1_300_000, 'maxChange'], boundTo(5_000_000, { maxTimesCostPerClick: 9 })],
    ['leaves a bid that would move by less than 5 %', [1_000_000, 'deadBand'], boundTo(1_040_000)],
    [
      'leaves a bid that changed two days ago',
      [1_000_000, 'cooldown'],
      boundTo(800_000, {}, { daysSinceChange: 2 }),
    ],
    ['moves one that changed three days ago', [800_000], boundTo(800_000, {}, { daysSinceChange: 3 })],
    ['keeps to the ceiling first', [500_000, 'ceiling'], boundTo(900_000, { ceilingMicros: 500_000 })],
    ['does not go below the floor', [900_000, 'floor'], boundTo(100_000, { floorMicros: 900_000 })],
    [
      'goes no farther than the curve is known where there is no bid to compare with',
      [2_000_000, 'beyondPastBids'],
      boundTo(9_000_000, {}, { currentBidMicros: null, recentCostMicros: null }),
    ],
    [
      'does not cut by more than 30 % for what a click cost',
      [700_000, 'maxTimesCostPerClick'],
      boundTo(1_000_000, { deadBand: 0 }, { recentCostMicros: 100_000 }),
    ],
  ])('%s', (_, expected, found) => {
    expect(found).toEqual(expected);
  });

  it('never answer a higher wish with a lower bid, and keep within floor and ceiling', () => {
    const settings = fc.record({
      maxChange: fc.double({ min: 0.01, max: 2, noNaN: true }),
      maxTimesCostPerClick: fc.double({ min: 1, max: 5, noNaN: true }),
      upToSureWorth: fc.constant(false),
      deadBand: fc.double({ min: 0, max: 0.2, noNaN: true }),
      cooldownDays: fc.constantFrom(0, 3),
      floorMicros: fc.constantFrom(0, 10_000, 900_000),
      ceilingMicros: fc.constantFrom(null, 400_000, 1_500_000),
      learningShare: fc.constant(0),
      coldClicks: fc.constant(0),
    });
    const wish = fc.double({ min: 0, max: 1e7, noNaN: true });
    const mode = fc.constantFrom('guarded', 'cut', 'belowFloor');
    fc.assert(
      fc.property(
        settings,
        wish,
        wish,
        mode,
        fc.constantFrom(null, 1),
        (guardrails, one, other, each, since) => {
          const limits = bidLimits(
            { ...ad, daysSinceChange: since },
            {
              ...{ guardrails, highestBid: 2_000_000, sureWorth: 1_100_000 },
            },
          );
          const [low, high] = [Math.min(one, other), Math.max(one, other)];
          const bid = guardedBid(high, limits, each);
          expect(guardedBid(low, limits, each)).toBeLessThanOrEqual(bid);
          expect(bid).toBeLessThanOrEqual(guardrails.ceilingMicros ?? Number.POSITIVE_INFINITY);
          if (each === 'guarded')
            expect(bid).toBeGreaterThanOrEqual(
              Math.min(guardrails.floorMicros, guardrails.ceilingMicros ?? 1e15),
            );
        },
      ),
    );
  });
});
