import type { TargetOutcome } from './simulatedTargets.ts';
import { mean, type PolicySummary, pairedT } from './simulationSummary.ts';
import type { SimulatedPolicy } from './simulator.ts';

/** What is promised of the portfolio in made-up markets, what was seen, and whether it holds. */
export interface Gate {
  medianClicks: number;
  promise: string;
  seen: string;
  holds: boolean;
}

/** By median clicks, the least gain over the human bids. */
export const leastGains: Readonly<Record<number, number>> = { 6: 0.07, 30: 0.14, 120: 0.17, 600: 0.18 };

/** Of thirty markets, two-sided with 5 %. */
const significantT = 2.05;

/** Of one kind of markets; all policies as `simulatePolicies` gave them, without guardrails but those named so. */
export function gatesOf(
  medianClicks: number,
  summaries: readonly PolicySummary[],
  targets: Readonly<Record<'roas' | 'cpa', readonly TargetOutcome[]>>,
): Gate[] {
  const named = (policy: SimulatedPolicy): PolicySummary => {
    const found = summaries.find((summary) => summary.policy === policy);
    if (found === undefined) throw new Error(`gatesOf: there is no summary of ${policy}`);
    return found;
  };
  const [portfolio, revenuePerClick] = [named('portfolio'), named('revenuePerClick')];
  const over = ({ meanGain }: PolicySummary): number => portfolio.meanGain - meanGain;
  const gate = (promise: string, seen: number, holds: boolean): Gate => ({
    ...{ medianClicks, promise, seen: seen.toFixed(3), holds },
  });
  const atLeast = (promise: string, seen: number, least: number): Gate =>
    gate(`${promise}: at least ${least}`, seen, seen >= least);
  const gates = [
    atLeast('gain over the human bids', portfolio.meanGain, leastGains[medianClicks] ?? 0),
    atLeast('gain over revenuePerClick', over(revenuePerClick), 0),
    atLeast('gain over the rescaled linear policy', over(named('linearRescaled')), 0.1),
  ];
  const mostSpent = Math.max(...summaries.map((summary) => summary.mostSpent));
  gates.push(gate('spend over budget, any policy, any week: at most 1', mostSpent, mostSpent <= 1));
  if (medianClicks <= 30)
    gates.push(
      atLeast('t of the gain over revenuePerClick', pairedT(portfolio, revenuePerClick), significantT),
    );
  if (medianClicks >= 30) gates.push(atLeast('intervals that hold the truth', portfolio.coverage, 0.85));
  else gates.push(atLeast('rows that say LIMITED_BY_DATA', portfolio.limitedByData, 0.5));
  for (const kind of ['roas', 'cpa'] as const) {
    const shareOf = (of: (outcome: TargetOutcome) => number): number => mean(targets[kind].map(of));
    gates.push(
      atLeast(
        `target ${kind}: reached, as a share`,
        shareOf(({ reached }) => reached),
        0.95,
      ),
      atLeast(
        `target ${kind}: of the best multiplier’s value`,
        shareOf(({ valueShare }) => valueShare),
        0.9,
      ),
    );
  }
  return gates;
}
