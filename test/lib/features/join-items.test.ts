import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { joinItems, leaveOutOrders } from '../../../lib/features/joinItems.ts';
import { stageOrderLines } from '../../../lib/features/staging/stage.ts';
import { withStaging } from '../../../lib/features/staging/staging.ts';
import { ItemReportWaits, rowsWithoutOrder } from '../../../lib/tables/orders/itemReports.ts';
import { readOrders } from '../../../lib/tables/orders/readOrders.ts';
import { openTestDuckDb } from '../../support/orderTables.ts';
import { encode, upload } from '../tables/uploads.ts';

const { db, directory, close } = await openTestDuckDb();
afterAll(close);

const options = { timeZone: 'Asia/Shanghai', currency: 'CNY' };
let files = 0;

async function staged(content: string, orderReports?: boolean) {
  const path = `${directory}/staged${files++}`;
  const source = upload(encode(content, 'gb18030'), { key: 'orders/report.csv' });
  const reading = await withStaging(async (staging) => {
    const stage = stageOrderLines(staging, { path });
    const given = orderReports === undefined ? options : { ...options, orderReports };
    const read = await readOrders(source, given, stage);
    await stage.end();
    return read;
  });
  return { ...reading, source, pattern: `${path}-*.parquet` };
}

/** What counts of order reports and an item report: order, article, pieces, cents, state. */
async function counted(orderReports: string[], items: string) {
  const orders = [];
  for (const content of orderReports) orders.push((await staged(content)).pattern);
  const read = await staged(items, true);
  const [joined, ...rest] = Array.from({ length: orders.length + 1 }, () => `${directory}/once${files++}`);
  const result = await joinItems(db, { items: read.pattern, orderReports: orders, path: joined as string });
  for (const [index, from] of orders.entries())
    await leaveOutOrders(db, { from, inOthers: [joined as string], path: rest[index] as string });
  const all = [joined, ...rest].map((path) => `'${path}'`).join(', ');
  const lines = await db.rows(
    `SELECT *, ordered_hour AS hour FROM read_parquet([${all}]) ORDER BY order_id, status DESC, source_line`,
  );
  return { ...result, read, lines };
}
const brief = (lines: Record<string, unknown>[]) =>
  lines.map(({ order_id, product, quantity, amount, status }) => [
    order_id,
    product,
    quantity,
    amount,
    status,
  ]);

/** Reports as 淘宝 wrote them in 2017: order numbers as ="…", blanks behind some names, a comma behind each row of the item report. */
const csv = (rows: string[][], end = '') =>
  rows.map((row) => `${row.map((cell) => (cell.startsWith('=') ? cell : `"${cell}"`)).join(',')}${end}\n`);
const orders2017 = (rows: string[][]) =>
  [
    '"订单编号","买家会员名","总金额","买家实际支付金额","订单状态","订单创建时间","订单付款时间 ","宝贝标题 ","宝贝总数量","店铺名称","退款金额"\n',
    ...csv(rows),
  ].join('');
const items2017 = (rows: string[][]) =>
  [
    '"订单编号","标题","价格","购买数量","外部系统编号","商品属性","套餐信息","备注","订单状态","商家编码"\n',
    ...csv(rows, ','),
  ].join('');
const [o1, o2, o3, o4, o5, o9] = [1, 2, 3, 4, 5, 9].map((at) => `="10000000000000000${at}"`) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const id = (order: string) => order.slice(2, -1);
const at = ['2017-07-08 00:42:32', '2017-07-08 00:42:39'];
const orderReport = orders2017([
  [o1, '王芳', '299.00', '201.12', '买家已付款，等待卖家发货', ...at, '雪平锅，盖', '3', '小店', '0.00'],
  [o2, '阿珊', '120.00', '100.00', '交易成功', ...at, '刀，刀架', '2', '小店', '40.00'],
  [o3, '王芳', '30.00', '0.00', '交易关闭', ...at, '刀', '1', '小店', '0.00'],
  [o4, '李亮', '30.00', '30.00', '等待买家付款', at[0] as string, '', '刀', '1', '小店', '0.00'],
  [o5, '李亮', '12.50', '12.50', '交易成功', ...at, '抹布', '1', '小店', '0.00'],
]);
const itemReport = items2017([
  [o1, '雪平锅', '239.00', '1', 'PAN-20', '颜色分类：20厘米', '', '', '买家已付款，等待卖家发货', 'PAN'],
  [o1, '盖', '30.00', '1', 'LID-W', '颜色分类：白', '', '', '买家已付款，等待卖家发货', 'LID'],
  [o1, '盖', '30.00', '1', 'LID-B', '颜色分类：黑', '', '', '买家已付款，等待卖家发货', 'LID'],
  [o2, '刀', '72.00', '1', '', '', '', '', '交易成功', ''],
  [o2, '刀架', '48.00', '1', '', '', '', '', '交易成功', ''],
  [o3, '刀', '30.00', '1', '', '', '', '', '交易关闭', ''],
  [o4, '刀', '30.00', '1', '', '', '', '', '等待买家付款', ''],
  [o9, '勺', '9.00', '1', '', '', '', '', '交易成功', ''],
]);

