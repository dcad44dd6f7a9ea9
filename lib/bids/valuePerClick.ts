import type { AdEvidence, BidModel } from './bidModel.ts';
import { conversionValueOf } from './conversionValue.ts';
import { type RatePosterior, ratePosterior } from './ratePosterior.ts';

export interface ValueOptions {
  margin: number;
  /** By segment: what its customers are worth beside the average one; empty where revenue already says so. */
  segmentMultipliers: Readonly<Record<string, number>>;
}

/** What a click on an ad brings after margin, in micros, and of what it is made. */
export interface ClickValue {
  mean: number;
  variance: number;
  commonVariance: number;
  conversionRate: RatePosterior;
  /** Of one conversion, after margin and multiplier. */
  perConversion: number;
  /** Mean square of one conversion's value, single ones varying about the mean. */
  perConversionSquared: number;
  /** Margin times multiplier: value over revenue. */
  factor: number;
  multiplier: number;
}

export function valuePerClick(
  model: BidModel,
  ad: AdEvidence,
  { margin, segmentMultipliers }: ValueOptions,
): ClickValue {
  const rate = ratePosterior(model.conversionRate, {
    campaign: ad.campaign,
    trials: ad.maturedClicks,
    successes: ad.conversions,
  });
  const value = conversionValueOf(model.conversionValue, ad);
  const multiplier =
    ad.segment !== null && Object.hasOwn(segmentMultipliers, ad.segment)
      ? (segmentMultipliers[ad.segment] ?? 1)
      : 1;
  const factor = margin * multiplier;
  const perConversion = value.mean * factor;
  return {
    mean: rate.mean * perConversion,
    // of a product of two that vary apart
    variance: factor ** 2 * productVariance(rate, value),
    commonVariance:
      factor ** 2 * (rate.mean ** 2 * value.commonVariance + value.mean ** 2 * rate.commonVariance),
    conversionRate: rate,
    perConversion,
    perConversionSquared:
      perConversion ** 2 + factor ** 2 * (value.variance + model.conversionValue.withinVariance),
    factor,
    multiplier,
  };
}

interface Moments {
  mean: number;
  variance: number;
}

const productVariance = (one: Moments, other: Moments): number =>
  one.variance * other.variance + one.variance * other.mean ** 2 + other.variance * one.mean ** 2;

/** Clicks per impression times the value of a click: what an impression brings. */
export function valuePerImpression(model: BidModel, ad: AdEvidence, click: ClickValue): Moments {
  const rate = ratePosterior(model.clickRate, {
    campaign: ad.campaign,
    trials: ad.impressions,
    successes: ad.impressions > 0 ? ad.clicks : 0,
  });
  return { mean: rate.mean * click.mean, variance: productVariance(rate, click) };
}
