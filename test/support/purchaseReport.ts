import type { PurchaseReport } from '../../lib/models/purchaseReport.ts';

const metrics = { rocAuc: 0.89, averagePrecision: 0.64, brier: 0.09, logLoss: 0.29 };

/** A report with something in every part. */
export const purchaseReport: PurchaseReport = {
  grade: 'B',
  gradeReasons: [{ en: '150 buyers', zh: '150 个买家' }],
  verdict: [{ en: 'the logistic regression does best', zh: '逻辑回归最好' }],
  validation: {
    kind: 'stratified',
    trainingRows: 700,
    heldOutRows: 300,
    heldOutPositives: 45,
    trainingCutoffs: [],
    heldOutCutoff: null,
  },
  champion: 'logisticRegression',
  candidates: [
    {
      engine: 'logisticRegression',
      treatment: 'none',
      parameters: { l2: 1 },
      calibration: 'platt',
      metrics,
      logLossBehindChampion: null,
    },
    {
      engine: 'baseRate',
      treatment: 'none',
      parameters: {},
      calibration: 'none',
      metrics: null,
      logLossBehindChampion: { difference: 0.1, low: 0.05, high: 0.15 },
    },
  ],
  calibration: null,
  deciles: [
    {
      decile: 1,
      rows: 30,
      buyers: 20,
      meanProbability: 0.7,
      rate: 0.667,
      lift: 4.4,
      capture: 0.44,
      cumulativeLift: 4.4,
      expectedProfit: null,
      realisedProfit: null,
    },
  ],
  threshold: null,
  imbalance: [],
  leaks: [{ column: 'told', code: 'tellsTheLabel', message: 'tells the label', rocAuc: 0.99 }],
  importance: [{ column: 'pages', logLossIncrease: 0.1, low: 0.08, high: 0.12 }],
  partialDependence: [{ column: 'pages', points: [{ value: 1, probability: 0.1, share: 0.5 }] }],
  rules: [],
};
