import * as z from 'zod/mini';

/** The part of settings.json that says how bids are made. */
export const bidSettings = z.strictObject({
  /** A bid is the predicted spend times this. */
  bidFactor: z._default(z.number().check(z.gt(0), z.lte(1000)), 1.2),
});
export type BidSettings = z.infer<typeof bidSettings>;
