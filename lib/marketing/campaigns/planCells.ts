import { type RfmGroup, rfmGroupNames } from '../../value/rfmGroups.ts';
import { type Tier, tiersBestFirst } from '../../value/tier.ts';
import { keyedDraw } from './keyedDraw.ts';
import type { PlanOptions } from './planOptions.ts';
import type { Prospects } from './prospects.ts';

/** The customers of an RFM group and tier, whom one campaign may reach. */
export interface Cell {
  name: string;
  segment: RfmGroup;
  tier: Tier;
  customers: Uint32Array;
  /** By customer, in the order of `customers`. */
  draws: Float64Array;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const campaignName = (segment: RfmGroup, tier: Tier): string => `${kebab(segment)}-${tier}`;

export function cellsOf({ customerIds, groups, tiers }: Prospects, { seed }: PlanOptions): Cell[] {
  const members = new Map<number, number[]>();
  for (let customer = 0; customer < customerIds.length; customer++) {
    const cell = (groups[customer] as number) * tiersBestFirst.length + (tiers[customer] as number);
    const list = members.get(cell);
    if (list === undefined) members.set(cell, [customer]);
    else list.push(customer);
  }
  return [...members]
    .sort(([one], [other]) => one - other)
    .map(([cell, list]) => {
      const segment = rfmGroupNames[Math.floor(cell / tiersBestFirst.length)] as RfmGroup;
      const tier = tiersBestFirst[cell % tiersBestFirst.length] as Tier;
      const name = campaignName(segment, tier);
      const draws = Float64Array.from(list, (customer) =>
        keyedDraw(customerIds[customer] as string, { campaign: name, seed }),
      );
      return { name, segment, tier, customers: Uint32Array.from(list), draws };
    });
}
