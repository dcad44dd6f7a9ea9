import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  driftBetween,
  isSteady,
  judgeShift,
  populationStability,
  shift,
  type Undrifted,
} from '../../../lib/features/drift.ts';
import { driftSettings } from '../../../lib/features/driftSettings.ts';
import type { Drift, FeatureBins, QualityReport } from '../../../lib/features/qualityReport.ts';

const counts = fc.array(fc.nat({ max: 10_000 }), { minLength: 2, maxLength: 11 });

describe('the population stability index', () => {
  // By hand: (.25 - .5) ln(.25 / .5) + (.75 - .5) ln(.75 / .5) = .25 ln 2 + .25 ln 1.5 = .25 ln 3
  test('golden: halves that became a quarter and three quarters', () => {
    expect(populationStability([50, 50], [25, 75])).toBeCloseTo(0.25 * Math.log(3), 12);
  });

  // By hand: (.5 - .0001) ln(.5 / .0001) + (.5 - 1) ln(.5), the empty bin counting as one in ten thousand
  test('golden: a bin that was empty and holds half', () => {
    expect(populationStability([0, 8], [2, 2])).toBeCloseTo(0.4999 * Math.log(5_000) + 0.5 * Math.log(2), 12);
  });

  test('is 0 for equal shares, however many there are of each', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 50 }), (some, times) => {
        const more = some.map((count) => count * times);
        expect(populationStability(some, more)).toBeCloseTo(0, 9);
      }),
    );
  });

  test('is never below 0, and the same either way round', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const [p, q] = [a.slice(0, b.length), b.slice(0, a.length)];
        const there = populationStability(p, q);
        expect(there).toBeGreaterThanOrEqual(0);
        expect(populationStability(q, p)).toBeCloseTo(there, 9);
      }),
    );
  });

  test('grows with what moves from one bin to another', () => {
    fc.assert(
      fc.property(counts, fc.nat(), fc.nat(), (before, one, other) => {
        const [from, to] = [one % before.length, other % before.length];
        fc.pre(from !== to && (before[from] ?? 0) > 10);
        const moved = (share: number) => {
          const amount = Math.floor((before[from] ?? 0) * share);
          return before.map((count, bin) => count + (bin === to ? amount : bin === from ? -amount : 0));
        };
        const [little, much] = [0.3, 0.8].map((share) => populationStability(before, moved(share)));
        expect(much).toBeGreaterThanOrEqual((little ?? 0) - 1e-12);
      }),
    );
  });

  test('needs the same bins', () => {
    expect(() => populationStability([1, 2], [1])).toThrow('got 2 and 1');
  });
});

test.each([
  [100, 100, 0],
  [100, 50, -0.5],
  [50, 100, 0.5],
  [0, 0, 0],
  [0, 7, 1],
  [7, 0, -1],
  [100, -100, -2],
])('from %d to %d is a shift of %d', (earlier, later, expected) => {
  expect(shift(earlier, later)).toBeCloseTo(expected, 12);
});

describe('what can be judged', () => {
  test.each([
    ['spend', 1, true],
    ['age_days', 1_000, false],
    ['days_since_last', 1_000, false],
    ['orders_90d', 89, false],
    ['orders_90d', 90, true],
    ['spend_trend_90d', 179, false],
    ['spend_trend_90d', 180, true],
  ])('%s after %d days of history: %s', (feature, days, judged) => {
    expect(isSteady(feature, days)).toBe(judged);
  });

  test.each([
    [299, 5_000, false],
    [5_000, 299, false],
    [300, 300, true],
  ])('features of %d and %d customers: %s', (earlier, later, judged) => {
    const bins = (few: number): FeatureBins => ({
      ...{ kind: 'number', name: 'spend', edges: [5], missing: 0 },
      counts: [few, 100 - few],
    });
    const drift = driftBetween(undrifted(earlier), undrifted(later), [
      { earlier: bins(10), later: bins(90) },
    ]);
    expect(drift.psi).toEqual([{ feature: 'spend', psi: 3.515559, judged }]);
  });

  test('a value that goes missing is a shift too', () => {
    const bins = (missing: number): FeatureBins => ({
      ...{ kind: 'text', name: 'top_channel', values: ['web'], counts: [100 - missing, 0] },
      missing,
    });
    const [found] = driftBetween(undrifted(500), undrifted(500), [{ earlier: bins(0), later: bins(50) }]).psi;
    expect(found?.psi).toBeGreaterThan(3);
  });
});

