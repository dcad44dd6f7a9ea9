import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocateBudget, type Claim } from '../../../lib/marketing/campaigns/allocateBudget.ts';
import { keyedDraw } from '../../../lib/marketing/campaigns/keyedDraw.ts';
import { assumedLift, liftedProbability, measuredLift } from '../../../lib/marketing/campaigns/lift.ts';
import { planCampaigns } from '../../../lib/marketing/campaigns/planCampaigns.ts';
import { profitCurve } from '../../../lib/marketing/campaigns/profitCurve.ts';
import { forecastCampaign } from '../../../lib/marketing/campaigns/profitInterval.ts';
import type { Prospects } from '../../../lib/marketing/campaigns/prospects.ts';
import { campaignSettings } from '../../../lib/marketing/campaigns/settings.ts';
import { seededGenerator, uniform } from '../../../lib/math/random.ts';

function prospectsOf(seed: number, customers: number): Prospects {
  const generator = seededGenerator(seed);
  const draw = (value: () => number) => Float64Array.from({ length: customers }, value);
  const some = () => Uint8Array.from({ length: customers }, () => Number(uniform(generator) < 0.8));
  return {
    customerIds: Array.from({ length: customers }, (_, at) => `C${at}`),
    tiers: Uint8Array.from({ length: customers }, () => Math.floor(3 * uniform(generator))),
    groups: Uint8Array.from({ length: customers }, () => Math.floor(4 * uniform(generator))),
    probability: draw(() => 0.5 * uniform(generator)),
    orderValue: draw(() => 1000 + 9000 * uniform(generator)),
    reachable: { email: some(), sms: some(), phone: some() },
  };
}

const channels = [
  { channel: 'email' as const, contactCost: 0.05, assumedLift: 0.1 },
  { channel: 'sms' as const, contactCost: 0.4, assumedLift: 0.3 },
];
const options = (settings: object, seed = 42) => ({
  settings: campaignSettings.parse({ channels, minCustomers: 5, ...settings }),
  margin: 0.5,
  minorUnits: 100,
  seed,
  measured: [],
});

