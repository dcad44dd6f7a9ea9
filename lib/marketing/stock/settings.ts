import * as z from 'zod/mini';

/** The part of settings.json that says how much is kept in stock. */
export const stockSettings = z.strictObject({
  /** Chance that what is there lasts until the next delivery. */
  serviceLevel: z._default(z.number().check(z.gte(0.5), z.lte(0.99)), 0.95),
  /** Of products for which products/ does not say it. */
  leadTimeDays: z._default(z.int().check(z.minimum(0), z.maximum(365)), 14),
  /** An order is to last so many days beyond the lead time. */
  orderForDays: z._default(z.int().check(z.minimum(1), z.maximum(365)), 30),
});
export type StockSettings = z.infer<typeof stockSettings>;
