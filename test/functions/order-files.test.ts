import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TableReport } from '../../lib/tables/types.ts';
import { encode } from '../lib/tables/uploads.ts';
import { openShop, type Shop } from '../support/shop.ts';

const header = 'customer_id,order_id,ordered_at,product,quantity,unit_price\n';
const rows = Array.from(
  { length: 400 },
  (_, at) =>
    `c${at % 40},${at},2026-0${1 + (at % 5)}-1${at % 10} 10:00,p${at % 7},${1 + (at % 3)},${(3 + Math.sin(at)).toFixed(2)}`,
).map((row) => `${row}\n`);
const orders = header + rows.join('');
const events = `user_id,event_time,event\n${rows.map((_, at) => `c${at % 40},2026-05-1${at % 9} 12:00,view\n`).join('')}`;
const cut = (text: string): Uint8Array => {
  const whole = gzipSync(text);
  return whole.subarray(0, whole.length - 20);
};
/** 150 MB of a table that gzip makes 600 times smaller. */
const bomb = (head: string): Uint8Array => gzipSync(`${head}${`c1,${'a'.repeat(9_990)}\n`.repeat(15_000)}`);

describe('files of orders/ and events/, through the handler', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  async function runWith(files: Record<string, string | Uint8Array>) {
    for (const [key, body] of Object.entries(files)) await shop.upload(key, body);
    await shop.orders();
    return shop.lastRun('orders');
  }
  const code = (run: Record<string, unknown>) =>
    (run.problems as { code: string; file: string }[]).map(({ code, file }) => [code, file]);

  test.each<[string, Record<string, string | Uint8Array>]>([
    ['truncatedGzip', { 'orders/a.csv.gz': cut(orders) }],
    ['gzipTooLarge', { 'orders/a.csv.gz': bomb(header) }],
    ['truncatedGzip', { 'orders/a.csv.gz': gzipSync(orders), 'events/a.csv.gz': cut(events) }],
    ['gzipTooLarge', { 'events/a.csv.gz': bomb('user_id,event_time\n') }],
  ])('%s refuses the run, and says which file', async (expected, files) => {
    const run = await runWith(files);
    expect(run.status).toBe('rejected');
    expect(code(run)).toEqual([[expected, Object.keys(files).at(-1)]]);
  });

  test('two gzip members are one file, zeros behind the end are none of it', async () => {
    const half = rows.length / 2;
    const members = [gzipSync(header + rows.slice(0, half).join('')), gzipSync(rows.slice(half).join(''))];
    const run = await runWith({
      'orders/a.csv.gz': Buffer.concat([...members, Buffer.alloc(1024)]),
      'events/a.csv.gz': Buffer.concat([gzipSync(events), Buffer.alloc(512)]),
    });
    expect(run).toMatchObject({ status: 'published', counts: { rowsIn: 800, rowsOk: 800, customers: 40 } });
  });

  test('the run says which layout it took, how each column was read, and what stood around the table', async () => {
    const { runId } = await runWith({
      'orders/a.csv.gz': `Sales report\nMay\n\n${orders}Total,,,,,99.00\n`,
      'orders/b.csv':
        'masterid,sampleid,date,cds,sales\nc1,1,20260101,2,29.33\nmasterid,sampleid,date,cds,sales\nc1,1,20260118,2,10.00\n',
    });
    const { status, body } = await shop.get(`/runs/${runId}`);
    expect(status).toBe(200);
    expect(body.status).toBe('published');
    const [, plain, cdnow] = body.files;
    expect(plain).toMatchObject({ key: 'orders/a.csv.gz', rowsIn: 400, rowsOk: 400, rowsQuarantined: 0 });
    expect(plain.columns).toEqual(
      expect.arrayContaining([
        { header: 'customer_id', readAs: 'customerId' },
        { header: 'ordered_at', readAs: 'orderedAt' },
        { header: 'unit_price', readAs: 'unitPrice' },
      ]),
    );
    expect(plain.notes).toEqual([
      expect.objectContaining({ code: 'preamble', message: expect.stringMatching(/^Lines 1 to 2 /) }),
      expect.objectContaining({ code: 'footer', message: expect.stringMatching(/^Line 405 /) }),
      expect.objectContaining({ code: 'layout', message: expect.stringMatching(/names of its columns/) }),
    ]);
    expect(cdnow).toMatchObject({ rowsIn: 2, rowsQuarantined: 0 });
    expect(cdnow.notes).toEqual([
      expect.objectContaining({ code: 'repeatedHeader', count: 1 }),
      expect.objectContaining({ code: 'layout', message: expect.stringMatching(/CDNOW sample/) }),
    ]);
    await shop.remove('orders/b.csv');
  });

  test('淘宝’s two reports are one history: articles of the one, customers and money of the other', async () => {
    const items = encode(
      '"订单编号","标题","价格","购买数量","外部系统编号","商品属性","套餐信息","备注","订单状态","商家编码"\n' +
        [
          ['70001', '锅', '239.00'],
          ['70001', '盖', '61.00'],
          ...Array.from({ length: 24 }, (_, at) => ['70001', `赠品${at}`, '0.00']),
          ['70009', '勺', '9.00'],
        ]
          .map(([order, name, price]) => `="${order}","${name}","${price}","1","","","","","交易成功","",\n`)
          .join(''),
      'gb18030',
    );
    const bare = await runWith({ 'orders/a.csv.gz': orders, 'orders/items.csv': items });
    expect(code(bare)).toEqual([['missingOrderReport', 'orders/items.csv']]);
    const report = encode(
      '"订单编号","买家会员名","总金额","买家实际支付金额","订单状态","订单创建时间","订单付款时间 ","宝贝标题 ","宝贝总数量"\n' +
        '="70001","王芳","300.00","200.00","交易成功","2026-05-08 00:42:32","2026-05-08 00:42:39","锅，盖","2"\n' +
        '="70002","王芳","12.50","12.50","交易成功","2026-05-09 00:42:32","2026-05-09 00:42:39","抹布","1"\n',
      'gb18030',
    );
    const { runId, counts, files } = await runWith({ 'orders/report.csv': report });
    expect(counts).toMatchObject({ customers: 41, rowsQuarantined: 1, 'lines.sale': 427 });
    expect(await shop.result('rejects/orders/items.csv')).toMatch(/^28,订单编号,no order report .*70009/m);
    const notes = (files as TableReport[]).map(({ key, notes }) => [
      key,
      notes.find((note) => note.code === 'joinedItems')?.count,
    ]);
    expect(notes).toContainEqual(['orders/items.csv', 1]);
    const { body } = await shop.get(`/customers/${encodeURIComponent('王芳')}`);
    expect(body).toMatchObject({ runId });
    expect(JSON.stringify(body)).toContain('21250');
    const id = encodeURIComponent('王芳');
    await shop.delete(`/customers/${id}`);
    await shop.orders();
    const without = await shop.lastRun('orders');
    expect(without).toMatchObject({ status: 'published', counts: { customers: 40, rowsQuarantined: 1 } });
    const { uploads } = (await shop.delete(`/customers/${id}`)).body;
    expect(uploads.map(({ file }: { file: string }) => file).sort()).toEqual([
      'orders/items.csv',
      'orders/report.csv',
    ]);
    await shop.remove('orders/items.csv');
    await shop.remove('orders/report.csv');
  });

  test('a file of several tables refuses the run with what to do, and leaves what was published', async () => {
    const before = (await shop.get('/customers/c1')).body.runId;
    const run = await runWith({
      'orders/a.csv.gz': `${orders}\ncustomer_id,ordered_at,order_id,product,unit_price,quantity\nc1,2026-05-01,1,p1,2.00,1\n`,
    });
    expect(run.status).toBe('rejected');
    expect(code(run)).toEqual([['severalTables', 'orders/a.csv.gz']]);
    expect(JSON.stringify(run.problems)).toMatch(/Line 403 .*Upload each as a file of its own/);
    expect((await shop.get('/customers/c1')).body.runId).toBe(before);
  });
});