describe('the item report of 2017', () => {
  test('gives each order its articles; value, customer, time and state are the order report’s', async () => {
    const { lines, orders } = await counted([orderReport], itemReport);
    // worked out by hand: 20112 × 23900 ÷ 29900 = 16076.1…; 4000 × 72 ÷ 120 = 2400
    expect(brief(lines)).toEqual([
      [id(o1), 'PAN', 1, 16076, 'sale'],
      [id(o1), 'LID', 2, 4036, 'sale'],
      [id(o2), '刀', 1, 6000, 'sale'],
      [id(o2), '刀架', 1, 4000, 'sale'],
      [id(o2), '刀', null, -2400, 'return'],
      [id(o2), '刀架', null, -1600, 'return'],
      [id(o3), '刀', 1, 0, 'cancelled'],
      [id(o4), '刀', 1, 3000, 'unpaid'],
      [id(o5), '抹布', 1, 1250, 'sale'],
    ]);
    expect(orders).toBe(4);
    expect(lines[0]).toMatchObject({ customer_id: '王芳', channel: '小店', hour: 0, currency: 'CNY' });
    expect(new Set(lines.map(({ ordered_day }) => ordered_day))).toEqual(new Set([17355]));
  });

  test('a row whose order no order report has is a bad row, as it stood', async () => {
    const { withoutOrder, read } = await counted([orderReport], itemReport);
    expect(withoutOrder).toEqual([{ line: 9, orderId: id(o9) }]);
    expect(await rowsWithoutOrder(read.source, new Set([9]))).toEqual([
      {
        line: 9,
        column: '订单编号',
        reason: expect.stringContaining('订单报表'),
        raw: `${o9},"勺","9.00","1","","","","","交易成功","",`,
      },
    ]);
  });

  test('of an order that was exported twice the later report counts, and once', async () => {
    const later = orders2017([
      [o1, '王芳', '299.00', '201.12', '交易成功', ...at, '雪平锅，盖', '3', '小店', '1.12'],
    ]);
    const { lines } = await counted([orderReport, orderReport, later], itemReport);
    expect(brief(lines.filter(({ order_id }) => order_id === id(o1)))).toEqual([
      [id(o1), 'PAN', 1, 16076, 'sale'],
      [id(o1), 'LID', 2, 4036, 'sale'],
      [id(o1), 'PAN', null, -89, 'return'],
      [id(o1), 'LID', null, -23, 'return'],
    ]);
  });

  test('waits for order reports, and is refused where there are none', async () => {
    await expect(staged(itemReport)).rejects.toBeInstanceOf(ItemReportWaits);
    await expect(staged(itemReport, false)).rejects.toMatchObject({
      code: 'missingOrderReport',
      message: expect.stringContaining('订单报表'),
    });
  });
});

