import { describe, expect, it } from 'vitest';
import { expectedWeek } from '../../../lib/bids/market.ts';
import {
  mean,
  type PolicySummary,
  summariseSimulations,
  summariseTargets,
} from '../../../lib/bids/simulationSummary.ts';
import { coveredRows, simulate } from '../../../lib/bids/simulator.ts';

/** Three seeds of two of the four markets; `npm run simulate` has thirty of all, and docs/bids.md what they gave. */
const seeds = [1, 2, 3];

const marketOf = (medianClicks: number): Record<string, PolicySummary> =>
  Object.fromEntries(
    summariseSimulations({
      seeds,
      medianClicks,
      policies: ['linearRescaled', 'revenuePerClick', 'portfolio', 'oracle'],
    }).map((summary) => [summary.policy, summary]),
  );

describe.each([
  [6, 0.04],
  [120, 0.14],
])('a made-up market with %s clicks per group and week', (medianClicks, least) => {
  const { linearRescaled, revenuePerClick, portfolio, oracle } = marketOf(medianClicks) as {
    [policy: string]: PolicySummary;
  } & Record<'linearRescaled' | 'revenuePerClick' | 'portfolio' | 'oracle', PolicySummary>;

  it('pays the portfolio more than the human bids, and than either baseline, at the same budget', () => {
    expect(portfolio.meanGain).toBeGreaterThan(least);
    expect(portfolio.meanGain).toBeGreaterThan(revenuePerClick.meanGain);
    expect(portfolio.meanGain).toBeGreaterThan(linearRescaled.meanGain + 0.1);
    expect(portfolio.meanGain).toBeLessThan(oracle.meanGain);
  });

  it('is never overspent, in any week', () => {
    for (const { mostSpent } of [linearRescaled, revenuePerClick, portfolio])
      expect(mostSpent).toBeLessThanOrEqual(1);
  });

  it('is expected to cost what it does', () => {
    expect(portfolio.expectedOverDemanded).toBeGreaterThan(0.94);
    expect(portfolio.expectedOverDemanded).toBeLessThan(1.08);
  });

  it('says how sure it is', () => {
    expect(portfolio.coverage).toBeGreaterThan(0.85);
    if (medianClicks === 6) expect(portfolio.limitedByData).toBeGreaterThan(0.8);
    else expect(portfolio.limitedByData).toBeLessThan(0.5);
  });
});

describe('a return to reach instead of a budget', () => {
  it('is reached within 5 %, with most of the value of the best multiplier', () => {
    const { reached, valueShare, shareOfOracle } = summariseTargets({
      seeds: [1, 2],
      medianClicks: 30,
      timesHumanRoas: 1.1,
    });
    expect(Math.abs(mean(reached) - 1)).toBeLessThan(0.05);
    expect(mean(valueShare)).toBeGreaterThan(0.9);
    expect(mean(shareOfOracle)).toBeGreaterThan(0.85);
    expect(Math.max(...shareOfOracle)).toBeLessThan(1);
  });
});

describe('the simulator', () => {
  it('gives the same weeks for the same seed, and others for another', () => {
    const run = (seed: number) => simulate({ seed, medianClicks: 6, policy: 'human', liveWeeks: 2 }).weeks;
    expect(run(5)).toEqual(run(5));
    expect(run(5)[0]?.spent).not.toBe(run(6)[0]?.spent);
  });

  it('lets nobody beat who knows the whole market', () => {
    const { market, weeks } = simulate({ seed: 3, medianClicks: 30, policy: 'oracle', liveWeeks: 1 });
    const best = weeks[0]?.truth.value ?? 0;
    const human = market.groups.map(({ humanBid }) => humanBid);
    for (const factor of [0.5, 0.8, 1, 1.3]) {
      const bids = human.map((bid) => bid * factor);
      expect(expectedWeek(market.groups, bids, market.weeklyBudget).value).toBeLessThan(best);
    }
    expect(coveredRows(market, weeks[0] as (typeof weeks)[number])).toBe(0);
  });
});
