import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';

const training = (rows: number, buys: (row: number) => boolean, prefix = 't'): string =>
  `customer_id,visits,purchased\n${Array.from({ length: rows }, (_, row) => `${prefix}${row},${row % 10},${buys(row) ? 1 : 0}`).join('\n')}\n`;
const ads = (rows: number, clicks: number): string =>
  `ad_id,impressions,clicks,conversions,spend\n${Array.from({ length: rows }, (_, row) => `ad${row},1000,${clicks + (row % 5)},${row % 4},${5 + (row % 7)}`).join('\n')}\n`;

describe('a run that moved too far from the one before', { timeout: 240_000 }, () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  test('of training is held when its labels turn round, keeps the model in use, and is published when it is named', async () => {
    const usual = (row: number): boolean => row % 10 > 6 !== (row % 13 === 0);
    await shop.upload('training/a.csv', training(1200, usual));
    await shop.train();
    const { body: inUse } = await shop.get('/models/purchase');
    await shop.upload(
      'training/a.csv',
      training(1200, (row) => !usual(row)),
    );
    await shop.train();
    const held = await shop.lastRun('training');
    expect(held.status).toBe('held');
    expect(JSON.stringify(held.problems)).toMatch(
      new RegExp(
        `the share of buyers went from 3[0-9.]+ % to 6[0-9.]+ %.*training.drift.acceptShift.*${held.runId}`,
      ),
    );
    expect((await shop.get('/models/purchase')).body).toEqual(inUse);
    const accepted = { training: { drift: { acceptShift: held.runId } } };
    await shop.upload('settings.json', JSON.stringify(accepted));
    await shop.train();
    const published = await shop.lastRun('training');
    expect([published.status, JSON.stringify(published.notes)]).toEqual([
      'published',
      expect.stringContaining('shiftPublished'),
    ]);
    // What was accepted once lets nothing else through.
    await shop.upload('training/a.csv', training(1200, usual));
    await shop.train();
    expect((await shop.lastRun('training')).status).toBe('held');
  });

  test('of training is held for one file whose buyers are unlike all others', async () => {
    await shop.remove('training/a.csv');
    await shop.upload('settings.json', '{}');
    await shop.train();
    const usual = (row: number): boolean => row % 10 > 7;
    await shop.upload('training/a.csv', training(1200, usual, 'a'));
    await shop.upload(
      'training/b.csv',
      training(1200, (row) => !usual(row), 'b'),
    );
    await shop.train();
    const held = await shop.lastRun('training');
    expect([held.status, held.problems]).toEqual([
      'held',
      [expect.objectContaining({ code: 'unlikeFile' }), expect.objectContaining({ code: 'unlikeFile' })],
    ]);
    await shop.upload('settings.json', JSON.stringify({ training: { drift: { acceptShift: held.runId } } }));
    await shop.train();
    expect((await shop.lastRun('training')).status).toBe('published');
  });

  test('of ads is held when its clicks fall away, and published when another run says the same', async () => {
    await shop.upload('ads/a.csv', ads(1200, 50));
    await shop.bid();
    expect((await shop.lastRun('ads')).status).toBe('published');
    await shop.upload('ads/a.csv', ads(1200, 5));
    await shop.bid();
    const held = await shop.lastRun('ads');
    expect([held.status, JSON.stringify(held.problems)]).toEqual([
      'held',
      expect.stringContaining('click rate'),
    ]);
    await shop.upload('ads/a.csv', ads(1210, 5));
    await shop.bid();
    expect((await shop.lastRun('ads')).status).toBe('published');
  });

  test('no customer has more rows in a model than the settings allow', async () => {
    const alone = `customer_id,visits,purchased\n${Array.from({ length: 300 }, (_, row) => `one,${row % 10},1`).join('\n')}\n`;
    await shop.remove('training/b.csv');
    await shop.upload(
      'settings.json',
      '{"training":{"maxRowsPerCustomer":20,"drift":{"maxRowShift":1,"maxRateShift":1}}}',
    );
    await shop.upload(
      'training/a.csv',
      training(400, (row) => row % 10 > 7),
    );
    await shop.upload('training/c.csv', alone);
    await shop.train();
    const run = await shop.lastRun('training');
    expect(run).toMatchObject({ status: 'published', counts: { rowsIn: 700, fittedRows: 420 } });
    expect(run.notes).toContainEqual(
      expect.objectContaining({ code: 'rowsBeyondCustomersShare', count: 280 }),
    );
  });

  test.each([
    ['maxRows', 100, /more than the 100 rows of limits.maxRows, \d+ up to ads\/a.csv/],
    ['maxBytes', 5000, /bytes together, more than the 5000 of limits.maxBytes/],
  ])('beyond limits.%s is refused, and the word says by how much', async (limit, most, says) => {
    await shop.upload('settings.json', JSON.stringify({ limits: { [limit]: most } }));
    await shop.bid();
    const run = await shop.lastRun('ads');
    expect([run.status, JSON.stringify(run.problems)]).toEqual(['rejected', expect.stringMatching(says)]);
  });
});
