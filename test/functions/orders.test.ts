import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';

const header = 'customer_id,order_id,ordered_at,product,quantity,amount\n';
const may = `${header}ana,1,2026-05-01 10:00,tea,1,10.00\nana,2,2026-05-11,tea,1,30.00\nbo,3,2026-05-02 09:00,cup,2,8.50\n`;
const june = `${header}ana,4,2026-06-10 12:00,pot,1,50.00\n`;
const events =
  'customer_id,timestamp,minutes,event\nana,2026-06-09T08:00:00Z,12,view\nana,2026-06-09T08:10:00Z,3,add_to_cart\n';

describe('an order history', () => {
  let shop: Shop;
  const history = async (id: string) => (await shop.get(`/customers/${id}`)).body.history;

  beforeAll(async () => {
    shop = await openShop();
    await shop.upload('settings.json', JSON.stringify({ currency: 'EUR', timeZone: 'Europe/Berlin' }));
  });
  afterAll(() => shop.close());

  test('browsing alone tells nothing of orders, and the run says what to upload', async () => {
    await shop.upload('events/june.csv', events);
    await shop.orders();
    const run = await shop.lastRun('orders');
    expect(run.status).toBe('rejected');
    expect(JSON.stringify(run.problems)).toContain('orders/');
  });

  test('becomes features of each customer, as of the last day with a sale', async () => {
    await shop.upload('orders/may.csv', may);
    await shop.upload('orders/june.csv.gz', gzipSync(june));
    await shop.orders();
    expect(await shop.lastRun('orders')).toMatchObject({
      status: 'published',
      counts: { rowsIn: 6, rowsOk: 6, customers: 2, 'lines.sale': 4 },
    });
    expect(await history('ana')).toMatchObject({
      lastDay: '2026-06-10',
      currency: 'EUR',
      features: {
        orders: 3,
        frequency: 2,
        spend: 9000,
        recency_days: 40,
        age_days: 40,
        days_since_last: 0,
        browse_minutes_7d: 15,
        carts_7d: 1,
      },
    });
    expect((await history('bo')).features).toMatchObject({ orders: 1, spend: 850, days_since_last: 39 });
    expect((await history('ana')).features).toMatchObject({ morning_share: 0.5, afternoon_share: 0.5 });
    const { value } = (await shop.get('/customers/ana')).body;
    expect(value).toMatchObject({ model: 'mbgNbd', currency: 'EUR', historic: 90, purchaseDays: 3 });
    expect(value.pAlive).toBeGreaterThan(0);
    expect(value.pAlive).toBeLessThanOrEqual(1);
    expect((await shop.get('/customers/nobody')).status).toBe(404);
  });

  test('a file that joins is the only one that is read', async () => {
    const before = await shop.lastRun('orders');
    const stagedBefore = await shop.written('staged/');
    await shop.upload('orders/july.csv', `${header}cy,5,2026-07-01 12:00,pot,1,50.00\n`);
    await shop.orders();
    const after = await shop.lastRun('orders');
    expect(after.counts).toMatchObject({ rowsIn: 7, customers: 3 });
    expect((after.files as { key: string }[]).map(({ key }) => key)).toHaveLength(4);
    const stagedAfter = await shop.written('staged/');
    expect(stagedAfter.size).toBe(stagedBefore.size + 2);
    expect([...stagedAfter]).toEqual(expect.arrayContaining([...stagedBefore]));
    expect(after.files).toEqual(expect.arrayContaining(before.files as object[]));
    expect((await history('ana')).features.days_since_last).toBe(21);
  });

  test('the last day can be declared, and what came after it is not seen', async () => {
    const settings = { currency: 'EUR', timeZone: 'Europe/Berlin', orders: { lastDay: '2026-05-20' } };
    await shop.upload('settings.json', JSON.stringify(settings));
    await shop.orders();
    expect(await history('ana')).toMatchObject({
      lastDay: '2026-05-20',
      features: { orders: 2, spend: 4000 },
    });
    expect((await shop.get('/customers/cy')).status).toBe(404);
  });

  test('has a quality report', async () => {
    const { runId } = await history('ana');
    const { status, body } = await shop.get(`/runs/${runId}/quality`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ runId, currency: 'EUR', lines: 5, rows: { rowsIn: 7, rowsQuarantined: 0 } });
    expect(JSON.parse((await shop.result(`quality/${runId}.json`)) ?? '')).toEqual(body);
    expect((await shop.get(`/runs/${runId}`)).body.metrics.quality).toMatchObject({
      rows: { rowsIn: 7, rowsQuarantined: 0 },
      lines: 5,
      firstDay: body.dates.firstDay,
      revenueShareWithoutCustomer: body.revenue.shareWithoutCustomer,
      drift: [],
    });
    expect((await shop.get(`/runs/${'0'.repeat(20)}/quality`)).status).toBe(404);
  });

  test('a bad file rejects the run and leaves what was published', async () => {
    const { runId } = await history('ana');
    await shop.upload('orders/bad.csv', 'order_id,amount\n1,2\n');
    await shop.orders();
    expect((await shop.lastRun('orders')).status).toBe('rejected');
    expect((await history('ana')).runId).toBe(runId);
    await shop.remove('orders/bad.csv');
  });

  test('that moved far is held until it is accepted, and what was published stays', async () => {
    for (const { key } of (await shop.lastRun('orders')).inputs as { key: string }[]) await shop.remove(key);
    await shop.remove('settings.json');
    await shop.upload('orders/all.csv', `${header}${lines(800, 1)}\n`);
    await shop.orders();
    const published = await shop.lastRun('orders');
    expect(published.status).toBe('published');

    await shop.upload('orders/all.csv', `${header}${lines(800, 100)}\n`);
    await shop.orders();
    const held = await shop.lastRun('orders');
    expect(held.status).toBe('held');
    expect(JSON.stringify(held.problems)).toMatch(/revenue moved by 99 %/);
    expect((await history('k1')).runId).toBe(published.runId);
    await shop.orders();
    expect((await shop.lastRun('orders')).runId).toBe(held.runId);

    await shop.upload('settings.json', JSON.stringify({ orders: { drift: { acceptShift: held.runId } } }));
    await shop.orders();
    const accepted = await shop.lastRun('orders');
    expect(accepted.status).toBe('published');
    expect(accepted.notes).toContainEqual(expect.objectContaining({ code: 'shiftPublished' }));
    expect((await history('k1')).runId).toBe(accepted.runId);
  });

  test('that moved far is published once the next run says the same', async () => {
    const published = (await history('k1')).runId;
    await shop.upload('orders/all.csv', `${header}${lines(800, 1)}\n`);
    await shop.orders();
    expect((await shop.lastRun('orders')).status).toBe('held');
    expect((await history('k1')).runId).toBe(published);

    await shop.upload('orders/all.csv', `${header}${lines(800, 1)}\nk1,9999,2026-03-28 11:00,tea,1,7.00\n`);
    await shop.orders();
    const confirmed = await shop.lastRun('orders');
    expect(confirmed.status).toBe('published');
    expect(confirmed.notes).toContainEqual(
      expect.objectContaining({ code: 'shiftPublished', message: expect.stringContaining('confirmed') }),
    );
    expect((await history('k1')).runId).toBe(confirmed.runId);
  });
});

/** Two orders of each customer, of the same amounts but for the factor. */
const lines = (customers: number, factor: number): string =>
  Array.from({ length: 2 * customers }, (_, line) => {
    const day = String(1 + (line % 28)).padStart(2, '0');
    return `k${line % customers},${line},2026-03-${day} 10:00,tea,1,${(factor * (5 + (line % 9))).toFixed(2)}`;
  }).join('\n');
