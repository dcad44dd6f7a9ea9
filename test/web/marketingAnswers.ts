import type { Campaigns, Recommenders, Stock } from '../../web/answers.ts';

/** Answers of the API on campaigns and products, small and whole. */

const ofRun = { runId: '0123456789abcdef0123', asOf: '2026-07-01T10:00:00.000Z' };
const inBoth = (text: string) => ({ en: text, zh: `${text}（中）` });

const plan = (name: string, expectedProfit: number): Campaigns['campaigns'][number] => ({
  ...{ name, segment: 'loyal', tier: 'high', label: inBoth(name) },
  ...{ goal: 'reward', goalText: inBoth('thank'), channel: 'email', offer: 'ten', discount: 0.1 },
  lift: {
    oddsRatio: 1.05,
    low: 0.95,
    high: 1.2,
    basis: 'assumed',
    shareMeasured: 0,
    campaigns: [],
    rankedBy: null,
  },
  ...{ budget: 20, expectedCost: 18, contactCost: 2, expectedOrders: 40, expectedOrdersWithout: 36 },
  ...{ expectedExtraOrders: 4, expectedProfit, low: expectedProfit - 30, high: expectedProfit + 30 },
  test: {
    ...{ treated: 200, control: 50, controlShare: 0.2, controlRate: 0.18, treatedRate: 0.2 },
    ...{
      significance: 0.05,
      power: 0.12,
      wantedPower: 0.8,
      minimumDetectableRise: 0.2,
      customersNeeded: 9000,
    },
  },
  file: `campaigns/${name}.csv`,
});

const result = (
  name: string,
  verdict: Campaigns['results'][number]['verdict'],
  uplift: number | null,
): Campaigns['results'][number] => ({
  ...{ name, verdict, sentence: inBoth(verdict), treated: 500, control: 100 },
  ...{ treatedBuyers: 100, controlBuyers: 10, treatedRate: 0.2, controlRate: 0.1, uplift },
  interval: uplift === null ? null : { low: uplift - 0.05, high: uplift + 0.05 },
  ...{ pValue: 0.01, significance: 0.05, extraOrders: 50, extraOrdersInterval: { low: 10, high: 90 } },
  ...{ revenuePerCustomer: null, cost: 10, costPerExtraOrder: { cost: 0.2, low: 0.1, high: null } },
  balance: { pValue: 0.4, isBalanced: true, covariates: [] },
  learner:
    uplift === null
      ? null
      : { covariates: ['spend'], qini: 0.02, interval: { low: 0.01, high: 0.03 }, isUseful: true },
  ...{ learnerReason: uplift === null ? 'noCovariates' : null, nextFile: null },
});

export const campaigns: Campaigns = {
  ...ofRun,
  ...{ lastDay: '2026-06-30', currency: 'EUR', budget: 100, unspent: 5 },
  probability: { source: 'purchaseModel', horizonDays: 30 },
  next: { campaign: 'loyal-high', gainPerUnit: 1.4 },
  campaigns: [plan('loyal-high', 60), plan('<b>', 10)],
  notPlanned: [],
  results: [
    result('spring', 'raised', 0.1),
    result('summer', 'noMeasurableEffect', 0.01),
    result('x', 'noControl', null),
  ],
  audiences: [],
};

const units = (expected: number) => ({ expected, p50: expected, p90: expected * 2, p95: expected * 3 });

export const stock: Stock = {
  ...ofRun,
  ...{ lastDay: '2026-06-30', currency: 'EUR', knowsStock: true },
  forecasts: [7, 30].map((horizonDays) => ({
    horizonDays,
    method: 'customers' as const,
    sentence: inBoth('customers forecasts best'),
    backTest:
      horizonDays === 7
        ? null
        : {
            cutoffs: 5,
            products: 20,
            rows: (['lastPeriod', 'customers'] as const).map((name, at) => ({
              name,
              wape: 0.5 - at / 10,
              bias: 1.1,
              pinballP90: at === 0 ? null : 0.2,
              coverageP90: at === 0 ? null : 0.9,
            })),
          },
  })),
  products: ['teapot', 'cup'].map((name, at) => ({
    ...{ product: `sku-${at}`, name: at === 0 ? name : null, category: null, status: 'orderNow' as const },
    ...{
      stock: 3,
      leadTimeDays: 14,
      coverDays: 2.5,
      reorderDay: '2026-07-01',
      reorderUnits: 12,
      reorderCost: null,
    },
    ...{ next7d: units(1), next30d: units(5 + at), next90d: units(15) },
  })),
};

export const recommenders: Recommenders = {
  method: 'ease',
  sentence: inBoth('ease is best'),
  comparison: {
    ...{ heldOutDays: 14, customers: 300, products: 20, winner: 'ease', baseline: 'buyAgain' },
    rows: (['buyAgain', 'ease'] as const).map((name, at) => ({
      ...{ name, recallAt10: 0.1, ndcgAt10: 0.2 + at / 10, hitAt10: 0.3, coverage: 0.4 },
    })),
  },
};
