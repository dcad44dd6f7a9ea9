import { normalCdf } from '../../math/normalCdf.ts';
import { normalQuantile } from '../../math/normalQuantile.ts';

/** Two groups whose shares of buyers are compared, two-sided. */
export interface Comparison {
  treated: number;
  control: number;
  /** Probabilities to buy. */
  controlRate: number;
  treatedRate: number;
  significance: number;
}

/**
 * The probability that the difference is found, by the normal approximation with the pooled variance under no difference
 * (Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions, section 4.2). 0 where a group is empty.
 */
export function powerOf({ treated, control, controlRate, treatedRate, significance }: Comparison): number {
  if (treated === 0 || control === 0) return 0;
  const pooled = (treated * treatedRate + control * controlRate) / (treated + control);
  const underNull = Math.sqrt(pooled * (1 - pooled) * (1 / treated + 1 / control));
  const underEffect = Math.sqrt(
    (treatedRate * (1 - treatedRate)) / treated + (controlRate * (1 - controlRate)) / control,
  );
  const difference = Math.abs(treatedRate - controlRate);
  if (difference === 0) return significance;
  if (underEffect === 0) return 1;
  const z = normalQuantile(1 - significance / 2);
  return (
    normalCdf((difference - z * underNull) / underEffect) +
    normalCdf((-difference - z * underNull) / underEffect)
  );
}

/**
 * The smallest share of `customers` in the control group that gives `power`, within bounds; the largest where none does.
 * Power grows with the share up to a half, as the smaller group decides.
 */
export function controlShareFor(
  customers: number,
  rates: Pick<Comparison, 'controlRate' | 'treatedRate' | 'significance'>,
  { power, minShare, maxShare }: { power: number; minShare: number; maxShare: number },
): number {
  const reached = (share: number): boolean =>
    powerOf({ ...rates, control: share * customers, treated: (1 - share) * customers }) >= power;
  if (maxShare <= minShare || reached(minShare)) return minShare;
  if (!reached(maxShare)) return maxShare;
  let [below, above] = [minShare, maxShare];
  for (let halving = 0; halving < 30; halving++) {
    const middle = (below + above) / 2;
    if (reached(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** The smallest rise of the buyers' share that groups of these sizes find with `power`; null where even 1 is not found. */
export function minimumDetectableRise(
  groups: Pick<Comparison, 'treated' | 'control' | 'controlRate' | 'significance'>,
  { power }: { power: number },
): number | null {
  const most = 1 - groups.controlRate;
  const reached = (rise: number): boolean =>
    powerOf({ ...groups, treatedRate: groups.controlRate + rise }) >= power;
  if (!reached(most)) return null;
  let [below, above] = [0, most];
  for (let halving = 0; halving < 50; halving++) {
    const middle = (below + above) / 2;
    if (reached(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** Customers in both groups together, at this control share, for `power`; null where there is no difference to find. */
export function customersNeeded(
  {
    controlRate,
    treatedRate,
    significance,
  }: Pick<Comparison, 'controlRate' | 'treatedRate' | 'significance'>,
  { power, controlShare }: { power: number; controlShare: number },
): number | null {
  const difference = treatedRate - controlRate;
  if (difference === 0) return null;
  const pooled = (1 - controlShare) * treatedRate + controlShare * controlRate;
  const underNull = Math.sqrt(pooled * (1 - pooled) * (1 / (1 - controlShare) + 1 / controlShare));
  const underEffect = Math.sqrt(
    (treatedRate * (1 - treatedRate)) / (1 - controlShare) + (controlRate * (1 - controlRate)) / controlShare,
  );
  const z = normalQuantile(1 - significance / 2) * underNull + normalQuantile(power) * underEffect;
  return Math.ceil((z / difference) ** 2);
}
