import { normalQuantile } from '../math/normalQuantile.ts';
import type { BidPortfolio } from './answer.ts';
import type { Bidder } from './bidder.ts';
import type { GuardMode } from './guardrails.ts';
import { type PortfolioTotal, PortfolioTotals } from './portfolioTotals.ts';
import type { Auction } from './settings.ts';

export interface Round {
  auction: Auction;
  cycleDays: number;
  /** What demand turned out to be over what the curves said, from `paceDemand`; 1 without. */
  demandScale: number;
}

export interface Constraints {
  budgetMicros: number | null;
  roas: number | null;
  cpaMicros: number | null;
  /** No event is bid above this share of its worth. */
  highestKappa: number;
  /** Share of the budget that cold ads get, if they can use it. */
  learningShare: number;
}

export interface Solution {
  kappa: number;
  /** Of cold ads, where the learning budget lifts them; else `kappa`. */
  coldKappa: number;
  mode: GuardMode;
  binding: BidPortfolio['binding'];
  infeasible: BidPortfolio['infeasible'];
}

/**
 * The greatest multiplier whose bids keep the budget and the targets on the fitted curves. With one multiplier for all, the
 * next unit of money earns the same everywhere, which is the optimum of the second price (Borgs et al. 2007; Feldman et al.
 * 2007; as the dual of a budget Balseiro and Gur 2019). Spend never falls with it, so that bisection finds it.
 */
export function solveKappa(bidders: readonly Bidder[], round: Round, constraints: Constraints): Solution {
  const { budgetMicros, highestKappa } = constraints;
  const totals = new PortfolioTotals(bidders, round);
  const spendAt = (kappa: number, mode: GuardMode): number => totals.spendAt({ kappa, mode });
  const budget = budgetMicros ?? Number.POSITIVE_INFINITY;
  const mode = modes.find((each) => spendAt(0, each) <= budget) ?? 'belowFloor';
  let kappa = greatest(highestKappa, (each) => spendAt(each, mode) <= budget);
  let binding: Solution['binding'] = 'budget';
  if (kappa === highestKappa)
    binding = spendAt(8 * kappa, mode) > spendAt(kappa, mode) ? 'value' : 'guardrails';
  let infeasible: Solution['infeasible'] = null;
  for (const target of targetsOf(constraints)) {
    const held = holdTarget(totals, { target, kappa, mode });
    if (held.kappa < kappa || held.infeasible !== null) {
      kappa = held.kappa;
      binding = target.binding;
    }
    infeasible ??= held.infeasible;
  }
  const solution = { kappa, coldKappa: kappa, mode, binding, infeasible };
  const hasCold = bidders.some(isCold);
  return binding === 'budget' && hasCold ? withLearning(totals, { solution, constraints }) : solution;
}

/**
 * What the last round demanded over what it was expected to, half of it believed, as the scale of the next round's demand.
 * Demanded, not spent: where a budget cut the round short, what was spent says nothing of what bids would have cost.
 */
export function paceDemand({
  expectedSpendMicros,
  demandedSpendMicros,
}: {
  expectedSpendMicros: number;
  demandedSpendMicros: number;
}): number {
  if (!(expectedSpendMicros > 0 && demandedSpendMicros > 0)) return 1;
  return Math.min(2, Math.max(0.5, (demandedSpendMicros / expectedSpendMicros) ** 0.25));
}

const isCold = ({ cold }: Bidder): boolean => cold;

const modes = ['guarded', 'cut', 'belowFloor'] as const;

/** Between 0, which is allowed, and `most`, by bisection of its logarithm; the same points for every constraint. */
function greatest(most: number, allowed: (kappa: number) => boolean): number {
  if (allowed(most)) return most;
  let [low, high] = [0, most];
  for (let round = 0; round < 60 && high > low * (1 + 1e-7); round++) {
    const middle = low === 0 ? high / 8 : Math.sqrt(low * high);
    if (allowed(middle)) low = middle;
    else high = middle;
  }
  return low;
}

interface Target {
  binding: 'targetRoas' | 'targetCpa';
  /** At most 1 where the target is met; how far it is missed above. */
  shortfall: (total: PortfolioTotal, held: (mean: number, deviation: number) => number) => number;
  sentence: (total: PortfolioTotal) => string;
  aim: string;
}

/**
 * What counts towards a target: what is expected, less what holds it with 75 %. By the mean alone every other target would be
 * missed, and by more, as prices tell of worth too: what is won at a low price is worth a little less than its clicks
 * say. Five percent at most, lest a shop of few clicks be bid out of its market.
 */
const threeToOne = (mean: number, deviation: number): number =>
  Math.max(mean - normalQuantile(0.75) * deviation, mean / 1.05);
const asExpected = (mean: number): number => mean;