describe('a run', () => {
  const previous = report('published', []);
  const calm = { rowShift: 0.02, revenueShift: 0.03 };
  const lost = { rowShift: -0.5, revenueShift: -0.5 };
  const held = report('held', [drift('published', lost)]);

  test.each<
    [string, { against: Drift[]; held?: QualityReport; acceptShift?: string }, string, string, string[]]
  >([
    ['like the published one', { against: [drift('published', calm)] }, 'publish', 'withinLimits', []],
    [
      'that lost half its rows',
      { against: [drift('published', lost)] },
      'hold',
      'shifted',
      ['rows', 'revenue'],
    ],
    [
      'with twice the rows',
      { against: [drift('published', { ...calm, rowShift: 0.5 })] },
      'hold',
      'shifted',
      ['rows'],
    ],
    [
      'whose revenue turned',
      { against: [drift('published', { ...calm, revenueShift: -2 })] },
      'hold',
      'shifted',
      ['revenue'],
    ],
    [
      'with another population',
      { against: [drift('published', { ...calm, spend: 0.26 })] },
      'hold',
      'shifted',
      ['psi spend'],
    ],
    ['at the limits', { against: [drift('published', atLimits())] }, 'publish', 'withinLimits', []],
    [
      'that confirms the held one',
      { against: [drift('published', lost), drift('held', calm)], held },
      'publish',
      'confirmed',
      ['rows', 'revenue'],
    ],
    [
      'that moved on from the held one',
      { against: [drift('published', lost), drift('held', lost)], held },
      'hold',
      'shifted',
      ['rows', 'revenue'],
    ],
    [
      'that is back at the published one',
      { against: [drift('published', calm), drift('held', { ...lost, rowShift: 0.5 })], held },
      'publish',
      'withinLimits',
      [],
    ],
    [
      'whose shift the settings accept',
      { against: [drift('published', lost), drift('held', lost)], held, acceptShift: 'held' },
      'publish',
      'accepted',
      ['rows', 'revenue'],
    ],
    [
      'after a shift that was accepted long ago',
      { against: [drift('published', lost), drift('held', lost)], held, acceptShift: 'another' },
      'hold',
      'shifted',
      ['rows', 'revenue'],
    ],
    [
      'that the settings name before it was held',
      { against: [drift('published', lost)], acceptShift: 'current' },
      'hold',
      'shifted',
      ['rows', 'revenue'],
    ],
  ])('%s', (_, { against, held = null, acceptShift = null }, verdict, because, exceeded) => {
    const settings = driftSettings.parse({ acceptShift });
    const judgement = judgeShift({ previous, held, current: report('current', against), settings });
    expect(judgement).toMatchObject({ verdict, because });
    const names = judgement.exceeded.map(({ measure, feature }) => [measure, feature].join(' ').trim());
    expect(names).toEqual(exceeded);
  });

  test('before which there is none', () => {
    const settings = driftSettings.parse({});
    const judgement = judgeShift({ previous: null, held: null, current: report('current', []), settings });
    expect(judgement).toEqual({ verdict: 'publish', because: 'firstRun', exceeded: [] });
  });

  test('with a feature that moves by itself', () => {
    const unjudged = drift('published', calm);
    unjudged.psi = [{ feature: 'age_days', psi: 9, judged: false }];
    const current = report('current', [unjudged]);
    expect(judgeShift({ previous, held: null, current, settings: driftSettings.parse({}) }).verdict).toBe(
      'publish',
    );
  });

  test('that was compared with another run than the one it is judged by', () => {
    const current = report('current', [drift('somewhere', calm)]);
    const judge = () => judgeShift({ previous, held: null, current, settings: driftSettings.parse({}) });
    expect(judge).toThrow('compared with run published');
  });
});

function drift(
  against: string,
  { rowShift, revenueShift, spend = 0 }: { rowShift: number; revenueShift: number; spend?: number },
): Drift {
  const psi = [{ feature: 'spend', psi: spend, judged: true }];
  return { against, rowShift, revenueShift, customers: [500, 500], psi };
}

const atLimits = () => ({ rowShift: -0.3, revenueShift: 0.3, spend: 0.25 });

function report(runId: string, drifts: Drift[]): QualityReport {
  return { ...undrifted(500), runId, drift: drifts };
}

function undrifted(customers: number): Undrifted {
  return {
    ...{ version: 1, runId: 'some', currency: 'EUR', files: [], lines: 1_000, ledger: [], columns: [] },
    rows: { bytes: 0, rowsIn: 0, rowsOk: 0, rowsQuarantined: 0 },
    dates: {
      ...{ firstDay: '2025-01-01', lastDay: '2025-12-31', gaps: [] },
      ...{ daysWithOrders: 365, daysWithoutOrders: 0 },
    },
    duplicates: { lines: 0, share: 0, withoutCustomer: 0 },
    mixes: [],
    cancellations: { lines: 0, share: 0, amount: 0, negativeSales: 0 },
    revenue: { amount: 1_000, withoutCustomer: 0, shareWithoutCustomer: 0 },
    features: { customers, sampled: customers, bins: [] },
  };
}
