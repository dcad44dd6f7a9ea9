import * as z from 'zod/mini';
import { purchaseMetricsSchema } from './metrics.ts';
import { engineNameSchema, inTwoLanguagesSchema } from './purchaseReport.ts';

/** How a new model did against the one in use, on rows that neither had seen. */
export const challengeSchema = z.object({
  /**
   * `better` and `noDifference` (within chance, and by 1 % of the log-loss at most) are published, as the new model has seen newer rows;
   * `worse` is not, nor is `notMeasured`, for want of rows. `notComparable`: the one in use answers another question, so that the new one takes its place.
   */
  outcome: z.enum(['better', 'noDifference', 'worse', 'notMeasured', 'notComparable']),
  reason: inTwoLanguagesSchema,
  /** Of the model in use, as it was before it was fitted to its own held-out rows. */
  engine: engineNameSchema,
  metrics: z.nullable(purchaseMetricsSchema),
  /** Log-loss of the new model less that of the one in use, with its 95 % interval by paired bootstrap. */
  logLossBehind: z.nullable(z.object({ difference: z.number(), low: z.number(), high: z.number() })),
});
export type Challenge = z.infer<typeof challengeSchema>;

/** Whether the new model may take the place of the one in use. */
export const winsChallenge = ({ outcome }: Challenge): boolean =>
  outcome !== 'worse' && outcome !== 'notMeasured';
