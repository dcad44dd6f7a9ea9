import { type RandomGenerator, seededGenerator } from '../math/random.ts';
import { type AdHistory, addAdRowInPlace, createAdHistory } from './adHistory.ts';
import type { BidAnswer, BidStatus } from './answer.ts';
import type { AdEvidence } from './bidModel.ts';
import { type BidFit, fitBidModel } from './fitBidModel.ts';
import { noGuardrails } from './guardrails.ts';
import { bestMultiple, drawMarket, expectedWeek, type Market, runWeek } from './market.ts';
import { type Auction, type BidSettings, bidSettings } from './settings.ts';
import { suggestBids } from './suggestBids.ts';

/** `portfolioGuarded` is the portfolio as it ships, with all guardrails; the others go by their policy alone. */
export const simulatedPolicies = [
  'human',
  'linearAsWritten',
  'linearRescaled',
  'revenuePerClick',
  'laplace',
  'portfolio',
  'portfolioGuarded',
  'oracle',
] as const;
export type SimulatedPolicy = (typeof simulatedPolicies)[number];

export interface SimulationOptions {
  seed: number;
  medianClicks: number;
  policy: SimulatedPolicy;
  auction?: Auction;
  /** Given, there is no budget but this to reach. */
  target?: { roas?: number; cpaMicros?: number };
  liveWeeks?: number;
}

/** Money in micros. */
export interface LiveWeek {
  budget: number;
  /** What the platform charged. */
  spent: number;
  revenue: number;
  /** Of the week's bids in truth, before chance: what they cost without the budget's end, and what they bring with it. */
  truth: { demanded: number; spend: number; value: number; conversions: number };
  /** What the policy said; null where it says nothing. */
  answer: BidAnswer | null;
}

export interface Simulation {
  market: Market;
  weeks: LiveWeek[];
}

/** Four weeks of human bids, then some in which the policy bids anew every week, from what a shop has seen by then. */
export function simulate({
  seed,
  medianClicks,
  policy,
  auction = 'secondPrice',
  target,
  liveWeeks = 6,
}: SimulationOptions): Simulation {
  const market = drawMarket(seededGenerator(seed), { medianClicks, auction });
  const budget = target === undefined ? market.weeklyBudget : Number.POSITIVE_INFINITY;
  const history = createAdHistory();
  const generator = seededGenerator(seed + 1_000_003);
  for (let week = 0; week < historyWeeks; week++)
    liveInPlace(history, market, { generator, week, bids: humanBids(market), budget: market.weeklyBudget });
  const settings = settingsOf(policy, { auction, budget, target });
  let pacing: PlaceOptions['pacing'] = null;
  const weeks = Array.from({ length: liveWeeks }, (_, index): LiveWeek => {
    const { bids, answer } = placeBids(market, history, { policy, settings, seed, pacing });
    const seen = liveInPlace(history, market, { generator, week: historyWeeks + index, bids, budget });
    pacing = answer && {
      expectedSpendMicros: answer.portfolio.expectedSpendMicros,
      demandedSpendMicros: seen.demanded,
    };
    return {
      budget,
      spent: seen.spent,
      revenue: seen.revenue,
      truth: expectedWeek(market, bids, budget),
      answer,
    };
  });
  return { market, weeks };
}

/** How many of a week's 90 % intervals hold what a click is truly worth. */
export function coveredRows({ groups }: Market, { answer }: LiveWeek): number {
  const truth = new Map(
    groups.map(({ id, conversionRate, orderValue }) => [id, conversionRate * orderValue]),
  );
  const rows = answer?.rows ?? [];
  return rows.filter(({ id, valuePerClick: { lowMicros, highMicros } }) => {
    const worth = truth.get(id) as number;
    return lowMicros <= worth && worth <= highMicros;
  }).length;
}

export const rowsWithStatus = ({ answer }: LiveWeek, status: BidStatus): number =>
  (answer?.rows ?? []).filter((row) => row.status === status).length;

