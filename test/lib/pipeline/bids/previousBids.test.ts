import { describe, expect, it } from 'vitest';
import { isTaken } from '../../../../lib/pipeline/bids/previousBids.ts';

describe('a suggested bid', () => {
  it.each([
    ['as it was suggested', 528_123, true],
    ['rounded to the cent', 530_000, true],
    ['another one', 540_000, false],
    ['the one before', 410_000, false],
    ['none', null, false],
  ])('is taken over where the table has it %s', (_, bidMicros, taken) => {
    expect(isTaken(bidMicros, { currentBidMicros: 410_000, suggestedBidMicros: 528_123 })).toBe(taken);
  });

  it('is not taken over by a small bid that was left as it was and is as near as a rounded one', () => {
    expect(isTaken(50_000, { currentBidMicros: 50_000, suggestedBidMicros: 54_000 })).toBe(false);
    expect(isTaken(60_000, { currentBidMicros: 50_000, suggestedBidMicros: 56_000 })).toBe(true);
  });

  it('stays taken over where it was the bid in force', () => {
    expect(isTaken(50_000, { currentBidMicros: 50_000, suggestedBidMicros: 50_000 })).toBe(true);
  });
});