function targetsOf({ roas, cpaMicros }: Constraints): Target[] {
  const targets: Target[] = [];
  if (roas !== null)
    targets.push({
      binding: 'targetRoas',
      shortfall: ({ revenueMicros, revenueDeviation, costMicros }, held) =>
        costMicros === 0 ? 0 : (roas * costMicros) / held(revenueMicros, revenueDeviation),
      sentence: (total) => `${(roasOf(total) ?? 0).toFixed(2)} of revenue per unit of spend`,
      aim: `a return of ${roas}`,
    });
  if (cpaMicros !== null)
    targets.push({
      binding: 'targetCpa',
      shortfall: ({ conversions, conversionsDeviation, costMicros }, held) =>
        costMicros === 0 ? 0 : costMicros / held(conversions, conversionsDeviation) / cpaMicros,
      sentence: (total) => `${((cpaOf(total) ?? 0) / 1e6).toFixed(2)} per conversion`,
      aim: `${(cpaMicros / 1e6).toFixed(2)} per conversion`,
    });
  return targets;
}

export const roasOf = ({ revenueMicros, costMicros }: PortfolioTotal): number | null =>
  costMicros > 0 ? revenueMicros / costMicros : null;
export const cpaOf = ({ conversions, costMicros }: PortfolioTotal): number | null =>
  conversions > 0 ? costMicros / conversions : null;

/** Returns fall as bids rise, but guardrails may bend that: so a scan from above, then bisection where it first holds. */
function holdTarget(
  totals: PortfolioTotals,
  { target, kappa, mode }: { target: Target; kappa: number; mode: GuardMode },
): Pick<Solution, 'kappa' | 'infeasible'> {
  const shortfallAt = (each: number): number =>
    target.shortfall(totals.totalAt({ kappa: each, mode }), threeToOne);
  let [above, best] = [kappa, { kappa, shortfall: Number.POSITIVE_INFINITY }];
  for (const each of scanned(kappa)) {
    const shortfall = shortfallAt(each);
    if (shortfall <= 1) return { kappa: between(each, above, shortfallAt), infeasible: null };
    if (shortfall < best.shortfall) best = { kappa: each, shortfall };
    above = each;
  }
  const now = totals.totalAt({ kappa: best.kappa, mode });
  const reached = target.shortfall(now, asExpected) <= 1;
  return { kappa: best.kappa, infeasible: reached ? null : feasibleInstead(totals, { target, kappa, now }) };
}

/** What this round comes to, and what would be possible if bids could fall to anything. */
function feasibleInstead(
  totals: PortfolioTotals,
  { target, kappa, now }: { target: Target; kappa: number; now: PortfolioTotal },
): NonNullable<Solution['infeasible']> {
  const unguarded = scanned(kappa).map((each) => {
    const total = totals.totalAt({ kappa: each, mode: 'cut' });
    return { total, shortfall: target.shortfall(total, asExpected) };
  });
  const ever = unguarded.reduce((one, other) => (other.shortfall < one.shortfall ? other : one));
  const message =
    ever.shortfall <= 1
      ? `${target.aim} is out of reach in one round, as bids may fall only so far: this round gives ${target.sentence(now)}, later rounds come nearer`
      : `${target.aim} is out of reach on the fitted curves: the nearest are bids that give ${target.sentence(ever.total)}`;
  const feasible = ever.shortfall <= 1 ? now : ever.total;
  return { message, feasibleRoas: roasOf(feasible), feasibleCpaMicros: cpaOf(feasible) };
}

/** Down to a thousandth, a tenth off at a time. */
const scanned = (kappa: number): number[] => Array.from({ length: 66 }, (_, index) => kappa * 0.9 ** index);

function between(allowed: number, refused: number, shortfallAt: (kappa: number) => number): number {
  let [low, high] = [allowed, refused];
  for (let round = 0; round < 24 && low < high; round++) {
    const middle = Math.sqrt(low * high);
    if (shortfallAt(middle) <= 1) low = middle;
    else high = middle;
  }
  return low;
}

/** Cold ads are lifted, up to what they are worth, until they get their share; the others make room. */
function withLearning(
  totals: PortfolioTotals,
  { solution, constraints }: { solution: Solution; constraints: Constraints },
): Solution {
  const { budgetMicros, learningShare, highestKappa } = constraints;
  const { kappa, mode } = solution;
  if (learningShare === 0 || budgetMicros === null || mode !== 'guarded') return solution;
  const coldSpend = (each: number): number => totals.spendAt({ kappa: each, mode }, isCold);
  const share = learningShare * budgetMicros;
  if (coldSpend(kappa) >= share) return solution;
  const coldKappa = greatest(highestKappa, (each) => coldSpend(each) <= share);
  const fits = (each: number): boolean => totals.spendAt({ kappa: each, coldKappa, mode }) <= budgetMicros;
  if (coldKappa <= kappa || !fits(0)) return solution;
  return { ...solution, kappa: greatest(kappa, fits), coldKappa };
}
