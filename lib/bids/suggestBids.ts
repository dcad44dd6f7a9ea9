import type { BidAnswer, BidPortfolio, BidRow, CurvePoint } from './answer.ts';
import { allowedBid, type Bidder, type BidderSettings, bidders, resultOf, wantedBid } from './bidder.ts';
import type { AdEvidence, BidModel } from './bidModel.ts';
import { confidenceOf, policyReasonOf, reasonsFor, statusOf } from './explain.ts';
import { gammaInterval, type Interval } from './gammaInterval.ts';
import { guardrailsHit } from './guardrails.ts';
import { hazard } from './prices.ts';
import type { BidSettings } from './settings.ts';
import { type Constraints, paceDemand, type Round, type Solution, solveKappa } from './solveKappa.ts';

export interface BidOptions {
  settings: BidderSettings & Pick<BidSettings, 'budgetMicros' | 'target'>;
  /** By segment, 1 for the average; used where `settings.segmentValue.apply` is on. */
  segmentMultipliers?: Readonly<Record<string, number>>;
  /** Of the last round: what it was expected to spend, and what it demanded. */
  pacing?: { expectedSpendMicros: number; demandedSpendMicros: number } | null;
  /** Curves take most of the time. */
  withCurves?: boolean;
}

/** Bids that are settled; rows are made when they are asked for, so that thousands with curves need not be held at once. */
export interface BidPlan {
  portfolio: BidPortfolio;
  /** In the order of the ads. */
  rows: () => Iterable<BidRow>;
}

/** A bid for each ad, in the order given, and what they bring together in one round. Money in micros. */
export function suggestBids(model: BidModel, ads: readonly AdEvidence[], options: BidOptions): BidAnswer {
  const { rows, portfolio } = planBids(model, ads, options);
  return { rows: [...rows()], portfolio };
}

/** As `suggestBids`, for who writes each row and lets go of it. */
export function planBids(model: BidModel, ads: readonly AdEvidence[], options: BidOptions): BidPlan {
  const { settings, segmentMultipliers = {} } = options;
  const constraints = constraintsOf(model, ads, settings);
  return planFor(bidders(model, ads, { settings, segmentMultipliers }), { model, constraints, ...options });
}

/** `planBids`, for ads that are ready. */
export function planFor(
  ready: readonly Bidder[],
  {
    model,
    constraints,
    settings,
    pacing = null,
    withCurves = true,
  }: Omit<BidOptions, 'segmentMultipliers'> & { model: BidModel; constraints: Constraints },
): BidPlan {
  const { auction, cycleDays } = settings;
  const round: Round = { auction, cycleDays, demandScale: pacing === null ? 1 : paceDemand(pacing) };
  const solution = solveKappa(ready, round, constraints);
  const policyReason = policyReasonOf(solution, settings);
  const context = { model, round, settings, constraints, solution, policyReason };
  const placed = ready.map((bidder) => placeBid(bidder, context));
  return {
    portfolio: portfolioOf(placed, context),
    *rows() {
      for (const place of placed) yield rowOf(place, context, withCurves);
    },
  };
}

/** Without a budget or a target, what the ads spent per round so far is the budget. */
export function constraintsOf(
  model: BidModel,
  ads: readonly AdEvidence[],
  { policy, budgetMicros, target, cycleDays, maxShareOfValue, guardrails }: BidOptions['settings'],
): Constraints {
  const { roas, cpaMicros } = target;
  const spent = ads.reduce((sum, ad) => sum + ad.spendMicros, 0);
  const usual =
    roas === null && cpaMicros === null && spent > 0 ? Math.round((spent / model.days) * cycleDays) : null;
  const budget = budgetMicros ?? usual;
  const unpriced =
    model.conversionValue.source === 'unit' && policy !== 'linear' && (budget ?? roas ?? cpaMicros) !== null;
  return {
    budgetMicros: budget,
    roas,
    cpaMicros,
    // conversions that all count alike say nothing of what one is worth
    highestKappa: unpriced ? 1e6 : policy === 'linear' ? 1 : maxShareOfValue,
    learningShare: policy === 'portfolio' ? guardrails.learningShare : 0,
  };
}

export interface BidContext {
  model: BidModel;
  round: Round;
  settings: BidOptions['settings'];
  constraints: Constraints;
  solution: Solution;
  /** In every row. */
  policyReason: string;
}

