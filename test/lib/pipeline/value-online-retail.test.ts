import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computeOrderFeatures } from '../../../lib/features/computeOrderFeatures.ts';
import type { DuckDb } from '../../../lib/features/duckdb.ts';
import { createPurchaseInputs, readPurchases } from '../../../lib/features/purchases.ts';
import { type Buyers, buyersOf, holdoutColumns } from '../../../lib/pipeline/history/buyers.ts';
import type { ChoiceRow } from '../../../lib/value/chooseModel.ts';
import { forecastCustomers } from '../../../lib/value/customerForecast.ts';
import { chooseOnHoldout } from '../../../lib/value/holdout.ts';
import { dayNumber, loadOnlineRetail, onlineRetailIsThere } from '../../support/orderRealData.ts';
import { openTestDuckDb } from '../../support/orderTables.ts';
import { expectWithin, type Golden } from '../../support/within.ts';

const days = 90;
const skipped = onlineRetailIsThere ? '' : ' (skipped: ../shared/data/online-retail is not there)';

const ours: Golden = {
  kind: 'regression',
  source:
    'UCI Online Retail (D. Chen 2015, CC BY 4.0), ledger to forecast, 90 days held out; the second runs into Christmas',
  relativeTolerance: 5e-3,
};

describe.skipIf(!onlineRetailIsThere)(`UCI Online Retail from order lines to value${skipped}`, () => {
  let db: DuckDb;
  let close: () => void;
  beforeAll(async () => {
    const opened = await openTestDuckDb(2);
    ({ db, close } = opened);
    await loadOnlineRetail(db, opened.directory);
  }, 120_000);
  afterAll(() => close());

  async function buyersAsOf(lastDay: number): Promise<Buyers> {
    let buyers: Buyers | undefined;
    await createPurchaseInputs(db, { span: { lastDay, holdoutDay: lastDay - days }, months: [] });
    await computeOrderFeatures(db, {
      buckets: [{ orders: { table: 'order_history' }, events: null }],
      cutoffs: [{ lastDay, horizonDays: null }],
      newestAt: dayNumber('2011-12-10') * 86_400,
      onBucket: async () => {
        const features = await db.columns('SELECT * FROM customer_features ORDER BY customer_id');
        buyers = buyersOf(features, (await readPurchases(db)).customers);
      },
    });
    if (buyers === undefined) throw new Error('no bucket was computed');
    return buyers;
  }

  test.each([
    {
      cutoff: '2011-06-30',
      known: 2958,
      total: 1.034,
      rmse: 1.1268,
      zero: 2.1019,
      gini: 0.8218,
      spend: 0.8305,
      rfm: 0.7758,
    },
    {
      cutoff: '2011-09-09',
      known: 3368,
      total: 0.75,
      rmse: 1.5015,
      zero: 2.594,
      gini: 0.7891,
      spend: 0.7707,
      rfm: 0.756,
    },
  ])(
    'at $cutoff the winner beats always zero, in total and tenth by tenth, and stands beside the other baselines',
    async ({ cutoff, known, total, rmse, zero, gini, spend, rfm }) => {
      const holdoutDay = dayNumber(cutoff);
      const buyers = await buyersAsOf(holdoutDay + days);
      const choice = chooseOnHoldout(holdoutColumns(buyers, holdoutDay), { days });
      if (!('winner' in choice)) throw new Error(choice.reason);
      const row = (name: string) => choice.rows.find((one) => one.name === name) as ChoiceRow;
      const winner = row(choice.winner);
      expect(winner.purchases?.customers).toBe(known);
      const { predictedTotal = 0, actualTotal = 1, rootMeanSquaredError = 0 } = winner.purchases ?? {};
      expectWithin(predictedTotal / actualTotal, total, ours);
      expectWithin(rootMeanSquaredError, rmse, ours);
      expectWithin(row('always zero').purchases?.rootMeanSquaredError ?? 0, zero, ours);
      expectWithin(winner.ranking.gini, gini, ours);
      expectWithin(row('historical spend').ranking.gini, spend, ours);
      expectWithin(row('RFM sum').ranking.gini, rfm, ours);
      const errors = (winner.calibration ?? []).map(({ meanPredicted, meanActual }) =>
        Math.abs(meanPredicted - meanActual),
      );
      const zeroErrors = (winner.calibration ?? []).map(({ meanActual }) => meanActual);
      expect(errors).toHaveLength(10);
      for (const [tenth, error] of errors.entries()) expect(error).toBeLessThan(zeroErrors[tenth] as number);
      // forecasts rise from the last tenth to the best, and so does what came, but for neighbours of whom little is known
      const came = (winner.calibration ?? []).map(({ meanActual }) => meanActual);
      for (const [tenth, actual] of came.slice(0, 6).entries())
        expect(actual).toBeGreaterThan(0.9 * (came[tenth + 2] as number));
    },
    240_000,
  );

  test('returns and wholesale orders break neither the values of orders nor the intervals', async () => {
    const buyers = await buyersAsOf(dayNumber('2011-12-08'));
    const { frequency, recencyDays: recency, ageDays: age, spend } = buyers;
    const { columns, orderValues } = forecastCustomers(
      { histories: { frequency, recency, age }, covariates: [], spend },
      { name: 'mbgNbd', margin: 1, annualDiscountRate: 0.1, seed: 1, replicates: 40 },
    );
    expect(orderValues.gammaGamma?.q).toBeGreaterThan(1);
    expect(orderValues.warnings.map(({ code }) => code)).toEqual(['ordersWithoutValue']);
    // the largest customers spent hundreds of thousands of pounds, and the middle one some 650
    expect(Math.max(...spend)).toBeGreaterThan(100 * 200_000);
    for (const [customer, expected] of columns.expectedSpend.entries()) {
      expect(expected).toBeGreaterThan(0);
      expect(columns.low[customer]).toBeLessThanOrEqual(expected);
      expect(columns.high[customer]).toBeLessThan(3 * expected);
      expect(expected).toBeLessThan(20 * Math.max(...spend));
    }
  }, 240_000);
});
