import { describe, expect, it } from 'vitest';
import { drawGamma } from '../../../lib/math/draws.ts';
import { seededGenerator } from '../../../lib/math/random.ts';
import { expectedOfCustomers } from '../../../lib/models/btyd/candidates.ts';
import {
  type CustomerModel,
  customerModelOf,
  fitCovariateModel,
} from '../../../lib/models/btyd/customerModel.ts';
import { fitMbgNbd } from '../../../lib/models/btyd/fitBetaGeometric.ts';
import { intervalAround } from '../../../lib/models/btyd/intervals.ts';
import { expectedValueOfOrder, fitOrderValues } from '../../../lib/models/btyd/orderValue.ts';
import { expectedPurchases } from '../../../lib/models/btyd/predict.ts';
import { groupHistories, historyAt } from '../../../lib/models/btyd/purchaseHistory.ts';
import { spendTotals } from '../../../lib/value/spendTotals.ts';
import { type SpendInputs, spendUncertainty } from '../../../lib/value/spendUncertainty.ts';
import { drawHistories } from '../../support/drawBuyers.ts';

const truth = { kind: 'mbgNbd', r: 0.7, alpha: 60, a: 0.8, b: 2.5 } as const;
const [p, q, v] = [6, 4, 45];
const horizon = 200;

/** A shop with known parameters, its customers' orders, and what they then spend. */
function drawShop(seed: number, customers: number) {
  const generator = seededGenerator(seed);
  const histories = drawHistories(truth, { generator, customers, ages: [100, 500], horizon });
  const rates = Array.from(histories.frequency, () => drawGamma(generator, q) / v);
  const orders = histories.frequency.map((repeats) => repeats + 1);
  const spendOf = (count: number, customer: number): number =>
    count === 0 ? 0 : drawGamma(generator, p * count) / (rates[customer] as number);
  const meanValue = orders.map((count, customer) => spendOf(count, customer) / count);
  const spentLater = histories.heldOut.map((count, customer) => spendOf(count, customer));
  return { histories, columns: { orders, meanValue }, spentLater };
}

function inputsOf(model: CustomerModel, columns: SpendInputs['columns']): SpendInputs {
  const orderValues = fitOrderValues(columns);
  const orderValue = columns.orders.map((count, customer) =>
    expectedValueOfOrder(orderValues, { orders: count, meanValue: columns.meanValue[customer] as number }),
  );
  return { model, orderValues, columns, purchases: expectedOfCustomers(model, horizon), orderValue, horizon };
}

/** Two segments: customers who came back, and the others. */
const segmentsOf = (frequency: Float64Array) => ({
  segmentOf: Uint8Array.from(frequency, (x) => (x > 0 ? 1 : 0)),
  segments: 2,
});

describe('intervals of what customers will spend', () => {
  it('of 90 % hold the truth 90 times in 100, over 20 shops: of each customer and of what each segment then spent', () => {
    let [customersHeld, customersAsked, totalsHeld, totalsAsked] = [0, 0, 0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      const { histories, columns, spentLater } = drawShop(seed, 1500);
      const groups = groupHistories(histories);
      const inputs = inputsOf(customerModelOf(fitMbgNbd(groups), groups), columns);
      const uncertainty = spendUncertainty(inputs, { seed, replicates: 60 });
      for (let customer = 0; customer < 1500; customer += 30) {
        const { low, high } = intervalAround(
          (inputs.purchases[customer] as number) * (inputs.orderValue[customer] as number),
          uncertainty.logDeviation[customer] as number,
        );
        const [orders, meanValue] = [
          columns.orders[customer] as number,
          columns.meanValue[customer] as number,
        ];
        const expected =
          expectedPurchases(truth, historyAt(histories, customer), horizon) *
          ((p * (v + orders * meanValue)) / (p * orders + q - 1));
        customersAsked += 1;
        if (low <= expected && expected <= high) customersHeld += 1;
      }
      const segmentation = segmentsOf(histories.frequency);
      for (const [segment, { low, high, expected }] of spendTotals(inputs, uncertainty, {
        ...segmentation,
        seed,
      }).entries()) {
        const spent = spentLater.reduce(
          (sum, value, customer) => (segmentation.segmentOf[customer] === segment ? sum + value : sum),
          0,
        );
        expect(expected).toBeGreaterThan(0);
        totalsAsked += 1;
        if (low <= spent && spent <= high) totalsHeld += 1;
      }
    }
    expect(customersAsked).toBe(1000);
    expect(Math.abs(customersHeld / customersAsked - 0.9)).toBeLessThanOrEqual(0.04);
    expect(totalsAsked).toBe(40);
    expect(totalsHeld).toBeGreaterThanOrEqual(33);
  }, 60_000);

  it('are those of the plain model where covariates tell nothing apart', () => {
    const { histories, columns } = drawShop(3, 800);
    const groups = groupHistories(histories);
    const plain = inputsOf(customerModelOf(fitMbgNbd(groups), groups), columns);
    const values = Array.from(histories.frequency, (_, index) => (index % 2 === 0 ? 'web' : 'app'));
    const byChannel = inputsOf(fitCovariateModel(histories, [{ name: 'channel', values }]), columns);
    expect(byChannel.model.parts).toHaveLength(2);
    const [one, other] = [plain, byChannel].map((inputs) => {
      const uncertainty = spendUncertainty(inputs, { seed: 5 });
      const all = { segmentOf: new Uint8Array(800), segments: 1 };
      const [total] = spendTotals(inputs, uncertainty, { ...all, seed: 5 });
      return { total, logDeviation: uncertainty.logDeviation };
    });
    const widthOf = ({ low = 0, high = 0, expected = 1 } = {}) => (high - low) / expected;
    expect((other?.total?.expected ?? 0) / (one?.total?.expected ?? 1)).toBeCloseTo(1, 1);
    expect(widthOf(other?.total) / widthOf(one?.total)).toBeCloseTo(1, 0);
    // each half knows less of its own parameters than both together, and still much of them
    const meanOf = (column: Float64Array = new Float64Array(0)) =>
      column.reduce((sum, value) => sum + value, 0) / 800;
    const ratio = meanOf(other?.logDeviation) / meanOf(one?.logDeviation);
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(2);
  });
});
