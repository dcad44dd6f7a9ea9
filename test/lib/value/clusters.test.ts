import { describe, expect, it } from 'vitest';
import { seededGenerator, standardNormal, uniformBelow } from '../../../lib/math/random.ts';
import { clusterCustomers } from '../../../lib/value/clusters.ts';
import { type ClusterTraitName, clusterWords } from '../../../lib/value/clusterWords.ts';

/** Three kinds of customers, told apart by how often they buy and how long ago. */
const kinds = [
  { purchaseDays: 20, daysSinceLast: 5 },
  { purchaseDays: 3, daysSinceLast: 40 },
  { purchaseDays: 1, daysSinceLast: 400 },
];

function drawCustomers(customers: number, seed = 3) {
  const generator = seededGenerator(seed);
  const kindOf = Uint8Array.from({ length: customers }, () => uniformBelow(generator, 3));
  const about = (value: number) => value * Math.exp(0.1 * standardNormal(generator));
  const column = (pick: (kind: (typeof kinds)[number]) => number): Float64Array =>
    Float64Array.from(kindOf, (kind) => about(pick(kinds[kind] as (typeof kinds)[number])));
  const features: { name: ClusterTraitName; values: Float64Array }[] = [
    { name: 'purchaseDays', values: column(({ purchaseDays }) => purchaseDays) },
    { name: 'daysSinceLast', values: column(({ daysSinceLast }) => daysSinceLast) },
    // known of nobody, and the same for all: neither tells anything apart
    { name: 'discountShare', values: new Float64Array(customers).fill(Number.NaN) },
    { name: 'returnShare', values: new Float64Array(customers) },
  ];
  return { kindOf, features, worth: features[0]?.values ?? new Float64Array(0) };
}

describe('clusters', () => {
  const { kindOf, features, worth } = drawCustomers(2000);
  const clustering = clusterCustomers(features, { seed: 1, worth });

  it('find the kinds that are there, as many as there are, the most valuable first', () => {
    expect(clustering?.clusters).toHaveLength(3);
    expect(clustering?.silhouette).toBeGreaterThan(0.7);
    expect(Array.from(clustering?.clusterOf ?? [])).toEqual(Array.from(kindOf));
    expect(clustering?.clusters.reduce((sum, { customers }) => sum + customers, 0)).toBe(2000);
    expect(clustering?.tried.map(({ clusters }) => clusters)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });

  it('say what sets each apart, with the middle customer of it and of all', () => {
    const [best, , last] = clustering?.clusters ?? [];
    expect(best?.traits.map(({ feature }) => feature).sort()).toEqual(['daysSinceLast', 'purchaseDays']);
    const [trait] = last?.traits.filter(({ feature }) => feature === 'daysSinceLast') ?? [];
    expect(trait?.median).toBeGreaterThan(350);
    expect(trait?.medianOfAll).toBeLessThan(60);
    expect(trait?.deviations).toBeGreaterThan(1);
  });

  it('are the same from the same seed, whatever unit columns are counted in', () => {
    const again = clusterCustomers(features, { seed: 1, worth });
    expect(again).toEqual(clustering);
    const inHours = features.map(({ name, values }) => ({
      name,
      values: name === 'daysSinceLast' ? values.map((value) => 24 * value) : values,
    }));
    expect(clusterCustomers(inHours, { seed: 1, worth })?.clusterOf).toEqual(clustering?.clusterOf);
  });

  it('are not made of few customers, nor of customers who are all alike', () => {
    const few = drawCustomers(99);
    expect(clusterCustomers(few.features, { seed: 1, worth: few.worth })).toBeNull();
    const alike = [{ name: 'purchaseDays' as const, values: new Float64Array(500).fill(2) }];
    expect(clusterCustomers(alike, { seed: 1, worth: new Float64Array(500) })).toBeNull();
    // two kinds and no more: one number of clusters is left to try
    const two = [
      { name: 'purchaseDays' as const, values: Float64Array.from({ length: 500 }, (_, at) => at % 2) },
    ];
    expect(clusterCustomers(two, { seed: 1, worth: new Float64Array(500) })).toBeNull();
  });
});

describe('words for a cluster', () => {
  const trait = { median: 6, medianOfAll: 2, deviations: 1.2 };

  it('tell its traits in both languages, money with the digits of the currency', () => {
    const traits = [
      { ...trait, feature: 'purchaseDays' as const },
      { feature: 'orderValue' as const, median: 1250, medianOfAll: 4000, deviations: -0.8 },
      { feature: 'returnShare' as const, median: 0.125, medianOfAll: 0, deviations: 0.5 },
    ];
    expect(clusterWords({ customers: 10, traits }, { minorDigits: 2 })).toEqual({
      en: 'buy more often (6 days against 2 days), smaller orders (12.50 against 40.00), return more (12.5 % against 0.0 %)',
      zh: '购买更频繁（6 天，整体为 2 天），客单价更低（12.50，整体为 40.00），退货更多（12.5 %，整体为 0.0 %）',
    });
    const [, money] = traits;
    expect(clusterWords({ customers: 1, traits: money ? [money] : [] }, { minorDigits: 0 }).en).toBe(
      'smaller orders (1250 against 4000)',
    );
  });

  it('say that nothing sets it apart where nothing does', () => {
    expect(clusterWords({ customers: 10, traits: [] }, { minorDigits: 2 }).en).toBe('much like everybody');
  });
});
