import * as z from 'zod/mini';

/** The part of settings.json that says what is recommended. */
export const recommendationSettings = z.strictObject({
  /** Products for each customer. */
  count: z._default(z.int().check(z.minimum(1), z.maximum(20)), 10),
  /** Whether what a customer has bought may be recommended again: many shops sell what is used up. */
  boughtBefore: z._default(z.enum(['leaveOut', 'recommend']), 'leaveOut'),
  /** Leaves out what products/ says is out of stock. */
  inStockOnly: z._default(z.boolean(), true),
  /** Products and categories that are never recommended. */
  excludeProducts: z._default(z.array(z.string()), []),
  excludeCategories: z._default(z.array(z.string()), []),
});
