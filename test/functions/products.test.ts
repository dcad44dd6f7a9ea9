import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededGenerator, uniform } from '../../lib/math/random.ts';
import { openShop, type Shop } from '../support/shop.ts';

/** Customers with one of two tastes, a week or so apart, for half a year; `drum 9` has not been sold for long, `tea new` since yesterday. */
function orderLines(): string {
  const generator = seededGenerator(3);
  const lines = ['order_id,order_date,customer_id,product,category,quantity,amount'];
  let order = 0;
  const add = (day: number, customer: string, product: string) => {
    const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
    lines.push(`o${++order},${date},${customer},${product},${product.split(' ')[0]},2,20.00`);
  };
  for (let customer = 0; customer < 120; customer++) {
    const taste = customer % 2 === 0 ? 'tea' : 'drum';
    for (
      let day = Math.floor(30 * uniform(generator));
      day < 180;
      day += 5 + Math.floor(25 * uniform(generator))
    )
      add(day, `c${customer}`, `${taste} ${1 + Math.floor(8 * uniform(generator))}`);
  }
  add(3, 'c1', 'drum 9');
  add(179, 'c0', 'tea new');
  return lines.join('\n');
}

const catalogue = [
  'product,name,price,cost,stock,lead_time_days',
  ...Array.from({ length: 8 }, (_, at) => `tea ${at + 1},Tea no. ${at + 1},10,4,${at === 0 ? 0 : 1000},7`),
  'drum 1,Small drum,99.90,50,1,10',
  'never sold,Ghost,1,1,5,3',
].join('\n');

const catalogueNames = Array.from({ length: 8 }, (_, at) => `Tea no. ${at + 1}`);

