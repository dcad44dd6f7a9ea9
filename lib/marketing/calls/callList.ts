import { type RfmGroup, rfmGroupNames } from '../../value/rfmGroups.ts';
import { type Tier, tiersBestFirst } from '../../value/tier.ts';

/** Customers by column, as they stand now. Money in minor units; NaN where it is not known. */
export interface CallColumns {
  customerIds: readonly string[];
  tiers: Uint8Array;
  groups: Uint8Array;
  pAlive: Float64Array;
  /** Expected spend of twelve months. */
  next12m: Float64Array;
  daysSinceLast: Float64Array;
  /** Mean days from one purchase day to the next; NaN for one purchase day. */
  usualGapDays: Float64Array;
  mayCall: Uint8Array;
  mayEmail: Uint8Array;
  /** Nothing may be said or kept of them. */
  isSuppressed: Uint8Array;
}

/** How the same customers stood before; `places` is where each is in these columns, -1 for nowhere. */
export interface StandingBefore {
  places: Int32Array;
  tiers: Uint8Array;
  groups: Uint8Array;
  pAlive: Float64Array;
  next12m: Float64Array;
  /** Days from then to now. */
  daysAgo: number;
}

export const callActions = ['call', 'writePersonally', 'noConsent'] as const;
export type CallAction = (typeof callActions)[number];

export interface Call {
  customer: number;
  customerId: string;
  /** Drop of the probability to be active × expected spend; minor units. */
  valueAtStake: number;
  pAlive: number;
  /** Null where no earlier run knew the customer: then the drop counts from their last order, when they were surely active. */
  pAliveBefore: number | null;
  expectedSpend: number;
  tier: Tier;
  tierBefore: Tier | null;
  group: RfmGroup;
  groupBefore: RfmGroup | null;
  daysSinceLast: number;
  usualGapDays: number | null;
  action: CallAction;
}

/**
 * Customers with the most value at stake, most first, equal ones by id. The expected spend is that from before the drop, where it is known:
 * the present one has fallen with it.
 */
export function callList(
  columns: CallColumns,
  { before, limit }: { before: StandingBefore | null; limit: number },
): Call[] {
  const calls: Call[] = [];
  for (let customer = 0; customer < columns.customerIds.length; customer++) {
    const call = columns.isSuppressed[customer] === 1 ? null : callAt(columns, customer, before);
    if (call !== null && call.valueAtStake > 0) calls.push(call);
  }
  calls.sort(
    (one, other) => other.valueAtStake - one.valueAtStake || (one.customerId < other.customerId ? -1 : 1),
  );
  return calls.slice(0, limit);
}

function callAt(columns: CallColumns, customer: number, before: StandingBefore | null): Call | null {
  const pAlive = columns.pAlive[customer] as number;
  const next12m = columns.next12m[customer] as number;
  if (Number.isNaN(pAlive) || Number.isNaN(next12m)) return null;
  const place = before?.places[customer] ?? -1;
  const known = place >= 0 && before !== null && !Number.isNaN(before.pAlive[place]) ? before : null;
  const pAliveBefore = known === null ? null : (known.pAlive[place] as number);
  const expectedSpend = known === null ? next12m : (known.next12m[place] as number);
  const gap = columns.usualGapDays[customer] as number;
  return {
    customer,
    customerId: columns.customerIds[customer] as string,
    valueAtStake: ((pAliveBefore ?? 1) - pAlive) * expectedSpend,
    pAlive,
    pAliveBefore,
    expectedSpend,
    tier: tiersBestFirst[columns.tiers[customer] as number] as Tier,
    tierBefore: known === null ? null : (tiersBestFirst[known.tiers[place] as number] as Tier),
    group: rfmGroupNames[columns.groups[customer] as number] as RfmGroup,
    groupBefore: known === null ? null : (rfmGroupNames[known.groups[place] as number] as RfmGroup),
    daysSinceLast: columns.daysSinceLast[customer] as number,
    usualGapDays: Number.isNaN(gap) ? null : gap,
    action: actionFor(columns, customer),
  };
}

function actionFor({ mayCall, mayEmail }: CallColumns, customer: number): CallAction {
  if (mayCall[customer] === 1) return 'call';
  return mayEmail[customer] === 1 ? 'writePersonally' : 'noConsent';
}
