import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ValueTierSettings, valueTierSettings } from '../../../lib/value/settings.ts';
import { tiersBestFirst } from '../../../lib/value/tier.ts';
import type { ValueTierEdges } from '../../../lib/value/valueTierEdges.ts';
import { cutValueTiers } from '../../../lib/value/valueTiers.ts';

const settings = valueTierSettings.parse({});
const cut = (
  values: Float64Array,
  previous: ValueTierEdges | null = null,
  {
    basis = 'expectedSpend',
    ...given
  }: Partial<ValueTierSettings> & { basis?: ValueTierEdges['basis'] } = {},
) => cutValueTiers(values, { basis, settings: { ...settings, ...given }, minorUnits: 100, previous });

const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);

describe('tiers by value', () => {
  it('hold the best fifth, the next three tenths and the others', () => {
    const { tierOf, edges } = cut(hundred);
    const sizes = tiersBestFirst.map((_, place) => tierOf.filter((tier) => tier === place).length);
    expect(sizes).toEqual([20, 30, 50]);
    expect(edges).toMatchObject({ edges: [50, 80], moved: true, reason: 'there were no edges before' });
  });

  it('a customer changes tier when their own value does, not when others’ do', () => {
    const value = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 99 }), value), { maxLength: 4 }), (changes) => {
        const before = cut(hundred);
        const values = Float64Array.from(hundred);
        for (const [customer, worth] of changes) values[customer] = worth;
        const after = cut(values, before.edges);
        expect(after.edges).toMatchObject({ edges: before.edges.edges, moved: false });
        const changed = new Set(changes.map(([customer]) => customer));
        for (const [customer, tier] of after.tierOf.entries())
          if (!changed.has(customer)) expect(tier).toBe(before.tierOf[customer]);
      }),
    );
  });

  it('move their edges once a tier has drifted, and the reason says by how much', () => {
    const before = cut(hundred);
    const after = cut(
      hundred.map((value) => value + 10),
      before.edges,
    );
    expect(after.edges).toMatchObject({ edges: [60, 90], moved: true });
    expect(after.edges.reason).toMatch(/a tier is 10\.0 % of the customers off its share/);
  });

  it('move their edges when other shares are asked for, or values mean something else', () => {
    const before = cut(hundred);
    const otherShares = cut(hundred, before.edges, { quantiles: [0.5, 0.81] });
    expect(otherShares.edges).toMatchObject({ edges: [50, 81], moved: true });
    const otherBasis = cut(hundred, before.edges, { basis: 'historicSpend' });
    expect(otherBasis.edges.reason).toBe('those of the run before were made in another way');
  });

  it('stay at amounts that the shop fixes, in units of its currency', () => {
    const { edges, tierOf } = cut(Float64Array.of(1000, 1001, 5000, 5001), null, { edges: [10, 50] });
    expect(edges).toMatchObject({ method: 'fixed', edges: [1000, 5000], quantiles: null });
    expect(Array.from(tierOf, (place) => tiersBestFirst[place])).toEqual(['low', 'mid', 'mid', 'high']);
    expect(cut(hundred, edges, { edges: [10, 50] }).edges.moved).toBe(false);
    expect(cut(hundred, edges, { edges: [10, 60] }).edges.moved).toBe(true);
  });
});
