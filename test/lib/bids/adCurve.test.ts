import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adCurve, nonDecreasing, resultAt } from '../../../lib/bids/adCurve.ts';
import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import { fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { costPerAuction, hazard, shareWon } from '../../../lib/bids/prices.ts';
import { bidSettings } from '../../../lib/bids/settings.ts';
import { shadedBid, shadingTable } from '../../../lib/bids/shading.ts';
import { suggestBids } from '../../../lib/bids/suggestBids.ts';
import { adRow, isoDay } from '../../support/adRows.ts';

const settings = bidSettings.parse({});
const prices = { mu: Math.log(400_000), sigma: 0.5 };

/** Exactly what this market would give, an ad per bid, or one ad over several bids. */
const rowAt = (id: string, bid: number, { perDay, day }: { perDay: number; day: number }) => {
  const clicks = Math.round(perDay * shareWon(prices, bid));
  return adRow({
    id,
    campaign: 'one',
    date: isoDay(day),
    clicks,
    conversions: Math.round(clicks / 20),
    spendMicros: Math.round((clicks * costPerAuction(prices, bid)) / shareWon(prices, bid)),
    currentBidMicros: bid,
  });
};

describe('the curve of an ad with one historic bid', () => {
  const bids = Array.from({ length: 30 }, (_, index) => 250_000 + 15_000 * index);
  const rows = bids.flatMap((bid, index) =>
    Array.from({ length: 20 }, (_, day) => rowAt(`ad ${index}`, bid, { perDay: 400, day })),
  );
  const { model, ads } = fitBidModel(adHistoryOf(rows), { settings, seed: 1 });

  it('comes from prices that are pooled over the campaign, and finds them', () => {
    const found = model.prices.CPC.campaigns.one;
    expect(found?.mu).toBeCloseTo(prices.mu, 1);
    expect(found?.sigma).toBeGreaterThan(0.4);
    expect(found?.sigma).toBeLessThan(0.6);
  });

  it('tells what half as much again, or two thirds, would win and cost', () => {
    for (const ad of ads) {
      const curve = adCurve(model, ad, 'secondPrice');
      for (const factor of [0.7, 1, 1.4]) {
        const bid = factor * (ad.currentBidMicros as number);
        const { events, costMicros } = resultAt(curve, bid, 'secondPrice');
        expect(events / (400 * shareWon(prices, bid))).toBeGreaterThan(0.9);
        expect(events / (400 * shareWon(prices, bid))).toBeLessThan(1.1);
        expect(costMicros / (400 * costPerAuction(prices, bid))).toBeGreaterThan(0.88);
        expect(costMicros / (400 * costPerAuction(prices, bid))).toBeLessThan(1.12);
      }
    }
  });

  it('saturates, and says nothing beyond twice the highest past bid', () => {
    const [ad] = ads;
    if (ad === undefined) throw new Error('no ad');
    const curve = adCurve(model, ad, 'secondPrice');
    expect(curve.highestBid).toBe(500_000);
    expect(resultAt(curve, 5_000_000, 'secondPrice')).toEqual(resultAt(curve, 500_000, 'secondPrice'));
    const { rows: answers } = suggestBids(model, ads, { settings });
    for (const { suggestedBidMicros, currentBidMicros, curve: points } of answers) {
      expect(suggestedBidMicros).toBeLessThanOrEqual(2 * (currentBidMicros ?? 0));
      for (const { bidMicros } of points) expect(bidMicros).toBeLessThanOrEqual(2 * (currentBidMicros ?? 0));
    }
  });
});

describe('the curve of an ad with several historic bids', () => {
  it('runs near what was seen at each, whatever the log-normal says', () => {
    // volume that doubles between two bids that differ by little: no log-normal does that
    const seen = [
      [300_000, 100],
      [330_000, 210],
      [500_000, 220],
    ] as const;
    const rows = seen.flatMap(([bid, clicks], index) =>
      Array.from({ length: 14 }, (_, day) =>
        adRow({
          id: 'ad',
          date: isoDay(14 * index + day),
          clicks,
          spendMicros: Math.round(0.7 * bid * clicks),
          currentBidMicros: bid,
        }),
      ),
    );
    const { model, ads } = fitBidModel(adHistoryOf(rows), { settings, seed: 1 });
    const [ad] = ads;
    if (ad === undefined) throw new Error('no ad');
    expect(ad.levels).toHaveLength(3);
    const curve = adCurve(model, ad, 'secondPrice');
    for (const [bid, clicks] of seen) {
      const { events } = resultAt(curve, bid, 'secondPrice');
      expect(events / clicks).toBeGreaterThan(0.9);
      expect(events / clicks).toBeLessThan(1.1);
    }
  });

  it('never falls, in clicks or in cost, however unruly the history, and costs no more than the bid', () => {
    const level = fc.record({
      bid: fc.integer({ min: 50_000, max: 2_000_000 }),
      clicks: fc.integer({ min: 0, max: 500 }),
      paid: fc.double({ min: 0.2, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 12 }), (levels) => {
        const rows = levels.map(({ bid, clicks, paid }, index) =>
          adRow({
            id: 'ad',
            date: isoDay(3 * index),
            clicks,
            spendMicros: Math.round(paid * bid * clicks),
            currentBidMicros: bid,
          }),
        );
        const { model, ads } = fitBidModel(adHistoryOf(rows), { settings, seed: 1 });
        const curve = adCurve(model, ads[0] as (typeof ads)[number], 'secondPrice');
        let before = { events: 0, costMicros: 0 };
        for (let step = 1; step <= 40; step++) {
          const bid = (step / 40) * 4_000_000;
          const result = resultAt(curve, bid, 'secondPrice');
          expect(result.events).toBeGreaterThanOrEqual(before.events * (1 - 1e-9));
          expect(result.costMicros).toBeGreaterThanOrEqual(before.costMicros * (1 - 1e-9));
          expect(result.costMicros).toBeLessThanOrEqual(bid * result.events * (1 + 1e-9) + 1e-6);
          before = result;
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('nonDecreasing', () => {
  it('pools those that fall, by weight', () => {
    expect(nonDecreasing([1, 3, 2, 4], [1, 1, 3, 1])).toEqual([1, 2.25, 2.25, 4]);
    expect(nonDecreasing([3, 2, 1], [1, 1, 1])).toEqual([2, 2, 2]);
  });
});

describe('shadedBid', () => {
  it.each([0.2, 0.5, 0.9])(
    'is where worth less bid, times the share won, is greatest (sigma %s)',
    (sigma) => {
      const mu = Math.log(500_000);
      const table = shadingTable(sigma);
      for (const worth of [200_000, 500_000, 900_000, 3_000_000]) {
        const bid = shadedBid(table, worth, mu);
        const gain = (each: number): number => (worth - each) * shareWon({ mu, sigma }, each);
        const best = Math.max(
          ...Array.from({ length: 2000 }, (_, step) => gain((worth * (step + 1)) / 2001)),
        );
        expect(bid).toBeLessThan(worth);
        expect(gain(bid)).toBeGreaterThan(0.999 * best);
      }
    },
  );

  it('rises with the worth, and with nothing to gain is nothing', () => {
    const table = shadingTable(0.6);
    let before = 0;
    for (let step = 0; step < 200; step++) {
      const bid = shadedBid(table, Math.exp(step / 10), 12);
      expect(bid).toBeGreaterThan(before);
      before = bid;
    }
    expect(shadedBid(table, 0, 12)).toBe(0);
    expect(hazard(0)).toBeCloseTo(0.7978845608, 9);
  });
});
