import { describe, expect, it } from 'vitest';
import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import { conversionValueOf } from '../../../lib/bids/conversionValue.ts';
import { fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { bidSettings } from '../../../lib/bids/settings.ts';
import { suggestBids } from '../../../lib/bids/suggestBids.ts';
import { drawGamma } from '../../../lib/math/draws.ts';
import { seededGenerator, standardNormal } from '../../../lib/math/random.ts';
import { adRow, isoDay } from '../../support/adRows.ts';

const settings = bidSettings.parse({});

/** Ads whose mean order is known, one order a day at most. */
function drawShop(seed: number) {
  const generator = seededGenerator(seed);
  const truth = new Map<string, number>();
  const rows = Array.from({ length: 60 }, (_, ad) => {
    const id = `ad ${ad}`;
    const campaign = `campaign ${ad % 4}`;
    const mean = 50e6 * (1 + 0.5 * (ad % 4)) * Math.exp(0.2 * standardNormal(generator));
    truth.set(id, mean);
    const days = ad % 10 === 0 ? 1 : 1 + (ad % 30);
    return Array.from({ length: days }, (__, day) =>
      adRow({
        id,
        campaign,
        date: isoDay(day),
        clicks: 20,
        conversions: 1,
        spendMicros: 4_000_000,
        revenueMicros: Math.round((mean * drawGamma(generator, 3)) / 3),
        currentBidMicros: 300_000,
      }),
    );
  }).flat();
  return { rows, truth };
}

describe('what a conversion brings', () => {
  it('is nearer to the truth than the mean of an ad and than the mean of all', () => {
    const errors = { shrunk: 0, own: 0, all: 0 };
    for (let seed = 1; seed <= 5; seed++) {
      const { rows, truth } = drawShop(seed);
      const { model, ads } = fitBidModel(adHistoryOf(rows), { settings, seed: 1 });
      const all = model.totals.revenueMicros / model.totals.conversions;
      for (const ad of ads) {
        const right = truth.get(ad.id) as number;
        errors.shrunk += (conversionValueOf(model.conversionValue, ad).mean - right) ** 2;
        errors.own += (ad.revenueMicros / ad.valuedConversions - right) ** 2;
        errors.all += (all - right) ** 2;
      }
    }
    expect(errors.shrunk).toBeLessThan(0.7 * errors.own);
    expect(errors.shrunk).toBeLessThan(0.7 * errors.all);
  });

  it('does not follow one wholesale order', () => {
    const { rows } = drawShop(1);
    const many = [...rows, ...rows.map((row) => ({ ...row, id: `${row.id} too` }))];
    const wholesale = many.map((row, index) =>
      index === 17 ? { ...row, revenueMicros: 90_000_000_000 } : row,
    );
    const { model, ads } = fitBidModel(adHistoryOf(wholesale), { settings, seed: 1 });
    const { id } = wholesale[17] as (typeof many)[number];
    const ad = ads.find((each) => each.id === id);
    if (ad === undefined) throw new Error('no ad');
    expect(model.conversionValue.capMicros).toBeLessThan(500_000_000);
    expect(conversionValueOf(model.conversionValue, ad).mean).toBeLessThan(250_000_000);
    expect(model.notes.find(({ code }) => code === 'revenueCapped')?.message).toMatch(/per conversion/);
  });

  it('without revenue is one and the same, and the answer says so', () => {
    const rows = drawShop(1).rows.map((row) => ({ ...row, revenueMicros: null }));
    const { model, ads } = fitBidModel(adHistoryOf(rows), { settings, seed: 1 });
    expect(model.conversionValue).toMatchObject({
      source: 'unit',
      account: { mean: 1_000_000, variance: 0 },
    });
    const { portfolio } = suggestBids(model, ads, { settings });
    expect(portfolio.notes.map(({ code }) => code)).toContain('noRevenue');
    expect(portfolio.expectedSpendMicros).toBeGreaterThan(0.5 * (portfolio.budgetMicros ?? 0));
    const valued = { ...settings, valuePerConversionMicros: 30_000_000 };
    expect(fitBidModel(adHistoryOf(rows), { settings: valued, seed: 1 }).model.conversionValue).toMatchObject(
      {
        source: 'setting',
        account: { mean: 30_000_000 },
      },
    );
  });

  it('is never below nothing, however much was returned', () => {
    const rows = drawShop(1).rows.map((row) =>
      row.id === 'ad 5' ? { ...row, revenueMicros: -80_000_000 } : row,
    );
    const { model, ads } = fitBidModel(adHistoryOf(rows), { settings, seed: 1 });
    const { rows: bids } = suggestBids(model, ads, { settings });
    for (const { suggestedBidMicros, valuePerClick } of bids) {
      expect(suggestedBidMicros).toBeGreaterThanOrEqual(0);
      expect(valuePerClick.lowMicros).toBeGreaterThanOrEqual(0);
    }
  });

  it('counts margin, and what customers of a segment are worth only where that is asked for, up to its cap', () => {
    const rows = drawShop(1).rows.map((row) => ({ ...row, segment: 'loyal' }));
    const { model, ads } = fitBidModel(adHistoryOf(rows), { settings, seed: 1 });
    const worth = (changes: Partial<typeof settings>): number =>
      suggestBids(model, ads, { settings: { ...settings, ...changes }, segmentMultipliers: { loyal: 3 } })
        .rows[0]?.valuePerClick.meanMicros ?? 0;
    const plain = worth({});
    expect(worth({ margin: 0.25 }) / plain).toBeCloseTo(0.25, 4);
    expect(worth({ segmentValue: { apply: true, cap: 2 } }) / plain).toBeCloseTo(2, 4);
    expect(worth({ segmentValue: { apply: true, cap: 5 } }) / plain).toBeCloseTo(3, 4);
  });
});
