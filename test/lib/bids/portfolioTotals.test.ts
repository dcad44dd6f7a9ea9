import fc from 'fast-check';
import { expect, it } from 'vitest';
import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import { allowedBid, type Bidder, bidders, resultOf } from '../../../lib/bids/bidder.ts';
import { fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { type Multipliers, PortfolioTotals } from '../../../lib/bids/portfolioTotals.ts';
import { auctionSchema, bidSettings } from '../../../lib/bids/settings.ts';
import { adRow, isoDay } from '../../support/adRows.ts';

const settings = bidSettings.parse({});

/** Some with one bid, some with four, so that curves bend; every fifth is paid for by the thousand impressions, every seventh cold. */
const rows = Array.from({ length: 40 }, (_, ad) =>
  Array.from({ length: ad % 2 === 0 ? 4 : 1 }, (__, day) => {
    const clicks = ad % 7 === 0 ? 1 : 30 + 3 * ad + 10 * day;
    return adRow({
      id: `ad ${ad}`,
      campaign: `campaign ${ad % 3}`,
      date: isoDay(day),
      bidType: ad % 5 === 0 ? 'CPM' : 'CPC',
      impressions: 40 * clicks,
      clicks,
      conversions: ad % 4,
      spendMicros: clicks * 300_000,
      revenueMicros: (ad % 4) * 20_000_000,
      currentBidMicros: 400_000 + 60_000 * day,
    });
  }),
).flat();

const anyMultipliers: fc.Arbitrary<Multipliers> = fc.record({
  kappa: fc.double({ min: 0, max: 2, noNaN: true }),
  coldKappa: fc.double({ min: 0, max: 2, noNaN: true }),
  mode: fc.constantFrom('guarded', 'cut', 'belowFloor'),
});

it.each(auctionSchema.options)('totals are the sum over ads, whatever was asked before (%s)', (auction) => {
  const { model, ads } = fitBidModel(adHistoryOf(rows), { settings: { ...settings, auction }, seed: 1 });
  const ready = bidders(model, ads, { settings: { ...settings, auction }, segmentMultipliers: {} });
  const round = { auction, cycleDays: 7, demandScale: 1.3 };
  const totals = new PortfolioTotals(ready, round);
  fc.assert(
    fc.property(anyMultipliers, fc.boolean(), ({ kappa, coldKappa = kappa, mode }, coldAlone) => {
      const counted = coldAlone ? ready.filter(({ cold }) => cold) : ready;
      const resultsOf = (of: typeof ready) =>
        of.map((bidder) =>
          resultOf(bidder, allowedBid(bidder, bidder.cold ? coldKappa : kappa, mode), round),
        );
      const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
      const spend = totals.spendAt({ kappa, coldKappa, mode }, coldAlone ? ({ cold }) => cold : undefined);
      expectNear(spend, sum(resultsOf(counted).map(({ costMicros }) => costMicros)));
      const total = totals.totalAt({ kappa, coldKappa, mode });
      for (const name of ['costMicros', 'conversions', 'revenueMicros'] as const)
        expectNear(total[name], sum(resultsOf(ready).map((result) => result[name])));
      const clicks = resultsOf(ready).map((result) => result.clicks);
      const deviation = deviationOf(ready, (bidder, index) => {
        const { variance, commonVariance } = bidder.click.conversionRate;
        return { scale: clicks[index] as number, variance, commonVariance };
      });
      expect(Math.abs(total.conversionsDeviation - deviation)).toBeLessThanOrEqual(1e-9 * deviation);
    }),
    { numRuns: 60 },
  );
});

/** Of a sum over ads that vary apart, but for what those of a campaign share. */
function deviationOf(
  ready: readonly Bidder[],
  of: (bidder: Bidder, index: number) => { scale: number; variance: number; commonVariance: number },
): number {
  const common: Record<string, number> = {};
  let variance = 0;
  ready.forEach((bidder, index) => {
    const each = of(bidder, index);
    const campaign = bidder.ad.campaign ?? '';
    variance += each.scale ** 2 * (each.variance - each.commonVariance);
    common[campaign] = (common[campaign] ?? 0) + each.scale * Math.sqrt(each.commonVariance);
  });
  return Math.sqrt(Object.values(common).reduce((sum, each) => sum + each ** 2, variance));
}

/** Sums differ by the order of their rounding alone. */
const expectNear = (value: number, expected: number): void =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-10 * expected);