export interface Placed {
  bidder: Bidder;
  wanted: number;
  bid: number;
  lifted: boolean;
}

function placeBid(bidder: Bidder, { solution }: BidContext): Placed {
  const kappa = bidder.cold ? solution.coldKappa : solution.kappa;
  const bid = allowedBid(bidder, kappa, solution.mode);
  return { bidder, wanted: wantedBid(bidder, kappa), bid, lifted: kappa > solution.kappa };
}

function rowOf(placed: Placed, context: BidContext, withCurves: boolean): BidRow {
  const { bidder, wanted, bid, lifted } = placed;
  const { ad, click } = bidder;
  const { kappa, mode } = context.solution;
  const worth = gammaInterval(click);
  const range = (end: number): number =>
    Math.round(wantedBid(bidder, (click.mean > 0 ? end / click.mean : 1) * kappa));
  const hit = guardrailsHit(wanted, bid, { limits: bidder.limits, mode });
  const guardrails = lifted ? (['learningBudget', ...hit] as const) : hit;
  const status = statusOf(bidder, context.solution, worth);
  return {
    id: ad.id,
    bidType: ad.bidType,
    currentBidMicros: ad.currentBidMicros,
    suggestedBidMicros: bid,
    rangeLowMicros: range(worth.low),
    rangeHighMicros: range(worth.high),
    confidence: confidenceOf(click.mean, worth),
    status,
    valuePerClick: {
      meanMicros: round2(click.mean),
      lowMicros: round2(worth.low),
      highMicros: round2(worth.high),
    },
    evidence: {
      clicks: round2(ad.maturedClicks),
      conversions: ad.conversions,
      priorClicks: round2(click.conversionRate.priorTrials),
      shrinkWeight: round4(click.conversionRate.shrinkWeight),
    },
    reasons: reasonsFor(placed, { context, worth, status, guardrails }),
    guardrailsHit: [...guardrails],
    curve: withCurves ? curvePoints(bidder, bid, context.round) : [],
  };
}

const round2 = (value: number): number => Math.round(100 * value) / 100;
const round4 = (value: number): number => Math.round(10_000 * value) / 10_000;

/** Around the suggested bid, no farther than the curve is known. */
const curveFactors = [0.5, 0.7, 0.85, 1, 1.2, 1.5, 2];

function curvePoints(bidder: Bidder, bid: number, round: Round): CurvePoint[] {
  const middle = bid > 0 ? bid : (bidder.limits.current ?? bidder.curve.highestBid / 2);
  const bids = curveFactors
    .map((factor) => Math.round(middle * factor))
    .filter((each) => each <= bidder.curve.highestBid);
  return bids.map((each) => curvePoint(bidder, each, round));
}

/** What one round may bring at one bid, chance of the round included. */
export function curvePoint(bidder: Bidder, bidMicros: number, round: Round): CurvePoint {
  const result = resultOf(bidder, bidMicros, round);
  const { low, high } = gammaInterval({
    mean: result.valueMicros,
    variance: outcomeVariance(bidder, result),
  });
  return {
    bidMicros,
    clicks: round2(result.clicks),
    costMicros: Math.round(result.costMicros),
    conversions: round4(result.conversions),
    valueMicros: Math.round(result.valueMicros),
    lowMicros: Math.round(low),
    highMicros: Math.round(high),
  };
}

/** Of a round's value: what a click is worth, how many there are, and which of them convert at what value. */
function outcomeVariance(
  { click, curve, worthVariation }: Bidder,
  { valueMicros, conversions }: { valueMicros: number; conversions: number },
): number {
  const ofExpectation = valueMicros ** 2 * (worthVariation + 1 / (curve.events + 1));
  return ofExpectation + conversions * click.perConversionSquared;
}

