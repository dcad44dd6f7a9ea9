import { createHash } from 'node:crypto';
import { placesBefore } from '../../value/migration.ts';
import { type RfmGroup, rfmGroupNames } from '../../value/rfmGroups.ts';
import { type Tier, tiersBestFirst } from '../../value/tier.ts';
import type { Buyers } from './readBuyers.ts';
import type { Standing } from './standings.ts';

/** A customer who is in another tier or RFM group than in the order history before; docs/campaigns.md has it as an event. */
export interface SegmentMove {
  /** The same whenever the move is told, for whoever must not act on it twice. */
  id: string;
  customerId: string;
  ordersRunId: string;
  previousOrdersRunId: string;
  lastDay: string;
  tier: { from: Tier; to: Tier };
  rfmGroup: { from: RfmGroup; to: RfmGroup };
}

/** Tells others of moves; returns once every one of them has been taken. */
export type AnnounceMoves = (moves: Iterable<SegmentMove>) => Promise<void>;

/** Customers who are in both histories, in the order of the present one. */
export function* movesBetween(
  before: Standing,
  buyers: Buyers,
  runs: { ordersRunId: string; previousOrdersRunId: string; lastDay: string },
): Generator<SegmentMove> {
  const places = placesBefore(before, buyers);
  for (const [customer, place] of places.entries()) {
    if (place < 0) continue;
    const [tierFrom, tierTo] = [before.tiers[place] as number, buyers.tiers[customer] as number];
    const [groupFrom, groupTo] = [before.groups[place] as number, buyers.groups[customer] as number];
    if (tierFrom === tierTo && groupFrom === groupTo) continue;
    const customerId = buyers.customerIds[customer] as string;
    yield {
      id: moveId(customerId, runs),
      customerId,
      ...runs,
      tier: { from: tiersBestFirst[tierFrom] as Tier, to: tiersBestFirst[tierTo] as Tier },
      rfmGroup: { from: rfmGroupNames[groupFrom] as RfmGroup, to: rfmGroupNames[groupTo] as RfmGroup },
    };
  }
}

const moveId = (
  customerId: string,
  { ordersRunId, previousOrdersRunId }: { ordersRunId: string; previousOrdersRunId: string },
): string =>
  createHash('sha256')
    .update(JSON.stringify([previousOrdersRunId, ordersRunId, customerId]))
    .digest('hex')
    .slice(0, 32);
