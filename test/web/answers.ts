import type {
  Cohorts,
  Customer,
  Migration,
  PortfolioBids,
  PurchaseModel,
  Quality,
  Segments,
  Simulation,
  ValueModel,
} from '../../web/answers.ts';

/** Answers of the API, small and whole, for charts to be drawn of. */

const ofRun = { runId: '0123456789abcdef0123', asOf: '2026-07-01T10:00:00.000Z' };
const ofHistory = { ...ofRun, lastDay: '2026-06-30', currency: 'EUR' };

const sums = {
  customers: 10,
  shareOfCustomers: 0.2,
  historic: 1000.5,
  shareOfHistoric: 0.5,
  next12m: 500.25,
  shareOfNext12m: 0.4,
  low: 400,
  high: 600,
};
const segment = (name: string, customers = 10) => ({
  ...sums,
  segment: name,
  label: { en: name, zh: `${name}组` },
  customers,
});
const edges = {
  basis: 'expectedSpend' as const,
  method: 'quantile' as const,
  quantiles: [0.5, 0.8],
  edges: [1, 2],
  moved: false,
  reason: '',
};

export const segments: Segments = {
  ...ofRun,
  customers: 3,
  currency: 'EUR',
  scale: 'percentile',
  method: 'quantile',
  edges: [30, 60],
  segments: (['high', 'mid', 'low'] as const).map((one, at) => ({
    segment: one,
    label: one,
    customers: at + 1,
    shareOfCustomers: (at + 1) / 6,
    spend: 100 - at,
    shareOfSpend: 0.33,
    meanScore: 50,
  })),
  history: {
    ...ofHistory,
    basis: 'expectedSpend',
    total: sums,
    tiers: ['high', 'mid', 'low'].map((one) => segment(one)),
    edges,
    rfmGroups: ['champions', 'loyal', 'dormant'].map((one, at) => segment(one, at * 7)),
    clusters: [],
    silhouette: null,
    rfmCells: Array.from({ length: 25 }, (_, at) => ({
      r: 5 - Math.floor(at / 5),
      f: 5 - (at % 5),
      customers: at,
      historic: at * 2,
      next12m: at === 3 ? null : at,
    })),
    aliveCells: [
      { purchaseDaysFrom: 1, purchaseDaysTo: 1, daysSinceFrom: 0, daysSinceTo: 7, customers: 4, pAlive: 0.9 },
      {
        purchaseDaysFrom: 1,
        purchaseDaysTo: 1,
        daysSinceFrom: 8,
        daysSinceTo: null,
        customers: 0,
        pAlive: null,
      },
      {
        purchaseDaysFrom: 2,
        purchaseDaysTo: null,
        daysSinceFrom: 0,
        daysSinceTo: 7,
        customers: 4,
        pAlive: 0.95,
      },
      {
        purchaseDaysFrom: 2,
        purchaseDaysTo: null,
        daysSinceFrom: 8,
        daysSinceTo: null,
        customers: 2,
        pAlive: 0.2,
      },
    ],
  },
};

const move = (from: 'high' | 'mid' | null, to: 'high' | 'low' | null, customers: number) => ({
  from,
  to,
  customers,
  valueBefore: 1,
  valueAfter: 2,
});
export const migration: Migration = {
  ...ofHistory,
  migration: {
    previousRunId: 'abcdef0123456789abcd',
    basisBefore: 'expectedSpend',
    basis: 'expectedSpend',
    tiers: {
      cells: [move('high', 'high', 5), move('mid', 'high', 2), move(null, 'low', 3), move('high', null, 1)],
      up: 2,
      stayed: 5,
      down: 0,
      joined: 3,
      left: 1,
    },
    rfmGroups: { cells: [], up: 0, stayed: 0, down: 0, joined: 0, left: 0 },
  },
};

