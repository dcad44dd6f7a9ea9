import * as z from 'zod/mini';

/**
 * How often the fit saw each label against how often it comes: (negatives seen / negatives) / (positives seen / positives).
 * Weights count as that many rows. 1 is no change; keeping a share β of the majority gives β.
 */
export function priorShift(
  before: { negatives: number; positives: number },
  seen: { negatives: number; positives: number },
): number {
  const shift = seen.negatives / before.negatives / (seen.positives / before.positives);
  if (!(shift > 0 && Number.isFinite(shift)))
    throw new RangeError(
      `priorShift needs rows of both labels before and after; got ${before.negatives} and ${before.positives}, then ` +
        `${seen.negatives} and ${seen.positives}`,
    );
  return shift;
}

/**
 * Takes a probability that was learnt under another share of buyers back to the true one: the odds times β, which is
 * p = β p_s / ((β - 1) p_s + 1) (Dal Pozzolo, Caelen, Johnson and Bontempi 2015, equation 4).
 */
export const correctPrior = (seen: number, beta: number): number => (beta * seen) / ((beta - 1) * seen + 1);

/** What puts right what a model says. */
export const priorCorrectionSchema = z.object({
  beta: z.number(),
  /** γ of the focal loss that it was fitted by; null for the log-loss. */
  focalGamma: z.nullable(z.number()),
});
export type PriorCorrection = z.infer<typeof priorCorrectionSchema>;

export function correctProbabilities(
  probabilities: Float64Array,
  { beta, focalGamma }: PriorCorrection,
): Float64Array {
  if (beta === 1 && focalGamma === null) return probabilities;
  return probabilities.map((p) => correctPrior(focalGamma === null ? p : unfocused(p, focalGamma), beta));
}

/**
 * The focal loss is not least at the true probability: it draws towards one half. Its least q for a true p solves
 * p A(q) = (1 - p) A(1 - q) with A(q) = (1-q)^γ / q - γ (1-q)^(γ-1) log q, which is solved here for p (Charoenphakdee,
 * Vongkulbhisal, Chairatanakul and Sugiyama 2021, theorem 11).
 */
export function unfocused(q: number, gamma: number): number {
  if (q <= 0 || q >= 1) return q;
  const slope = (value: number): number =>
    (1 - value) ** gamma / value - gamma * (1 - value) ** (gamma - 1) * Math.log(value);
  return slope(1 - q) / (slope(q) + slope(1 - q));
}
