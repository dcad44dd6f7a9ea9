import { drawBeta, drawGamma, drawPoisson } from '../math/draws.ts';
import { normalQuantile } from '../math/normalQuantile.ts';
import { type RandomGenerator, standardNormal, uniform } from '../math/random.ts';
import type { AdPerformance } from '../tables/ads/adRows.ts';
import { isoDay } from '../tables/cells/calendar.ts';
import { costPerAuction, discountAt, shareWon } from './prices.ts';
import type { Auction } from './settings.ts';
import { type ShadingTable, shadedBid, shadingTable } from './shading.ts';

/** What is true of an ad group, and what no shop ever sees. Money in micros. */
export interface MarketAdGroup {
  id: string;
  campaign: string;
  /** Clicks per week that any bid could win, in an average week. */
  weeklyClicks: number;
  /** Clicks per impression. */
  clickRate: number;
  conversionRate: number;
  /** Mean value of a conversion. */
  orderValue: number;
  /** Of the highest competing price: log-normal. */
  mu: number;
  sigma: number;
  /** What somebody bids who knows the campaign, and has a feeling for the group. */
  humanBid: number;
}

export interface Market {
  groups: MarketAdGroup[];
  auction: Auction;
  /** What the human bids cost in an average week. */
  weeklyBudget: number;
}

export interface MarketOptions {
  /** Median over ad groups of the clicks per week that any bid could win. */
  medianClicks: number;
  auction?: Auction;
  adGroups?: number;
  campaigns?: number;
}

export function drawMarket(
  generator: RandomGenerator,
  { medianClicks, auction = 'secondPrice', adGroups = 200, campaigns = 10 }: MarketOptions,
): Market {
  const drawn = Array.from({ length: campaigns }, () => ({
    conversionRate: 0.08 * Math.exp(0.3 * standardNormal(generator)),
    orderValue: 60e6 * Math.exp(0.3 * standardNormal(generator)),
    price: 0.15 * standardNormal(generator),
    sigma: 0.55 * Math.exp(0.15 * standardNormal(generator)),
  }));
  const groups = Array.from({ length: adGroups }, (_, index): MarketAdGroup => {
    const campaign = index % campaigns;
    const {
      conversionRate: mean,
      orderValue: usual,
      price,
      sigma,
    } = drawn[campaign] as (typeof drawn)[number];
    const conversionRate = drawBeta(generator, mean * adStrength, (1 - mean) * adStrength);
    const orderValue = usual * Math.exp(0.25 * standardNormal(generator) - 0.03125);
    const worthOfCampaign = mean * usual;
    // others value the same customers, so that good clicks cost more, if by less than they are worth
    const better = Math.log((conversionRate * orderValue + 0.1 * worthOfCampaign) / (1.1 * worthOfCampaign));
    const mu = Math.log(0.45 * worthOfCampaign) + price + 0.2 * better + 0.2 * standardNormal(generator);
    const feeling = 0.1 * better + 0.4 * standardNormal(generator);
    return {
      id: `group ${String(index + 1).padStart(3, '0')}`,
      campaign: `campaign ${campaign + 1}`,
      weeklyClicks: medianClicks * Math.exp(0.8 * standardNormal(generator)),
      clickRate: 0.03 * Math.exp(0.3 * standardNormal(generator)),
      conversionRate,
      orderValue,
      mu,
      sigma,
      humanBid: Math.round(humanShare[auction] * worthOfCampaign * Math.exp(feeling)),
    };
  });
  return {
    groups,
    auction,
    weeklyBudget: expectedWeek(
      { groups, auction },
      groups.map(({ humanBid }) => humanBid),
    ).spend,
  };
}

/** Of what a click is worth. Who pays what they bid bids less: what next prices come to below half of the worth. */
const humanShare: Record<Auction, number> = { secondPrice: 0.5, firstPrice: 0.35 };

/** With 8 % converting, rates of a campaign's groups differ by .55 of their mean. */
const adStrength = 38;

/** What a week's bids are worth in truth, before chance; a budget serves as far as it goes. */
export function expectedWeek(
  { groups, auction }: Pick<Market, 'groups' | 'auction'>,
  bids: readonly number[],
  budget = Number.POSITIVE_INFINITY,
): { spend: number; value: number; conversions: number; demanded: number } {
  let [demanded, value, conversions] = [0, 0, 0];
  groups.forEach((group, index) => {
    const bid = bids[index] as number;
    const clicks = group.weeklyClicks * shareWon(group, bid);
    demanded += auction === 'secondPrice' ? group.weeklyClicks * costPerAuction(group, bid) : clicks * bid;
    conversions += clicks * group.conversionRate;
    value += clicks * group.conversionRate * group.orderValue;
  });
  const served = Math.min(1, budget / demanded);
  return { spend: demanded * served, value: value * served, conversions: conversions * served, demanded };
}

