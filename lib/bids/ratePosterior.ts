import type { HierarchicalRate } from './bidModel.ts';
import { mixMoments } from './fitRate.ts';

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
  let [priorTrials, shrinkWeight, commonVariance] = [0, 0, 0];
  const parts = rate.nodes.map(({ strength, weight, account }, index) => {
    const prior = known?.[index] ?? account;
    const shrink = strength / (strength + n);
    priorTrials += weight * strength;
    shrinkWeight += weight * shrink;
    commonVariance += weight * shrink ** 2 * prior.variance;
    const mean = (prior.mean * strength + successes) / (strength + n);
    const within = (mean * (1 - mean)) / (strength + n + 1);
    return { mean, variance: within + shrink ** 2 * prior.variance };
  });
  const weights = rate.nodes.map(({ weight }) => weight);
  return { ...mixMoments(parts, weights), commonVariance, priorTrials, shrinkWeight };
}
