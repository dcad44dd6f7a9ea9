import { describe, expect, it } from 'vitest';
import { adHistoryOf } from '../../../../lib/bids/adHistory.ts';
import { fitBidModel } from '../../../../lib/bids/fitBidModel.ts';
import { bidSettings } from '../../../../lib/bids/settings.ts';
import { pacingOf } from '../../../../lib/pipeline/bids/pacing.ts';
import type { PreviousRound } from '../../../../lib/pipeline/bids/previousBids.ts';
import { adRow, isoDay } from '../../../support/adRows.ts';

const settings = bidSettings.parse({});

/** Ten days of one ad that spends 6.00 a day, in the last three with a budget that lasts half the day. */
const rows = Array.from({ length: 10 }, (_, day) =>
  adRow({
    id: 'ad',
    date: isoDay(day),
    clicks: 10,
    conversions: 1,
    spendMicros: 6_000_000,
    revenueMicros: 20_000_000,
    currentBidMicros: 800_000,
    servedShare: day >= 7 ? 0.5 : null,
  }),
);
const history = adHistoryOf(rows);
const { model, ads } = fitBidModel(history, { settings, seed: 1 });

function roundThatSuggested(suggestedBidMicros: number, lastDay: string | null): PreviousRound {
  const bid = { id: 'ad', currentBidMicros: 700_000, suggestedBidMicros, suggestedSince: isoDay(5) };
  const bids = new Map([['ad', { ...bid, bidChangedOn: null }]]);
  return { bids, lastDay, expectedSpendMicros: 70_000_000, cycleDays: 7 };
}

describe('the pace of the last round', () => {
  it('is what was demanded, not what the budget let through, against what was expected in as many days', () => {
    expect(pacingOf({ history, model, ads }, roundThatSuggested(800_000, isoDay(5)))).toEqual({
      expectedSpendMicros: 40_000_000,
      demandedSpendMicros: 6_000_000 + 3 * 12_000_000,
    });
  });

  it.each([
    ['there was none', null],
    ['it knew no dates', roundThatSuggested(800_000, null)],
    ['no day has passed since', roundThatSuggested(800_000, isoDay(9))],
    ['its bids were not taken over', roundThatSuggested(500_000, isoDay(5))],
  ])('is not told where %s', (_, previous) => {
    expect(pacingOf({ history, model, ads }, previous)).toBeNull();
  });
});
