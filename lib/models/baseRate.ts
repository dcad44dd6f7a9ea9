import * as z from 'zod/mini';
import type { FeatureMatrix } from '../features/matrix.ts';

export const baseRateSchema = z.object({ probability: z.number() });
export type BaseRate = z.infer<typeof baseRateSchema>;

/** Everybody gets the share of buyers; Laplace's rule of succession keeps it off 0 and 1 when all rows agree. */
export function fitBaseRate(y: Uint8Array): BaseRate {
  const positives = y.reduce((sum, label) => sum + label, 0);
  return { probability: (positives + 1) / (y.length + 2) };
}

export const predictBaseRate = ({ probability }: BaseRate, { rows }: FeatureMatrix): Float64Array =>
  new Float64Array(rows).fill(probability);
