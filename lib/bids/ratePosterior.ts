import type { HierarchicalRate } from './bidModel.ts';

export interface RatePosterior {
  mean: number;
  variance: number;
  /** The part of the variance that all ads of the campaign share. */
  commonVariance: number;
  /** What is known of the campaign, in trials. */
  priorTrials: number;
  /** Share of the mean that comes from the campaign, 0 to 1. */
  shrinkWeight: number;
}

/**
 * An ad's rate, given its successes among its trials and its campaign; a campaign that the model has not met, or none, is
 * drawn from the account. More successes than trials count as that many trials.
 */
export function ratePosterior(
  rate: HierarchicalRate,
  { campaign, trials, successes }: { campaign: string | null; trials: number; successes: number },
): RatePosterior {
  const known = Object.hasOwn(rate.campaigns, campaign ?? '') ? rate.campaigns[campaign ?? ''] : undefined;
  const n = Math.max(trials, successes);
  let [total, mean, variance] = [0, 0, 0];
  let [priorTrials, shrinkWeight, commonVariance] = [0, 0, 0];
  rate.nodes.forEach(({ strength, weight, account }, index) => {
    const prior = known?.[index] ?? account;
    const shrink = strength / (strength + n);
    const common = shrink ** 2 * prior.variance;
    const ofNode = (prior.mean * strength + successes) / (strength + n);
    const within = (ofNode * (1 - ofNode)) / (strength + n + 1);
    total += weight;
    const step = ofNode - mean;
    mean += (weight / total) * step;
    // within a strength and, in a way that no rounding makes negative, between strengths
    variance += weight * (within + common + step * (ofNode - mean));
    priorTrials += weight * strength;
    shrinkWeight += weight * shrink;
    commonVariance += weight * common;
  });
  return { mean, variance, commonVariance, priorTrials, shrinkWeight };
}
