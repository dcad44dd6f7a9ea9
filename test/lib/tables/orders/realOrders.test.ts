import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OrderLineBatch } from '../../../../lib/tables/orders/orderLines.ts';
import { readOrders } from '../../../../lib/tables/orders/readOrders.ts';
import { textAt } from '../../../../lib/tables/textColumn.ts';

const folder = join(import.meta.dirname, '../../../../../shared/data');

async function totals(path: string, currency: string) {
  const customers = new Set<string | null>();
  const orders = new Set<string | null>();
  const customerDays = new Set<string>();
  const seen = { withoutCustomer: 0, creditNotes: 0, zero: 0, amount: 0 };
  const count = (batch: OrderLineBatch, at: number) => {
    const customer = textAt(batch.customerId, at);
    if (customer === null) seen.withoutCustomer++;
    else customers.add(customer);
    const order = textAt(batch.orderId, at);
    orders.add(order);
    customerDays.add(`${customer} ${batch.orderedDay[at]}`);
    if (order?.startsWith('C') === true && textAt(batch.status, at) === 'return') seen.creditNotes++;
    if (batch.amount[at] === 0) seen.zero++;
    seen.amount += batch.amount[at] as number;
  };
  const reading = await readOrders(
    { key: `orders/${path}`, open: () => createReadStream(join(folder, path), { highWaterMark: 1 << 18 }) },
    { timeZone: 'Europe/London', currency },
    {
      begin: async () => {},
      add: async (batch) => {
        for (let at = 0; at < batch.length; at++) count(batch, at);
      },
    },
  );
  return {
    ...seen,
    customers: customers.size,
    orders: orders.size,
    customerDays: customerDays.size,
    reading,
  };
}

/** Totals as the data's own README states them, all *published* there; exact. */
describe.skipIf(!existsSync(folder))('real orders (skipped where ../shared/data is not there)', () => {
  test('UCI Online Retail (doi 10.24432/C5BW33): every row, and its value to a tenth of a penny', async () => {
    const { reading, ...seen } = await totals('online-retail/online_retail.csv.gz', 'GBP');
    expect(reading.layout).toBe('uci-online-retail');
    expect(reading.report).toMatchObject({ rowsIn: 541_909, rowsOk: 541_909, rowsQuarantined: 0 });
    expect(seen).toMatchObject({
      orders: 25_900,
      customers: 4_372,
      withoutCustomer: 135_080,
      creditNotes: 9_288,
    });
    // 9,747,747.934 pounds are 974,774,793.4 pence: the lines' pence, and what rounding four of them left out
    expect(seen.amount).toBe(974_774_793);
    const rounded = reading.report.notes.find(({ code }) => code === 'roundedLines');
    expect(rounded).toMatchObject({ count: 4, message: expect.stringContaining('3 decimals') });
    expect(rounded?.message).toContain('left out 4 units');
  });

  test('CDNOW sample (Fader and Hardie): 6,919 rows of 2,357 customers on 6,696 days, 244,091.94 dollars', async () => {
    const { reading, ...seen } = await totals('cdnow/sample.csv', 'USD');
    expect(reading).toMatchObject({ layout: 'cdnow-sample', report: { rowsOk: 6_919, rowsQuarantined: 0 } });
    expect(seen).toMatchObject({ customers: 2_357, customerDays: 6_696, zero: 8, amount: 24_409_194 });
  });

  test('CDNOW master, in columns separated by blanks: 69,659 rows of 23,570 customers, 2,500,315.63 dollars', async () => {
    const { reading, ...seen } = await totals('cdnow/master.txt', 'USD');
    expect(reading).toMatchObject({ layout: 'cdnow-master', report: { rowsOk: 69_659, rowsQuarantined: 0 } });
    expect(seen).toMatchObject({ customers: 23_570, zero: 80, amount: 250_031_563 });
  });
});
