import type { DriftSettings } from './driftSettings.ts';
import type { Drift, FeatureBins, QualityReport } from './qualityReport.ts';

/** Why a run is published or held. */
export interface ShiftJudgement {
  verdict: 'publish' | 'hold';
  because: 'firstRun' | 'withinLimits' | 'confirmed' | 'accepted' | 'shifted';
  /** What passed its limit against the published run, also where the run is published nevertheless. */
  exceeded: Exceeded[];
}

export interface Exceeded {
  measure: 'rows' | 'revenue' | 'psi';
  /** Null but for `psi`. */
  feature: string | null;
  value: number;
  limit: number;
}

/**
 * A run that moved too far from the published one is held: until another run looks like it, which tells a change from an
 * accident, or until the settings name it. `held` is the last run that was held since `previous` was published.
 */
export function judgeShift({
  previous,
  held,
  current,
  settings,
}: {
  previous: QualityReport | null;
  held: QualityReport | null;
  current: QualityReport;
  settings: DriftSettings;
}): ShiftJudgement {
  if (previous === null) return { verdict: 'publish', because: 'firstRun', exceeded: [] };
  const exceeded = beyondLimits(driftFrom(previous, current), settings);
  if (exceeded.length === 0) return { verdict: 'publish', because: 'withinLimits', exceeded };
  if (held !== null && held.runId === settings.acceptShift) {
    return { verdict: 'publish', because: 'accepted', exceeded };
  }
  if (held !== null && beyondLimits(driftFrom(held, current), settings).length === 0) {
    return { verdict: 'publish', because: 'confirmed', exceeded };
  }
  return { verdict: 'hold', because: 'shifted', exceeded };
}

/** A report before it is compared. */
export type Undrifted = Omit<QualityReport, 'drift'>;

/** `bins` are those of the earlier run beside the same bins filled by the later one. */
export function driftBetween(
  earlier: Undrifted,
  later: Undrifted,
  bins: readonly { earlier: FeatureBins; later: FeatureBins }[],
): Drift {
  const customers: [number, number] = [earlier.features.sampled, later.features.sampled];
  const enough = Math.min(...customers) >= enoughCustomers;
  const days = historyDays(earlier);
  const psi = bins.map((pair) => ({
    feature: pair.earlier.name,
    psi: sixDecimals(populationStability(withMissing(pair.earlier), withMissing(pair.later))),
    judged: enough && isSteady(pair.earlier.name, days),
  }));
  return {
    against: earlier.runId,
    rowShift: sixDecimals(shift(earlier.lines, later.lines)),
    revenueShift: sixDecimals(shift(earlier.revenue.amount, later.revenue.amount)),
    customers,
    psi: psi.sort((a, b) => b.psi - a.psi || (a.feature < b.feature ? -1 : 1)),
  };
}

/**
 * Of two samples of n of one population the PSI over 10 bins is about 18 / n on average (Yurdakul 2018, Statistical
 * Properties of Population Stability Index): at so many customers far from any limit.
 */
const enoughCustomers = 300;

/** These grow by a day every day: a month later they are another population though nobody did anything new. */
const clocks = ['age_days', 'days_since_last', 'overdue_ratio', 'browse_recency_days'];

/**
 * Whether a feature stands still while a shop does. What looks a number of days back, or a trend twice as many, does so once
 * the earlier run's history is that long; until then it fills.
 */
export function isSteady(feature: string, historyDays: number): boolean {
  if (clocks.includes(feature)) return false;
  const window = Number(/_(\d+)d$/.exec(feature)?.[1] ?? 0);
  return historyDays >= (feature.includes('_trend_') ? 2 * window : window);
}

function historyDays({ dates: { firstDay, lastDay } }: Undrifted): number {
  return firstDay === null || lastDay === null
    ? 0
    : (Date.parse(lastDay) - Date.parse(firstDay)) / 86_400_000 + 1;
}

/** A share below this counts as this, as where a bin is empty and the logarithm would have no end. */
const smallestShare = 1e-4;

/**
 * Population stability index: sum of (q - p) ln(q / p) over bins with shares p and q. The same either way round. By custom
 * below .1 is calm, above .25 a different population (Siddiqi 2006, Credit Risk Scorecards, section 9).
 */
export function populationStability(expected: readonly number[], actual: readonly number[]): number {
  if (expected.length !== actual.length)
    throw new Error(`populationStability needs the same bins; got ${expected.length} and ${actual.length}`);
  const [p, q] = [shares(expected), shares(actual)];
  return p.reduce((sum, share, bin) => {
    const other = q[bin] as number;
    return sum + (other - share) * Math.log(other / share);
  }, 0);
}

/** Change as a share of the larger of the two, which has a value for nothing and turns its sign when they are exchanged. */
export function shift(earlier: number, later: number): number {
  const larger = Math.max(Math.abs(earlier), Math.abs(later));
  return larger === 0 ? 0 : (later - earlier) / larger;
}

function beyondLimits(drift: Drift, { maxRowShift, maxRevenueShift, maxPsi }: DriftSettings): Exceeded[] {
  const features = drift.psi.filter(({ judged }) => judged);
  const measured: Exceeded[] = [
    { measure: 'rows', feature: null, value: drift.rowShift, limit: maxRowShift },
    { measure: 'revenue', feature: null, value: drift.revenueShift, limit: maxRevenueShift },
    ...features.map(({ feature, psi }) => ({ measure: 'psi' as const, feature, value: psi, limit: maxPsi })),
  ];
  return measured.filter(({ value, limit }) => Math.abs(value) > limit);
}

function driftFrom({ runId }: QualityReport, current: QualityReport): Drift {
  const drift = current.drift.find(({ against }) => against === runId);
  if (drift === undefined)
    throw new Error(`judgeShift needs run ${current.runId} compared with run ${runId}; it was not`);
  return drift;
}

const withMissing = ({ counts, missing }: FeatureBins): number[] => [...counts, missing];

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => Math.max(smallestShare, total === 0 ? 0 : count / total));
}

const sixDecimals = (value: number): number => Math.round(value * 1e6) / 1e6 || 0;
