import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, openShop, type Shop } from '../support/shop.ts';

const table = 'customer_id,spend,orders,browsing_minutes\nana,100,5,10\nbo,200,10,20\nbroken,x,1,1\n';
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

describe('an upload from a page', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  const ask = (fileName: string, content: string, more: object = {}): Promise<Answer> =>
    shop.post('/uploads', {
      fileName,
      sizeBytes: Buffer.byteLength(content),
      head: base64(content),
      ...more,
    });
  const put = ({ url, headers }: { url: string; headers: Record<string, string> }, body: string) =>
    fetch(url, { method: 'PUT', body, headers: { ...headers, origin: 'http://127.0.0.1:3000' } });

  test('is told what the table is, and goes where the run reads it', async () => {
    const { status, body } = await ask('may.csv', table);
    expect(status).toBe(200);
    expect(body.folder).toBe('customers');
    expect(body.readings.map(({ folder }: { folder: string }) => folder)).toEqual([
      ...['orders', 'events', 'ads', 'customers', 'training', 'scoring', 'contacts', 'campaigns', 'products'],
    ]);
    const reading = body.readings.find(({ folder }: { folder: string }) => folder === 'customers');
    expect(reading.columns.map(({ readAs }: { readAs: string }) => readAs)).toEqual([
      ...['customerId', 'spend', 'frequency', 'browsingMinutes'],
    ]);
    expect(body.upload).toMatchObject({ key: 'customers/may.csv', replaces: false, method: 'PUT' });
    const answer = await put(body.upload, table);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-expose-headers')).toBe('ETag');
    await shop.upload('settings.json', '{"maxBadRowShare":0.5}');
    await shop.segment();
    expect((await shop.get('/customers/bo')).body.segment.rank).toBe(1);
    const run = await shop.lastRun('customers');
    expect(run.inputs).toMatchObject([
      { key: 'customers/may.csv', etag: answer.headers.get('etag')?.replaceAll('"', '') },
    ]);
    expect(run.files).toMatchObject([
      { key: 'customers/may.csv', reasons: [{ column: 'spend', reason: expect.any(String), rows: 1 }] },
    ]);
  });

  test('says that it takes the place of a file of that name', async () => {
    expect((await ask('may.csv', table)).body.upload.replaces).toBe(true);
    expect((await ask('may.csv', table, { folder: 'scoring' })).body.upload).toMatchObject({
      key: 'scoring/may.csv',
      replaces: false,
    });
  });

  test('of a table that fits no folder is given no address, and told why by each', async () => {
    const { body } = await ask('x.csv', '12,13\n14,15\n');
    expect([body.folder, body.upload]).toEqual([null, null]);
    for (const { problem } of body.readings) expect(problem).toMatch(/\w/);
  });

  test.each([
    ['../../settings.json.csv', 'settings.json.csv'],
    ['C:\\Users\\ana\\May 2026.csv', 'May 2026.csv'],
    ['订单\u202Evsc.csv', '订单vsc.csv'],
    ['a"b<c>:d.CSV', 'abcd.CSV'],
  ])('named %s is kept as %s', async (fileName, kept) => {
    expect((await ask(fileName, table)).body.upload.key).toBe(`customers/${kept}`);
  });

  test.each([
    [{ fileName: 'settings.json' }, 'fileName'],
    [{ fileName: '.csv' }, 'fileName'],
    [{ sizeBytes: 6 * 1024 ** 3 }, 'sizeBytes'],
    [{ sizeBytes: 0 }, 'sizeBytes'],
    [{ head: 'not base64!' }, 'head'],
    [{ folder: 'runs' }, 'folder'],
    [{ folder: 'orders/../..' }, 'folder'],
  ])('with %o is refused at %s', async (wrong, path) => {
    const { status, body } = await ask('may.csv', table, wrong);
    expect(status).toBe(422);
    expect(body.errors[0].path).toBe(path);
  });

  test('of another kind of file is told what it is', async () => {
    const workbook = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0, 0, 0]);
    const { body } = await shop.post('/uploads', { fileName: 'a.csv', sizeBytes: 8, head: base64(workbook) });
    expect(body.folder).toBeNull();
    expect(body.readings[0].problem).toContain('Excel workbook');
  });

  test('leaves results and set-aside rows to be had, by whoever is given their address', async () => {
    const { body } = await shop.get('/files');
    const keys = body.files.map(({ key }: { key: string }) => key);
    expect(keys).toContain('customers.csv');
    const { rejects } = await shop.lastRun('customers');
    for (const key of ['customers.csv', (rejects as string[])[0] ?? '']) {
      const file = await shop.get(`/files/${encodeURIComponent(key)}`);
      expect(file.status).toBe(200);
      const download = await fetch(file.body.url);
      expect(Buffer.from(await download.arrayBuffer()).toString()).toBe(await shop.result(key));
      expect(download.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''\w+\.csv$/);
    }
  });

  test.each(['published/customers.json', 'runs/x/customers.csv', 'rejects/none.csv', 'settings.json'])(
    'does not give %s away',
    async (key) => {
      expect((await shop.get(`/files/${encodeURIComponent(key)}`)).status).toBe(404);
    },
  );

  test.each([
    ['customers/customers.csv', 'customers'],
    ['training/training.csv', 'training'],
    ['scoring/scoring.csv', 'scoring'],
    ['ads/ads.csv', 'ads'],
    ['ads-with-counts/ads.csv', 'ads'],
    ['ads-by-day/ads.csv', 'ads'],
  ])('in examples/%s is recognised as one for %s', async (file, folder) => {
    const head = readFileSync(join(import.meta.dirname, '../../examples', file));
    const { body } = await shop.post('/uploads', {
      fileName: file.split('/')[1],
      sizeBytes: head.length,
      head: base64(head),
    });
    expect(body.folder).toBe(folder);
  });
});
