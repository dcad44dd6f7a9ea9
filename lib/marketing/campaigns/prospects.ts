import type { Channel } from './settings.ts';

/** Customers who have bought, by column; what a plan is made of. Money in minor units of the currency. */
export interface Prospects {
  customerIds: readonly string[];
  /** Positions in `tiersBestFirst` and `rfmGroupNames`. */
  tiers: Uint8Array;
  groups: Uint8Array;
  /** Of an order within the horizon without any campaign. */
  probability: Float64Array;
  /** Expected value of an order. */
  orderValue: Float64Array;
  /** Whether a campaign may reach the customer by the channel: consent, an address, no suppression, and the contact cap. */
  reachable: Readonly<Record<Channel, Uint8Array>>;
}
