import { describe, expect, it } from 'vitest';
import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import { fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { ratePosterior } from '../../../lib/bids/ratePosterior.ts';
import { bidSettings } from '../../../lib/bids/settings.ts';
import { suggestBids } from '../../../lib/bids/suggestBids.ts';
import { seededGenerator, uniform } from '../../../lib/math/random.ts';
import type { AdPerformance } from '../../../lib/tables/ads/adRows.ts';
import { facebookAdsMissing, readFacebookAds } from '../../support/facebookAds.ts';

const skipped = facebookAdsMissing ? ' (skipped: ../shared/data/facebook-ads is not there)' : '';
const settings = bidSettings.parse({});
const modelOf = (rows: readonly AdPerformance[]) => fitBidModel(adHistoryOf(rows), { settings, seed: 1 });

describe.skipIf(facebookAdsMissing)(`1,143 Facebook ads${skipped}`, () => {
  const rows = facebookAdsMissing ? [] : readFacebookAds();
  const { model, ads } = modelOf(rows);
  const rateOf = (ad: (typeof ads)[number]) =>
    ratePosterior(model.conversionRate, {
      campaign: ad.campaign,
      trials: ad.maturedClicks,
      successes: ad.conversions,
    });

  it('keeps the totals of the file', () => {
    expect(model.ads).toBe(1143);
    expect(model.totals).toMatchObject({ impressions: 213_434_828, clicks: 38_165, conversions: 1079 });
    expect(model.totals.spendMicros / 1e6).toBeCloseTo(58_705.23, 2);
  });

  it('expects about as many conversions in all as there were', () => {
    const expected = ads.reduce((sum, ad) => sum + ad.maturedClicks * rateOf(ad).mean, 0);
    expect(expected / model.totals.conversions).toBeGreaterThan(0.95);
    expect(expected / model.totals.conversions).toBeLessThan(1.05);
  });

  it('does not bid an ad with one click and no sale to zero, nor one with one click and one sale to the moon', () => {
    const { rows: bids } = suggestBids(model, ads, { settings, withCurves: false });
    const worths = (clicks: number, conversions: number): number[] =>
      ads.flatMap((ad, index) =>
        ad.clicks === clicks && ad.conversions === conversions
          ? [bids[index]?.valuePerClick.meanMicros ?? 0]
          : [],
      );
    const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
    const [unlucky, lucky] = [middle(worths(1, 0)), middle(worths(1, 1))];
    expect(worths(1, 0).length).toBeGreaterThan(50);
    expect(worths(1, 1).length).toBeGreaterThan(10);
    expect(unlucky).toBeGreaterThan(0);
    expect(lucky).toBeGreaterThan(unlucky);
    // what was seen says 0 and 100 %
    expect(lucky).toBeLessThan(3 * unlucky);
    for (const [index, ad] of ads.entries())
      if (ad.clicks === 1) expect(bids[index]?.suggestedBidMicros, ad.id).toBeGreaterThan(0);
  });

  it('predicts the other half of the conversions better than raw rates, than Laplace and than one rate for all', () => {
    const [half, other] = splitHalf(rows, 7);
    const halfFit = modelOf(half);
    const rate = halfFit.model.conversionRate;
    const heldOut = (rateOfAd: (ad: AdPerformance, index: number) => number): number =>
      other.reduce((sum, ad, index) => {
        const p = Math.min(1 - 1e-3, Math.max(1e-3, rateOfAd(half[index] as AdPerformance, index)));
        const hits = Math.min(ad.conversions, ad.clicks);
        return sum + hits * Math.log(p) + (ad.clicks - hits) * Math.log(1 - p);
      }, 0);
    const shrunk = heldOut(
      ({ campaign, clicks, conversions }) =>
        ratePosterior(rate, { campaign, trials: clicks, successes: conversions }).mean,
    );
    const pooled = rate.successes / rate.trials;
    const baselines = {
      raw: heldOut(({ clicks, conversions }) => (clicks === 0 ? pooled : conversions / clicks)),
      laplace: heldOut(({ clicks, conversions }) => (conversions + 1) / (clicks + 2)),
      oneRate: heldOut(() => pooled),
    };
    for (const [name, logLikelihood] of Object.entries(baselines))
      expect(shrunk, name).toBeGreaterThan(logLikelihood + 2);
  });

  it('has an interval for every ad, and calls what it cannot know learning', () => {
    const { rows: bids } = suggestBids(model, ads, { settings, withCurves: false });
    for (const [index, { valuePerClick, status }] of bids.entries()) {
      expect(valuePerClick.lowMicros).toBeLessThan(valuePerClick.meanMicros);
      expect(valuePerClick.highMicros).toBeGreaterThan(valuePerClick.meanMicros);
      if ((ads[index]?.clicks ?? 0) < settings.guardrails.coldClicks) expect(status).toBe('LEARNING');
    }
  });
});

/** Each click goes to one of two halves by the toss of a coin, and so does each conversion. */
function splitHalf(rows: readonly AdPerformance[], seed: number): [AdPerformance[], AdPerformance[]] {
  const generator = seededGenerator(seed);
  const tossed = (count: number): number => {
    let heads = 0;
    for (let toss = 0; toss < count; toss++) if (uniform(generator) < 0.5) heads += 1;
    return heads;
  };
  const first = rows.map((row) => ({
    ...row,
    clicks: tossed(row.clicks),
    conversions: tossed(row.conversions),
  }));
  const second = rows.map((row, index) => ({
    ...row,
    clicks: row.clicks - (first[index]?.clicks ?? 0),
    conversions: row.conversions - (first[index]?.conversions ?? 0),
  }));
  return [first, second];
}
