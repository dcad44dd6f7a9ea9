import { describe, expect, it } from 'vitest';
import { adHistoryOf } from '../../lib/bids/adHistory.ts';
import { fitBidModel } from '../../lib/bids/fitBidModel.ts';
import { noGuardrails } from '../../lib/bids/guardrails.ts';
import { bidSettings } from '../../lib/bids/settings.ts';
import { suggestBids } from '../../lib/bids/suggestBids.ts';
import { measureCampaign } from '../../lib/marketing/campaigns/measureCampaign.ts';
import { normalCdf } from '../../lib/math/normalCdf.ts';
import { readAds } from '../../lib/tables/ads/readAds.ts';
import { readCampaignResults } from '../../lib/tables/campaigns/readCampaignResults.ts';
import { type DemoAdTruth, priceSigma } from '../../local/demo-ads.ts';
import type { DemoBuyer } from '../../local/demo-customers.ts';
import { demoShop } from '../../local/demo-shop.ts';
import { upload } from '../lib/tables/uploads.ts';

const shop = demoShop({ seed: 42 });

describe('the demo shop', () => {
  it('ran a campaign whose effect is known: it is found, and lies in its interval', async () => {
    const csv = shop.files.find(({ key }) => key.startsWith('campaigns/'))?.body ?? '';
    const { rows } = await readCampaignResults(upload(csv, { key: 'campaigns/spring-mail.csv' }), {
      timeZone: 'UTC',
    });
    const { treatedRate, controlRate } = shop.truth.campaign;
    const options = { covariates: [], cost: null, significance: 0.05, seed: 1 };
    const { uplift, verdict } = measureCampaign(rows, options);
    expect(verdict).toBe('raised');
    expect(treatedRate - controlRate).toBeGreaterThan(0.04);
    expect(uplift?.interval.low).toBeLessThan(treatedRate - controlRate);
    expect(uplift?.interval.high).toBeGreaterThan(treatedRate - controlRate);
  });

  it('has products that its orders name, and contacts for every customer, some of whom said yes', () => {
    const bodyBelow = (folder: string) => shop.files.find(({ key }) => key.startsWith(folder))?.body ?? '';
    const sold = new Set(rowsOf(bodyBelow('orders/')).map((row) => row.product));
    const listed = rowsOf(bodyBelow('products/'));
    expect(new Set(listed.map((row) => row.product))).toEqual(sold);
    expect(new Set(listed.map((row) => row.name)).size).toBe(48);
    const contacts = rowsOf(bodyBelow('contacts/'));
    expect(contacts).toHaveLength(2000);
    for (const consent of ['consent_email', 'consent_sms', 'consent_phone', 'consent_ads'])
      expect(new Set(contacts.map((row) => row[consent]))).toEqual(new Set(['yes', 'no', '']));
  });

  it('uploads one file to each folder, with as many customers as asked for', () => {
    expect(shop.files.map(({ key }) => key)).toEqual([
      'customers/demo.csv',
      'training/demo.csv',
      'scoring/demo.csv',
      'ads/demo.csv',
      'orders/demo.csv',
      'products/demo.csv',
      'contacts/demo.csv',
      'campaigns/spring-mail.csv',
    ]);
    const tables = demoShop({ seed: 1, customers: 10 }).files.slice(0, 4);
    expect(tables.map(({ body }) => rowsOf(body).length)).toEqual([10, 10, 10, 60 * 28]);
    expect(rowsOf(bodyOf('customers'))).toHaveLength(2000);
  });

  it('is the same to the byte for the same seed, and another for another', () => {
    expect(demoShop({ seed: 42 })).toEqual(shop);
    expect(demoShop({ seed: 43 }).files[0]?.body).not.toBe(bodyOf('customers'));
  });

  it.each(['customers', 'training', 'scoring', 'ads', 'orders'])(
    'writes every row of %s as wide as its header',
    (folder) => {
      const widths = bodyOf(folder)
        .trimEnd()
        .split('\n')
        .map((line) => line.split(',').length);
      expect(new Set(widths).size).toBe(1);
      expect(bodyOf(folder)).not.toMatch(/NaN|Infinity|undefined|"/);
    },
  );

  it('knows every customer by one id, in the same order in every file and in the truth', () => {
    const ids = rowsOf(bodyOf('customers')).map((row) => row.customer_id);
    expect(new Set(ids).size).toBe(2000);
    expect(ids[0]).toBe('C00001');
    for (const folder of ['training', 'scoring'] as const) {
      expect(rowsOf(bodyOf(folder)).map((row) => row.customer_id)).toEqual(ids);
      expect(shop.truth[folder].map(({ customerId }) => customerId)).toEqual(ids);
    }
  });

  it('labels the training table with who bought, and the scoring table not at all', () => {
    const labels = rowsOf(bodyOf('training')).map((row) => row.purchased);
    expect(labels).toEqual(shop.truth.training.map(({ bought }) => (bought ? 'yes' : 'no')));
    expect(Object.keys(rowsOf(bodyOf('scoring'))[0] ?? {})).not.toContain('purchased');
  });

  it('counts the orders of the month between the two tables', () => {
    const [before, after] = ['training', 'scoring'].map((folder) => rowsOf(bodyOf(folder)));
    shop.truth.training.forEach(({ bought }, index) => {
      expect(Number(after?.[index]?.orders) - Number(before?.[index]?.orders)).toBe(bought ? 1 : 0);
    });
  });

  it.each(['training', 'scoring'] as const)(
    'draws the buyers of %s from the true probabilities',
    (folder) => {
      const buyers = shop.truth[folder];
      const expected = total(buyers.map(({ probability }) => probability));
      const deviation = Math.sqrt(total(buyers.map(({ probability: p }) => p * (1 - p))));
      const bought = buyers.filter((buyer) => buyer.bought).length;
      expect(Math.abs(bought - expected)).toBeLessThan(3.5 * deviation);
      expect(bought / buyers.length).toBeGreaterThan(0.08);
      expect(bought / buyers.length).toBeLessThan(0.2);
    },
  );

  it('leaves something to learn, and something to chance', () => {
    expect(rocAuc(shop.truth.scoring)).toBeGreaterThan(0.8);
    expect(rocAuc(shop.truth.scoring)).toBeLessThan(0.92);
  });

  it.each(['training', 'scoring'] as const)(
    'lets the truth of %s follow from the columns of the file',
    (folder) => {
      const many = demoShop({ seed: 42, customers: 20_000 });
      const seen = new Map<string, number>();
      rowsOf(bodyOf(folder, many)).forEach((row, index) => {
        const probability = many.truth[folder][index]?.probability ?? Number.NaN;
        const columns = [row.channel, row.newsletter, row.orders, row.days_since_last_order];
        const alike = [...columns, row.sessions_30d, row.cart_additions_30d].join();
        expect(seen.get(alike) ?? probability).toBe(probability);
        seen.set(alike, probability);
      });
      expect(seen.size).toBeLessThan(19_900);
    },
  );

  it('exports the orders that the summary table counts, as old and for as much', () => {
    const orders = new Map<string, Row[]>();
    for (const row of rowsOf(bodyOf('orders')))
      orders.set(row.customer_id ?? '', [...(orders.get(row.customer_id ?? '') ?? []), row]);
    const daysOf = (row: Row) => Date.parse(row.order_date ?? '') / 86_400_000;
    const newest = Math.max(...rowsOf(bodyOf('orders')).map(daysOf));
    const scored = rowsOf(bodyOf('scoring'));
    for (const [index, customer] of rowsOf(bodyOf('customers')).entries()) {
      const theirs = orders.get(customer.customer_id ?? '') ?? [];
      expect(theirs).toHaveLength(Number(customer.orders));
      expect(total(theirs.map(({ amount }) => Number(amount)))).toBeCloseTo(Number(customer.total_spent), 2);
      const daysAgo = newest - Math.max(...theirs.map(daysOf));
      expect(daysAgo).toBe(Number(scored[index]?.days_since_last_order));
    }
  });

  it('leaves some ages out, as shops do', () => {
    const ages = rowsOf(bodyOf('training')).map(({ age }) => age);
    expect(ages.filter((age) => age === '').length / ages.length).toBeCloseTo(0.1, 1);
  });

  it('draws clicks and conversions from the true rates, day by day', () => {
    const rows = rowsOf(bodyOf('ads'));
    const truth = new Map(shop.truth.ads.map((ad) => [ad.adId, ad]));
    const of = (row: Row) => truth.get(row.ad_id ?? '') ?? { clickRate: 0, conversionRate: 0 };
    const expectedClicks = total(rows.map((row) => Number(row.impressions) * of(row).clickRate));
    const expectedSales = total(rows.map((row) => Number(row.clicks) * of(row).conversionRate));
    const clicks = total(rows.map((row) => Number(row.clicks)));
    const sales = total(rows.map((row) => Number(row.conversions)));
    expect(Math.abs(clicks - expectedClicks)).toBeLessThan(4 * Math.sqrt(expectedClicks));
    expect(Math.abs(sales - expectedSales)).toBeLessThan(4 * Math.sqrt(expectedSales));
    expect([...new Set(rows.map((row) => row.ad_id))]).toEqual(shop.truth.ads.map(({ adId }) => adId));
  });

  it('has ads whose bids of the portfolio earn more in truth than those of the shop, for no more money', async () => {
    const { performance } = await readAds(upload(bodyOf('ads')), { currency: 'USD', timeZone: 'UTC' });
    const settings = bidSettings.parse({ guardrails: { ...noGuardrails, floorMicros: 10_000 } });
    const { model, ads } = fitBidModel(adHistoryOf(performance), { settings, seed: 42 });
    const bids = new Map(
      suggestBids(model, ads, { settings }).rows.map((row) => [row.id, row.suggestedBidMicros]),
    );
    const theirs = inTruth(({ bid }) => bid);
    const ours = inTruth(({ adId }) => (bids.get(adId) ?? 0) / 1e6);
    expect(ours.spend).toBeLessThan(1.05 * theirs.spend);
    expect(ours.value / ours.spend).toBeGreaterThan(1.05 * (theirs.value / theirs.spend));
  });
});

/** Of a day, without chance. */
function inTruth(bidOf: (ad: DemoAdTruth) => number): { spend: number; value: number } {
  let [spend, value] = [0, 0];
  for (const ad of shop.truth.ads) {
    const z = Math.log(bidOf(ad) / ad.medianPrice) / priceSigma;
    spend += ad.clicksADay * ad.medianPrice * Math.exp(priceSigma ** 2 / 2) * normalCdf(z - priceSigma);
    value += ad.clicksADay * normalCdf(z) * ad.conversionRate * ad.orderValue;
  }
  return { spend, value };
}

type Row = Partial<Record<string, string>>;

const bodyOf = (folder: string, { files } = shop): string =>
  files.find(({ key }) => key.startsWith(`${folder}/`))?.body ?? '';

function rowsOf(body: string): Row[] {
  const [header = [], ...rows] = body
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index]])));
}

const total = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** By its definition: how often a buyer's probability is above that of somebody who did not buy. */
function rocAuc(buyers: DemoBuyer[]): number {
  const others = buyers.filter(({ bought }) => !bought);
  const wins = buyers
    .filter(({ bought }) => bought)
    .map((buyer) => total(others.map((other) => (buyer.probability > other.probability ? 1 : 0))));
  return total(wins) / (wins.length * others.length);
}
