import { describe, expect, test } from 'vitest';
import { orderProfiles } from '../../../../lib/tables/orders/profiles.ts';
import { encode } from '../uploads.ts';
import { csvOf, orderLinesOf } from './orderLinesOf.ts';

/** As Shopify's orders export has had it since 2023. */
const shopifyHeader = [
  ...[
    'Name',
    'Email',
    'Financial Status',
    'Paid at',
    'Fulfillment Status',
    'Fulfilled at',
    'Accepts Marketing',
  ],
  ...[
    'Currency',
    'Subtotal',
    'Shipping',
    'Taxes',
    'Total',
    'Discount Code',
    'Discount Amount',
    'Shipping Method',
  ],
  ...[
    'Created at',
    'Lineitem quantity',
    'Lineitem name',
    'Lineitem price',
    'Lineitem compare at price',
    'Lineitem sku',
  ],
  ...[
    'Lineitem requires shipping',
    'Lineitem taxable',
    'Lineitem fulfillment status',
    'Billing Name',
    'Billing Street',
  ],
  ...[
    'Billing Address1',
    'Billing Address2',
    'Billing Company',
    'Billing City',
    'Billing Zip',
    'Billing Province',
  ],
  ...[
    'Billing Country',
    'Billing Phone',
    'Shipping Name',
    'Shipping Street',
    'Shipping Address1',
    'Shipping Address2',
  ],
  ...[
    'Shipping Company',
    'Shipping City',
    'Shipping Zip',
    'Shipping Province',
    'Shipping Country',
    'Shipping Phone',
  ],
  ...[
    'Notes',
    'Note Attributes',
    'Cancelled at',
    'Payment Method',
    'Payment Reference',
    'Refunded Amount',
    'Vendor',
  ],
  ...['Outstanding Balance', 'Employee', 'Location', 'Device ID', 'Id', 'Tags', 'Risk Level', 'Source'],
  ...[
    'Lineitem discount',
    'Tax 1 Name',
    'Tax 1 Value',
    'Tax 2 Name',
    'Tax 2 Value',
    'Tax 3 Name',
    'Tax 3 Value',
  ],
  ...['Tax 4 Name', 'Tax 4 Value', 'Tax 5 Name', 'Tax 5 Value', 'Phone', 'Receipt Number', 'Duties'],
  ...[
    'Billing Province Name',
    'Shipping Province Name',
    'Payment ID',
    'Payment Terms Name',
    'Next Payment Due At',
  ],
  'Payment References',
];

const order = (name: string, cells: Record<string, string>): Record<string, string> => ({
  Name: name,
  Email: 'ada@example.com',
  'Financial Status': 'paid',
  Currency: 'USD',
  'Discount Amount': '0.00',
  'Refunded Amount': '0.00',
  'Created at': '2024-03-01 10:00:00 -0500',
  'Lineitem quantity': '1',
  'Lineitem discount': '0.00',
  'Payment Method': 'Shopify Payments',
  Source: 'web',
  ...cells,
});
const further = (name: string, cells: Record<string, string>): Record<string, string> => ({
  Name: name,
  Email: 'ada@example.com',
  'Created at': '2024-03-01 10:00:00 -0500',
  'Lineitem discount': '0.00',
  Vendor: 'Ours',
  ...cells,
});
const shopify = (rows: Record<string, string>[]) => orderLinesOf(csvOf(shopifyHeader, rows));
const inBrief = ({ all }: Awaited<ReturnType<typeof orderLinesOf>>) =>
  all.map(({ orderId, product, quantity, amount, status }) => [orderId, product, quantity, amount, status]);

