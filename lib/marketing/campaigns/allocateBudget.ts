import { countAbove, countWithin, type ProfitCurve } from './profitCurve.ts';

/** A segment that money can go to: its approaches, of which at most one is taken, and bounds in minor units. */
export interface Claim {
  curves: readonly ProfitCurve[];
  min: number;
  max: number | null;
}

/** What a segment gets: the first `customers` of one of its curves. */
export interface Grant {
  /** Place in the claim's curves; -1 where nobody is contacted. */
  curve: number;
  customers: number;
  /** Expected, minor units. */
  cost: number;
  gain: number;
  /** What is set aside for it, at least its minimum, in whole minor units; all grants and what is left make up the budget exactly. */
  budget: number;
}

export interface Allocation {
  grants: Grant[];
  /** Of the budget; 0 where there is none. */
  unspent: number;
  /** The claim that the next unit of money would go to, and what it would bring; null where nothing pays for itself any more. */
  next: { claim: number; gainPerUnit: number } | null;
}

/**
 * Spreads a budget over segments by marginal profit. A price of money makes each segment take the approach, and as many customers of it, as
 * is worth most at that price; the price is the lowest at which all together stay within the budget (Lagrange's multiplier of the
 * multiple-choice knapsack problem; Sinha & Zoltners 1979). What whole customers leave over goes where it brings most.
 *
 * Throws where the minima alone are above the budget.
 */
export function allocateBudget(claims: readonly Claim[], { budget }: { budget: number | null }): Allocation {
  const minima = claims.reduce((sum, { min }) => sum + min, 0);
  if (budget !== null && minima > budget)
    throw new RangeError(`allocateBudget: the minima come to ${minima}, the budget is ${budget}`);
  const choices = takenAt(claims, budget === null ? 1 : priceWithin(claims, budget));
  if (budget !== null) improveInPlace(claims, choices, budget);
  return asAllocation(claims, choices, budget);
}

interface Choice {
  curve: number;
  customers: number;
}

/** From what each unit must bring at least: 1 is what it costs. */
function priceWithin(claims: readonly Claim[], budget: number): number {
  const fits = (price: number): boolean => totalMoney(claims, takenAt(claims, price)) <= budget;
  if (fits(1)) return 1;
  const finite = claims.flatMap(({ curves }) =>
    curves.map(({ returns }) => returns.find((value) => Number.isFinite(value)) ?? 0),
  );
  let [low, high] = [1, Math.max(1, ...finite)];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const takenAt = (claims: readonly Claim[], price: number): Choice[] =>
  claims.map((claim) => {
    let best: Choice = { curve: -1, customers: 0 };
    let bestWorth = claim.min > 0 ? Number.NEGATIVE_INFINITY : 0;
    for (const [at, curve] of claim.curves.entries()) {
      const customers = withinBounds(claim, curve, countAbove(curve, price));
      const worth = gainOf(curve, customers) - price * costOf(curve, customers);
      if (customers === 0 || worth <= bestWorth) continue;
      best = { curve: at, customers };
      bestWorth = worth;
    }
    return best;
  });

/** As many as the minimum pays for at least, as many as the maximum pays for at most. */
function withinBounds({ min, max }: Claim, curve: ProfitCurve, customers: number): number {
  const affordable = max === null ? curve.customers.length : countWithin(curve, max);
  const paidFor = min === 0 ? 0 : countWithin(curve, min);
  return Math.min(Math.max(customers, paidFor), affordable);
}

/** Money that is left goes, again and again, to the change of one segment that brings most. */
function improveInPlace(claims: readonly Claim[], choices: Choice[], budget: number): void {
  for (let round = 0; round < 4 * claims.length; round++) {
    const left = budget - totalMoney(claims, choices);
    let best: { at: number; choice: Choice; rise: number } | null = null;
    for (const [at, claim] of claims.entries()) {
      const present = profitOf(claim, choices[at] as Choice);
      const available = left + moneyAt(claim, choices[at] as Choice);
      for (const [place, curve] of claim.curves.entries()) {
        const paying = withinBounds(claim, curve, countAbove(curve, 1));
        const choice = { curve: place, customers: Math.min(paying, countWithin(curve, available)) };
        const rise = profitOf(claim, choice) - present;
        if (rise > 1e-9 && rise > (best?.rise ?? 0)) best = { at, choice, rise };
      }
    }
    if (best === null) return;
    choices[best.at] = best.choice;
  }
}

function asAllocation(
  claims: readonly Claim[],
  choices: readonly Choice[],
  budget: number | null,
): Allocation {
  const costs = choices.map((choice, at) => costAt(claims[at] as Claim, choice));
  const budgets = inWholeUnits(choices.map((choice, at) => moneyAt(claims[at] as Claim, choice)));
  const spent = budgets.reduce((sum, of) => sum + of, 0);
  return {
    grants: choices.map(({ curve, customers }, at) => ({
      curve: customers === 0 ? -1 : curve,
      customers,
      cost: costs[at] as number,
      gain: gainAt(claims[at] as Claim, choices[at] as Choice),
      budget: budgets[at] as number,
    })),
    unspent: budget === null ? 0 : budget - spent,
    next: nextUnit(claims, choices),
  };
}

/** Each rounded up or down, so that the sum is the rounded sum. */
function inWholeUnits(costs: readonly number[]): number[] {
  const whole = costs.map(Math.floor);
  const total = Math.floor(costs.reduce((sum, cost) => sum + cost, 0) + 1e-6);
  const left = total - whole.reduce((sum, cost) => sum + cost, 0);
  const byRest = costs
    .map((cost, at) => ({ at, rest: cost - Math.floor(cost) }))
    .sort((one, other) => other.rest - one.rest || one.at - other.at);
  for (const { at } of byRest.slice(0, left)) whole[at] = (whole[at] as number) + 1;
  return whole;
}

function nextUnit(claims: readonly Claim[], choices: readonly Choice[]): Allocation['next'] {
  let best: Allocation['next'] = null;
  for (const [claim, { curves, max }] of claims.entries()) {
    const { curve: chosen, customers } = choices[claim] as Choice;
    for (const [place, curve] of curves.entries()) {
      if (chosen !== -1 && place !== chosen) continue;
      const next = curve.returns[customers] ?? 0;
      const fits = max === null || (curve.cumulativeCost[customers + 1] ?? 0) <= max;
      if (next > 1 && fits && next > (best?.gainPerUnit ?? 0)) best = { claim, gainPerUnit: next };
    }
  }
  return best;
}

const costOf = ({ cumulativeCost }: ProfitCurve, customers: number): number =>
  cumulativeCost[customers] as number;
const gainOf = ({ cumulativeGain }: ProfitCurve, customers: number): number =>
  cumulativeGain[customers] as number;

const costAt = ({ curves }: Claim, { curve, customers }: Choice): number =>
  curve < 0 ? 0 : costOf(curves[curve] as ProfitCurve, customers);
const gainAt = ({ curves }: Claim, { curve, customers }: Choice): number =>
  curve < 0 ? 0 : gainOf(curves[curve] as ProfitCurve, customers);
const profitOf = (claim: Claim, choice: Choice): number => gainAt(claim, choice) - costAt(claim, choice);

/** A minimum is set aside also where whole customers do not use it up. */
const moneyAt = (claim: Claim, choice: Choice): number =>
  choice.customers === 0 ? 0 : Math.max(claim.min, costAt(claim, choice));

const totalMoney = (claims: readonly Claim[], choices: readonly Choice[]): number =>
  choices.reduce((sum, choice, at) => sum + moneyAt(claims[at] as Claim, choice), 0);
