import { describe, expect, it } from 'vitest';
import { valueSettings } from '../../../lib/value/settings.ts';

describe('valueSettings', () => {
  it('fills in every default', () => {
    expect(valueSettings.parse({})).toEqual({
      weights: { spend: 0.5, frequency: 0.3, browsing: 0.2 },
      scale: 'percentile',
      tiers: { method: 'quantile', quantiles: [0.5, 0.8] },
    });
    expect(valueSettings.parse({ tiers: { method: 'fixed' } }).tiers).toEqual({
      method: 'fixed',
      edges: [10, 20],
    });
    expect(valueSettings.parse({ weights: { browsing: 0 } }).weights).toEqual({
      spend: 0.5,
      frequency: 0.3,
      browsing: 0,
    });
  });

  it.each([
    ['weights.spend', { weights: { spend: -1 } }],
    ['weights.spend', { weights: { spend: '1' } }],
    ['weights', { weights: { spend: 0, frequency: 0, browsing: 0 } }],
    ['weights', { weights: { clicks: 1 } }],
    ['scale', { scale: 'log' }],
    ['tiers.method', { tiers: { method: 'cut' } }],
    ['tiers.edges', { tiers: { method: 'fixed', edges: [20, 10] } }],
    ['tiers.edges', { tiers: { method: 'fixed', edges: [10] } }],
    ['tiers.quantiles', { tiers: { method: 'quantile', quantiles: [0.8, 0.8] } }],
    ['tiers.quantiles.1', { tiers: { method: 'quantile', quantiles: [0.5, 1] } }],
    ['', { tier: 'fixed' }],
  ])('says that %s is at fault', (path, settings) => {
    const parsed = valueSettings.safeParse(settings);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });
});
