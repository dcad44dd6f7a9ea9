import { describe, expect, it } from 'vitest';
import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import { bidPortfolioSchema, bidRowSchema } from '../../../lib/bids/answer.ts';
import { bidModelSchema } from '../../../lib/bids/bidModel.ts';
import { fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { bidSettings } from '../../../lib/bids/settings.ts';
import { suggestBids } from '../../../lib/bids/suggestBids.ts';
import { adRow } from '../../support/adRows.ts';

const settings = bidSettings.parse({});

/** Forty ads of two campaigns, the second converting twice as well; bids and costs as a shop might have them. */
const rows = Array.from({ length: 40 }, (_, index) => {
  const clicks = 50 + 20 * (index % 7);
  const conversions = Math.round(clicks * (index < 20 ? 0.02 : 0.04) * (0.7 + 0.1 * (index % 6)));
  return adRow({
    id: `ad ${index}`,
    campaign: index < 20 ? 'first' : 'second',
    impressions: clicks * 40,
    clicks,
    conversions,
    spendMicros: clicks * 350_000,
    revenueMicros: conversions * 30_000_000,
    currentBidMicros: 500_000,
  });
});
const { model, ads } = fitBidModel(adHistoryOf(rows), { settings, seed: 1 });

describe('suggestBids', () => {
  it('answers as its schemas say, for each ad in the order given', () => {
    const { rows: answers, portfolio } = suggestBids(model, ads, { settings });
    expect(answers.map(({ id }) => id)).toEqual(ads.map(({ id }) => id));
    for (const answer of answers) expect(bidRowSchema.safeParse(answer).success).toBe(true);
    expect(bidPortfolioSchema.safeParse(portfolio).success).toBe(true);
    expect(bidModelSchema.safeParse(JSON.parse(JSON.stringify(model))).success).toBe(true);
  });

  it('keeps the budget, and spends most of it', () => {
    for (const budgetMicros of [100_000_000, 300_000_000, 900_000_000]) {
      const { portfolio } = suggestBids(model, ads, { settings: { ...settings, budgetMicros } });
      expect(portfolio.expectedSpendMicros).toBeLessThanOrEqual(budgetMicros);
      if (portfolio.binding === 'budget')
        expect(portfolio.expectedSpendMicros).toBeGreaterThan(0.95 * budgetMicros);
    }
  });
});