describe('the item report with 子订单编号', () => {
  const orderNames =
    '订单编号,支付单号,买家应付货款,买家应付邮费,总金额,买家实付金额,订单状态,订单创建时间,订单付款时间,商品标题,宝贝总数量,退款金额,买家会员名';
  const order = (order: string, paid: string, status: string, refund = '无退款申请') =>
    `${order},P,0,5.00,99.00,${paid},"${status}",2026-09-20 10:00:00,2026-09-20 10:01:00,多件,2,${refund},tb1\n`;
  const itemNames =
    '子订单编号,主订单编号,商品标题,商品价格,购买数量,外部系统编号,商品属性,套餐信息,联系方式备注,订单状态,商家编码,支付单号,买家应付货款,买家实付金额,退款状态,退款金额,订单创建时间,订单付款时间,商品ID';
  const item = (
    orderOf: string,
    product: string,
    {
      pieces = 1,
      paid,
      status = '交易成功',
      refund,
    }: { pieces?: number; paid: string; status?: string; refund?: string },
  ) =>
    `${orderOf}${product},${orderOf},${product},99.00,${pieces},,规格:${product},,,"${status}",${product},P,0,${paid},${refund === undefined ? '没有申请退款,无退款申请' : `退款成功,${refund}`},2026-09-20 10:00:00,2026-09-20 10:01:00,7\n`;
  const shipped = '卖家已发货，等待买家确认';
  const orderReport2026 = [
    `${orderNames}\n`,
    order('T1', '65.00', shipped),
    order('T2', '5400.00', '交易成功', '2600.00'),
    order('T3', '40.00', '交易成功'),
    order('T4', '100.00', '交易成功', '30.00'),
  ].join('');
  const itemRows = [
    item('T1', 'A', { pieces: 2, paid: '40.00', status: shipped }),
    item('T1', 'B', { paid: '20.00', status: shipped }),
    item('T2', 'bed', { paid: '2800.00' }),
    item('T2', 'table', { paid: '2600.00', status: '交易关闭', refund: '2600.00' }),
    item('T3', 'A', { paid: '40.00' }),
    item('T3', 'B', { paid: '', status: '交易关闭' }),
    item('T4', 'A', { paid: '60.00', refund: '30.00' }),
    item('T4', 'B', { paid: '40.00' }).replace(
      '没有申请退款,无退款申请',
      '"买家已经申请退款，等待卖家同意",40.00',
    ),
  ];

  test('spreads by what was paid, and takes refunds off what was refunded', async () => {
    const { lines, withoutOrder } = await counted([orderReport2026], `${itemNames}\n${itemRows.join('')}`);
    expect(withoutOrder).toEqual([]);
    // postage goes with the goods: 6500 × 4000 ÷ 6000 = 4333.3…
    expect(brief(lines)).toEqual([
      ['T1', 'A', 2, 4333, 'sale'],
      ['T1', 'B', 1, 2167, 'sale'],
      ['T2', 'bed', 1, 280000, 'sale'],
      ['T2', 'table', 1, 260000, 'sale'],
      ['T2', 'table', -1, -260000, 'return'],
      ['T3', 'A', 1, 4000, 'sale'],
      ['T3', 'B', 1, 0, 'cancelled'],
      ['T4', 'A', 1, 6000, 'sale'],
      ['T4', 'B', 1, 4000, 'sale'],
      ['T4', 'A', null, -3000, 'return'],
    ]);
  });

  test('is read alone where it tells customers and times, and joined where an order report has the order', async () => {
    const own = itemRows.map((row) => row.replace('\n', ',tb1\n'));
    const alone = await counted([], `${itemNames},买家会员名\n${own.join('')}`);
    expect(alone.orders).toBe(0);
    expect(brief(alone.lines.filter(({ order_id }) => order_id === 'T1'))).toEqual([
      ['T1', 'A', 2, 4000, 'sale'],
      ['T1', 'B', 1, 2000, 'sale'],
    ]);
    const one = [`${orderNames}\n`, order('T1', '65.00', shipped)].join('');
    const both = await counted([one], `${itemNames},买家会员名\n${own.join('')}`);
    const t = (lines: Record<string, unknown>[], same: boolean) =>
      brief(lines.filter(({ order_id }) => (order_id === 'T1') === same));
    expect(both.orders).toBe(1);
    expect(t(both.lines, true).map(([, , , amount]) => amount)).toEqual([4333, 2167]);
    expect(t(both.lines, false)).toEqual(t(alone.lines, false));
  });
});

test('money is neither made nor lost: the articles of any order add up to it, each to less than a cent', async () => {
  const cents = fc.integer({ min: 0, max: 1_000_000 });
  const yuan = (amount: number) => (amount / 100).toFixed(2);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ paid: cents, refund: cents, prices: fc.array(cents, { minLength: 1, maxLength: 5 }) }),
        {
          minLength: 1,
          maxLength: 8,
        },
      ),
      async (history) => {
        const reports = history.map(({ paid, refund }, index) => [
          ...[`o${index}`, `k${index}`, '', yuan(paid), '交易成功', ...at, '多件', '1', '小店'],
          yuan(Math.min(paid, refund)),
        ]);
        const articles = history.flatMap(({ prices }, index) =>
          prices.map((price, place) => [
            ...[`o${index}`, `p${place}`, yuan(price), '1', '', '', '', '', '交易成功', ''],
          ]),
        );
        const { lines } = await counted([orders2017(reports)], items2017(articles));
        for (const [index, { paid, refund, prices }] of history.entries()) {
          const total = prices.reduce((sum, price) => sum + price, 0);
          for (const [status, value] of [
            ['sale', paid],
            ['return', 0 - Math.min(paid, refund)],
          ] as const) {
            const own = lines.filter((line) => line.order_id === `o${index}` && line.status === status);
            expect(own.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(value);
            for (const { product, amount } of own) {
              const weight =
                total === 0 ? 1 / prices.length : (prices[Number(`${product}`.slice(1))] ?? 0) / total;
              expect(Math.abs(Number(amount) - value * weight)).toBeLessThan(1.000001);
            }
          }
        }
      },
    ),
    { numRuns: 15 },
  );
});
