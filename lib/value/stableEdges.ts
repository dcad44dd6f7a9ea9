import { assignTiers, tierOf } from './tiers.ts';

export interface EdgeDecision {
  edges: [number, number];
  /** Whether they are not those of the previous run. */
  moved: boolean;
  reason: string;
}

/**
 * Tier edges that hold still from run to run, so that a customer changes tier when their value does and not when others' do.
 * They move when a tier has drifted from the share of customers it should have by more than `maxDrift`.
 */
export function decideEdges(
  values: Float64Array,
  {
    previous,
    quantiles,
    maxDrift = 0.05,
  }: { previous: [number, number] | null; quantiles: [number, number]; maxDrift?: number },
): EdgeDecision | null {
  const { edges } = assignTiers(values, { method: 'quantile', quantiles });
  if (edges === null) return null;
  if (previous === null) return { edges, moved: true, reason: 'there were no edges before' };
  const drift = Math.max(
    ...(['low', 'high'] as const).map((tier) =>
      Math.abs(shareOf(values, { tier, edges: previous }) - shareOf(values, { tier, edges })),
    ),
  );
  const percent = `${(100 * drift).toFixed(1)} %`;
  return drift > maxDrift
    ? { edges, moved: true, reason: `a tier is ${percent} of the customers off its share` }
    : { edges: previous, moved: false, reason: `no tier is more than ${percent} of the customers off` };
}

const shareOf = (
  values: Float64Array,
  { tier, edges }: { tier: 'low' | 'high'; edges: [number, number] },
): number => values.filter((value) => tierOf(value, edges) === tier).length / values.length;
