import type { AdEvidence, ConversionValue } from './bidModel.ts';

interface Moments {
  mean: number;
  variance: number;
}

/** How the values of rows of one ad vary about the ad's mean: Σ conversions · (value - mean)², over so many degrees of freedom. */
export interface WithinAds {
  sumOfSquares: number;
  degrees: number;
}

/** Of an ad, as far as its conversions have a revenue. */
export type ValuedAd = Pick<AdEvidence, 'valuedConversions' | 'revenueMicros'>;

/**
 * What a conversion brings, by hierarchical credibility (Bühlmann and Straub 1970; Jewell 1975): an ad's mean counts as far
 * as its conversions outweigh how much single ones vary, the rest comes from its campaign, and likewise one level up.
 */
export function fitConversionValue(
  campaigns: ReadonlyMap<string, readonly ValuedAd[]>,
  { within, capMicros }: { within: WithinAds; capMicros: number | null },
): ConversionValue {
  const names = [...campaigns.keys()].sort();
  const ads = names.map((name) =>
    (campaigns.get(name) as ValuedAd[]).filter((ad) => ad.valuedConversions > 0),
  );
  const all = ads.flat();
  const conversions = all.reduce((sum, ad) => sum + ad.valuedConversions, 0);
  const mean = Math.max(0, all.reduce((sum, ad) => sum + ad.revenueMicros, 0) / conversions);
  const withinVariance =
    (within.sumOfSquares + usualDegrees * (usualVariation * mean) ** 2) / (within.degrees + usualDegrees);
  const betweenVariance = betweenAds(ads, { withinVariance, mean });
  const levels = ads.map((members) => campaignLevel(members, { withinVariance, betweenVariance }));
  const { account, spread } = accountLevel(levels, mean);
  return {
    source: 'revenue',
    account: { mean: account.mean, variance: account.variance + spread },
    campaigns: Object.fromEntries(
      names.flatMap((name, index): [string, Moments][] => {
        const level = levels[index] as Level;
        return level.precision === 0 ? [] : [[name, shrunk(level, { account, spread })]];
      }),
    ),
    withinVariance,
    betweenVariance,
    capMicros,
  };
}

/** Where there is no revenue at all. */
export const constantConversionValue = (
  source: 'setting' | 'unit',
  valueMicros: number,
): ConversionValue => ({
  source,
  account: { mean: valueMicros, variance: 0 },
  campaigns: {},
  withinVariance: 0,
  betweenVariance: 0,
  capMicros: null,
});

/** What the ad's next conversion brings on average; `commonVariance` is the part that all ads of the campaign share. */
export function conversionValueOf(
  { account, campaigns, withinVariance, betweenVariance }: ConversionValue,
  { campaign, valuedConversions, revenueMicros }: ValuedAd & { campaign: string | null },
): Moments & { commonVariance: number } {
  const prior = Object.hasOwn(campaigns, campaign ?? '') ? (campaigns[campaign ?? ''] as Moments) : account;
  if (valuedConversions === 0 || betweenVariance === 0)
    return { mean: prior.mean, variance: prior.variance + betweenVariance, commonVariance: prior.variance };
  const credibility = valuedConversions / (valuedConversions + withinVariance / betweenVariance);
  const own = Math.max(0, revenueMicros / valuedConversions);
  const commonVariance = (1 - credibility) ** 2 * prior.variance;
  return {
    mean: credibility * own + (1 - credibility) * prior.mean,
    variance: betweenVariance * (1 - credibility) + commonVariance,
    commonVariance,
  };
}

/** Without rows to compare, orders of a shop vary by some .8 of their mean; that counts as so many comparisons. */
const usualVariation = 0.8;
const usualDegrees = 10;

/** By analysis of variance; never below a hundredth of the mean, squared: ads are not all alike. */
function betweenAds(
  campaigns: readonly (readonly ValuedAd[])[],
  { withinVariance, mean }: { withinVariance: number; mean: number },
): number {
  let [squares, degrees, effective] = [0, 0, 0];
  for (const ads of campaigns) {
    const conversions = ads.reduce((sum, ad) => sum + ad.valuedConversions, 0);
    if (ads.length < 2) continue;
    const own = ads.reduce((sum, ad) => sum + ad.revenueMicros, 0) / conversions;
    degrees += ads.length - 1;
    effective += conversions;
    for (const { valuedConversions, revenueMicros } of ads) {
      squares += valuedConversions * (revenueMicros / valuedConversions - own) ** 2;
      effective -= valuedConversions ** 2 / conversions;
    }
  }
  const least = (0.01 * mean) ** 2;
  return effective > 0 ? Math.max(least, (squares - degrees * withinVariance) / effective) : least;
}

interface Level {
  mean: number;
  precision: number;
}

function campaignLevel(
  ads: readonly ValuedAd[],
  { withinVariance, betweenVariance }: { withinVariance: number; betweenVariance: number },
): Level {
  let [precision, weighted] = [0, 0];
  for (const { valuedConversions, revenueMicros } of ads) {
    const weight = 1 / (betweenVariance + withinVariance / valuedConversions);
    precision += weight;
    weighted += weight * Math.max(0, revenueMicros / valuedConversions);
  }
  return { mean: precision === 0 ? 0 : weighted / precision, precision };
}

/** The spread of campaigns by DerSimonian and Laird (1986). */
function accountLevel(levels: readonly Level[], fallback: number): { account: Moments; spread: number } {
  const seen = levels.filter(({ precision }) => precision > 0);
  const total = seen.reduce((sum, { precision }) => sum + precision, 0);
  if (total === 0) return { account: { mean: fallback, variance: 0 }, spread: 0 };
  const mean = seen.reduce((sum, level) => sum + level.precision * level.mean, 0) / total;
  const squares = seen.reduce((sum, level) => sum + level.precision * (level.mean - mean) ** 2, 0);
  const effective = total - seen.reduce((sum, { precision }) => sum + precision ** 2, 0) / total;
  const spread = effective > 0 ? Math.max(0, (squares - (seen.length - 1)) / effective) : 0;
  const weights = seen.map(({ precision }) => 1 / (1 / precision + spread));
  const precision = weights.reduce((sum, weight) => sum + weight, 0);
  const weighted = seen.reduce((sum, level, index) => sum + (weights[index] as number) * level.mean, 0);
  return { account: { mean: weighted / precision, variance: 1 / precision }, spread };
}

function shrunk(level: Level, { account, spread }: { account: Moments; spread: number }): Moments {
  if (spread === 0) return account;
  const shrink = 1 / spread / (1 / spread + level.precision);
  return {
    mean: shrink * account.mean + (1 - shrink) * level.mean,
    variance: 1 / (1 / spread + level.precision) + shrink ** 2 * account.variance,
  };
}
