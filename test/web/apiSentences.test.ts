import { describe, expect, it } from 'vitest';
import { bidPortfolioSchema, guardrailSchema } from '../../lib/bids/answer.ts';
import { policyReasonOf, reasonsFor } from '../../lib/bids/explain.ts';
import { bidLinear, type LinearBidPolicy } from '../../lib/bids/policy.ts';
import type { BidContext, Placed } from '../../lib/bids/suggestBids.ts';
import { chooseModel } from '../../lib/value/chooseModel.ts';
import { inLanguage } from '../../web/apiSentences.ts';

const inChinese = (sentence: string): string => inLanguage('zh', sentence);
const english = /[A-Za-z]{3,}/;
const figuresOf = (text: string): string[] => (text.match(/\d+(\.\d+)?/g) ?? []).sort();

const placed = {
  bidder: {
    ad: { maturedClicks: 120.4, conversions: 3.25, segment: '老客', currentBidMicros: null },
    click: { mean: 812_000, multiplier: 1.25, conversionRate: { shrinkWeight: 0.3 } },
  },
  bid: 400_000,
  wanted: 950_000,
} as unknown as Placed;

const reasonsWith = (policyReason: string, status: 'OK' | 'LEARNING'): string[] =>
  reasonsFor(placed, {
    context: { policyReason } as BidContext,
    worth: { low: 300_000, high: 1_400_000 },
    status,
    guardrails: guardrailSchema.options,
  });

const policyReasons = bidPortfolioSchema.shape.binding.options.flatMap((binding) =>
  (['firstPrice', 'secondPrice'] as const).flatMap((auction) =>
    (['portfolio', 'revenuePerClick', 'linear'] as const).map((policy) =>
      policyReasonOf({ kappa: 0.62, binding } as BidContext['solution'], { auction, policy }),
    ),
  ),
);

describe('a sentence that the API says in English alone', () => {
  it('is told in Chinese for every reason that a bid can have, with all its figures', () => {
    const reasons = policyReasons.flatMap((policyReason) => [
      ...reasonsWith(policyReason, 'OK'),
      ...reasonsWith(policyReason, 'LEARNING'),
    ]);
    for (const reason of new Set(reasons)) {
      expect(inChinese(reason)).not.toMatch(english);
      expect(figuresOf(inChinese(reason))).toEqual(expect.arrayContaining(figuresOf(reason)));
      expect(inLanguage('en', reason)).toBe(reason);
    }
  });

  it('is told in Chinese for bids by rates', () => {
    const rate = (name: 'clickRate' | 'conversionRate', weight: number) => ({
      name,
      weight,
      lowest: 0.1,
      highest: 0.2,
    });
    const policyOf = (intercept: number) =>
      ({
        ...{ spend: { intercept, slopes: [] }, bidFactor: 1 },
        rates: [rate('clickRate', 1), rate('conversionRate', 1)],
      }) as unknown as LinearBidPolicy;
    const { reason } = bidLinear(policyOf(1), { clickRate: null, conversionRate: 0.1 });
    expect(inChinese(reason ?? '')).toBe('该广告没有点击率');
  });

  it('is told in Chinese for whichever model of value was chosen', () => {
    const heldOut = { purchases: Float64Array.of(0, 1, 2, 5), value: Float64Array.of(0, 10, 20, 90) };
    const near = Float64Array.of(0, 1, 2, 4);
    const far = Float64Array.of(3, 0, 1, 0);
    const forecast = (purchases: Float64Array, value: Float64Array) => [{ name: 'bgNbd', purchases, value }];
    const nobody = { ...heldOut, purchases: new Float64Array(4) };
    for (const [purchases, value, seen] of [
      [near, near, heldOut],
      [far, far, heldOut],
      [near, near, nobody],
    ] as const) {
      const baselines = [{ name: 'lastRate', purchases: near, scores: near }];
      const { sentence } = chooseModel(forecast(purchases, value), { baselines, heldOut: seen });
      const told = inChinese(sentence);
      expect(told).toContain('对购买的预测最好');
      expect(told.replaceAll(/bgNbd|lastRate|Gini/g, '')).not.toMatch(english);
    }
  });

  it('stays as it came where it is not known, and takes what an upload named for no more than text', () => {
    expect(inChinese('something new')).toBe('something new');
    expect(inChinese('customers of segment {times} <b> count 2.00 times the average')).toBe(
      '分层 {times} <b> 的客户按平均值的 2.00 倍计',
    );
  });
});