export const cohorts: Cohorts = {
  ...ofHistory,
  lastMonth: '2026-06',
  lastMonthIsOver: true,
  cohorts: ['2026-04', '2026-05'].map((cohort, at) => ({
    cohort,
    customers: 20,
    months: [0, 1, 2].slice(0, 3 - at).map((month) => ({
      month,
      customers: 20 - month,
      retention: 1 - month / 10,
      revenue: 100,
      cumulativePerCustomer: 5,
    })),
  })),
};

export const valueModel: ValueModel = {
  ...ofHistory,
  basis: 'expectedSpend',
  model: null,
  lifeCycleModel: null,
  orderValues: null,
  choice: {
    heldOutDays: 90,
    customers: 100,
    winner: 'mbgNbd',
    sentence: 'mbgNbd won',
    rows: [
      {
        name: 'mbgNbd',
        baseline: false,
        purchases: null,
        ranking: { gini: 0.5, topDecileShare: 0.3 },
        calibration: [1, 2, 3].map((at) => ({ customers: 10, meanPredicted: 4 - at, meanActual: 3.5 - at })),
      },
    ],
  },
  noHoldout: null,
  warnings: [],
};

const metrics = { rocAuc: 0.8, averagePrecision: 0.5, brier: 0.1, logLoss: 0.3 };
const said = { meanProbability: 0.2, observed: 0.25, low: 0.1, high: 0.4, buyers: 5 };

export const purchaseModel: PurchaseModel = {
  ...ofRun,
  from: 'orders',
  publishedAt: ofRun.asOf,
  canGoBackTo: [],
  modelKey: 'models/x.json',
  modelSha256: '0',
  tested: null,
  challenge: null,
  erasedDigest: null,
  challenger: null,
  engine: 'logisticRegression',
  status: 'ok',
  grade: 'B',
  reasons: [],
  rows: 100,
  positives: 20,
  heldOutRows: 30,
  metrics,
  baseline: metrics,
  candidates: [{ engine: 'logisticRegression', metrics }],
  columns: [{ name: 'orders', kind: 'numeric' }],
  horizonDays: 30,
  report: {
    grade: 'B',
    gradeReasons: [],
    verdict: [],
    validation: {
      kind: 'temporal',
      trainingRows: 70,
      heldOutRows: 30,
      heldOutPositives: 6,
      trainingCutoffs: [],
      heldOutCutoff: null,
    },
    champion: 'logisticRegression',
    candidates: (['logisticRegression', 'recency', 'baseRate'] as const).map((engine, at) => ({
      engine,
      treatment: 'none',
      parameters: {},
      calibration: 'none',
      metrics,
      logLossBehindChampion: at === 0 ? null : { difference: at / 10, low: at / 20, high: at / 5 },
    })),
    calibration: {
      method: 'platt',
      bins: [
        { ...said, rows: 10 },
        { ...said, rows: 20, meanProbability: 0.5 },
      ],
      expectedCalibrationError: 0.02,
      meanProbability: 0.2,
      observedRate: 0.21,
      brier: 0.1,
      reliability: 0.01,
      resolution: 0.05,
      uncertainty: 0.16,
      withinBins: 0,
      skill: 0.3,
    },
    deciles: Array.from({ length: 10 }, (_, at) => ({
      decile: at + 1,
      rows: 3,
      buyers: at < 3 ? 2 : 0,
      meanProbability: 0.5 - at / 25,
      rate: at < 3 ? 2 / 3 : 0,
      lift: at < 3 ? 3.33 : 0,
      capture: Math.min(1, (at + 1) / 3),
      cumulativeLift: 3.33 / (at + 1),
      cumulativeRate: 0.66 / (at + 1),
      expectedProfit: null,
      realisedProfit: null,
    })),
    threshold: null,
    imbalance: [],
    leaks: [],
    importance: [
      { column: '<img src=x onerror=alert(1)>', logLossIncrease: 0.1, low: 0.05, high: 0.2 },
      { column: 'orders', logLossIncrease: 0.01, low: -0.01, high: 0.02 },
    ],
    partialDependence: [
      {
        column: 'orders',
        points: [
          { value: 1, probability: 0.1, share: 0.5 },
          { value: null, probability: 0.2, share: 0.5 },
        ],
      },
      { column: 'channel', points: [{ value: '=cmd()', probability: 0.1, share: 1 }] },
    ],
    rules: [],
  },
  drift: {
    lastDay: '2026-05-01',
    horizonDays: 30,
    modelRunId: ofRun.runId,
    scoresRunId: ofRun.runId,
    customers: 10,
    buyers: 3,
    meanProbability: 0.2,
    observedRate: 0.3,
    standardErrors: 1.2,
    verdict: 'asSaid',
    brier: 0.1,
    rocAuc: 0.7,
    deciles: [{ ...said, decile: 1, customers: 10 }],
  },
};

