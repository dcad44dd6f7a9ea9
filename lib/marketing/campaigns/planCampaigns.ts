import type { RfmGroup } from '../../value/rfmGroups.ts';
import type { Tier } from '../../value/tier.ts';
import type { Grant } from './allocateBudget.ts';
import { type Cell, cellsOf } from './planCells.ts';
import { allocate, budgetOf, type CellClaim, claimOf, sizesOf } from './planClaims.ts';
import { type CampaignPlan, campaignOf } from './plannedCampaign.ts';
import type { PlanOptions } from './planOptions.ts';
import type { Prospects } from './prospects.ts';

export type NotPlannedReason = 'tooFewCustomers' | 'nobodyReachable' | 'notWorthIt' | 'noBudgetLeft';

/** A segment that gets no campaign, and why. */
export interface NotPlanned {
  name: string;
  segment: RfmGroup;
  tier: Tier;
  customers: number;
  reachable: number;
  reason: NotPlannedReason;
  /** Its minimum could not be spent. */
  minimumMissed: boolean;
}

export interface Plan {
  campaigns: CampaignPlan[];
  notPlanned: NotPlanned[];
  /** Minor units; null where the settings name none. */
  budget: number | null;
  unspent: number;
  next: { campaign: string; gainPerUnit: number } | null;
}

/** Campaigns for the customers of each RFM group and tier, with whom to leave out for comparison. */
export function planCampaigns(prospects: Prospects, options: PlanOptions): Plan {
  const cells = cellsOf(prospects, options);
  const first = cells.map((cell) => claimOf(prospects, { cell, options, sizes: null }));
  const rough = allocate(first, options);
  const claims = cells.map((cell, at) => {
    const sizes = sizesOf(first[at] as CellClaim, rough.grants[at] as Grant);
    return claimOf(prospects, { cell, options, sizes });
  });
  const allocation = allocate(claims, options);
  const campaigns: CampaignPlan[] = [];
  const notPlanned: NotPlanned[] = [];
  for (const [at, cell] of cells.entries()) {
    const claim = claims[at] as CellClaim;
    const grant = allocation.grants[at] as Grant;
    if (grant.curve >= 0) campaigns.push(campaignOf(prospects, { cell, claim, grant, options }));
    else notPlanned.push({ ...unplanned(cell, claim, options), minimumMissed: claim.min > 0 });
  }
  const { next } = allocation;
  return {
    campaigns: campaigns.sort((one, other) => other.forecast.profit - one.forecast.profit),
    notPlanned,
    budget: budgetOf(options),
    unspent: allocation.unspent,
    next: next && { campaign: (cells[next.claim] as Cell).name, gainPerUnit: next.gainPerUnit },
  };
}

function unplanned(
  cell: Cell,
  { curves, reachable }: CellClaim,
  { settings }: PlanOptions,
): Omit<NotPlanned, 'minimumMissed'> {
  const pays = curves.some(({ returns }) => (returns[0] ?? 0) > 1);
  const reason: NotPlannedReason =
    reachable === 0
      ? 'nobodyReachable'
      : reachable < settings.minCustomers
        ? 'tooFewCustomers'
        : pays
          ? 'noBudgetLeft'
          : 'notWorthIt';
  const { name, segment, tier, customers } = cell;
  return { name, segment, tier, customers: customers.length, reachable, reason };
}
