import { bestMultiple, expectedWeek, type Market } from './market.ts';
import {
  coveredRows,
  type LiveWeek,
  rowsWithStatus,
  type SimulatedPolicy,
  type Simulation,
  simulate,
} from './simulator.ts';

/** One policy over several seeds, beside the human bids of the same seeds. Shares, not percent. */
export interface PolicySummary {
  policy: SimulatedPolicy;
  /** Value of the live weeks over that of the human bids, less 1; by seed. */
  gains: number[];
  meanGain: number;
  /** Of the mean. */
  standardError: number;
  /** The most that a week's spend came to, as a share of its budget. */
  mostSpent: number;
  /** What the bids were expected to spend over what they demanded in truth, on average. */
  expectedOverDemanded: number;
  /** Of the 90 % intervals of the value per click: how many hold it. */
  coverage: number;
  limitedByData: number;
}

export interface SummaryOptions {
  seeds: readonly number[];
  medianClicks: number;
  policies: readonly SimulatedPolicy[];
}

/** Each policy meets the same markets. */
export function summariseSimulations({ seeds, medianClicks, policies }: SummaryOptions): PolicySummary[] {
  const human = new Map(
    seeds.map((seed) => [seed, totalValue(simulate({ seed, medianClicks, policy: 'human' }))]),
  );
  return policies.map((policy) => {
    const simulations = seeds.map((seed) => simulate({ seed, medianClicks, policy }));
    const gains = simulations.map(
      (simulation, index) => totalValue(simulation) / (human.get(seeds[index] as number) as number) - 1,
    );
    const weeks = simulations.flatMap(({ market, weeks: lived }) => lived.map((week) => ({ market, week })));
    const rows = sum(weeks.map(({ week }) => week.answer?.rows.length ?? 0));
    return {
      policy,
      gains,
      meanGain: mean(gains),
      standardError: standardError(gains),
      mostSpent: Math.max(...weeks.map(({ week }) => week.spent / week.budget)),
      expectedOverDemanded: mean(
        weeks.map(
          ({ week }) =>
            (week.answer?.portfolio.expectedSpendMicros ?? week.truth.demanded) / week.truth.demanded,
        ),
      ),
      coverage: sum(weeks.map(({ market, week }) => coveredRows(market, week))) / rows,
      limitedByData: sum(weeks.map(({ week }) => rowsWithStatus(week, 'LIMITED_BY_DATA'))) / rows,
    };
  });
}

/** What is certain of one policy over another on the same markets: mean difference over its standard error. */
export function pairedT(one: PolicySummary, other: PolicySummary): number {
  const differences = one.gains.map((gain, index) => gain - (other.gains[index] as number));
  return mean(differences) / standardError(differences);
}

/** A return to reach and no budget, by seed. */
export interface TargetSummary {
  medianClicks: number;
  /** True return over the target, over all live weeks. */
  reached: number[];
  /** Value over that of the best multiplier of the same worths: the one that meets the target in truth. */
  valueShare: number[];
  /** Value over that of somebody who knew the market and met the target. */
  shareOfOracle: number[];
}

export function summariseTargets({
  seeds,
  medianClicks,
  timesHumanRoas,
}: {
  seeds: readonly number[];
  medianClicks: number;
  timesHumanRoas: number;
}): TargetSummary {
  const runs = seeds.map((seed) => {
    const human = simulate({ seed, medianClicks, policy: 'human', liveWeeks: 1 });
    const { value, spend } = (human.weeks[0] as LiveWeek).truth;
    const roas = (timesHumanRoas * value) / spend;
    const ours = simulate({ seed, medianClicks, policy: 'portfolio', target: { roas } });
    const best = simulate({ seed, medianClicks, policy: 'oracle', target: { roas } });
    const spent = sum(ours.weeks.map((week) => week.truth.spend));
    const feasible = sum(ours.weeks.map((week) => bestFeasibleValue(ours.market, week, roas)));
    const total = totalValue(ours);
    return {
      reached: total / spent / roas,
      valueShare: total / feasible,
      shareOfOracle: total / totalValue(best),
    };
  });
  return {
    medianClicks,
    reached: runs.map(({ reached }) => reached),
    valueShare: runs.map(({ valueShare }) => valueShare),
    shareOfOracle: runs.map(({ shareOfOracle }) => shareOfOracle),
  };
}

/** With the worths that the policy had, and the multiplier that it would have chosen had it known the true curves. */
function bestFeasibleValue({ groups }: Market, { answer }: LiveWeek, roas: number): number {
  const worths = new Map(answer?.rows.map(({ id, valuePerClick }) => [id, valuePerClick.meanMicros]));
  const bids = bestMultiple(
    groups.map(({ id }) => worths.get(id) ?? 0),
    (each) => {
      const { demanded, value } = expectedWeek(groups, each);
      return value >= roas * demanded;
    },
  );
  return expectedWeek(groups, bids).value;
}

const totalValue = ({ weeks }: Simulation): number => sum(weeks.map(({ truth }) => truth.value));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]): number => sum(values) / values.length;

function standardError(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1) / values.length);
}
