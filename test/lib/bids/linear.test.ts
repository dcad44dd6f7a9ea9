import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BidFitError, fitLinearBidPolicy } from '../../../lib/bids/linear.ts';
import { bidLinear, linearBidPolicySchema } from '../../../lib/bids/policy.ts';
import { seededGenerator, standardNormal, uniform } from '../../../lib/math/random.ts';
import type { AdRow } from '../../../lib/tables/types.ts';
import { adsOf, firstAds } from './ads.ts';

const options = { seed: 42, bidFactor: 1.2 };

describe('fitLinearBidPolicy', () => {
  // published: spend = 10,000 · conversion rate - 100, times 1.2, by hand; exact
  it('bids 120, 240, 360, 480 and 600 on the first ads', () => {
    expect(bidsOf(firstAds, firstAds)).toEqual([120, 240, 360, 480, 600]);
  });

  it('finds the coefficients that made the spend', () => {
    const { rates, spend } = fitLinearBidPolicy(noisyAds(2000, 0), options);
    const slopes = rates.map(({ name, coefficient, scale }) => [name, (coefficient * spend.scale) / scale]);
    expect(Object.fromEntries(slopes)).toEqual({
      clickRate: expect.closeTo(300, 6),
      conversionRate: expect.closeTo(2000, 6),
    });
  });

  it('measures its error on held-out ads beside that of the mean spend', () => {
    const { heldOut } = fitLinearBidPolicy(noisyAds(500, 5), options);
    // the mean absolute deviation of normal noise is √(2/π) standard deviations
    expect(heldOut?.rows).toBe(100);
    expect(heldOut?.meanAbsoluteError).toBeCloseTo(5 * Math.sqrt(2 / Math.PI), 0);
    expect(heldOut?.baselineMeanAbsoluteError).toBeGreaterThan(3 * (heldOut?.meanAbsoluteError ?? 0));
  });

  it('pretends no error when there are too few ads to hold some out, and says so', () => {
    const policy = fitLinearBidPolicy(firstAds, options);
    expect(policy.heldOut).toBeNull();
    expect(policy.notes.map(({ code }) => code)).toEqual(['fewAds']);
  });

  it('is the same policy for the same seed, and splits otherwise for another', () => {
    const ads = noisyAds(100, 5);
    expect(fitLinearBidPolicy(ads, options)).toEqual(fitLinearBidPolicy(ads, options));
    expect(fitLinearBidPolicy(ads, { ...options, seed: 7 }).heldOut).not.toEqual(
      fitLinearBidPolicy(ads, options).heldOut,
    );
  });

  it('can be stored as JSON and parsed again', () => {
    const policy = fitLinearBidPolicy(noisyAds(50, 5), options);
    expect(linearBidPolicySchema.parse(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
  });

  it('leaves ads without rates out of the fit and counts them', () => {
    const policy = fitLinearBidPolicy(
      [
        ...firstAds,
        ...adsOf([
          [null, null, 9],
          [0.1, null, 9],
        ]),
      ],
      options,
    );
    expect(policy).toMatchObject({ rows: 7, rowsUsed: 5 });
    expect(policy.notes).toContainEqual(expect.objectContaining({ code: 'adsWithoutRates', count: 2 }));
    expect(firstAds.map((ad) => bidLinear(policy, ad).suggestedBid)).toEqual([120, 240, 360, 480, 600]);
  });

  it('draws a hundred thousand ads from a larger table, and says so', () => {
    const policy = fitLinearBidPolicy(noisyAds(100_001, 5), options);
    expect(policy).toMatchObject({ rows: 100_001, rowsUsed: 100_000 });
    expect(policy.notes).toEqual([expect.objectContaining({ code: 'adsDrawn' })]);
  });
});

describe('a singular design', () => {
  it('drops the one of two rates that move together, with a note', () => {
    const ads = adsOf([
      [0.1, 0.02, 100],
      [0.15, 0.03, 200],
      [0.2, 0.04, 300],
      [0.25, 0.05, 400],
    ]);
    const policy = fitLinearBidPolicy(ads, options);
    expect(policy.rates.map(({ name }) => name)).toEqual(['conversionRate']);
    expect(policy.notes).toContainEqual(expect.objectContaining({ code: 'duplicateRate' }));
    expect(ads.map((ad) => bidLinear(policy, ad).suggestedBid)).toEqual([120, 240, 360, 480]);
  });

  it('drops a rate that is the same for every ad, with a note, and bids without it', () => {
    const policy = fitLinearBidPolicy(
      adsOf([
        [0.1, 0.1, 10],
        [0.2, 0.1, 20],
        [0.3, 0.1, 30],
      ]),
      options,
    );
    expect(policy.notes).toContainEqual(expect.objectContaining({ code: 'constantRate' }));
    expect(bidLinear(policy, { clickRate: 0.2, conversionRate: null }).suggestedBid).toBe(24);
  });

  it('is an error that says so when no rate is left', () => {
    const same = adsOf([
      [0.1, 0.02, 1],
      [0.1, 0.02, 2],
      [0.1, 0.02, 3],
    ]);
    expect(() => fitLinearBidPolicy(same, options)).toThrow(BidFitError);
    expect(() => fitLinearBidPolicy(same, options)).toThrow(
      /singular: click rate and conversion rate are the same/,
    );
  });

  it('is an error that counts the ads when there are fewer than three', () => {
    const few = adsOf([
      [0.1, 0.02, 1],
      [0.2, 0.05, 2],
      [null, 0.1, 3],
    ]);
    expect(() => fitLinearBidPolicy(few, options)).toThrow(/at least 3 ads .* got 2 of 3/);
  });

  it('bids the same on every ad when every ad spends the same, with a note', () => {
    const ads = adsOf([
      [0.1, 0.02, 50],
      [0.2, 0.05, 50],
      [0.3, 0.03, 50],
    ]);
    expect(fitLinearBidPolicy(ads, options).notes.map(({ code }) => code)).toContain('constantSpend');
    expect(bidsOf(ads, ads)).toEqual([60, 60, 60]);
  });
});

describe('linear bids', () => {
  it('scale with the currency', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.integer(), (factor, seed) => {
        const ads = noisyAds(30, 5, seed);
        const converted = ads.map((ad) => ({ ...ad, spend: ad.spend * factor }));
        bidsOf(converted, converted).forEach((bid, index) => {
          const expected = (bidsOf(ads, ads)[index] as number) * factor;
          expect(bid).toBeGreaterThanOrEqual(expected * (1 - 1e-7) - 1e-7 * factor);
          expect(bid).toBeLessThanOrEqual(expected * (1 + 1e-7) + 1e-7 * factor);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('do not depend on the order of the ads', () => {
    const ads = noisyAds(30, 5);
    const reversed = bidsOf([...ads].reverse(), ads);
    bidsOf(ads, ads).forEach((bid, index) => {
      expect(reversed[index]).toBeCloseTo(bid as number, 7);
    });
  });

  it('are a finite number that is not negative, or null with a reason, for any finite input', () => {
    const extreme = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 0, max: 3 }),
    );
    const rate = fc.option(extreme);
    const ad = fc.tuple(rate, rate, extreme);
    fc.assert(
      fc.property(fc.array(ad, { maxLength: 30 }).map(adsOf), ad, (ads, [clickRate, conversionRate]) => {
        const policy = policyOrNull(ads);
        if (policy === null) return;
        expect(linearBidPolicySchema.safeParse(JSON.parse(JSON.stringify(policy))).success).toBe(true);
        for (const asked of [...ads, { clickRate, conversionRate }]) {
          const { suggestedBid, reason } = bidLinear(policy, asked);
          if (suggestedBid === null) expect(reason).toMatch(/no .* rate|too large/);
          else expect(suggestedBid >= 0 && Number.isFinite(suggestedBid)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Spend is 300 times the click rate plus 2,000 times the conversion rate plus normal noise. */
function noisyAds(length: number, noise: number, seed = 1): AdRow[] {
  const generator = seededGenerator(seed);
  return adsOf(
    Array.from({ length }, () => {
      const clickRate = 0.3 * uniform(generator);
      const conversionRate = 0.05 * uniform(generator);
      return [
        clickRate,
        conversionRate,
        300 * clickRate + 2000 * conversionRate + noise * standardNormal(generator),
      ] as const;
    }),
  );
}

function bidsOf(history: AdRow[], asked: AdRow[]): (number | null)[] {
  const policy = fitLinearBidPolicy(history, options);
  return asked.map((ad) => bidLinear(policy, ad).suggestedBid);
}

function policyOrNull(ads: AdRow[]) {
  try {
    return fitLinearBidPolicy(ads, options);
  } catch (error) {
    expect(error).toBeInstanceOf(BidFitError);
    return null;
  }
}