describe('products: recommendations and stock, from orders/ to the API', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.upload('orders/orders.csv', orderLines());
    await shop.orders();
  }, 120_000);
  afterAll(() => shop.close());

  test('without products/, lists are made and demand is forecast, and nothing is said of what to order', async () => {
    await shop.products();
    const { status, counts } = await shop.lastRun('products');
    expect(status).toBe('published');
    // the purchases that are expected of them are those that the order history has published
    expect(counts).toMatchObject({ customers: 120, customersForecast: 120 });
    const { body: stock } = await shop.get('/stock?limit=500');
    expect(stock.knowsStock).toBe(false);
    expect(stock.products).toHaveLength(18);
    expect(new Set(stock.products.map(({ status }: { status: string }) => status))).toEqual(
      new Set(['unknown']),
    );
    expect(stock.forecasts.map(({ horizonDays }: { horizonDays: number }) => horizonDays)).toEqual([
      7, 30, 90,
    ]);
  });

  test('customers are recommended what goes with their taste, never what they bought or what is out of stock, and why', async () => {
    await shop.upload('products/products.csv', catalogue);
    await shop.products();
    const { body } = await shop.get('/customers/c0/recommendations');
    expect(body).toMatchObject({ customerId: 'c0', basis: 'model', lastDay: '2026-06-29' });
    const offered: { product: string; because: { product: string } | null }[] = body.items;
    expect(offered.length).toBeGreaterThan(0);
    const bought = new Set(
      orderLines()
        .split('\n')
        .map((line) => line.split(','))
        .filter(([, , customer]) => customer === 'c0')
        .map(([, , , product]) => product),
    );
    for (const { product } of offered) {
      expect(bought.has(product)).toBe(false);
      expect(product).not.toBe('tea 1');
    }
    const teas = offered.filter(({ product }) => product.startsWith('tea'));
    const unbought = Array.from({ length: 7 }, (_, at) => `tea ${at + 2}`).filter((tea) => !bought.has(tea));
    expect(
      offered
        .slice(0, unbought.length)
        .map(({ product }) => product)
        .sort(),
    ).toEqual(unbought.sort());
    for (const { because } of teas) expect(bought.has(because?.product)).toBe(true);
  });

  test('they are told in words, and copy names what the segment is recommended', async () => {
    const { runId } = await shop.lastRun('products');
    const { body: summary } = await shop.get(`/runs/${runId}/summary`);
    expect(summary.headline).toMatch(/^\d+ products? ha(s|ve) to be ordered now$/);
    expect(summary.text).toContain('120 customers have recommendations out of 18 products.');
    expect(summary.text).toMatch(/First to order: (Tea no\. 1|Small drum), \d+ units\./);
    const { body } = await shop.post('/campaigns/loyal/copy', { recommendedProducts: 2 });
    const names = new Set([
      ...catalogueNames,
      'Small drum',
      ...Array.from({ length: 7 }, (_, at) => `drum ${at + 2}`),
    ]);
    const told = body.facts.map(({ text }: { text: string }) => text);
    expect(told).toHaveLength(2);
    for (const name of told) expect(names).toContain(name);
    expect(told).not.toContain('Tea no. 1');
    expect(body.variants[0].body).toContain(`You may like ${told[0]} and ${told[1]}.`);
    const both = { recommendedProducts: 1, products: ['Tea'] };
    expect((await shop.post('/campaigns/loyal/copy', both)).status).toBe(422);
  });

  test('the file has the same lists, a row for each customer', async () => {
    const csv = ((await shop.result('recommendations.csv')) ?? '').trimEnd().split('\n');
    expect(csv).toHaveLength(121);
    expect(csv[0]?.split(',').slice(0, 5)).toEqual([
      'customer_id',
      'basis',
      'product_1',
      'name_1',
      'because_1',
    ]);
    const row = csv.find((line) => line.startsWith('c0,'))?.split(',') ?? [];
    const { body } = await shop.get('/customers/c0/recommendations');
    expect(row[2]).toBe(body.items[0].product);
    expect(row[3]).toBe(body.items[0].name);
  });

  test('what runs out is to be ordered, what is plenty is not, and what was never sold is expected to stay', async () => {
    const { body } = await shop.get('/stock?limit=500');
    expect(body.knowsStock).toBe(true);
    const of = (wanted: string) =>
      body.products.find(({ product }: { product: string }) => product === wanted);
    expect(of('tea 1')).toMatchObject({
      status: 'orderNow',
      stock: 0,
      coverDays: 0,
      reorderDay: '2026-06-29',
    });
    expect(of('tea 1').reorderUnits).toBeGreaterThan(of('tea 1').next30d.expected / 2);
    expect(of('tea 1').reorderCost).toBe(4 * of('tea 1').reorderUnits);
    expect(['enough', 'orderLater']).toContain(of('tea 2').status);
    expect(of('drum 1').leadTimeDays).toBe(10);
    expect(of('never sold')).toMatchObject({
      status: 'noDemand',
      reorderUnits: 0,
      next90d: { expected: 0, p95: 0 },
    });
    expect(of('drum 9').next30d.expected).toBeLessThan(1);
    expect(of('tea new').next30d.expected).toBeLessThan(20);
    for (const { next7d, next30d, next90d } of body.products) {
      for (const { expected, p50, p90, p95 } of [next7d, next30d, next90d]) {
        expect(expected).toBeGreaterThanOrEqual(0);
        expect(p50 <= p90 && p90 <= p95).toBe(true);
      }
      expect(next7d.p90 <= next30d.p90 && next30d.p90 <= next90d.p90).toBe(true);
    }
    expect(body.products[0].status).toBe('orderNow');
    const csv = ((await shop.result('stock.csv')) ?? '').trimEnd().split('\n');
    expect(csv).toHaveLength(20);
  });

  test('a bad products file is refused with its place, and what was published stays', async () => {
    const { body: before } = await shop.get('/stock?limit=1');
    await shop.upload('products/bad.csv', 'name,stock\nTea,3\n');
    await shop.products();
    const run = await shop.lastRun('products');
    expect(run.status).toBe('rejected');
    expect(JSON.stringify(run.problems)).toContain('No column was recognised as product');
    expect((await shop.get('/stock?limit=1')).body.runId).toBe(before.runId);
    await shop.remove('products/bad.csv');
  });

  test('a customer whom orders do not know is not found', async () => {
    const { status, body } = await shop.get('/customers/nobody/recommendations');
    expect([status, body.type]).toEqual([404, '/problems/not-found']);
  });
});
