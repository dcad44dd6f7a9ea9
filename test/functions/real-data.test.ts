import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BidRow } from '../../lib/bids/answer.ts';
import { expectedPurchases, probabilityAlive } from '../../lib/models/btyd/predict.ts';
import { rocAuc } from '../../lib/models/metrics.ts';
import { openShop, type Shop } from '../support/shop.ts';

const data = join(import.meta.dirname, '../../../shared/data');
const present = existsSync(data);
const read = (path: string) => readFileSync(join(data, path));
const linesOf = (path: string) => read(path).toString().trim().split(/\r?\n/);

describe.skipIf(!present)(
  `real tables, from S3 to the API${present ? '' : ' (skipped: no ../shared/data)'}`,
  () => {
    let shop: Shop;

    beforeAll(async () => {
      shop = await openShop();
    });
    afterAll(() => shop.close());

    test('shoppers that the model has not seen are ranked with an AUC of .88 or more, by logistic regression too', async () => {
      const { header, training, held } = stratified(linesOf('online-shoppers/online_shoppers_intention.csv'));
      await shop.upload('training/shoppers.csv', [header, ...training].join('\n'));
      await shop.train();
      const { body: model } = await shop.get('/models/purchase');
      expect(model).toMatchObject({ status: 'ok', rows: training.length });
      for (const { engine, metrics } of model.candidates) {
        expect([engine, metrics.rocAuc > 0.88, metrics.logLoss < model.baseline.logLoss]).toEqual([
          engine,
          true,
          true,
        ]);
      }
      expect(model.candidates.map(({ engine }: { engine: string }) => engine)).toContain(
        'logisticRegression',
      );

      const unlabelled = [header, ...held].map((line) => line.slice(0, line.lastIndexOf(',')));
      await shop.upload('scoring/shoppers.csv', unlabelled.join('\n'));
      await shop.score();
      const scores = ((await shop.result('scores/shoppers.csv')) ?? '').trim().split(/\r?\n/).slice(1);
      expect(scores).toHaveLength(held.length);
      const probabilities = Float64Array.from(scores, (line) => Number(line.split(',')[1]));
      const labels = Uint8Array.from(held, (line) => (line.endsWith('TRUE') ? 1 : 0));
      expect(rocAuc(labels, probabilities)).toBeGreaterThan(0.88);
      const mean = probabilities.reduce((sum, probability) => sum + probability, 0) / held.length;
      expect(Math.abs(mean - 1908 / 12330)).toBeLessThan(0.02);
    });

    test('every Facebook ad comes out with a bid that rests on what is known, and the money in is the money told', async () => {
      await shop.upload('ads/facebook.csv', read('facebook-ads/kag_conversion_data.csv'));
      await shop.bid();
      const { status, counts } = await shop.lastRun('ads');
      expect(status).toBe('published');
      expect(counts).toMatchObject({
        ...{ rowsIn: 1143, rowsOk: 1143, ads: 1143 },
        ...{ impressions: 213_434_828, clicks: 38_165, conversions: 1079 },
      });
      // each amount of the file is rounded to the micro
      expect(Math.abs((counts as { spendMicros: number }).spendMicros - 58_705_229_958)).toBeLessThan(600);
      const bids = await everyBid(shop);
      expect(bids).toHaveLength(1143);
      const account = 1079 / 38_165;
      for (const { suggestedBidMicros, evidence, valuePerClick } of bids) {
        // there is no revenue, so that a sale counts as one unit: what a click is worth is its conversion rate
        const rate = valuePerClick.meanMicros / 1e6;
        expect(suggestedBidMicros).toBeGreaterThan(0);
        if (evidence.clicks === 1 && evidence.conversions === 0) expect(rate).toBeGreaterThan(0.2 * account);
        if (evidence.clicks === 1 && evidence.conversions === 1) expect(rate).toBeLessThan(0.5);
      }
      expect(bids.some(({ evidence }) => evidence.clicks === 1 && evidence.conversions === 1)).toBe(true);
    });

    test('customer totals of Online Retail become segments that add up to them', async () => {
      const totals = customerTotals(gunzipSync(read('online-retail/online_retail.csv.gz')).toString());
      const table = [...totals].map(
        ([id, { spend, invoices }]) => `${id},${spend.toFixed(2)},${invoices.size}`,
      );
      await shop.upload(
        'settings.json',
        JSON.stringify({ currency: 'GBP', value: { weights: { browsing: 0 } } }),
      );
      await shop.upload('customers/retail.csv', ['CustomerID,total spent,orders', ...table].join('\r\n'));
      await shop.segment();
      const { body } = await shop.get('/segments');
      expect(body).toMatchObject({ customers: 4372, currency: 'GBP' });
      const expected = [...totals.values()].reduce((sum, { spend }) => sum + Number(spend.toFixed(2)), 0);
      const told = body.segments.reduce((sum: number, { spend }: { spend: number }) => sum + spend, 0);
      expect(told).toBeCloseTo(expected, 2);
      const [best] = [...totals].sort(([, one], [, other]) => other.spend - one.spend);
      const answer = await shop.get(`/customers/${best?.[0]}`);
      expect(answer.body.segment).toMatchObject({ tier: 'high', frequency: best?.[1].invoices.size });
    });

    test('every line of Online Retail has one outcome, and each customer with a sale a history', async () => {
      await shop.upload('settings.json', JSON.stringify({ currency: 'GBP', timeZone: 'Europe/London' }));
      await shop.upload('orders/retail.csv.gz', read('online-retail/online_retail.csv.gz'));
      await shop.orders();
      const { status, counts } = await shop.lastRun('orders');
      expect(status).toBe('published');
      const lines = Object.entries(counts as Record<string, number>).filter(([name]) =>
        name.startsWith('lines.'),
      );
      expect(lines.reduce((sum, [, count]) => sum + count, 0)).toBe(541_909);
      expect(counts).toMatchObject({ rowsIn: 541_909, rowsOk: 541_909, 'lines.noCustomer': 135_080 });
      const { body } = await shop.get('/customers/17850');
      expect(body.history).toMatchObject({ lastDay: '2011-12-09', currency: 'GBP' });
    });

    test('what Online Retail recommends beats popularity by 15 % NDCG@10, and its stock "the same as last period"', async () => {
      await shop.products();
      const run = await shop.lastRun('products');
      expect([run.status, run.problems]).toEqual(['published', []]);
      const { comparison, method: recommender } = (run.metrics as Judged).recommendations;
      const ndcg = new Map(comparison.rows.map(({ name, ndcgAt10 }) => [name, ndcgAt10]));
      const popular = Math.max(ndcg.get('popularity') ?? 0, ndcg.get('recentPopularity') ?? 0);
      expect(comparison.customers).toBeGreaterThan(1000);
      expect(popular).toBeGreaterThan(0.05);
      expect(ndcg.get(recommender)).toBeGreaterThan(1.15 * popular);
      expect((await shop.get('/customers/17850/recommendations')).body.items).toHaveLength(10);

      const { body } = await shop.get('/stock?limit=1');
      for (const { method, backTest } of body.forecasts as Forecast[]) {
        const of = (name: string) => backTest.rows.find((row) => row.name === name) as ForecastRow;
        expect(backTest.products).toBeGreaterThan(10_000);
        expect(of(method).wape).toBeLessThan(0.97 * of('lastPeriod').wape);
        expect(of(method).pinballP90).toBeLessThan(of('lastPeriod').pinballP90);
        expect(of(method).coverageP90).toBeGreaterThan(0.85);
        expect(of(method).coverageP90).toBeLessThan(0.95);
      }
    }, 300_000);

    test('CDNOW buyers are expected to come back as often as the reference parameters of MBG/NBD say', async () => {
      const settings = { currency: 'USD', horizonDays: 273, orders: { lastDay: '1997-09-30' } };
      await shop.upload('settings.json', JSON.stringify(settings));
      // gone first, since a shop that turns into another one overnight is held
      await shop.remove('orders/retail.csv.gz');
      await shop.orders();
      await shop.upload('orders/cdnow.csv', read('cdnow/sample.csv'));
      await shop.orders();
      expect((await shop.lastRun('orders')).status).toBe('published');
      const { body } = await shop.get('/customers/4');
      const { value } = body;
      expect(body.history.features).toMatchObject({ frequency: 2, recency_days: 213, age_days: 272 });
      // kind: reference. Maximum likelihood on the same 2,357 customers, in weeks, by another implementation
      const reference = { kind: 'mbgNbd' as const, r: 0.52484, alpha: 6.18308, a: 0.89136, b: 1.614 };
      const history = { frequency: 2, recency: 213 / 7, age: 272 / 7 };
      expect(value.model).toBe('mbgNbd');
      expect(value.expectedPurchases30d / expectedPurchases(reference, history, 30 / 7)).toBeCloseTo(1, 2);
      expect(value.pAlive / probabilityAlive(reference, history)).toBeCloseTo(1, 2);
      const { parameters } = (await shop.get('/models/value')).body.model;
      expect(parameters.r / reference.r).toBeCloseTo(1, 3);
      expect(parameters.alpha / 7 / reference.alpha).toBeCloseTo(1, 3);
      expect(value.low).toBeLessThan(value.next12m);
      expect(value.high).toBeGreaterThan(value.next12m);
      expect(value.nextPurchase.from > '1997-09-30').toBe(true);
    });
  },
);

