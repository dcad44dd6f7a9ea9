import * as z from 'zod/mini';

const limit = z.number().check(z.gt(0), z.lte(1));

/** The part of settings.json that says how far a run may move from the one before it and still be published at once. */
export const driftSettings = z.strictObject({
  /**
   * Of any feature. From month to month the features of UCI Online Retail move by .12 at most; above .25 a population is
   * by custom another one.
   */
  maxPsi: z._default(z.number().check(z.gt(0), z.lte(100)), 0.25),
  /**
   * Change of the number of order lines, as a share of the larger one. A folder grows by little at a time; losing a third of
   * it, or half as much again at once, is a file gone or an export uploaded twice.
   */
  maxRowShift: z._default(limit, 0.3),
  /** Likewise of revenue, which also moves when amounts change their unit or their sign. */
  maxRevenueShift: z._default(limit, 0.3),
  /** The held run whose change is right. It names one run, so that it cannot let through what comes later. */
  acceptShift: z._default(z.nullable(z.string()), null),
});
export type DriftSettings = z.infer<typeof driftSettings>;
