import { describe, expect, it } from 'vitest';
import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import { fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { noGuardrails } from '../../../lib/bids/guardrails.ts';
import { bidSettings } from '../../../lib/bids/settings.ts';
import { paceDemand } from '../../../lib/bids/solveKappa.ts';
import { type BidOptions, suggestBids } from '../../../lib/bids/suggestBids.ts';
import { adRow } from '../../support/adRows.ts';

const settings = bidSettings.parse({});

/** Thirty ads with something to tell, and `cold` ones with nothing yet. */
function shopOf({ cold = 0 }: { cold?: number } = {}) {
  const known = Array.from({ length: 30 }, (_, ad) => {
    const clicks = 200 + 10 * ad;
    const conversions = Math.round(clicks * 0.01 * (1 + (ad % 8)));
    return adRow({
      id: `ad ${String(ad).padStart(2, '0')}`,
      campaign: `campaign ${ad % 3}`,
      impressions: clicks * 50,
      clicks,
      conversions,
      spendMicros: clicks * (330_000 + 10_000 * (ad % 5)),
      revenueMicros: conversions * 25_000_000,
      currentBidMicros: 450_000 + 20_000 * (ad % 5),
    });
  });
  const unknown = Array.from({ length: cold }, (_, ad) =>
    adRow({
      id: `cold ${ad}`,
      campaign: `campaign ${ad % 3}`,
      impressions: 40,
      clicks: 1,
      spendMicros: 300_000,
      revenueMicros: 0,
      currentBidMicros: 500_000,
    }),
  );
  return fitBidModel(adHistoryOf([...known, ...unknown]), { settings, seed: 1 });
}

const { model, ads } = shopOf();
const bidWith = (changes: Partial<BidOptions['settings']>, options: Partial<BidOptions> = {}) =>
  suggestBids(model, ads, {
    settings: { ...settings, guardrails: noGuardrails, ...changes },
    withCurves: false,
    ...options,
  });
const returnOf = ({ portfolio }: ReturnType<typeof bidWith>): number =>
  portfolio.expectedRevenueMicros / portfolio.expectedSpendMicros;
const timesTheEvidence = (times: number) =>
  ads.map((ad) => ({
    ...ad,
    maturedClicks: times * ad.maturedClicks,
    clicks: times * ad.clicks,
    conversions: times * ad.conversions,
    levels: ad.levels.map((level) => ({
      ...level,
      impressions: times * level.impressions,
      clicks: times * level.clicks,
      spendMicros: times * level.spendMicros,
    })),
    valuedConversions: times * ad.valuedConversions,
    revenueMicros: times * ad.revenueMicros,
    spendMicros: times * ad.spendMicros,
  }));
const costOf = ({ portfolio }: ReturnType<typeof bidWith>): number =>
  portfolio.expectedSpendMicros / portfolio.expectedConversions;

describe('kappa', () => {
  it('is set by the budget, or by the target where that is stricter', () => {
    const byBudget = bidWith({ budgetMicros: 300_000_000 });
    expect(byBudget.portfolio.binding).toBe('budget');
    expect(byBudget.portfolio.expectedSpendMicros).toBeGreaterThan(299_000_000);
    const roas = 1.3 * returnOf(byBudget);
    const byTarget = bidWith({ budgetMicros: 300_000_000, target: { roas, cpaMicros: null } });
    expect(byTarget.portfolio.binding).toBe('targetRoas');
    expect(returnOf(byTarget)).toBeGreaterThanOrEqual(roas * (1 - 1e-6));
    expect(returnOf(byTarget)).toBeLessThanOrEqual(roas * 1.051);
    expect(byTarget.portfolio.kappa).toBeLessThan(byBudget.portfolio.kappa ?? 0);
    const loose = bidWith({ budgetMicros: 300_000_000, target: { roas: 0.5 * roas, cpaMicros: null } });
    expect(loose.portfolio.binding).toBe('budget');
    expect(loose.rows).toEqual(byBudget.rows);
  });

  it('keeps what a conversion may cost', () => {
    const cpaMicros = Math.round(0.8 * costOf(bidWith({ budgetMicros: 300_000_000 })));
    const answer = bidWith({ budgetMicros: 300_000_000, target: { roas: null, cpaMicros } });
    expect(answer.portfolio.binding).toBe('targetCpa');
    expect(costOf(answer)).toBeLessThanOrEqual(cpaMicros * (1 + 1e-5));
    expect(costOf(answer)).toBeGreaterThanOrEqual(cpaMicros / 1.051);
  });

  it('expects more than a target asks for, by as much as is not known, and says so', () => {
    const target = { roas: 1.3 * returnOf(bidWith({ budgetMicros: 300_000_000 })), cpaMicros: null };
    const asked = (times: number) =>
      suggestBids(model, timesTheEvidence(times), {
        settings: { ...settings, guardrails: noGuardrails, target, budgetMicros: 300_000_000 * times },
        withCurves: false,
      });
    const [few, many] = [asked(1), asked(20)];
    for (const answer of [few, many]) {
      expect(answer.portfolio.binding).toBe('targetRoas');
      expect(answer.portfolio.notes.map(({ code }) => code)).toContain('targetHeldSurely');
    }
    expect(returnOf(few)).toBeGreaterThan(1.02 * target.roas);
    expect(returnOf(many)).toBeGreaterThan(target.roas);
    expect(returnOf(many) / target.roas - 1).toBeLessThan(0.6 * (returnOf(few) / target.roas - 1));
    expect(bidWith({ budgetMicros: 300_000_000 }).portfolio.notes.map(({ code }) => code)).not.toContain(
      'targetHeldSurely',
    );
  });

  it.each([
    [false, 'maxTimesCostPerClick'],
    [true, 'maxChange'],
  ])('goes past twice what a click cost only where the settings let it (%s)', (upToSureWorth, hit) => {
    const guardrails = { ...settings.guardrails, upToSureWorth };
    // paid a quarter of the bid in force, so that twice of it is below
    const cheap = ads.map((ad) => ({ ...ad, recentCostMicros: 0.5 * (ad.currentBidMicros ?? 0) }));
    const { rows } = suggestBids(model, cheap, {
      settings: { ...settings, guardrails, budgetMicros: 10 ** 12 },
      withCurves: false,
    });
    const rich = rows.filter(
      ({ valuePerClick, currentBidMicros }) => valuePerClick.lowMicros > 2 * (currentBidMicros ?? 0),
    );
    expect(rich.length).toBeGreaterThan(3);
    for (const { guardrailsHit } of rich) expect(guardrailsHit).toEqual([hit]);
    if (!upToSureWorth)
      for (const { suggestedBidMicros, currentBidMicros } of rows)
        expect(suggestedBidMicros).toBeLessThanOrEqual(currentBidMicros ?? 0);
  });

  it('never pays more for a click than it is worth, and says that value is what binds', () => {
    const { portfolio, rows } = bidWith({ budgetMicros: 10 ** 13 });
    expect(portfolio).toMatchObject({ kappa: 1, binding: 'value' });
    for (const { suggestedBidMicros, valuePerClick } of rows)
      expect(suggestedBidMicros).toBeLessThanOrEqual(valuePerClick.meanMicros + 1);
  });

  it('says what is feasible where a target is not', () => {
    const never = bidWith({ budgetMicros: null, target: { roas: 9000, cpaMicros: null } });
    expect(never.portfolio.infeasible?.message).toMatch(
      /^a return of 9000 is out of reach on the fitted curves/,
    );
    const feasible = never.portfolio.infeasible?.feasibleRoas ?? 0;
    expect(feasible).toBeGreaterThan(1);
    expect(bidWith({ target: { roas: 0.95 * feasible, cpaMicros: null } }).portfolio.infeasible).toBeNull();
  });

  it('tells a target that is out of reach in one round from one that is out of reach', () => {
    const roas = 2.5 * returnOf(bidWith({ budgetMicros: 300_000_000 }));
    const { portfolio } = bidWith({ target: { roas, cpaMicros: null }, guardrails: settings.guardrails });
    expect(portfolio.infeasible?.message).toMatch(/in one round/);
    expect(bidWith({ target: { roas, cpaMicros: null } }).portfolio.infeasible).toBeNull();
  });

  it('takes what was spent so far for the budget where none is named', () => {
    const { portfolio } = bidWith({});
    expect(portfolio.budgetMicros).toBe(Math.round((model.totals.spendMicros / 28) * 7));
    expect(portfolio).toMatchObject({ budgetGiven: false, binding: 'budget' });
    expect(portfolio.notes.map(({ code }) => code)).toContain('budgetOfThePast');
  });

  it('cuts deeper than guardrails allow before it breaks a budget', () => {
    const { portfolio, rows } = bidWith({ budgetMicros: 5_000_000, guardrails: settings.guardrails });
    expect(portfolio.expectedSpendMicros).toBeLessThanOrEqual(5_000_000);
    expect(portfolio.notes.map(({ code }) => code)).toContain('budgetOverGuardrails');
    expect(rows.some(({ guardrailsHit }) => guardrailsHit.includes('budgetOverMaxChange'))).toBe(true);
  });

  it('puts the next unit of money where it earns most: without guardrails everywhere the same', () => {
    const { portfolio } = bidWith({ budgetMicros: 200_000_000 });
    const returns = portfolio.nextUnitOfMoney.map(({ marginalReturn }) => marginalReturn);
    expect(returns).toHaveLength(10);
    for (const each of returns) expect(each).toBeCloseTo(1 / (portfolio.kappa ?? 0), 4);
  });

  it('earns more on the same curves than the baselines do, with either auction', () => {
    for (const auction of ['secondPrice', 'firstPrice'] as const) {
      const valueBy = (policy: 'portfolio' | 'revenuePerClick' | 'linear'): number =>
        bidWith({ budgetMicros: 250_000_000, policy, auction }).portfolio.expectedValueMicros;
      expect(valueBy('portfolio')).toBeGreaterThan(valueBy('revenuePerClick'));
      expect(valueBy('portfolio')).toBeGreaterThan(1.05 * valueBy('linear'));
    }
  });
});

describe('pacing', () => {
  it('goes by what was demanded, not by what the budget let through', () => {
    const expectedSpendMicros = 100_000_000;
    const capped = paceDemand({ expectedSpendMicros, demandedSpendMicros: 100_000_000 });
    const demanded = paceDemand({ expectedSpendMicros, demandedSpendMicros: 200_000_000 });
    expect(capped).toBe(1);
    expect(demanded).toBeGreaterThan(1.15);
    expect(paceDemand({ expectedSpendMicros: 0, demandedSpendMicros: 5 })).toBe(1);
    const kappa = (demandedSpendMicros: number): number =>
      bidWith({ budgetMicros: 300_000_000 }, { pacing: { expectedSpendMicros, demandedSpendMicros } })
        .portfolio.kappa ?? 0;
    expect(kappa(200_000_000)).toBeLessThan(kappa(100_000_000));
    expect(kappa(50_000_000)).toBeGreaterThan(kappa(100_000_000));
  });
});

describe('the learning budget', () => {
  it('lifts cold ads, while all together keep the budget', () => {
    const shop = shopOf({ cold: 6 });
    const bid = (learningShare: number) =>
      suggestBids(shop.model, shop.ads, {
        settings: {
          ...settings,
          budgetMicros: 200_000_000,
          guardrails: { ...settings.guardrails, learningShare, maxChange: 10, maxTimesCostPerClick: 100 },
        },
        withCurves: false,
      });
    const [without, withIt] = [bid(0), bid(0.08)];
    const coldSum = (answer: typeof without): number =>
      answer.rows.reduce((sum, row) => sum + (row.status === 'LEARNING' ? row.suggestedBidMicros : 0), 0);
    expect(withIt.rows.filter(({ status }) => status === 'LEARNING')).toHaveLength(6);
    expect(coldSum(withIt)).toBeGreaterThan(coldSum(without));
    expect(withIt.portfolio.expectedSpendMicros).toBeLessThanOrEqual(200_000_000);
    expect(withIt.rows.find(({ id }) => id === 'cold 0')?.guardrailsHit).toContain('learningBudget');
  });
});
