import * as z from 'zod/mini';
import { brier, rocAuc } from '../metrics.ts';
import { wilsonInterval } from './wilsonInterval.ts';

/** What probabilities that were published said, against what came once their days were over. */
export const predictionDriftSchema = z.object({
  customers: z.number(),
  buyers: z.number(),
  meanProbability: z.number(),
  observedRate: z.number(),
  /** Standard errors between buyers and what was said, were every probability right; beyond 3 either way it is no chance. */
  standardErrors: z.number(),
  verdict: z.enum(['asSaid', 'saidTooMuch', 'saidTooLittle']),
  brier: z.number(),
  rocAuc: z.nullable(z.number()),
  /** By the deciles that were published. */
  deciles: z.array(
    z.object({
      decile: z.number(),
      customers: z.number(),
      buyers: z.number(),
      meanProbability: z.number(),
      /** Share of buyers, with its 95 % interval (Wilson). */
      observed: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
});
export type PredictionDrift = z.infer<typeof predictionDriftSchema>;

const beyondChance = 3;

/** `y[i]` is 1 where customer i bought. Throws without customers. */
export function predictionDrift(
  y: Uint8Array,
  probabilities: Float64Array,
  { deciles }: { deciles: Uint8Array },
): PredictionDrift {
  const customers = y.length;
  if (customers === 0) throw new Error('predictionDrift needs at least one customer; got 0');
  const buyers = y.reduce((sum, label) => sum + label, 0);
  const said = probabilities.reduce((sum, p) => sum + p, 0);
  // The number of buyers is a sum of independent draws, one per customer
  const variance = probabilities.reduce((sum, p) => sum + p * (1 - p), 0);
  const standardErrors = variance === 0 ? 0 : (buyers - said) / Math.sqrt(variance);
  return {
    customers,
    buyers,
    meanProbability: said / customers,
    observedRate: buyers / customers,
    standardErrors,
    verdict: verdictOf(standardErrors),
    brier: brier(y, probabilities),
    rocAuc: rocAuc(y, probabilities),
    deciles: [...new Set(deciles)]
      .sort((one, other) => one - other)
      .map((decile) => {
        const rows = Uint32Array.from(deciles.keys()).filter((row) => deciles[row] === decile);
        const bought = rows.reduce((sum, row) => sum + (y[row] as number), 0);
        return {
          decile,
          customers: rows.length,
          buyers: bought,
          meanProbability: rows.reduce((sum, row) => sum + (probabilities[row] as number), 0) / rows.length,
          observed: bought / rows.length,
          ...wilsonInterval(bought, rows.length),
        };
      }),
  };
}

function verdictOf(standardErrors: number): PredictionDrift['verdict'] {
  if (Math.abs(standardErrors) <= beyondChance) return 'asSaid';
  return standardErrors < 0 ? 'saidTooMuch' : 'saidTooLittle';
}