const historyWeeks = 4;
/** A Monday, in days since 1970-01-01. */
const firstDay = 20_458;

const humanBids = ({ groups }: Market): number[] => groups.map(({ humanBid }) => humanBid);

function liveInPlace(
  history: AdHistory,
  market: Market,
  {
    generator,
    week,
    bids,
    budget,
  }: { generator: RandomGenerator; week: number; bids: readonly number[]; budget: number },
): { spent: number; revenue: number; demanded: number } {
  const seen = { spent: 0, revenue: 0, demanded: 0 };
  for (const row of runWeek(market, {
    generator,
    bids,
    firstDay: firstDay + 7 * week,
    weeklyBudget: budget,
  })) {
    addAdRowInPlace(history, row);
    seen.spent += row.spendMicros;
    seen.revenue += row.revenueMicros ?? 0;
    seen.demanded += row.spendMicros / (row.servedShare ?? 1);
  }
  return seen;
}

function settingsOf(
  policy: SimulatedPolicy,
  { auction, budget, target }: { auction: Auction; budget: number; target: SimulationOptions['target'] },
): BidSettings {
  const settings = bidSettings.parse({});
  const unlimited = policy === 'linearAsWritten' || budget === Number.POSITIVE_INFINITY;
  return {
    ...settings,
    auction,
    policy: policy.startsWith('linear')
      ? 'linear'
      : policy.startsWith('portfolio')
        ? 'portfolio'
        : 'revenuePerClick',
    budgetMicros: unlimited ? 1e15 : Math.round(budget),
    target: { roas: target?.roas ?? null, cpaMicros: target?.cpaMicros ?? null },
    guardrails: policy === 'portfolioGuarded' ? settings.guardrails : noGuardrails,
  };
}

interface PlaceOptions {
  policy: SimulatedPolicy;
  settings: BidSettings;
  seed: number;
  pacing: { expectedSpendMicros: number; demandedSpendMicros: number } | null;
}

function placeBids(
  market: Market,
  history: AdHistory,
  { policy, settings, seed, pacing }: PlaceOptions,
): { bids: number[]; answer: BidAnswer | null } {
  if (policy === 'human') return { bids: humanBids(market), answer: null };
  if (policy === 'oracle') return { bids: bestBids(market, settings), answer: null };
  const fit = fitBidModel(history, { settings, seed });
  const ads = policy === 'laplace' ? laplaceAds(fit) : fit.ads;
  const answer = suggestBids(fit.model, ads, { settings, pacing, withCurves: false });
  const bids = new Map(answer.rows.map(({ id, suggestedBidMicros }) => [id, suggestedBidMicros]));
  // a group that was never shown is no row of the table, and keeps its bid
  return { bids: market.groups.map(({ id, humanBid }) => bids.get(id) ?? humanBid), answer };
}

/** Of somebody who knew the whole market. */
function bestBids(market: Market, { budgetMicros, target: { roas, cpaMicros } }: BidSettings): number[] {
  const worths = market.groups.map(({ conversionRate, orderValue }) => conversionRate * orderValue);
  return bestMultiple(market, worths, (bids) => {
    const { demanded, value, conversions } = expectedWeek(market, bids);
    return (
      demanded <= (budgetMicros ?? Number.POSITIVE_INFINITY) &&
      value >= (roas ?? 0) * demanded &&
      demanded <= (cpaMicros ?? Number.POSITIVE_INFINITY) * conversions
    );
  });
}

/** One success and one failure more than there were, at the account's mean value, dressed up as revenue per click. */
const laplaceAds = ({ model, ads }: BidFit): AdEvidence[] =>
  ads.map((ad) => ({
    ...ad,
    revenueMicros: ((ad.conversions + 1) / (ad.clicks + 2)) * model.conversionValue.account.mean * ad.clicks,
  }));