export interface WeekOptions {
  generator: RandomGenerator;
  /** Micros per group, in their order. */
  bids: readonly number[];
  /** First day of the week, days since 1970-01-01. */
  firstDay: number;
  weeklyBudget: number;
}

/**
 * One week as a shop sees it: a row per group and day, dropped where nothing happened, as exports do. The platform stops
 * when the day's budget is spent, and says how far into the day that was.
 */
export function runWeek(
  { groups, auction }: Market,
  { generator, bids, firstDay, weeklyBudget }: WeekOptions,
): AdPerformance[] {
  const rows: AdPerformance[] = [];
  const mood = Math.exp(0.02 * standardNormal(generator) - 0.0002);
  let left = weeklyBudget;
  for (let weekday = 0; weekday < 7; weekday++) {
    const day = Math.exp(0.08 * standardNormal(generator) - 0.0032) * mood;
    const won = groups.map((group, index) =>
      drawClicks(generator, group, { bid: bids[index] as number, demand: day / 7, auction }),
    );
    const demanded = won.reduce((sum, { spend }) => sum + spend, 0);
    const allowance = left / (7 - weekday);
    const served = Math.min(1, allowance / demanded);
    groups.forEach((group, index) => {
      const row = servedRow(generator, { group, won: won[index] as Won, served });
      left -= row.spendMicros;
      const date = isoDay(firstDay + weekday);
      if (row.clicks > 0)
        rows.push({ ...row, date, currentBidMicros: bids[index] as number, servedShare: served });
    });
  }
  return rows;
}

interface Won {
  clicks: number;
  impressions: number;
  spend: number;
}

function drawClicks(
  generator: RandomGenerator,
  group: MarketAdGroup,
  { bid, demand, auction }: { bid: number; demand: number; auction: Auction },
): Won {
  const share = shareWon(group, bid);
  const expected = group.weeklyClicks * demand * share;
  const clicks = drawPoisson(generator, expected);
  const impressions = clicks + drawPoisson(generator, (expected * (1 - group.clickRate)) / group.clickRate);
  if (clicks === 0) return { clicks, impressions, spend: 0 };
  if (auction === 'firstPrice') return { clicks, impressions, spend: clicks * bid };
  if (clicks > 20) {
    const mean = costPerAuction(group, bid) / share;
    const { variation } = discountAt((Math.log(bid) - group.mu) / group.sigma, group.sigma);
    const spend = mean * (clicks + Math.sqrt(clicks * variation) * standardNormal(generator));
    return { clicks, impressions, spend: Math.min(clicks * bid, Math.max(0, spend)) };
  }
  let spend = 0;
  for (let click = 0; click < clicks; click++)
    spend += Math.exp(group.mu + group.sigma * normalQuantile(Math.max(1e-12, uniform(generator) * share)));
  return { clicks, impressions, spend };
}

/** Clicks before the budget ran out, what they cost, and what came of them. */
function servedRow(
  generator: RandomGenerator,
  { group, won, served }: { group: MarketAdGroup; won: Won; served: number },
): AdPerformance {
  const clicks = served === 1 ? won.clicks : Math.floor(won.clicks * served + uniform(generator));
  const spendMicros = Math.floor(won.spend * served);
  let conversions = 0;
  for (let click = 0; click < clicks; click++)
    if (uniform(generator) < group.conversionRate) conversions += 1;
  // orders of a group vary by six tenths of their mean
  const revenue = conversions === 0 ? 0 : group.orderValue * 0.36 * drawGamma(generator, conversions / 0.36);
  return {
    id: group.id,
    campaign: group.campaign,
    adGroup: group.id,
    keyword: null,
    segment: null,
    device: null,
    date: null,
    impressions: Math.max(clicks, Math.round(won.impressions * served)),
    clicks,
    conversions,
    spendMicros,
    revenueMicros: Math.round(revenue),
    currentBidMicros: null,
    bidType: 'CPC',
    servedShare: null,
  };
}

/**
 * Bids at the highest multiple of these worths, one per group, that is allowed; what is allowed at one multiple is at any lower
 * one. With the first price they are shaded by the true prices.
 */
export function bestMultiple(
  { groups, auction }: Pick<Market, 'groups' | 'auction'>,
  worths: readonly number[],
  allowed: (bids: readonly number[]) => boolean,
): number[] {
  const tables = auction === 'firstPrice' ? groups.map(({ sigma }) => shadingTable(sigma)) : null;
  const at = (kappa: number): number[] =>
    groups.map(({ mu }, index) => {
      const most = kappa * (worths[index] as number);
      return tables === null ? most : shadedBid(tables[index] as ShadingTable, most, mu);
    });
  let [low, high] = [0, 4];
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    if (allowed(at(middle))) low = middle;
    else high = middle;
  }
  return at(low);
}
