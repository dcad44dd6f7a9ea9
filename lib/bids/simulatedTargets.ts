import { bestMultiple, expectedWeek, type Market } from './market.ts';
import type { Auction } from './settings.ts';
import { type LiveWeek, type Simulation, simulate } from './simulator.ts';

/** Return on spend to reach, or cost per conversion to keep; no budget. */
export type TargetKind = 'roas' | 'cpa';

export interface TargetOutcome {
  /** True return over the target, or the target over the true cost per conversion: 1 and more meets it. Over all live weeks. */
  reached: number;
  /** Value over that of the best multiplier of the same worths: the one that meets the target in truth. */
  valueShare: number;
  /** Value over that of somebody who knew the market and met the target. */
  shareOfOracle: number;
}

/** The portfolio in the market of one seed, with a target so many times better than what the human bids reach. */
export function simulateTarget({
  kind,
  timesHuman,
  ...market
}: {
  seed: number;
  medianClicks: number;
  auction?: Auction;
  kind: TargetKind;
  timesHuman: number;
}): TargetOutcome {
  const human = simulate({ ...market, policy: 'human', liveWeeks: 1 });
  const goal = timesHuman * efficiency(totalOf(human), kind);
  const target = kind === 'roas' ? { roas: goal } : { cpaMicros: Math.round(1 / goal) };
  const ours = simulate({ ...market, policy: 'portfolio', target });
  const best = simulate({ ...market, policy: 'oracle', target });
  const total = totalOf(ours);
  const feasible = ours.weeks.reduce(
    (sum, week) => sum + bestFeasibleValue(ours.market, week, { kind, goal }),
    0,
  );
  return {
    reached: efficiency(total, kind) / goal,
    valueShare: total.value / feasible,
    shareOfOracle: total.value / totalOf(best).value,
  };
}

interface Earned {
  spend: number;
  value: number;
  conversions: number;
}

/** What a micro of spend brings: more is better, whichever the target. */
const efficiency = ({ spend, value, conversions }: Earned, kind: TargetKind): number =>
  (kind === 'roas' ? value : conversions) / spend;

const totalOf = ({ weeks }: Simulation): Earned =>
  weeks.reduce(
    (sum, { truth }) => ({
      spend: sum.spend + truth.spend,
      value: sum.value + truth.value,
      conversions: sum.conversions + truth.conversions,
    }),
    { spend: 0, value: 0, conversions: 0 },
  );

/** With the worths that the policy had, and the multiplier that it would have chosen had it known the true curves. */
function bestFeasibleValue(
  market: Market,
  { answer }: LiveWeek,
  { kind, goal }: { kind: TargetKind; goal: number },
): number {
  const worths = new Map(answer?.rows.map(({ id, valuePerClick }) => [id, valuePerClick.meanMicros]));
  const bids = bestMultiple(
    market,
    market.groups.map(({ id }) => worths.get(id) ?? 0),
    (each) => efficiency(expectedWeek(market, each), kind) >= goal,
  );
  return expectedWeek(market, bids).value;
}
