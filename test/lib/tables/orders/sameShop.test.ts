import { afterAll, describe, expect, test } from 'vitest';
import { seededGenerator, uniform, uniformBelow } from '../../../../lib/math/random.ts';
import { featuresOf, openTestDuckDb } from '../../../support/orderTables.ts';
import { encode, gzipped, type TestEncoding } from '../uploads.ts';
import { type CameLine, csvOf, orderLinesOf } from './orderLinesOf.ts';

interface Sale {
  email: string;
  order: string;
  time: string;
  sku: string;
  quantity: number;
  cents: number;
  state: 'paid' | 'voided' | 'pending';
}

const zone = 'Asia/Shanghai';
const shop = { timeZone: zone, currency: 'CNY' };
const sales = makeSales(600);

/** The same shop as every way of exporting it shows it. */
function makeSales(orders: number): Sale[] {
  const random = seededGenerator(11);
  const times = Array.from({ length: orders }, () => 1_700_000_000 + uniformBelow(random, 30_000_000));
  return times.flatMap((seconds, index) => {
    const draw = uniform(random);
    const common = {
      email: `${['ana', 'bo', '小明', 'dée'][uniformBelow(random, 4)]}${uniformBelow(random, 60)}@example.com`,
      order: `#${1001 + index}`,
      time: new Date(seconds * 1000).toISOString().slice(0, 19),
      state: draw < 0.05 ? ('voided' as const) : draw < 0.1 ? ('pending' as const) : ('paid' as const),
    };
    return Array.from({ length: 1 + uniformBelow(random, 4) }, () => ({
      ...common,
      sku: `裙-${uniformBelow(random, 40)}`,
      quantity: 1 + uniformBelow(random, 3),
      cents: 1 + uniformBelow(random, 250_000),
    }));
  });
}

const money = (cents: number): string => (cents / 100).toFixed(2);
const plainHeader = [
  'email',
  'order_id',
  'ordered_at',
  'sku',
  'quantity',
  'unit_price',
  'currency',
  'status',
];
const plainRows = (
  price: (cents: number) => string,
  time: (utc: string) => string,
): Record<string, string>[] =>
  sales.map((sale) => ({
    ...{ email: sale.email, order_id: sale.order, sku: sale.sku, quantity: String(sale.quantity) },
    ...{ ordered_at: time(sale.time), unit_price: price(sale.cents), currency: 'CNY', status: sale.state },
  }));

const plain = csvOf(
  plainHeader,
  plainRows(money, (utc) => `${utc}Z`),
);
const german = (cents: number): string =>
  `${money(cents)
    .slice(0, -3)
    .replace(/\B(?=(\d{3})+$)/g, '.')},${money(cents).slice(-2)}`;
const localTime = (utc: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
    Date.parse(`${utc}Z`),
  );
const semicolon = csvOf(
  plainHeader,
  plainRows(german, (utc) => localTime(utc).replace(/^(\d+)-(\d+)-(\d+)/, '$3.$2.$1')),
  ';',
);

function shopify(): string {
  const header = [
    ...[
      'Name',
      'Email',
      'Financial Status',
      'Currency',
      'Subtotal',
      'Shipping',
      'Taxes',
      'Total',
      'Discount Amount',
    ],
    ...[
      'Created at',
      'Lineitem quantity',
      'Lineitem name',
      'Lineitem price',
      'Lineitem sku',
      'Refunded Amount',
    ],
  ];
  const rows = sales.map((sale, index) => {
    const line = {
      ...{
        Name: sale.order,
        Email: sale.email,
        'Lineitem name': `Dress ${sale.sku}`,
        'Lineitem sku': sale.sku,
      },
      ...{ 'Lineitem quantity': String(sale.quantity), 'Lineitem price': money(sale.cents) },
    };
    const early = new Date(Date.parse(`${sale.time}Z`) - 5 * 3_600_000).toISOString().slice(0, 19);
    const createdAt = { 'Created at': `${early.replace('T', ' ')} -0500` };
    if (sales[index - 1]?.order === sale.order) return { ...line, ...createdAt };
    const goods = sales.reduce(
      (sum, each) => sum + (each.order === sale.order ? each.quantity * each.cents : 0),
      0,
    );
    return {
      ...line,
      ...createdAt,
      ...{
        'Financial Status': sale.state,
        Currency: 'CNY',
        Subtotal: money(goods),
        Total: money(goods + 1000),
      },
      ...{ 'Discount Amount': '0.00', 'Refunded Amount': '0.00' },
    };
  });
  return csvOf(header, rows);
}

const duckdb = await openTestDuckDb();
afterAll(() => duckdb.close());

/** Every feature of every customer, as of the last day and of one half-way. */
async function features(lines: CameLine[]) {
  const asStaged = lines.map((line) => ({
    ...{ customer_id: line.customerId, order_id: line.orderId, product: line.product },
    ...{
      category: line.category,
      country: line.country,
      quantity: line.quantity,
      amount: line.amount,
      discount: line.discount,
    },
    ...{ channel: line.channel, status: line.status, source_file: 0, source_line: line.sourceLine },
    ...{ ordered_at: line.orderedAt, ordered_day: line.orderedDay, ordered_hour: line.orderedHour },
  }));
  const last = Math.max(...lines.map(({ orderedDay }) => orderedDay));
  const cutoffs = [
    { lastDay: last - 150, horizonDays: 30 },
    { lastDay: last, horizonDays: null },
  ];
  const history = { lines: asStaged, events: [] };
  return featuresOf(duckdb.db, history, { cutoffs, newestAt: 2_000_000_000, nonProducts: [] });
}

/** In the order of the file: Shopify's sums hold an order back until its last row. */
const sorted = (lines: CameLine[]): CameLine[] => lines.toSorted((a, b) => a.sourceLine - b.sourceLine);

describe('the same shop gives the same lines and features, to the cent and the hour', async () => {
  const expected = await orderLinesOf(plain, shop);
  const expectedFeatures = await features(expected.all);

  test('which are those that it sold', () => {
    expect(expected.all).toHaveLength(sales.length);
    expect(expected.all.map(({ amount }) => amount)).toEqual(
      sales.map(({ quantity, cents }) => quantity * cents),
    );
    expect(new Set(expected.all.map(({ status }) => status))).toEqual(
      new Set(['sale', 'cancelled', 'unpaid']),
    );
  });

  test('and gives features of a few hundred customers', () => {
    expect(expectedFeatures.rows.length).toBeGreaterThan(300);
  });

  const encodings: TestEncoding[] = [
    ...(['utf-8 with BOM', 'utf-16le with BOM', 'utf-16be with BOM', 'utf-16le', 'utf-16be'] as const),
    'gb18030',
  ];
  test.each(encodings)('as %s', async (encoding) => {
    // GB18030 files are of systems that have no é; with it, they have the four bytes of the standard
    const { all } = await orderLinesOf(encode(plain, encoding), shop);
    expect(all).toEqual(expected.all);
    expect(await features(all)).toEqual(expectedFeatures);
  });

  test('gzipped', async () => {
    expect((await orderLinesOf(gzipped(plain), shop)).all).toEqual(expected.all);
  });

  test('with semicolons, decimal commas and days first', async () => {
    const { all } = await orderLinesOf(semicolon, shop);
    expect(all).toEqual(expected.all);
    expect(await features(all)).toEqual(expectedFeatures);
  });

  test('as Shopify exports it', async () => {
    const read = await orderLinesOf(shopify(), shop);
    expect(read.layout).toBe('shopify');
    expect(sorted(read.all)).toEqual(expected.all);
    expect(await features(read.all)).toEqual(expectedFeatures);
  });
});
