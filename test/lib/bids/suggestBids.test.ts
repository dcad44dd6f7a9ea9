import { describe, expect, it } from 'vitest';
import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import { type BidRow, bidPortfolioSchema, bidRowSchema, type CurvePoint } from '../../../lib/bids/answer.ts';
import { bidModelSchema } from '../../../lib/bids/bidModel.ts';
import { evidenceOf } from '../../../lib/bids/evidence.ts';
import { fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { noGuardrails } from '../../../lib/bids/guardrails.ts';
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

  it('says of each row how sure it is, in which range, why, and with which status', () => {
    const withLots = { ...(ads[0] as (typeof ads)[number]), id: 'known' };
    const known = { ...withLots, maturedClicks: 60_000, clicks: 60_000, conversions: 1800 };
    const answers = (budgetMicros: number) =>
      suggestBids(model, [...ads, known, evidenceOf({ id: 'new' }, { historyDays: 28 })], {
        settings: { ...settings, budgetMicros },
      }).rows;
    const statusOf = (rowsOf: BidRow[], id: string) => rowsOf.find((row) => row.id === id)?.status;
    const [scarce, ample] = [answers(100_000_000), answers(10 ** 12)];
    expect(statusOf(scarce, 'known')).toBe('LIMITED_BY_BUDGET');
    expect(statusOf(ample, 'known')).toBe('OK');
    expect(statusOf(scarce, 'new')).toBe('LEARNING');
    expect(scarce.find(({ id }) => id === 'known')?.confidence).toBe('high');
    for (const { status, confidence, valuePerClick, evidence, reasons, ...row } of scarce) {
      const { meanMicros, lowMicros, highMicros } = valuePerClick;
      const halfWidth = (highMicros - lowMicros) / 2 / meanMicros;
      if (row.id !== 'new') expect(status === 'LIMITED_BY_DATA').toBe(halfWidth > 0.5);
      expect(confidence === 'low').toBe(halfWidth > 0.5);
      expect(row.rangeLowMicros / row.rangeHighMicros).toBeCloseTo(lowMicros / highMicros, 3);
      expect(evidence.priorClicks).toBeGreaterThan(0);
      expect(evidence.shrinkWeight).toBeGreaterThan(0);
      expect(evidence.shrinkWeight).toBeLessThanOrEqual(1);
      expect(reasons.length).toBeGreaterThanOrEqual(3);
      expect(reasons.join()).toContain(`a click is worth ${(meanMicros / 1e6).toFixed(2)}`);
      expect(row.curve.map(({ bidMicros }) => bidMicros)).toContain(row.suggestedBidMicros);
    }
    const [more, less] = [known, ads[0]].map((ad) => scarce.find(({ id }) => id === ad?.id)?.evidence);
    expect(more?.shrinkWeight).toBeLessThan(0.1 * (less?.shrinkWeight ?? 0));
  });

  it('bids on a thousand impressions what their clicks are worth', () => {
    const shown = rows.map((row) => ({ ...row, bidType: 'CPM' as const, currentBidMicros: 14_000_000 }));
    const perThousand = fitBidModel(adHistoryOf(shown), { settings, seed: 1 });
    const { rows: answers, portfolio } = suggestBids(perThousand.model, perThousand.ads, {
      settings: { ...settings, budgetMicros: 300_000_000, guardrails: noGuardrails },
    });
    expect(portfolio.binding).toBe('budget');
    for (const { bidType, suggestedBidMicros, valuePerClick } of answers) {
      expect(bidType).toBe('CPM');
      // all ads have a click in forty impressions
      const worth = 25 * valuePerClick.meanMicros;
      expect(suggestedBidMicros / (worth * (portfolio.kappa ?? 0))).toBeGreaterThan(0.98);
      expect(suggestedBidMicros / (worth * (portfolio.kappa ?? 0))).toBeLessThan(1.02);
    }
    expect(portfolio.expectedSpendMicros).toBeLessThanOrEqual(300_000_000);
    // events are thousands of impressions: what they cost each, and the clicks in them
    const [{ suggestedBidMicros = 0, curve = [] } = {}] = answers;
    const { clicks, costMicros } = curve.find(
      ({ bidMicros }) => bidMicros === suggestedBidMicros,
    ) as CurvePoint;
    expect(clicks).toBeGreaterThan(0);
    expect(costMicros / (clicks / 25)).toBeLessThanOrEqual(suggestedBidMicros);
    expect(costMicros / (clicks / 25)).toBeGreaterThan(0.3 * suggestedBidMicros);
  });
});