const point = (bidMicros: number) => ({
  bidMicros,
  clicks: 10,
  costMicros: bidMicros * 9,
  conversions: 1,
  valueMicros: bidMicros * 12,
  lowMicros: bidMicros * 8,
  highMicros: bidMicros * 15,
});
const portfolio = {
  auction: 'secondPrice' as const,
  kappa: 0.7,
  binding: 'budget' as const,
  cycleDays: 7,
  expectedSpendMicros: 9e6,
  budgetMicros: 10e6,
  budgetGiven: false,
  expectedClicks: 100,
  expectedConversions: 5,
  expectedRevenueMicros: 40e6,
  expectedValueMicros: 20e6,
  lowMicros: 15e6,
  highMicros: 25e6,
  infeasible: null,
  nextUnitOfMoney: [],
  notes: [],
};
export const bids: PortfolioBids = {
  ...ofRun,
  policy: 'portfolio',
  currency: 'EUR',
  portfolio: { ...portfolio, policy: 'portfolio' },
  bids: [
    {
      id: 'brand‮search',
      bidType: 'CPC',
      currentBidMicros: 400_000,
      suggestedBidMicros: 500_000,
      rangeLowMicros: 300_000,
      rangeHighMicros: 700_000,
      confidence: 'medium',
      status: 'OK',
      valuePerClick: { meanMicros: 1e6, lowMicros: 5e5, highMicros: 2e6 },
      evidence: { clicks: 100, conversions: 5, priorClicks: 50, shrinkWeight: 0.3 },
      reasons: ['because'],
      guardrailsHit: [],
      curve: [300_000, 500_000, 800_000].map(point),
      campaign: 'Brand',
      adGroup: null,
      keyword: null,
      segment: null,
      suggestedSince: '2026-06-01',
      bidChangedOn: null,
    },
  ],
};

export const simulation: Simulation = {
  ...ofRun,
  currency: 'EUR',
  cycleDays: 7,
  auction: 'secondPrice',
  ads: [],
  budgets: [5e6, 10e6].map((budgetMicros) => ({ ...portfolio, budgetMicros })),
  notes: [],
};

export const value: NonNullable<Customer['value']> = {
  ...ofHistory,
  model: 'mbgNbd',
  historic: 100,
  next12m: 50,
  low: 40,
  high: 60,
  lifetime12m: 20,
  expectedOrder: 25,
  purchaseDays: 2,
  daysSinceLast: 10,
  pAlive: 0.8,
  expectedPurchases30d: 0.4,
  pPurchase30d: 0.3,
  nextPurchase: { from: null, to: null },
  tier: 'high',
  previousTier: null,
  rfm: { r: 5, f: 5, m: 5, group: 'champions' },
  previousGroup: null,
  cluster: null,
  reasons: [],
};

export const quality = {
  runId: ofRun.runId,
  currency: 'EUR',
  lines: 12,
  ledger: [
    { outcome: 'sale', lines: 10, share: 10 / 12, amount: 99.5 },
    { outcome: 'duplicate', lines: 2, share: 2 / 12, amount: 3 },
    { outcome: 'test', lines: 0, share: 0, amount: 0 },
  ],
  drift: [
    {
      against: ofRun.runId,
      rowShift: 0,
      revenueShift: 0,
      customers: [1, 1],
      psi: [{ feature: 'orders', psi: 0.3, judged: true }],
    },
  ],
} as unknown as Quality;
