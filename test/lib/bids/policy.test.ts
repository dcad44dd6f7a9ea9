import { describe, expect, it } from 'vitest';
import { fitLinearBidPolicy } from '../../../lib/bids/linear.ts';
import { bidLinear } from '../../../lib/bids/policy.ts';
import { bidSettings } from '../../../lib/bids/settings.ts';
import { firstAds } from './ads.ts';

const policy = fitLinearBidPolicy(firstAds, { seed: 42, ...bidSettings.parse({}) });

describe('bidLinear', () => {
  it('bids the predicted spend times the factor, between the fitted ads without a reason', () => {
    expect(bidLinear(policy, { clickRate: 0.2, conversionRate: 0.035 })).toEqual({
      suggestedBid: 300,
      reason: null,
    });
  });

  it('bids nothing on an ad without a rate, and names it', () => {
    expect(bidLinear(policy, { clickRate: null, conversionRate: 0.03 })).toEqual({
      suggestedBid: null,
      reason: 'the ad has no click rate',
    });
    expect(bidLinear(policy, { clickRate: 0.1, conversionRate: null }).reason).toBe(
      'the ad has no conversion rate',
    );
  });

  it('bids 0 with a reason where the predicted spend is 0 or less', () => {
    const reason = 'the predicted spend is not above 0';
    expect(bidLinear(policy, { clickRate: 0.05, conversionRate: 0.01 })).toEqual({ suggestedBid: 0, reason });
    expect(bidLinear(policy, { clickRate: 0, conversionRate: 0 })).toEqual({ suggestedBid: 0, reason });
  });

  it('says when a rate lies beyond the fitted ads', () => {
    expect(bidLinear(policy, { clickRate: 0.2, conversionRate: 0.07 })).toEqual({
      suggestedBid: 720,
      reason: 'extrapolated: conversion rate beyond the fitted ads',
    });
  });

  it('gives no bid where a rate is too large for a number to hold', () => {
    expect(bidLinear(policy, { clickRate: 1e308, conversionRate: -1e308 }).suggestedBid).toBeNull();
  });
});

describe('bidSettings', () => {
  it('raises bids by a fifth unless told otherwise', () => {
    expect(bidSettings.parse({}).bidFactor).toBe(1.2);
  });

  it.each([0, -1, '1.2', Number.POSITIVE_INFINITY])('refuses a factor of %s', (bidFactor) => {
    expect(bidSettings.safeParse({ bidFactor }).error?.issues[0]?.path).toEqual(['bidFactor']);
  });
});
