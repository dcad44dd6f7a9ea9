import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawOrders, ordersCsv } from '../support/drawOrders.ts';
import { openShop, type Shop } from '../support/shop.ts';

const firstDay = Date.UTC(2026, 0, 1) / 86_400_000;
const orders = drawOrders({ seed: 7, customers: 60, firstDay, days: 200 });
const lastDay = Math.max(...orders.map(({ day }) => day));
const customers = new Set(orders.map(({ customerId }) => customerId));
const isoDay = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** Of the customers who had bought by a day, how many there were, and how many bought in the 30 days after it. */
function examplesAt(cutoff: number): { lastDay: string; rows: number; positives: number } {
  const before = new Set(orders.filter(({ day }) => day <= cutoff).map(({ customerId }) => customerId));
  const after = orders.filter(({ day }) => day > cutoff && day <= cutoff + 30);
  const buyers = new Set(after.map(({ customerId }) => customerId).filter((id) => before.has(id)));
  return { lastDay: isoDay(cutoff), rows: before.size, positives: buyers.size };
}

describe('a purchase model from order history', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await openShop();
    await shop.upload('orders/all.csv', ordersCsv(orders));
    await shop.orders();
  });
  afterAll(() => shop.close());

  test('is fitted to customers as they were at several cutoffs, each with the month that followed', async () => {
    const { status, metrics } = await shop.lastRun('orders');
    expect(status).toBe('published');
    const cutoffs = [150, 120, 90, 60, 30].map((back) => examplesAt(lastDay - back));
    const rows = cutoffs.reduce((sum, cutoff) => sum + cutoff.rows, 0);
    expect(metrics).toMatchObject({ examples: { cutoffs, rows, shareOfCustomers: 1, horizonDays: 30 } });
    await shop.score();
    await shop.train();
    expect(await shop.lastRun('orders/model')).toMatchObject({
      status: 'published',
      counts: { fittedRows: rows },
    });
  });

  test('gives every customer a probability, a decile and reasons, as CSV and over the API', async () => {
    await shop.score();
    const [header, ...lines] = ((await shop.result('scores/orders.csv')) ?? '').trim().split('\n');
    expect(header).toBe('customer_id,probability,decile,model_status,reason_1,reason_2,reason_3');
    expect(lines.map((line) => line.split(',')[0]).sort()).toEqual([...customers].sort());
    const [{ runId }, model] = [await shop.lastRun('orders/scores'), await shop.lastRun('orders/model')];
    for (const line of [lines[0], lines[17], lines.at(-1)] as string[]) {
      const [id, probability, decile] = line.split(',');
      const { body } = await shop.get(`/customers/${id}`);
      expect(body.scores).toHaveLength(1);
      expect(body.scores[0]).toMatchObject({
        from: 'orders',
        file: null,
        runId,
        modelRunId: model.runId,
        horizonDays: 30,
        probability: Number(probability),
        decile: Number(decile),
      });
    }
    const deciles = lines.map((line) => Number(line.split(',')[2]));
    expect(Math.max(...deciles)).toBeLessThanOrEqual(10);
    expect(Math.min(...deciles)).toBe(1);
  });

  test('why a customer is likely to buy stands beside it, in English and in Chinese', async () => {
    const [, line = ''] = ((await shop.result('scores/orders.csv')) ?? '').split('\n');
    const { body } = await shop.get(`/customers/${line.split(',', 1)}`);
    const { reasons } = body.scores[0];
    expect(reasons.length).toBeGreaterThan(0);
    for (const { direction, text } of reasons) {
      expect(line).toContain(text.en);
      expect(text.en).toMatch(direction === 'more' ? /: more likely$/ : /: less likely$/);
      expect(text.zh).toMatch(/可能购买$/);
    }
  });

  test('comes with a report, beside every simpler model', async () => {
    const { body } = await shop.get('/models/purchase?from=orders');
    expect(body).toMatchObject({ from: 'orders', horizonDays: 30, drift: null });
    expect(body.report.validation).toMatchObject({
      kind: 'temporal',
      heldOutCutoff: isoDay(lastDay - 30),
      trainingCutoffs: [150, 120, 90, 60].map((back) => isoDay(lastDay - back)),
      heldOutRows: examplesAt(lastDay - 30).rows,
      heldOutPositives: examplesAt(lastDay - 30).positives,
    });
    const engines = body.report.candidates.map(({ engine }: { engine: string }) => engine);
    expect(engines).toEqual(
      expect.arrayContaining(['baseRate', 'recency', 'spend', 'rfmSum', 'logisticRegression']),
    );
    expect(body.report.grade).toBe(body.grade);
  });

  test('is not fitted again while nothing changes', async () => {
    const before = (await shop.get('/runs?limit=100')).body.runs;
    await shop.orders();
    await shop.train();
    await shop.score();
    expect((await shop.get('/runs?limit=100')).body.runs).toEqual(before);
  });

  test('a file that would give scores under the same name is refused, and told to take another', async () => {
    await shop.upload('scoring/orders.csv', 'customer_id,visits\nana,1\n');
    await shop.score();
    const run = await shop.lastRun('scoring/orders.csv');
    expect(run.status).toBe('rejected');
    expect(JSON.stringify(run.problems)).toContain('another name');
    await shop.score();
    expect(await shop.result('scores/orders.csv')).not.toBeNull();
    await shop.remove('scoring/orders.csv');
    await shop.score();
  });

  test('what was said of a month is compared with what came, once the month is over', async () => {
    const then = lastDay - 40;
    await shop.upload('settings.json', JSON.stringify({ orders: { lastDay: isoDay(then) } }));
    await shop.orders();
    await shop.train();
    await shop.score();
    const said = (await shop.get('/customers/k1')).body.scores[0];
    await shop.remove('settings.json');
    await shop.orders();
    await shop.train();
    const { rows, positives } = examplesAt(then);
    const { body } = await shop.get('/models/purchase?from=orders');
    expect(body.drift).toMatchObject({
      lastDay: isoDay(then),
      horizonDays: 30,
      modelRunId: said.modelRunId,
      scoresRunId: said.runId,
      customers: rows,
      buyers: positives,
      observedRate: positives / rows,
    });
    expect(Math.abs(body.drift.standardErrors)).toBeLessThan(5);
    for (const dataset of ['orders', 'orders/model'])
      expect((await shop.lastRun(dataset)).metrics).toMatchObject({ purchaseDrift: body.drift });
  });

  test('a history too short to test on gives no model, and the run says how long it must be', async () => {
    const settings = { orders: { lastDay: isoDay(firstDay + 80) } };
    await shop.upload('settings.json', JSON.stringify(settings));
    await shop.orders();
    const { notes } = await shop.lastRun('orders');
    expect(notes).toContainEqual(expect.objectContaining({ code: 'tooShortForPurchaseModel' }));
    await shop.train();
    await shop.score();
    expect((await shop.get('/customers/k1')).body.scores).toEqual([]);
    expect(await shop.result('scores/orders.csv')).toBeNull();
    await shop.remove('settings.json');
  });

  test('when the orders are gone, so are model and scores', async () => {
    await shop.orders();
    await shop.train();
    await shop.score();
    expect(await shop.result('scores/orders.csv')).not.toBeNull();
    await shop.remove('orders/all.csv');
    await shop.orders();
    await shop.train();
    await shop.score();
    expect((await shop.get('/health')).body.datasets).toEqual({});
    expect(await shop.result('scores/orders.csv')).toBeNull();
  });
});
