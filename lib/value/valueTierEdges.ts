import * as z from 'zod/mini';

/** Where the tiers of a run are cut, kept so that the next run can leave them where they are. */
export const valueTierEdgesSchema = z.object({
  /** What customers are ranked by: expected spend, or past spend where no model could be fitted. */
  basis: z.enum(['expectedSpend', 'historicSpend']),
  method: z.enum(['quantile', 'fixed']),
  /** Null for fixed edges. */
  quantiles: z.nullable(z.array(z.number())),
  /** Minor units: up to the first low, up to the second mid, above it high. */
  edges: z.array(z.number()),
  /** Whether they differ from those of the run before, and why. */
  moved: z.boolean(),
  reason: z.string(),
});
export type ValueTierEdges = z.infer<typeof valueTierEdgesSchema>;
