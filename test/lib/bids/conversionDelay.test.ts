import { describe, expect, it } from 'vitest';
import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import { fitConversionDelay, shareMatured } from '../../../lib/bids/conversionDelay.ts';
import { fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { bidSettings } from '../../../lib/bids/settings.ts';
import { drawPoisson } from '../../../lib/math/draws.ts';
import { seededGenerator } from '../../../lib/math/random.ts';
import { adRow, isoDay } from '../../support/adRows.ts';

const truth = { immediate: 0.4, scaleDays: 4 };

/** Ninety days of 2,000 clicks each, of which one in twenty converts in the end. */
const drawProfile = (delay: typeof truth | null, seed: number) => {
  const generator = seededGenerator(seed);
  const clicks = Float64Array.from({ length: 90 }, () => 2000);
  const conversions = clicks.map((count, age) =>
    drawPoisson(generator, count * 0.05 * shareMatured(delay, age + 0.5)),
  );
  return { clicks, conversions };
};

describe('fitConversionDelay', () => {
  it('finds how conversions come in', () => {
    const delay = fitConversionDelay(drawProfile(truth, 1));
    expect(delay?.immediate).toBeGreaterThan(0.25);
    expect(delay?.immediate).toBeLessThan(0.55);
    expect(delay?.scaleDays).toBeGreaterThan(2.5);
    expect(delay?.scaleDays).toBeLessThan(6.5);
    for (const age of [0.5, 3, 10])
      expect(Math.abs(shareMatured(delay, age) - shareMatured(truth, age))).toBeLessThan(0.07);
  });

  it.each([1, 2, 3, 4, 5, 6])('sees none where there is none (seed %s)', (seed) => {
    expect(fitConversionDelay(drawProfile(null, seed))).toBeNull();
  });

  it('does not guess from a short or a poor table', () => {
    const { clicks, conversions } = drawProfile(truth, 1);
    expect(
      fitConversionDelay({ clicks: clicks.slice(0, 10), conversions: conversions.slice(0, 10) }),
    ).toBeNull();
    expect(
      fitConversionDelay({ clicks, conversions: conversions.map((count) => Math.floor(count / 90)) }),
    ).toBeNull();
  });
});

describe('maturing', () => {
  it('does not hold against an ad that its clicks are too young to have converted', () => {
    const generator = seededGenerator(9);
    const rows = Array.from({ length: 90 }, (_, day) => {
      const age = 89 - day;
      const converted = (clicks: number): number =>
        drawPoisson(generator, clicks * 0.05 * shareMatured(truth, age + 0.5));
      const old = adRow({
        id: 'old',
        campaign: 'one',
        date: isoDay(day),
        clicks: 2000,
        conversions: converted(2000),
      });
      // as good as the old one, and a week old
      const young = adRow({
        id: 'young',
        campaign: 'two',
        date: isoDay(day),
        clicks: 1500,
        conversions: converted(1500),
      });
      return age < 7 ? [old, young] : [old];
    }).flat();
    const { model, ads } = fitBidModel(adHistoryOf(rows), { settings: bidSettings.parse({}), seed: 1 });
    const young = ads.find(({ id }) => id === 'young');
    expect(model.delay).not.toBeNull();
    expect(model.lastDay).toBe('1970-03-31');
    const raw = (young?.conversions ?? 0) / (young?.clicks ?? 1);
    const matured = (young?.conversions ?? 0) / (young?.maturedClicks ?? 1);
    expect(raw).toBeLessThan(0.04);
    expect(matured).toBeGreaterThan(0.044);
    expect(matured).toBeLessThan(0.056);
    expect(model.notes.map(({ code }) => code)).toContain('conversionsMature');
  });
});