function portfolioOf(placed: readonly Placed[], context: BidContext): BidPortfolio {
  const { settings, solution, constraints, round, model } = context;
  const results = placed.map(({ bidder, bid }) => resultOf(bidder, bid, round));
  const sum = (of: (index: number) => number): number =>
    results.reduce((total, _, index) => total + of(index), 0);
  const value = sum((index) => results[index]?.valueMicros ?? 0);
  const interval = totalInterval(placed, results, value);
  return {
    policy: settings.policy,
    auction: settings.auction,
    kappa: solution.kappa,
    binding: solution.binding,
    cycleDays: settings.cycleDays,
    expectedSpendMicros: Math.round(sum((index) => results[index]?.costMicros ?? 0)),
    budgetMicros: constraints.budgetMicros,
    budgetGiven: settings.budgetMicros !== null,
    expectedClicks: round2(sum((index) => results[index]?.clicks ?? 0)),
    expectedConversions: round4(sum((index) => results[index]?.conversions ?? 0)),
    expectedRevenueMicros: Math.round(sum((index) => results[index]?.revenueMicros ?? 0)),
    expectedValueMicros: Math.round(value),
    lowMicros: Math.round(interval.low),
    highMicros: Math.round(interval.high),
    infeasible: solution.infeasible,
    nextUnitOfMoney: nextUnits(placed, round),
    notes: notesOf(context, model),
  };
}

/** Ads vary apart, but those of a campaign share what is not known of it. */
function totalInterval(
  placed: readonly Placed[],
  results: readonly { clicks: number; valueMicros: number; conversions: number }[],
  mean: number,
): Interval {
  let variance = 0;
  const common = new Map<string, number>();
  placed.forEach(({ bidder }, index) => {
    const result = results[index] as (typeof results)[number];
    const shared = result.clicks * Math.sqrt(bidder.click.commonVariance);
    variance += Math.max(0, outcomeVariance(bidder, result) - shared ** 2);
    const campaign = bidder.ad.campaign ?? '';
    common.set(campaign, (common.get(campaign) ?? 0) + shared);
  });
  for (const shared of common.values()) variance += shared ** 2;
  return gammaInterval({ mean, variance });
}

/** Value of the next event over its cost, where the bid may still rise: the bid itself with the second price. */
function nextUnits(placed: readonly Placed[], { auction }: Round): BidPortfolio['nextUnitOfMoney'] {
  return placed
    .filter(({ bidder, bid }) => bid > 0 && bid < Math.floor(bidder.limits.highest) && bidder.worth > 0)
    .map(({ bidder, bid }) => {
      const { curve, click, clicksPerEvent, ad } = bidder;
      const worth = click.mean * clicksPerEvent;
      // first price: raising the bid raises the price of all events that are won already
      const shade =
        auction === 'firstPrice' ? curve.sigma / hazard((Math.log(bid) - curve.mu) / curve.sigma) : 0;
      return { id: ad.id, marginalReturn: Number((worth / (bid * (1 + shade))).toPrecision(6)) };
    })
    .sort((one, other) => other.marginalReturn - one.marginalReturn || (one.id < other.id ? -1 : 1))
    .slice(0, 10);
}

function notesOf(
  { settings, constraints, solution, round }: BidContext,
  model: BidModel,
): BidPortfolio['notes'] {
  const notes: BidPortfolio['notes'] = [];
  if (settings.budgetMicros === null && constraints.budgetMicros !== null)
    notes.push({
      code: 'budgetOfThePast',
      message: 'no budget was named, so what was spent per round so far is the budget',
    });
  if (model.conversionValue.source === 'unit')
    notes.push({
      code: 'noRevenue',
      message:
        'there is no revenue: all conversions count alike, each as one unit of the currency, and whether they pay is not known',
    });
  if (!settings.segmentValue.apply)
    notes.push({
      code: 'segmentValueOff',
      message:
        'what customers of a segment are worth later is not counted, as revenue may already hold repeat orders; bids.segmentValue.apply turns it on',
    });
  if (solution.mode !== 'guarded')
    notes.push({
      code: 'budgetOverGuardrails',
      message: 'the budget holds only if bids fall further at once than the guardrails allow, so they do',
    });
  if (solution.infeasible === null && (solution.binding === 'targetRoas' || solution.binding === 'targetCpa'))
    notes.push({
      code: 'targetHeldSurely',
      message:
        'somewhat more is expected than the target asks for, so that it is met with 75 %: what clicks are worth is not known for sure',
    });
  if (round.demandScale !== 1)
    notes.push({
      code: 'paced',
      message: `the last round demanded more or less than expected; this one counts on ${round.demandScale.toFixed(2)} times the fitted demand`,
    });
  return notes;
}
