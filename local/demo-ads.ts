import { normalCdf } from '../lib/math/normalCdf.ts';
import { type RandomGenerator, standardNormal, uniform } from '../lib/math/random.ts';
import { inCents, logNormal, poisson } from './demo-draws.ts';

export interface DemoAdTruth {
  adId: string;
  clickRate: number;
  conversionRate: number;
  /** What a sale brings, major units. */
  orderValue: number;
  /** Clicks that can be had a day, if every auction is won. */
  clicksADay: number;
  /** The price of a click is log-normal with this median. */
  medianPrice: number;
  /** The bid at the end of the month. */
  bid: number;
}

export interface DemoAds {
  /** With its header. */
  table: (string | number)[][];
  truth: DemoAdTruth[];
}

/** Spread of the logarithm of prices. */
export const priceSigma = 0.6;

/** Four weeks of ads, a row for each day: what somebody bid, won, paid and sold in a market of second prices. */
export function demoAds(generator: RandomGenerator): DemoAds {
  const ads = campaigns.flatMap((campaign) =>
    Array.from({ length: adsPerCampaign }, (_, index) => adOf(generator, campaign, index + 1)),
  );
  return {
    table: [
      [
        ...['ad_id', 'campaign', 'channel', 'date', 'impressions', 'clicks', 'conversions', 'spend'],
        'revenue',
        'bid',
      ],
      ...ads.flatMap(({ rows }) => rows),
    ],
    truth: ads.map(({ truth }) => truth),
  };
}

const adsPerCampaign = 12;
const days = 28;
const firstDay = Date.UTC(2026, 8, 1) / 86_400_000;

const campaigns = [
  { name: 'Brand search', channel: 'search', clickRate: 0.06, conversionRate: 0.06, medianPrice: 0.35 },
  { name: 'Generic search', channel: 'search', clickRate: 0.035, conversionRate: 0.03, medianPrice: 0.9 },
  { name: 'Retargeting', channel: 'display', clickRate: 0.012, conversionRate: 0.045, medianPrice: 0.6 },
  { name: 'New arrivals', channel: 'social', clickRate: 0.02, conversionRate: 0.015, medianPrice: 0.45 },
  { name: 'Gift guide', channel: 'social', clickRate: 0.026, conversionRate: 0.022, medianPrice: 0.5 },
];

type Campaign = (typeof campaigns)[number];

function adOf(generator: RandomGenerator, campaign: Campaign, number: number) {
  const bids = bidsOf(generator, campaign);
  const truth: DemoAdTruth = {
    adId: `${campaign.name.toLowerCase().replaceAll(' ', '-')}-${String(number).padStart(2, '0')}`,
    clickRate: logNormal(generator, campaign.clickRate, 0.3),
    conversionRate: logNormal(generator, campaign.conversionRate, 0.5),
    orderValue: logNormal(generator, 22, 0.2),
    clicksADay: logNormal(generator, 14, 0.8),
    medianPrice: logNormal(generator, campaign.medianPrice, 0.2),
    bid: bids.at(-1) as number,
  };
  const rows = bids.map((bid, day) => dayOf(generator, { truth, campaign, bid, day }));
  return { rows, truth };
}

/** Somebody's guess at what a click is worth, and for some ads another one in the last week. */
function bidsOf(generator: RandomGenerator, { medianPrice }: Campaign): number[] {
  const first = inCents(logNormal(generator, 1.4 * medianPrice, 0.3));
  const second = uniform(generator) < 0.4 ? inCents(first * (0.8 + 0.4 * uniform(generator))) : first;
  return Array.from({ length: days }, (_, day) => (day < days - 7 ? first : second));
}

function dayOf(
  generator: RandomGenerator,
  { truth, campaign, bid, day }: { truth: DemoAdTruth; campaign: Campaign; bid: number; day: number },
): (string | number)[] {
  const { adId, clickRate, conversionRate, orderValue, clicksADay, medianPrice } = truth;
  const z = Math.log(bid / medianPrice) / priceSigma;
  const won = normalCdf(z);
  const impressions = poisson(generator, (clicksADay * won) / clickRate);
  const clicks = Math.min(impressions, poisson(generator, impressions * clickRate));
  const conversions = Math.min(clicks, poisson(generator, clicks * conversionRate));
  // the mean of a log-normal price, given that it is below the bid
  const price = (medianPrice * Math.exp(priceSigma ** 2 / 2) * normalCdf(z - priceSigma)) / won;
  const noise = clicks === 0 ? 0 : (0.3 * standardNormal(generator)) / Math.sqrt(clicks);
  const spend = clicks * Math.min(bid, price * Math.max(0.5, 1 + noise));
  let revenue = 0;
  for (let sale = 0; sale < conversions; sale++) revenue += logNormal(generator, orderValue, 0.4);
  const date = new Date((firstDay + day) * 86_400_000).toISOString().slice(0, 10);
  return [
    ...[adId, campaign.name, campaign.channel, date, impressions, clicks, conversions],
    ...[spend.toFixed(2), revenue.toFixed(2), bid.toFixed(2)],
  ];
}
