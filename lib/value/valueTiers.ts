import type { ValueTierSettings } from './settings.ts';
import { decideEdges } from './stableEdges.ts';
import { type Tier, tiersBestFirst } from './tier.ts';
import { tierOf } from './tiers.ts';
import type { ValueTierEdges } from './valueTierEdges.ts';

export interface ValueTiers {
  /** Position in `tiersBestFirst`, one per customer. */
  tierOf: Uint8Array;
  edges: ValueTierEdges;
}

/** High, mid and low by value. Edges of the previous run stay where they were made the same way and no tier has drifted far. */
export function cutValueTiers(
  values: Float64Array,
  {
    basis,
    settings,
    minorUnits,
    previous,
  }: {
    basis: ValueTierEdges['basis'];
    settings: ValueTierSettings;
    /** In one unit of the currency, in which the settings give edges. */
    minorUnits: number;
    previous: ValueTierEdges | null;
  },
): ValueTiers {
  const edges = edgesOf(values, { basis, settings, minorUnits, previous });
  const [lowEnds = 0, midEnds = 0] = edges.edges;
  const places = new Map<Tier, number>(tiersBestFirst.map((tier, index) => [tier, index]));
  return {
    tierOf: Uint8Array.from(values, (value) => places.get(tierOf(value, [lowEnds, midEnds])) as number),
    edges,
  };
}

function edgesOf(
  values: Float64Array,
  { basis, settings, minorUnits, previous }: Parameters<typeof cutValueTiers>[1],
): ValueTierEdges {
  if (settings.edges !== null) {
    const edges = settings.edges.map((edge) => edge * minorUnits);
    const moved = previous === null || edges.some((edge, index) => edge !== previous.edges[index]);
    return { basis, method: 'fixed', quantiles: null, edges, moved, reason: 'the settings fix them' };
  }
  const { quantiles, maxDrift } = settings;
  const comparable =
    previous !== null &&
    previous.basis === basis &&
    previous.method === 'quantile' &&
    quantiles.every((share, index) => share === previous.quantiles?.[index]);
  const [lowEnds = 0, midEnds = 0] = previous?.edges ?? [];
  const decision = decideEdges(values, {
    previous: comparable ? [lowEnds, midEnds] : null,
    quantiles,
    maxDrift,
  });
  const made = { basis, method: 'quantile', quantiles } as const;
  if (decision === null) return { ...made, edges: [0, 0], moved: false, reason: 'there are no customers' };
  const reason =
    previous !== null && !comparable ? 'those of the run before were made in another way' : decision.reason;
  return { ...made, ...decision, reason };
}