interface Judged {
  recommendations: {
    method: string;
    comparison: { customers: number; rows: { name: string; ndcgAt10: number }[] };
  };
}

interface Forecast {
  method: string;
  backTest: { products: number; rows: ForecastRow[] };
}

interface ForecastRow {
  name: string;
  wape: number;
  pinballP90: number;
  coverageP90: number;
}

/** Of ten rows of a class, in file order, the third, sixth and ninth are held out: 30 % of buyers and of others. */
function stratified([header = '', ...rows]: string[]): {
  header: string;
  training: string[];
  held: string[];
} {
  const training: string[] = [];
  const held: string[] = [];
  const seen = { TRUE: 0, FALSE: 0 };
  for (const row of rows) {
    const place = seen[row.endsWith('TRUE') ? 'TRUE' : 'FALSE']++ % 10;
    (place % 3 === 2 ? held : training).push(row);
  }
  return { header, training, held };
}

async function everyBid(shop: Shop): Promise<BidRow[]> {
  const bids: BidRow[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await shop.get(`/bids?limit=500${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    bids.push(...body.bids);
    cursor = body.cursor;
  } while (cursor !== undefined);
  return bids;
}

/** Per customer: Σ quantity × price, cancellations included, and the invoices that are not cancellations. */
function customerTotals(csv: string): Map<string, { spend: number; invoices: Set<string> }> {
  const totals = new Map<string, { spend: number; invoices: Set<string> }>();
  for (const line of csv.trim().split(/\r?\n/).slice(1)) {
    // the description alone may hold commas, in quotes
    const [invoice = ''] = line.split(',', 1);
    const [country, customer, price, , quantity] = line
      .replace(/"[^"]*"/g, '')
      .split(',')
      .reverse();
    if (country === undefined || !customer) continue;
    const total = totals.get(customer) ?? { spend: 0, invoices: new Set<string>() };
    total.spend += Number(quantity) * Number(price);
    if (!invoice.startsWith('C')) total.invoices.add(invoice);
    totals.set(customer, total);
  }
  return totals;
}
