import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TierOptions } from '../../../lib/value/settings.ts';
import type { Tier } from '../../../lib/value/tier.ts';
import { assignTiers } from '../../../lib/value/tiers.ts';

const fixed: TierOptions = { method: 'fixed', edges: [10, 20] };
const quantile: TierOptions = { method: 'quantile', quantiles: [0.5, 0.8] };
const naturalBreaks: TierOptions = { method: 'naturalBreaks' };

describe('fixed edges', () => {
  it('leave nobody without a tier, however low or high the score', () => {
    expect(tiersOf([-5, 0, 10, 10.1, 20, 20.1, 30, 31, 1e9], fixed)).toEqual([
      'low',
      'low',
      'low',
      'mid',
      'mid',
      'high',
      'high',
      'high',
      'high',
    ]);
  });
});

describe('quantile tiers', () => {
  it('put half of the customers in low, three tenths in mid and a fifth in high', () => {
    const tiers = tiersOf(
      Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1000),
      quantile,
    );
    expect(countsOf(tiers)).toEqual({ low: 500, mid: 300, high: 200 });
  });

  it('cut the first table into three low, one mid and one high', () => {
    expect(tiersOf([53.5, 107, 160.5, 214, 267.5], quantile)).toEqual(['low', 'low', 'low', 'mid', 'high']);
  });

  it('keep customers who tie together and come as near to the asked sizes as they can', () => {
    const oneOrder = Array<number>(60).fill(1);
    const scores = [...oneOrder, ...Array.from({ length: 40 }, (_, index) => index + 2)];
    expect(countsOf(tiersOf(scores, quantile))).toEqual({ low: 60, mid: 20, high: 20 });
  });

  it('do not call the many low when nine in ten tie at the best score', () => {
    const scores = [...Array<number>(10).fill(1), ...Array<number>(90).fill(2)];
    expect(countsOf(tiersOf(scores, quantile))).toEqual({ low: 10, mid: 90, high: 0 });
  });

  it('call everybody low when all scores are equal', () => {
    expect(assignTiers(Float64Array.of(4, 4, 4), quantile)).toMatchObject({
      tiers: ['low', 'low', 'low'],
      edges: [4, 4],
    });
  });
});

describe('natural breaks', () => {
  it('find three groups that stand apart', () => {
    const { tiers, edges } = assignTiers(Float64Array.of(1, 2, 51, 50, 900, 3, 901), naturalBreaks);
    expect(tiers).toEqual(['low', 'low', 'mid', 'mid', 'high', 'low', 'high']);
    expect(edges).toEqual([3, 51]);
  });

  it('have no middle when there are two scores', () => {
    expect(tiersOf([1, 2, 2], naturalBreaks)).toEqual(['low', 'high', 'high']);
  });

  it('leave less squared distance within the groups than any other pair of cuts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 3, maxLength: 25 }), (scores) => {
        const { tiers } = assignTiers(Float64Array.from(scores), naturalBreaks);
        const cuts = scores.flatMap((first) => scores.map((second) => [first, second] as [number, number]));
        const best = Math.min(
          ...cuts
            .filter(([first, second]) => first < second)
            .map((edges) => spreadWithin(scores, tiersOf(scores, { method: 'fixed', edges }))),
          Number.POSITIVE_INFINITY,
        );
        if (new Set(scores).size >= 3) expect(spreadWithin(scores, tiers)).toBeCloseTo(best, 6);
      }),
    );
  });

  it('take under ten seconds for a million scores', () => {
    const scores = Float64Array.from({ length: 1_000_000 }, (_, index) => Math.exp((index * 0.618034) % 7));
    const before = performance.now();
    const counts = countsOf(assignTiers(scores, naturalBreaks).tiers);
    expect((performance.now() - before) / 1000).toBeLessThan(10);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(50_000);
  });
});

describe.each([fixed, quantile, naturalBreaks])('tiers by $method', (options) => {
  it('are one for every score, the same for equal scores, and no lower for a higher score', () => {
    fc.assert(
      fc.property(scoreLists, (scores) => {
        const tiers = tiersOf(scores, options);
        expect(tiers).toHaveLength(scores.length);
        const best = tiers.map((tier) => ['low', 'mid', 'high'].indexOf(tier));
        expect(best.every((height) => height >= 0)).toBe(true);
        scores.forEach((score, i) => {
          scores.forEach((other, j) => {
            if (score === other) expect(best[i]).toBe(best[j]);
            if (score < other) expect(best[i]).toBeLessThanOrEqual(best[j] as number);
          });
        });
      }),
    );
  });

  it('follow a permutation of the scores', () => {
    fc.assert(
      fc.property(scoreLists, (scores) => {
        expect(tiersOf([...scores].reverse(), options)).toEqual(tiersOf(scores, options).reverse());
      }),
    );
  });

  it('are none for an empty table', () => {
    expect(assignTiers(new Float64Array(), options)).toMatchObject({ tiers: [], edges: null });
  });
});

const scoreLists = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  { minLength: 1, maxLength: 30 },
);

const tiersOf = (scores: number[], options: TierOptions): Tier[] =>
  assignTiers(Float64Array.from(scores), options).tiers;

function countsOf(tiers: Tier[]): Record<Tier, number> {
  const counts = { low: 0, mid: 0, high: 0 };
  for (const tier of tiers) counts[tier] += 1;
  return counts;
}

function spreadWithin(scores: number[], tiers: Tier[]): number {
  return (['low', 'mid', 'high'] as const)
    .map((tier) => scores.filter((_, index) => tiers[index] === tier))
    .filter((group) => group.length > 0)
    .map((group) => {
      const mean = group.reduce((sum, score) => sum + score, 0) / group.length;
      return group.reduce((sum, score) => sum + (score - mean) ** 2, 0);
    })
    .reduce((sum, spread) => sum + spread, 0);
}
