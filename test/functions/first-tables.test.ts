import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';

const example = (path: string) => readFileSync(join(import.meta.dirname, '../../examples', path));

describe('the three tables that the project was born from', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  test('customers without an id column are known by file and row, and the run says so', async () => {
    await shop.upload('customers/会员 1+.csv', example('customers/customers.csv'));
    await shop.segment();
    const run = await shop.lastRun('customers');
    expect(run.status).toBe('published');
    expect(run.counts).toMatchObject({ rowsIn: 5, rowsOk: 5, rowsQuarantined: 0, customers: 5 });
    expect(JSON.stringify(run.files)).toContain('row number');
    const { status, body } = await shop.get(`/customers/${encodeURIComponent('会员 1+.csv:5')}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      customerId: '会员 1+.csv:5',
      runId: run.runId,
      segment: { spend: 500, rank: 1 },
    });
  });

  test('segments carry the Chinese names of a Chinese table, with counts and money', async () => {
    const { body } = await shop.get('/segments');
    expect(body.segments.map(({ segment, label }: Record<string, string>) => [segment, label])).toEqual([
      ['high', '高价值客户'],
      ['mid', '中价值客户'],
      ['low', '低价值客户'],
    ]);
    const total = (field: string) =>
      body.segments.reduce(
        (sum: number, segment: Record<string, number>) => sum + (segment[field] ?? Number.NaN),
        0,
      );
    expect(total('customers')).toBe(5);
    expect(total('spend')).toBe(1500);
    expect(await shop.result('customers.csv')).toContain('高价值客户');
  });

  test('the raw scale with fixed edges, asked for in settings.json, gives the scores of the first notebook', async () => {
    const settings = {
      value: { scale: 'raw', tiers: { method: 'fixed', edges: [10, 200] } },
      currency: 'CNY',
    };
    await shop.upload('settings.json', JSON.stringify(settings));
    await shop.segment();
    const { body } = await shop.get('/segments/high/customers');
    expect(body.customers.map(({ score }: { score: number }) => score)).toEqual([267.5, 214]);
    const middle = await shop.get('/segments/mid/customers');
    const scores = middle.body.customers.map(({ score }: { score: number }) => score);
    expect(scores).toEqual([160.5, 107, 53.5]);
  });

  test('five training rows make a model that is marked as resting on too little', async () => {
    await shop.upload('training/first.csv', example('training/training.csv'));
    await shop.train();
    const { status, body } = await shop.get('/models/purchase');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'insufficientData', rows: 5, positives: 3, metrics: null });
    expect(body.reasons.join(' ')).toMatch(/5 rows/);
  });

  test('the same rows without the label are scored, row by row', async () => {
    await shop.upload('scoring/first.csv', example('scoring/scoring.csv'));
    await shop.score();
    const csv = (await shop.result('scores/first.csv')) ?? '';
    expect(csv.trim().split(/\r?\n/)).toHaveLength(6);
    const { body } = await shop.get('/customers/first.csv:4');
    expect(body.scores).toHaveLength(1);
    expect(body.scores[0]).toMatchObject({ file: 'first.csv', modelStatus: 'insufficientData' });
    expect(body.scores[0].probability).toBeGreaterThan(0);
    expect(body.scores[0].probability).toBeLessThan(1);
  });

  test('the ads get a fifth more than they cost by the linear policy, from rates and from counts alike', async () => {
    const expected = [120, 240, 360, 480, 600];
    for (const file of ['ads/ads.csv', 'ads-with-counts/ads.csv']) {
      await shop.upload('ads/first.csv', example(file));
      const settings = { currency: 'CNY', bids: { policy: file === 'ads/ads.csv' ? 'portfolio' : 'linear' } };
      await shop.upload('settings.json', JSON.stringify(settings));
      await shop.bid();
      const { body } = await shop.get('/bids');
      const bids = body.bids.map(({ suggestedBid }: { suggestedBid: number }) => suggestedBid);
      expect(bids).toHaveLength(5);
      for (const [index, bid] of bids.entries()) expect(bid).toBeCloseTo(expected[index] ?? Number.NaN, 6);
      expect(body).toMatchObject({ policy: 'linear', label: 'baseline', currency: 'CNY' });
    }
    const asked = await shop.post('/bids', { ads: [{ id: 'new', clickRate: 0.2, conversionRate: 0.04 }] });
    expect(asked.body.bids[0].suggestedBid).toBeCloseTo(360, 6);
  });

  test('where the ads have counts, and nobody asks for another policy, bids come with what is known of them', async () => {
    await shop.upload('settings.json', JSON.stringify({ currency: 'CNY' }));
    await shop.bid();
    const { body } = await shop.get('/bids');
    expect(body).toMatchObject({
      policy: 'portfolio',
      currency: 'CNY',
      portfolio: { binding: expect.any(String) },
    });
    expect(body.bids.map(({ id }: { id: string }) => id)).toEqual(
      [1, 2, 3, 4, 5].map((row) => `first.csv:${row}`),
    );
    const { suggestedBidMicros, valuePerClick, reasons } = body.bids[4];
    expect(valuePerClick.lowMicros).toBeLessThan(valuePerClick.meanMicros);
    expect(suggestedBidMicros).toBeGreaterThan(0);
    expect(reasons.length).toBeGreaterThan(0);
    const asked = await shop.post('/bids', { ads: [{ id: 'new', clickRate: 0.2, conversionRate: 0.04 }] });
    expect(asked.body).toMatchObject({ policy: 'linear', label: 'baseline' });
    expect(asked.body.bids[0].suggestedBid).toBeCloseTo(360, 6);
  });
});