describe('a plan', () => {
  test('spends the budget to the minor unit, within the limits, and on nobody who cannot be reached', () => {
    const world = fc.record({
      seed: fc.integer({ min: 1, max: 10_000 }),
      budget: fc.integer({ min: 0, max: 20_000 }).map((cents) => cents / 100),
      max: fc.integer({ min: 0, max: 3000 }).map((cents) => cents / 100),
    });
    fc.assert(
      fc.property(world, ({ seed, budget, max }) => {
        const prospects = prospectsOf(seed, 400);
        const limits = [{ segment: 'champions', tier: 'high', max }];
        const plan = planCampaigns(prospects, options({ budget, limits }));
        const budgets = plan.campaigns.map((campaign) => campaign.budget);
        expect(budgets.reduce((sum, of) => sum + of, 0) + plan.unspent).toBe(Math.round(100 * budget));
        expect(plan.unspent).toBeGreaterThanOrEqual(0);
        for (const campaign of plan.campaigns) {
          expect(Number.isInteger(campaign.budget)).toBe(true);
          expect(Math.abs(campaign.budget - campaign.cost)).toBeLessThanOrEqual(1);
          if (campaign.name === 'champions-high') expect(campaign.cost).toBeLessThanOrEqual(100 * max + 1e-6);
          for (const customer of [...campaign.treated, ...campaign.control])
            expect(prospects.reachable[campaign.channel][customer]).toBe(1);
          const both = new Set([...campaign.treated, ...campaign.control]);
          expect(both.size).toBe(campaign.treated.length + campaign.control.length);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('gives a segment its minimum even where it brings less than elsewhere, and refuses minima above the budget', () => {
    const limits = [{ segment: 'champions', tier: 'low', min: 5 }];
    const prospects = prospectsOf(3, 600);
    const plan = planCampaigns(prospects, options({ budget: 20, limits }));
    expect(plan.campaigns.find(({ name }) => name === 'champions-low')?.budget).toBeGreaterThanOrEqual(500);
    expect(campaignSettings.safeParse({ budget: 4, limits }).success).toBe(false);
  });

  test('leaves the same customers out whatever the order of the rows, and all of them when the group grows', () => {
    const prospects = prospectsOf(5, 900);
    const reversed: Prospects = {
      customerIds: [...prospects.customerIds].reverse(),
      tiers: prospects.tiers.slice().reverse(),
      groups: prospects.groups.slice().reverse(),
      probability: prospects.probability.slice().reverse(),
      orderValue: prospects.orderValue.slice().reverse(),
      reachable: {
        email: prospects.reachable.email.slice().reverse(),
        sms: prospects.reachable.sms.slice().reverse(),
        phone: prospects.reachable.phone.slice().reverse(),
      },
    };
    const controls = (of: Prospects, settings: object) =>
      new Map(
        planCampaigns(of, options(settings)).campaigns.map(({ name, control }) => [
          name,
          Array.from(control, (customer) => of.customerIds[customer] as string).sort(),
        ]),
      );
    const share = { minControlShare: 0.1, maxControlShare: 0.1 };
    expect(controls(reversed, share)).toEqual(controls(prospects, share));
    const larger = controls(prospects, { minControlShare: 0.3, maxControlShare: 0.3 });
    for (const [name, ids] of controls(prospects, share))
      expect(larger.get(name)).toEqual(expect.arrayContaining(ids));
  });

  test('tells what is assumed, and goes by what was measured once it was', () => {
    const assumption = assumedLift([0.1, 0.2], { uncertainty: 0.1 });
    expect(assumption.logOddsMean).toBeCloseTo(Math.log(1.1 * 1.2), 12);
    const nothing = {
      campaign: 'a',
      treated: 20_000,
      treatedBuyers: 2000,
      control: 20_000,
      controlBuyers: 2000,
    };
    const measured = measuredLift(assumption, [nothing]);
    expect(measured.basis).toBe('measured');
    expect(measured.shareMeasured).toBeGreaterThan(0.85);
    expect(Math.abs(measured.logOddsMean)).toBeLessThan(0.05);
    expect(measured.logOddsSd).toBeLessThan(0.04);
    const few = { ...nothing, treated: 30, treatedBuyers: 3, control: 30, controlBuyers: 3 };
    expect(measuredLift(assumption, [few]).shareMeasured).toBeLessThan(0.03);
  });

  test('ranks by what a drawn campaign taught of its customers, and moves them all no more than was measured', () => {
    const prospects = prospectsOf(7, 900);
    const champions = { segment: 'champions', tier: 'high', channel: 'sms', offer: 'none' };
    const groups = { treated: 4000, treatedBuyers: 1300, control: 4000, controlBuyers: 1000 };
    const settings = {
      budget: 8,
      channels: [channels[1]],
      offers: [{ offer: 'none', discount: 0, assumedLift: 0 }],
    };
    const plan = (learned: Map<string, Float64Array>) =>
      planCampaigns(prospects, {
        ...options(settings),
        measured: [{ campaign: 'spring', ...groups, ...champions }],
        learned,
      }).campaigns.find(({ name }) => name === 'champions-high');
    // every third customer is moved, the others hardly are
    const taught = Float64Array.from(prospects.customerIds, (_, at) =>
      at % 3 === 0 ? 0.9 : at % 7 === 0 ? Number.NaN : -0.1,
    );
    const [plain, ranked] = [plan(new Map()), plan(new Map([['spring', taught]]))];
    const shareMoved = (customers: Uint32Array | undefined) =>
      (customers ?? []).filter((customer) => customer % 3 === 0).length / (customers?.length ?? 0);
    expect(plain?.lift.rankedBy).toBeNull();
    expect(shareMoved(plain?.treated)).toBeLessThan(0.6);
    expect(ranked?.lift).toMatchObject({ rankedBy: 'spring', basis: 'measured', campaigns: ['spring'] });
    expect(ranked?.lift.logOddsMean).toBe(plain?.lift.logOddsMean);
    expect(shareMoved(ranked?.treated)).toBeGreaterThan(0.8);
    expect(shareMoved(ranked?.control)).toBeGreaterThan(0.6);
    // what another campaign taught says nothing of this one
    expect(plan(new Map([['autumn', taught]]))?.lift.rankedBy).toBeNull();
  });

  test('contacts nobody where a contact does nothing', () => {
    const idle = {
      channels: [{ channel: 'email', contactCost: 0.05, assumedLift: 0 }],
      liftUncertainty: 0.001,
    };
    const offers = [{ offer: 'none', discount: 0, assumedLift: 0 }];
    const plan = planCampaigns(prospectsOf(4, 400), options({ ...idle, offers }));
    expect(plan.campaigns).toEqual([]);
    expect(new Set(plan.notPlanned.map(({ reason }) => reason))).toEqual(new Set(['notWorthIt']));
  });
});

describe('the budget', () => {
  const claimsOf = (seed: number, customers: number): Claim[] => {
    const prospects = prospectsOf(seed, customers);
    return [0, 1, 2].map((group) => {
      const members = Uint32Array.from(
        Array.from(prospects.customerIds.keys()).filter((at) => prospects.groups[at] === group),
      );
      const curves = channels.map(({ channel, contactCost, assumedLift: lift }) =>
        profitCurve(
          prospects,
          {
            ...{ channel, offer: 'none', discount: 0, contactCost: 100 * contactCost },
            lift: assumedLift([lift], { uncertainty: 0.1 }),
          },
          { customers: members, margin: 0.5 },
        ),
      );
      return { curves, min: 0, max: null };
    });
  };

  test('brings what the best of all ways to spend it brings, but for what one customer more would', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const claims = claimsOf(seed, 24);
      const budget = 150;
      const { grants } = allocateBudget(claims, { budget });
      const got = grants.reduce((sum, { gain, cost }) => sum + gain - cost, 0);
      const best = bestOfAll(claims, budget);
      expect(got).toBeLessThanOrEqual(best + 1e-9);
      const single = claims.flatMap(({ curves }) =>
        curves.map(({ cumulativeGain }) => cumulativeGain[1] ?? 0),
      );
      expect(got).toBeGreaterThan(best - Math.max(...single));
      expect(got).toBeGreaterThan(0.9 * best);
    }
  });

  test('that is larger brings no less', () => {
    const claims = claimsOf(9, 200);
    const profits = [0, 50, 200, 800, 3000].map((budget) =>
      allocateBudget(claims, { budget }).grants.reduce((sum, { gain, cost }) => sum + gain - cost, 0),
    );
    expect(profits).toEqual([...profits].sort((one, other) => one - other));
    expect(allocateBudget(claims, { budget: 1e9 }).next).toBeNull();
  });

  test('below the minima is refused', () => {
    const [claim] = claimsOf(1, 24) as [Claim];
    expect(() => allocateBudget([{ ...claim, min: 10 }], { budget: 9 })).toThrow('minima come to 10');
  });
});

/** Every approach and every number of customers in each of three segments. */
function bestOfAll(claims: readonly Claim[], budget: number): number {
  const [first, ...others] = claims;
  if (first === undefined) return 0;
  let best = bestOfAll(others, budget);
  for (const { cumulativeCost, cumulativeGain } of first.curves)
    for (let count = 1; count < cumulativeCost.length; count++) {
      const cost = cumulativeCost[count] as number;
      if (cost > budget) break;
      best = Math.max(best, (cumulativeGain[count] as number) - cost + bestOfAll(others, budget - cost));
    }
  return best;
}

describe('the interval of the profit', () => {
  test('holds what comes true in nine of ten simulated campaigns', () => {
    const prospects = prospectsOf(6, 500);
    const approach = {
      ...{ channel: 'email', offer: 'ten', discount: 0.1, contactCost: 20 },
      lift: assumedLift([0.4], { uncertainty: 0.2 }),
    };
    const customers = Uint32Array.from(prospects.customerIds.keys());
    const { low, high, profit } = forecastCampaign(prospects, { approach, customers, margin: 0.5 });
    const generator = seededGenerator(8);
    const realised = Array.from({ length: 400 }, () => {
      const normal =
        Math.sqrt(-2 * Math.log(1 - uniform(generator))) * Math.cos(2 * Math.PI * uniform(generator));
      const ratio = Math.exp(approach.lift.logOddsMean + approach.lift.logOddsSd * normal);
      return prospects.probability.reduce((sum, before, at) => {
        const value = prospects.orderValue[at] as number;
        const contacted = uniform(generator) < liftedProbability(before, ratio) ? 0.4 * value : 0;
        const left = uniform(generator) < before ? 0.5 * value : 0;
        return sum + contacted - left - 20;
      }, 0);
    });
    const inside = realised.filter((value) => low <= value && value <= high).length / realised.length;
    expect(inside).toBeGreaterThan(0.9 - 3 * Math.sqrt(0.09 / 400));
    expect(inside).toBeLessThan(0.9 + 3 * Math.sqrt(0.09 / 400));
    const mean = realised.reduce((sum, value) => sum + value, 0) / realised.length;
    expect(Math.abs(mean - profit)).toBeLessThan((high - low) / 10);
  });
});

test('a draw belongs to the customer and the campaign, is uniform, and differs between campaigns', () => {
  const draws = Array.from({ length: 4000 }, (_, at) => keyedDraw(`C${at}`, { campaign: 'a', seed: 1 }));
  expect(keyedDraw('C7', { campaign: 'a', seed: 1 })).toBe(draws[7]);
  for (const share of [0.1, 0.5, 0.9]) {
    const below = draws.filter((draw) => draw < share).length / draws.length;
    expect(Math.abs(below - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / draws.length));
  }
  const others = draws.map((_, at) => keyedDraw(`C${at}`, { campaign: 'b', seed: 1 }));
  const both = draws.filter((draw, at) => draw < 0.5 && (others[at] as number) < 0.5).length / draws.length;
  expect(Math.abs(both - 0.25)).toBeLessThan(0.03);
});