describe('Shopify', () => {
  test('further rows of an order take date, state and currency from its first, and its discount is spread to the cent', async () => {
    expect(shopifyHeader).toHaveLength(79);
    const read = await shopify([
      order('#1001', {
        ...{ Email: 'Ada@Example.com', Subtotal: '47.00', Total: '56.29', 'Discount Amount': '5.00' },
        ...{
          'Lineitem quantity': '2',
          'Lineitem price': '16.00',
          'Lineitem sku': 'FERN-1',
          'Shipping Country': 'US',
        },
      }),
      further('#1001', {
        'Lineitem quantity': '1',
        'Lineitem name': 'Tote, canvas',
        'Lineitem price': '20.00',
      }),
    ]);
    expect(read.layout).toBe('shopify');
    expect(read.all).toEqual([
      {
        ...{ customerId: 'ada@example.com', orderId: '#1001', orderedAt: Date.UTC(2024, 2, 1, 15) / 1000 },
        ...{
          orderedDay: 19_783,
          orderedHour: 15,
          product: 'FERN-1',
          category: null,
          quantity: 2,
          amount: 2892,
        },
        ...{ discount: 308, currency: 'USD', country: 'US', channel: 'web', status: 'sale', sourceLine: 2 },
      },
      {
        ...{ customerId: 'ada@example.com', orderId: '#1001', orderedAt: Date.UTC(2024, 2, 1, 15) / 1000 },
        ...{
          orderedDay: 19_783,
          orderedHour: 15,
          product: 'Tote, canvas',
          category: null,
          quantity: 1,
          amount: 1808,
        },
        ...{ discount: 192, currency: 'USD', country: 'US', channel: 'web', status: 'sale', sourceLine: 3 },
      },
    ]);
    expect(read.report).toMatchObject({ rowsIn: 2, rowsOk: 2, rowsQuarantined: 0 });
  });

  test('a refund comes back from the lines: the goods’ share of it, all pieces only when all was refunded', async () => {
    const read = await shopify([
      order('#1', {
        Subtotal: '30.00',
        Total: '40.00',
        'Refunded Amount': '20.00',
        'Lineitem price': '20.00',
        'Lineitem sku': 'A',
      }),
      further('#1', { 'Lineitem quantity': '1', 'Lineitem price': '10.00', 'Lineitem sku': 'B' }),
      order('#2', {
        ...{ 'Financial Status': 'refunded', Subtotal: '30.00', Total: '40.00', 'Refunded Amount': '40.00' },
        ...{ 'Lineitem price': '15.00', 'Lineitem quantity': '2', 'Lineitem sku': 'C' },
      }),
      order('#3', {
        ...{ 'Financial Status': 'refunded', Subtotal: '7.00', Total: '9.00', 'Refunded Amount': '' },
        ...{ 'Lineitem price': '7.00', 'Lineitem sku': 'D' },
      }),
    ]);
    expect(inBrief(read)).toEqual([
      ['#1', 'A', 1, 2000, 'sale'],
      ['#1', 'B', 1, 1000, 'sale'],
      ['#1', 'A', null, -1000, 'return'],
      ['#1', 'B', null, -500, 'return'],
      ['#2', 'C', 2, 3000, 'sale'],
      ['#2', 'C', -2, -3000, 'return'],
      ['#3', 'D', 1, 700, 'sale'],
      ['#3', 'D', -1, -700, 'return'],
    ]);
  });

  test('voided, cancelled, pending and test orders are no sales', async () => {
    const cells = { Subtotal: '9.00', Total: '9.00', 'Lineitem price': '9.00', 'Lineitem sku': 'A' };
    const read = await shopify([
      order('#1', { ...cells, 'Financial Status': 'voided' }),
      order('#2', { ...cells, 'Cancelled at': '2024-03-02 10:00:00 -0500', 'Refunded Amount': '9.00' }),
      order('#3', { ...cells, 'Financial Status': 'pending' }),
      order('#4', { ...cells, 'Payment Method': 'Bogus Gateway' }),
    ]);
    expect(read.all.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'unpaid', 'test']);
    expect(read.lines.cancelled).toEqual({ lines: 2, amount: 1800 });
  });

  test('several offsets in one file are each their own instant', async () => {
    const cells = { Subtotal: '9.00', Total: '9.00', 'Lineitem price': '9.00' };
    const { all } = await shopify([
      order('#1', { ...cells, 'Created at': '2024-03-01 23:30:00 -0500' }),
      order('#2', { ...cells, 'Created at': '2024-04-01 00:30:00 +0800' }),
    ]);
    expect(all.map(({ orderedAt }) => orderedAt)).toEqual([
      Date.UTC(2024, 2, 2, 4, 30) / 1000,
      Date.UTC(2024, 2, 31, 16, 30) / 1000,
    ]);
  });

  test('rows that follow a bad first row, or none, are set aside with it', async () => {
    const cells = { Subtotal: '9.00', Total: '9.00', 'Lineitem price': '9.00' };
    const line = { 'Lineitem quantity': '1', 'Lineitem price': '1.00' };
    const read = await shopify([
      order('#1', { ...cells, 'Created at': 'soon' }),
      further('#1', line),
      order('#2', cells),
      further('#3', line),
    ]);
    expect(read.all.map(({ orderId }) => orderId)).toEqual(['#2']);
    expect(read.report).toMatchObject({ rowsIn: 4, rowsOk: 1, rowsQuarantined: 3 });
    expect(read.rejected.map(({ line: at, column }) => [at, column])).toEqual([
      [2, 'Created at'],
      [3, 'Name'],
      [5, 'Financial Status'],
    ]);
  });

  test('further rows of a voided order are voided too, whether or not they repeat its date', async () => {
    const cells = { Subtotal: '9.00', Total: '9.00', 'Lineitem price': '9.00' };
    const line = { 'Lineitem quantity': '1', 'Lineitem price': '1.00' };
    const read = await shopify([
      order('#1', { ...cells, 'Financial Status': 'voided' }),
      further('#1', line),
      further('#1', { ...line, 'Created at': '' }),
    ]);
    expect(read.all.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  test('a tip is beside the subtotal, and takes no part in discounts and refunds of the goods', async () => {
    const read = await shopify([
      order('#1', {
        ...{ Subtotal: '27.00', Total: '32.00', 'Discount Amount': '3.00', 'Refunded Amount': '16.00' },
        ...{ 'Lineitem price': '20.00', 'Lineitem sku': 'A' },
      }),
      further('#1', { 'Lineitem quantity': '1', 'Lineitem price': '10.00', 'Lineitem sku': 'B' }),
      further('#1', { 'Lineitem quantity': '1', 'Lineitem price': '5.00', 'Lineitem name': 'Tip' }),
    ]);
    expect(inBrief(read)).toEqual([
      ['#1', 'A', 1, 1800, 'sale'],
      ['#1', 'B', 1, 900, 'sale'],
      ['#1', 'Tip', 1, 500, 'sale'],
      ['#1', 'A', null, -900, 'return'],
      ['#1', 'B', null, -450, 'return'],
    ]);
    expect(read.report.notes.map(({ code }) => code)).toEqual(['layout']);
  });

  test('a subtotal that no discount explains leaves the lines alone and is counted', async () => {
    const read = await shopify([order('#1', { Subtotal: '5.00', Total: '5.00', 'Lineitem price': '9.00' })]);
    expect(read.all.map(({ amount }) => amount)).toEqual([900]);
    expect(read.report.notes.find(({ code }) => code === 'unexplainedTotals')?.count).toBe(1);
  });
});

describe('WooCommerce', () => {
  test('one row per item: totals after discounts, refunds as returns, guests by e-mail', async () => {
    const header =
      'order_id,order_number,date,status,order_total,refunded_total,order_currency,customer_id,billing_email,billing_country,item_id,item_product_id,item_name,item_sku,item_quantity,item_subtotal,item_subtotal_tax,item_total,item_total_tax,item_refunded,item_refunded_qty,item_meta';
    const read = await orderLinesOf(
      `${header}
901,901,2024-03-01 10:00:00,completed,50.00,0,USD,17,ada@example.com,US,1,5,Mug,MUG,2,40.00,0,36.00,0,18.00,-1,
901,901,2024-03-01 10:00:00,completed,50.00,0,USD,17,ada@example.com,US,2,6,Tote,,1,14.00,0,14.00,0,0,0,
902,902,2024-03-02 10:00:00,wc-on-hold,9.00,0,USD,0,Bo@Example.com,CA,3,5,Mug,MUG,1,9.00,0,9.00,0,0,0,
`,
    );
    expect(read.layout).toBe('woocommerce-items');
    expect(inBrief(read)).toEqual([
      ['901', 'MUG', 2, 3600, 'sale'],
      ['901', 'MUG', -1, -1800, 'return'],
      ['901', 'Tote', 1, 1400, 'sale'],
      ['902', 'MUG', 1, 900, 'unpaid'],
    ]);
    expect(read.all.map(({ customerId }) => customerId)).toEqual(['17', '17', '17', 'bo@example.com']);
  });

  test('Advanced Order Export: the cart’s discount is taken off the items, wherever the price is before it', async () => {
    const header = [
      ...[
        'Order Number',
        'Order Status',
        'Order Date',
        'Customer Note',
        'First Name (Billing)',
        'Last Name (Billing)',
      ],
      ...[
        'Country Code (Billing)',
        'Email (Billing)',
        'Phone (Billing)',
        'Payment Method Title',
        'Cart Discount Amount',
      ],
      ...[
        'Order Subtotal Amount',
        'Order Shipping Amount',
        'Order Refund Amount',
        'Order Total Amount',
        'SKU',
        'Item #',
      ],
      ...[
        'Item Name',
        'Quantity (- Refund)',
        'Item Cost',
        'Coupon Code',
        'Discount Amount',
        'Discount Amount Tax',
      ],
    ];
    const row = (cells: Record<string, string>) => ({
      ...{
        'Order Status': 'Completed',
        'Order Date': '2024-03-01 10:00',
        'Email (Billing)': 'ada@example.com',
      },
      ...{ 'Quantity (- Refund)': '1', 'Order Refund Amount': '0', ...cells },
    });
    const sums = { 'Order Number': '7', 'Cart Discount Amount': '3.00', 'Order Subtotal Amount': '30.00' };
    const read = await orderLinesOf(
      csvOf(header, [
        row({ ...sums, SKU: 'A', 'Item Cost': '10.00' }),
        row({ ...sums, SKU: 'B', 'Item Cost': '20.00' }),
        row({ 'Order Number': '8', 'Order Status': 'Cancelled', SKU: 'A', 'Item Cost': '10.00' }),
      ]),
    );
    expect(read.layout).toBe('woocommerce-advanced');
    expect(inBrief(read)).toEqual([
      ['8', 'A', 1, 1000, 'cancelled'],
      ['7', 'A', 1, 900, 'sale'],
      ['7', 'B', 1, 1800, 'sale'],
    ]);
  });
});

test('Magento: one row is one order, with its refund as a return', async () => {
  const read = await orderLinesOf(
    `ID,"Purchase Point","Purchase Date","Bill-to Name","Ship-to Name","Grand Total (Base)","Grand Total (Purchased)",Status,"Billing Address","Shipping Address","Shipping Information","Customer Email","Customer Group",Subtotal,"Shipping and Handling","Customer Name","Payment Method","Total Refunded"
000000001,"Main Website","Dec 8, 2023, 10:25:32 AM","Ada","Ada","$1,029.00","$1,029.00",complete,"1 Lane, Town","1 Lane, Town",Flat,ada@example.com,General,1024.00,5.00,Ada,checkmo,"$29.00"
000000002,"Main Website","Dec 9, 2023, 10:25:32 PM","Bo","Bo",29.00,29.00,closed,x,x,Flat,bo@example.com,General,24.00,5.00,Bo,checkmo,
000000003,"Main Website","Dec 9, 2023, 10:25:32 PM","Cy","Cy",29.00,29.00,canceled,x,x,Flat,cy@example.com,General,24.00,5.00,Cy,checkmo,
`,
  );
  expect(read.layout).toBe('magento');
  expect(
    read.all.map(({ orderId, orderedHour, amount, status }) => [orderId, orderedHour, amount, status]),
  ).toEqual([
    ['000000001', 10, 102900, 'sale'],
    ['000000001', 10, -2900, 'return'],
    ['000000002', 22, 2900, 'sale'],
    ['000000002', 22, -2900, 'return'],
    ['000000003', 22, 2900, 'cancelled'],
  ]);
});

test('Stripe: UTC times, refunds at their own time, failed payments unpaid, converted amounts', async () => {
  const read = await orderLinesOf(
    `id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Amount Refunded,Converted Currency,Decline Reason,Description,Fee,Refunded date (UTC),Statement Descriptor,Status,Seller Message,Taxes On Fee,Card ID,Customer ID,Customer Description,Customer Email,Invoice ID,Transfer,Mode
ch_1,2024-03-01 20:30:00,20.00,5.00,usd,true,20.00,5.00,usd,,Mug,0.9,2024-03-05 01:00:00,SHOP,Paid,ok,0,card_1,cus_1,,ada@example.com,,tr_1,Live
ch_2,2024-03-01 20:31:00,100.00,0.00,eur,true,108.20,0.00,usd,,Bag,0.9,,SHOP,Paid,ok,0,card_1,,,Bo@Example.com,,tr_2,Live
ch_3,2024-03-01 20:32:00,20.00,0.00,usd,false,,0.00,,insufficient_funds,,0,,SHOP,Failed,no,0,card_1,cus_1,,,,,Live
ch_4,2024-03-01 20:33:00,20.00,0.00,usd,true,20.00,0.00,usd,,,0,,SHOP,Paid,ok,0,card_1,cus_1,,,,,Test
ch_5,2024-03-01 20:34:00,30.00,0.00,usd,false,30.00,0.00,usd,,,0,,SHOP,Paid,ok,0,card_1,cus_1,,,,,Live
`,
    { timeZone: 'Asia/Shanghai' },
  );
  expect(read.layout).toBe('stripe');
  expect(
    read.all.map(({ customerId, orderId, orderedHour, amount, status }) => [
      customerId,
      orderId,
      orderedHour,
      amount,
      status,
    ]),
  ).toEqual([
    ['cus_1', 'ch_1', 4, 2000, 'sale'],
    ['cus_1', 'ch_1', 9, -500, 'return'],
    ['bo@example.com', 'ch_2', 4, 10820, 'sale'],
    ['cus_1', 'ch_3', 4, 0, 'unpaid'],
    ['cus_1', 'ch_4', 4, 2000, 'test'],
    ['cus_1', 'ch_5', 4, 3000, 'unpaid'],
  ]);
});

test('Square: item details and transactions, refunds being rows of their own', async () => {
  const items = await orderLinesOf(
    `Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,Dining Option,Customer ID,Customer Name,Customer Reference ID
2024-09-13,10:02:11,Eastern Time (US & Canada),Ceramics,Speckled Mug,1.0,Regular,MUG-1,,$18.00,-$3.00,$15.00,$1.20,T1,P1,iPad,,,Payment,Autumn Fair,,CUST1,Dee,
2024-09-20,09:00:00,Eastern Time (US & Canada),Ceramics,Speckled Mug,-1.0,Regular,MUG-1,,-$18.00,$3.00,-$15.00,-$1.20,T1,P2,iPad,,,Refund,Autumn Fair,,CUST1,Dee,
`,
    { timeZone: 'America/New_York' },
  );
  expect(items.layout).toBe('square-items');
  expect(inBrief(items)).toEqual([
    ['T1', 'MUG-1', 1, 1500, 'sale'],
    ['T1', 'MUG-1', -1, -1500, 'return'],
  ]);
  expect(items.all[0]).toMatchObject({
    orderedHour: 10,
    discount: 300,
    category: 'Ceramics',
    channel: 'Autumn Fair',
  });
  const transactions = await orderLinesOf(
    `Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Gift Card Sales,Tax,Tip,Partial Refunds,Total Collected,Source,Card,Transaction ID,Payment ID,Event Type,Location,Customer ID,Customer Name,Customer Reference ID
2024-09-13,10:02:11,Eastern Time (US & Canada),"$1,018.00",-$3.00,"$1,015.00",$0.00,$1.20,$0.00,$0.00,"$1,016.20",Register,$0,T1,P1,Payment,Main,CUST1,Dee,
2024-09-13,23:30:00,Pacific Time (US & Canada),$5.00,$0.00,$5.00,$0.00,$0.00,$0.00,$0.00,$5.00,Register,$0,T2,P2,Payment,West,CUST1,Dee,
2024-09-13,10:00:00,,$6.00,$0.00,$6.00,$0.00,$0.00,$0.00,$0.00,$6.00,Register,$0,T3,P3,Payment,Main,CUST1,Dee,
2024-09-13,10:00:00,Gotham City,$7.00,$0.00,$7.00,$0.00,$0.00,$0.00,$0.00,$7.00,Register,$0,T4,P4,Payment,Main,CUST1,Dee,
`,
    { timeZone: 'America/New_York' },
  );
  expect(transactions.layout).toBe('square-transactions');
  expect(transactions.all).toMatchObject([
    { amount: 101500, product: null, quantity: null, channel: 'Register', orderedHour: 10 },
    { orderId: 'T2', orderedAt: Date.UTC(2024, 8, 14, 6, 30) / 1000, orderedDay: 19_980, orderedHour: 2 },
    { orderId: 'T3', orderedAt: Date.UTC(2024, 8, 13, 14) / 1000 },
  ]);
  expect(transactions.rejected).toMatchObject([
    { column: 'Time Zone', reason: '"Gotham City" is not a time zone' },
  ]);
});

describe('淘宝/天猫', () => {
  const header =
    '订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,退款金额';
  const row = (id: string, cells: Record<string, string>) =>
    header
      .split(',')
      .map(
        (name) =>
          ({
            订单编号: id,
            买家会员名: '小明2008',
            订单创建时间: '2024-03-01 20:30:00',
            店铺名称: '旗舰店',
            宝贝总数量: '1',
            退款金额: '0',
            订单状态: '交易成功',
            ...cells,
          })[name.trim()] ?? '',
      )
      .join(',');

  test('a GBK export: states, refunds, protected and rounded order numbers', async () => {
    const read = await orderLinesOf(
      encode(
        [
          header,
          row('="2068911"', {
            总金额: '120.00',
            买家实际支付金额: '100.00',
            宝贝标题: '连衣裙 夏季',
            宝贝总数量: '2',
          }),
          row("'2068912", { 总金额: '100.00', 买家实际支付金额: '100.00', 退款金额: '30.00' }),
          row('2068913', { 总金额: '100.00', 买家实际支付金额: '70.00', 退款金额: '30.00' }),
          row('2068914', {
            总金额: '100.00',
            买家实际支付金额: '0.00',
            退款金额: '100.00',
            订单状态: '交易关闭',
          }),
          row('2068915', { 总金额: '100.00', 买家实际支付金额: '0.00', 订单状态: '等待买家付款' }),
          row('2068916', {
            总金额: '80.00',
            买家实际支付金额: '80.00',
            订单状态: '买家已付款，等待卖家发货',
          }),
          row('2068917', { 总金额: '90.00', 买家实际支付金额: '20.00', 退款金额: '60.00' }),
          row('2.06891E+17', { 总金额: '80.00', 买家实际支付金额: '80.00' }),
          '',
        ].join('\r\n'),
        'gb18030',
      ),
      { timeZone: 'Asia/Shanghai', currency: 'CNY' },
    );
    expect(read.layout).toBe('taobao');
    expect(read.report).toMatchObject({
      encoding: 'gb18030',
      language: 'zh',
      rowsIn: 8,
      rowsOk: 7,
      rowsQuarantined: 1,
    });
    expect(read.all.map(({ orderId, amount, status }) => [orderId, amount, status])).toEqual([
      ['2068911', 10000, 'sale'],
      ['2068912', 10000, 'sale'],
      ['2068912', -3000, 'return'],
      ['2068913', 10000, 'sale'],
      ['2068913', -3000, 'return'],
      ['2068914', 10000, 'cancelled'],
      ['2068915', 0, 'unpaid'],
      ['2068916', 8000, 'sale'],
      ['2068917', 8000, 'sale'],
      ['2068917', -6000, 'return'],
    ]);
    expect(read.all[0]).toMatchObject({
      customerId: '小明2008',
      product: '连衣裙 夏季',
      quantity: 2,
      orderedHour: 20,
      channel: '旗舰店',
    });
    expect(read.rejected).toMatchObject([
      { line: 9, column: '订单编号', reason: expect.stringMatching(/rounded the id/) },
    ]);
  });
});

test('UCI Online Retail: invoices C… are returns, and day or month first is decided from the whole column', async () => {
  const text = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HANGING HEART,6,12/1/2010 8:26,2.55,17850.0,United Kingdom
C536379,D,Discount,-1,12/1/2010 9:41,27.5,14527.0,United Kingdom
536414,22139,,56,12/1/2010 11:52,0.001,,United Kingdom
581587,22138,BAKING SET,3,12/13/2011 12:50,4.95,12680.0,France
`;
  const read = await orderLinesOf(text, { currency: 'GBP', timeZone: 'Europe/London' });
  expect(read.layout).toBe('uci-online-retail');
  expect(inBrief(read)).toEqual([
    ['536365', '85123A', 6, 1530, 'sale'],
    ['C536379', 'D', -1, -2750, 'return'],
    ['536414', '22139', 56, 6, 'sale'],
    ['581587', '22138', 3, 1485, 'sale'],
  ]);
  expect(read.all.map(({ customerId }) => customerId)).toEqual(['17850', '14527', null, '12680']);
  expect(read.all[0]?.orderedAt).toBe(Date.UTC(2010, 11, 1, 8, 26) / 1000);
  expect(read.begun).toBe(1);
});

test('CDNOW: customers without order numbers, also in columns separated by blanks', async () => {
  const sample = await orderLinesOf(
    'masterid,sampleid,date,cds,sales\n4,1,19970101,2,29.33\n4,1,19970118,2,0\n',
  );
  const master = await orderLinesOf(
    ' customer_id  date number_of_cds  dollar_value\n 4 19970101  2   29.33\n 4 19970118  2    0.00 \n',
  );
  expect(sample.layout).toBe('cdnow-sample');
  expect(master.layout).toBe('cdnow-master');
  expect(master.all).toEqual(sample.all);
  expect(master.report.columns).toHaveLength(4);
  expect(sample.all).toMatchObject([
    {
      customerId: '4',
      orderId: null,
      orderedDay: 9862,
      orderedHour: -1,
      quantity: 2,
      amount: 2933,
      status: 'sale',
    },
    { orderedDay: 9879, amount: 0 },
  ]);
});

test('an export without a column that its layout needs is refused, naming the column', async () => {
  await expect(
    orderLinesOf('id,Amount,Amount Refunded,Currency,Status,Customer ID\nch_1,5,0,usd,Paid,cus_1\n'),
  ).rejects.toThrow(/Stripe: payments without "Created date \(UTC\)" or "Created \(UTC\)"/);
});

test('no two profiles fit the same file by their signatures', () => {
  for (const one of orderProfiles) {
    const within = orderProfiles.filter(({ signature }) =>
      signature.every((name) => one.signature.includes(name)),
    );
    expect(within).toEqual([one]);
  }
});
