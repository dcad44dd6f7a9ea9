import type { Classification, ThresholdReport } from '../purchaseReport.ts';
import { type ContactEconomics, profitOf } from './decileReport.ts';

/** Above every probability: nobody is contacted. */
const nobody = 2;

/**
 * The probability from which on a contact pays best: with economics by profit, else by F1. Every probability that occurs is
 * tried; where no contact pays at all it is above 1.
 */
export function chooseThreshold(
  y: Uint8Array,
  probabilities: Float64Array,
  { economics }: { economics: ContactEconomics | null },
): number {
  const order = Uint32Array.from(y.keys()).sort(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number),
  );
  const positives = y.reduce((sum, label) => sum + label, 0);
  let best = {
    threshold: economics === null ? (probabilities[order[0] as number] ?? nobody) : nobody,
    worth: 0,
  };
  let buyers = 0;
  for (let place = 0; place < order.length; place++) {
    const row = order[place] as number;
    buyers += y[row] as number;
    const threshold = probabilities[row] as number;
    if (place + 1 < order.length && probabilities[order[place + 1] as number] === threshold) continue;
    const contacted = place + 1;
    const worth =
      economics === null ? (2 * buyers) / (contacted + positives) : profitOf(buyers, contacted, economics);
    if (worth > best.worth) best = { threshold, worth };
  }
  return best.threshold;
}

/** How a yes from `threshold` on does. */
export function classify(y: Uint8Array, probabilities: Float64Array, threshold: number): Classification {
  const { contacted, found, positives } = countsAt(y, probabilities, threshold);
  const negatives = y.length - positives;
  const wrongly = contacted - found;
  return {
    accuracy: (found + negatives - wrongly) / y.length,
    recall: positives === 0 ? null : found / positives,
    specificity: negatives === 0 ? null : (negatives - wrongly) / negatives,
    precision: contacted === 0 ? null : found / contacted,
    f1: found === 0 ? 0 : (2 * found) / (contacted + positives),
  };
}

/** The threshold, chosen elsewhere, on these rows. */
export function thresholdReport(
  y: Uint8Array,
  probabilities: Float64Array,
  { threshold, economics }: { threshold: number; economics: ContactEconomics | null },
): ThresholdReport {
  const { contacted, found, positives } = countsAt(y, probabilities, threshold);
  return {
    basis: economics === null ? 'f1' : 'profit',
    probability: threshold,
    contacted,
    ...classify(y, probabilities, threshold),
    profit: economics && profitOf(found, contacted, economics),
    profitOfContactingAll: economics && profitOf(positives, y.length, economics),
    breakEvenProbability:
      economics === null || economics.purchaseMargin === 0
        ? null
        : economics.contactCost / economics.purchaseMargin,
  };
}

function countsAt(
  y: Uint8Array,
  probabilities: Float64Array,
  threshold: number,
): { contacted: number; found: number; positives: number } {
  let [contacted, found, positives] = [0, 0, 0];
  for (let row = 0; row < y.length; row++) {
    const label = y[row] as number;
    positives += label;
    if ((probabilities[row] as number) < threshold) continue;
    contacted += 1;
    found += label;
  }
  return { contacted, found, positives };
}
