import { type RfmGroup, rfmGroupNames } from '../../value/rfmGroups.ts';
import { type Tier, tiersBestFirst } from '../../value/tier.ts';
import type { Audience } from '../campaigns/settings.ts';

/** Columns by which customers are chosen; money in minor units, NaN where no model says. */
export interface AudienceColumns {
  customerIds: readonly string[];
  /** Positions in `tiersBestFirst` and `rfmGroupNames`; clusters from 1, 0 for none. */
  tiers: Uint8Array;
  groups: Uint8Array;
  clusters: Uint8Array;
  next12m: Float64Array;
  pAlive: Float64Array;
}

/** An audience for every tier and RFM group, for shops that name none. */
export const usualAudiences: Audience[] = [...tiersBestFirst, ...rfmGroupNames].map((segment) => ({
  name: segment.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  segment,
  tier: null,
  minExpectedSpend: null,
  maxExpectedSpend: null,
  minProbabilityActive: null,
  maxProbabilityActive: null,
}));

/** Places of the customers who are in an audience, in their order. A bound leaves out customers of whom the figure is not known. */
export function audienceMembers(
  columns: AudienceColumns,
  { segment, tier, ...bounds }: Audience,
  { minorUnits }: { minorUnits: number },
): Uint32Array {
  const inMinor = (amount: number | null): number | null => (amount === null ? null : amount * minorUnits);
  const spend = { min: inMinor(bounds.minExpectedSpend), max: inMinor(bounds.maxExpectedSpend) };
  const active = { min: bounds.minProbabilityActive, max: bounds.maxProbabilityActive };
  const isIn = (customer: number): boolean =>
    isOfSegment(columns, customer, segment) &&
    (tier === null || tiersBestFirst[columns.tiers[customer] as number] === tier) &&
    isWithin(columns.next12m[customer] as number, spend) &&
    isWithin(columns.pAlive[customer] as number, active);
  return Uint32Array.from(Array.from(columns.customerIds.keys()).filter(isIn));
}

function isOfSegment(columns: AudienceColumns, customer: number, segment: string | null): boolean {
  if (segment === null) return true;
  const tier = tiersBestFirst.indexOf(segment as Tier);
  if (tier >= 0) return columns.tiers[customer] === tier;
  const group = rfmGroupNames.indexOf(segment as RfmGroup);
  if (group >= 0) return columns.groups[customer] === group;
  return columns.clusters[customer] === Number(segment.replace('cluster-', ''));
}

function isWithin(value: number, { min, max }: { min: number | null; max: number | null }): boolean {
  if (min === null && max === null) return true;
  return value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
}
