import type { Auction } from './settings.ts';
import { coveredRows, rowsWithStatus, type SimulatedPolicy, type Simulation, simulate } from './simulator.ts';

export interface SeedOptions {
  seed: number;
  medianClicks: number;
  auction?: Auction;
  policies: readonly SimulatedPolicy[];
}

/** What one policy did in one market; plain data, as markets are simulated in processes of their own. */
export interface PolicyOutcome {
  policy: SimulatedPolicy;
  /** Value of each live week over that of the human bids, less 1; then of all together. */
  weeklyGains: number[];
  gain: number;
  /** The most that a week's spend came to, as a share of its budget. */
  mostSpent: number;
  /** What the bids were expected to spend over what they demanded in truth, mean over the weeks. */
  expectedOverDemanded: number;
  /** Rows answered, those whose 90 % interval of the value per click holds it, those that say LIMITED_BY_DATA. */
  rows: number;
  covered: number;
  limitedByData: number;
}

/** Each policy in the market of one seed, beside the human bids. */
export function simulatePolicies({ policies, ...market }: SeedOptions): PolicyOutcome[] {
  const human = weeklyValues(simulate({ ...market, policy: 'human' }));
  return policies.map((policy) => outcomeOf(policy, simulate({ ...market, policy }), human));
}

function outcomeOf(policy: SimulatedPolicy, simulation: Simulation, human: readonly number[]): PolicyOutcome {
  const { market, weeks } = simulation;
  const values = weeklyValues(simulation);
  return {
    policy,
    weeklyGains: values.map((value, week) => value / (human[week] as number) - 1),
    gain: sum(values) / sum(human) - 1,
    mostSpent: Math.max(...weeks.map((week) => week.spent / week.budget)),
    expectedOverDemanded: mean(
      weeks.map(
        ({ answer, truth }) => (answer?.portfolio.expectedSpendMicros ?? truth.demanded) / truth.demanded,
      ),
    ),
    rows: sum(weeks.map(({ answer }) => answer?.rows.length ?? 0)),
    covered: sum(weeks.map((week) => coveredRows(market, week))),
    limitedByData: sum(weeks.map((week) => rowsWithStatus(week, 'LIMITED_BY_DATA'))),
  };
}

/** One policy over several markets. Shares, not percent. */
export interface PolicySummary {
  policy: SimulatedPolicy;
  /** By market. */
  gains: number[];
  meanGain: number;
  /** Of the mean. */
  standardError: number;
  /** By live week. */
  weeklyGains: number[];
  mostSpent: number;
  expectedOverDemanded: number;
  /** Of the 90 % intervals of the value per click: how many hold it. */
  coverage: number;
  limitedByData: number;
}

/** `markets`: what `simulatePolicies` answers, one per seed, of the same policies. */
export function summarisePolicies(markets: readonly (readonly PolicyOutcome[])[]): PolicySummary[] {
  return (markets[0] ?? []).map(({ policy, weeklyGains }, index) => {
    const outcomes = markets.map((market) => market[index] as PolicyOutcome);
    const gains = outcomes.map(({ gain }) => gain);
    const rows = sum(outcomes.map((outcome) => outcome.rows));
    return {
      policy,
      gains,
      meanGain: mean(gains),
      standardError: standardError(gains),
      weeklyGains: weeklyGains.map((_, week) =>
        mean(outcomes.map((outcome) => outcome.weeklyGains[week] as number)),
      ),
      mostSpent: Math.max(...outcomes.map(({ mostSpent }) => mostSpent)),
      expectedOverDemanded: mean(outcomes.map(({ expectedOverDemanded }) => expectedOverDemanded)),
      coverage: sum(outcomes.map(({ covered }) => covered)) / rows,
      limitedByData: sum(outcomes.map(({ limitedByData }) => limitedByData)) / rows,
    };
  });
}

/** What is certain of one policy over another in the same markets: mean difference over its standard error. */
export function pairedT(one: PolicySummary, other: PolicySummary): number {
  const differences = one.gains.map((gain, index) => gain - (other.gains[index] as number));
  return mean(differences) / standardError(differences);
}

const weeklyValues = ({ weeks }: Simulation): number[] => weeks.map(({ truth }) => truth.value);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]): number => sum(values) / values.length;

function standardError(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1) / values.length);
}
