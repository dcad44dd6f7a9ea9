import { type RandomGenerator, standardNormal } from '../lib/math/random.ts';
import { logNormal, poisson } from './demo-draws.ts';

export interface DemoAdTruth {
  adId: string;
  clickRate: number;
  conversionRate: number;
}

export interface DemoAds {
  /** With its header. */
  table: (string | number)[][];
  truth: DemoAdTruth[];
}

/** A month of ads: what was shown, clicked and sold, drawn from true rates that scatter about those of the campaign. */
export function demoAds(generator: RandomGenerator): DemoAds {
  const ads = campaigns.flatMap((campaign) =>
    Array.from({ length: adsPerCampaign }, (_, index) => adOf(generator, campaign, index + 1)),
  );
  return {
    table: [
      ['ad_id', 'campaign', 'channel', 'impressions', 'clicks', 'conversions', 'spend'],
      ...ads.map(({ row }) => row),
    ],
    truth: ads.map(({ truth }) => truth),
  };
}

const adsPerCampaign = 12;

const campaigns = [
  { name: 'Brand search', channel: 'search', clickRate: 0.06, conversionRate: 0.07 },
  { name: 'Generic search', channel: 'search', clickRate: 0.035, conversionRate: 0.035 },
  { name: 'Retargeting', channel: 'display', clickRate: 0.012, conversionRate: 0.055 },
  { name: 'New arrivals', channel: 'social', clickRate: 0.02, conversionRate: 0.02 },
  { name: 'Gift guide', channel: 'social', clickRate: 0.026, conversionRate: 0.028 },
];

type Campaign = (typeof campaigns)[number];

function adOf(generator: RandomGenerator, campaign: Campaign, number: number) {
  const adId = `${campaign.name.toLowerCase().replaceAll(' ', '-')}-${String(number).padStart(2, '0')}`;
  const clickRate = logNormal(generator, campaign.clickRate, 0.3);
  const conversionRate = logNormal(generator, campaign.conversionRate, 0.3);
  const impressions = Math.round(logNormal(generator, 24_000, 0.25));
  const clicks = Math.min(impressions, poisson(generator, impressions * clickRate));
  const conversions = Math.min(clicks, poisson(generator, clicks * conversionRate));
  // a click costs more where it sells more, since others bid on it as well
  const costPerClick = (0.15 + 9 * conversionRate) * (1 + 0.1 * standardNormal(generator));
  const spend = clicks * Math.max(0.05, costPerClick);
  return {
    row: [adId, campaign.name, campaign.channel, impressions, clicks, conversions, spend.toFixed(2)],
    truth: { adId, clickRate, conversionRate },
  };
}
