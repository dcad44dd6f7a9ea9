import { describe, expect, it } from 'vitest';
import { fitHierarchicalRate } from '../../../lib/bids/fitRate.ts';
import { gammaInterval } from '../../../lib/bids/gammaInterval.ts';
import { ratePosterior } from '../../../lib/bids/ratePosterior.ts';
import { drawBeta, drawPoisson } from '../../../lib/math/draws.ts';
import { seededGenerator, standardNormal, uniform } from '../../../lib/math/random.ts';

interface DrawnAd {
  campaign: string;
  trials: number;
  successes: number;
  rate: number;
}

/** Ads whose rates are known: campaigns vary by .4 of their logit, ads with a strength of 86 about them. */
function drawAds({
  campaigns,
  ads,
  clicks,
  seed,
}: {
  campaigns: number;
  ads: number;
  clicks: number;
  seed: number;
}): DrawnAd[] {
  const generator = seededGenerator(seed);
  return Array.from({ length: campaigns }, (_, index) => {
    const mean = 1 / (1 + Math.exp(3.2 - 0.4 * standardNormal(generator)));
    return Array.from({ length: ads }, (): DrawnAd => {
      const trials = drawPoisson(generator, clicks * Math.exp(0.8 * standardNormal(generator)));
      const rate = drawBeta(generator, mean * 86, (1 - mean) * 86);
      let successes = 0;
      for (let trial = 0; trial < trials; trial++) if (uniform(generator) < rate) successes += 1;
      return { campaign: `campaign ${index}`, trials, successes, rate };
    });
  }).flat();
}

function fitTo(ads: readonly DrawnAd[]) {
  const names = [...new Set(ads.map(({ campaign }) => campaign))];
  const columns = names.map((name) => {
    const members = ads.filter(({ campaign }) => campaign === name);
    return [
      name,
      {
        trials: Float64Array.from(members, ({ trials }) => trials),
        successes: Float64Array.from(members, ({ successes }) => successes),
      },
    ] as const;
  });
  return fitHierarchicalRate(new Map(columns), { guess: 0.02 });
}

describe('fitHierarchicalRate', () => {
  it('finds the strength with which ads vary about their campaigns', () => {
    const { nodes } = fitTo(drawAds({ campaigns: 60, ads: 50, clicks: 300, seed: 1 }));
    const strength = nodes.reduce((sum, node) => sum + node.weight * node.strength, 0);
    expect(strength).toBeGreaterThan(75);
    expect(strength).toBeLessThan(97);
  });

  it.each([12, 60, 240, 1200])(
    'covers rates behind some %s clicks nine times in ten, better than raw and Laplace',
    (clicks) => {
      const [covered, errors] = [[] as number[], { shrunk: 0, raw: 0, laplace: 0 }];
      for (let seed = 1; seed <= 6; seed++) {
        const ads = drawAds({ campaigns: 10, ads: 20, clicks, seed });
        const model = fitTo(ads);
        for (const { campaign, trials, successes, rate } of ads) {
          const posterior = ratePosterior(model, { campaign, trials, successes });
          const { low, high } = gammaInterval(posterior);
          covered.push(low <= rate && rate <= high ? 1 : 0);
          errors.shrunk += (posterior.mean - rate) ** 2;
          errors.raw += ((trials === 0 ? 0.04 : successes / trials) - rate) ** 2;
          errors.laplace += ((successes + 1) / (trials + 2) - rate) ** 2;
        }
      }
      const coverage = covered.reduce((sum, each) => sum + each, 0) / covered.length;
      expect(coverage).toBeGreaterThan(clicks < 30 ? 0.82 : 0.86);
      expect(coverage).toBeLessThan(0.96);
      expect(errors.shrunk).toBeLessThan(0.95 * errors.raw);
      expect(errors.shrunk).toBeLessThan(0.95 * errors.laplace);
    },
  );

  it('lets evidence outweigh the campaign as it grows', () => {
    const model = fitTo(drawAds({ campaigns: 10, ads: 20, clicks: 100, seed: 3 }));
    const at = (trials: number) =>
      ratePosterior(model, { campaign: 'campaign 1', trials, successes: Math.round(0.2 * trials) });
    const [none, some, much] = [at(0), at(100), at(100_000)];
    expect(none.shrinkWeight).toBeCloseTo(1, 12);
    expect(some.mean).toBeGreaterThan(none.mean);
    expect(much.mean).toBeCloseTo(0.2, 2);
    expect(much.shrinkWeight).toBeLessThan(0.01);
    expect(much.variance).toBeLessThan(some.variance);
  });

  it('takes a campaign not met before from the account, less surely than any that was', () => {
    const model = fitTo(drawAds({ campaigns: 10, ads: 20, clicks: 100, seed: 4 }));
    const known = ratePosterior(model, { campaign: 'campaign 1', trials: 0, successes: 0 });
    for (const campaign of ['never met', null, 'toString']) {
      const unknown = ratePosterior(model, { campaign, trials: 0, successes: 0 });
      expect(unknown.mean).toBeGreaterThan(0.02);
      expect(unknown.mean).toBeLessThan(0.08);
      expect(unknown.variance).toBeGreaterThan(known.variance);
    }
  });

  it('knows no rate where there is nothing, and says how little it knows', () => {
    const model = fitHierarchicalRate(new Map(), { guess: 0.02 });
    const { mean, variance } = ratePosterior(model, { campaign: null, trials: 0, successes: 0 });
    expect(mean).toBeGreaterThan(0.02);
    expect(mean).toBeLessThan(0.08);
    expect(Math.sqrt(variance)).toBeGreaterThan(mean);
  });

  it('counts more successes than trials as converting every time', () => {
    const model = fitTo(drawAds({ campaigns: 3, ads: 10, clicks: 50, seed: 5 }));
    const { mean } = ratePosterior(model, { campaign: 'campaign 1', trials: 1, successes: 3 });
    expect(mean).toBeLessThan(1);
    expect(mean).toBeGreaterThan(0);
  });
});
