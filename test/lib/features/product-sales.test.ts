import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createPurchaseInputs } from '../../../lib/features/purchases.ts';
import { readProductSales } from '../../../lib/features/readProductSales.ts';
import { writeProductSales } from '../../../lib/features/writeProductSales.ts';
import {
  firstDay,
  type OrderHistory,
  type OrderLine,
  orderHistories,
  secondsPerDay,
} from '../../support/orderHistory.ts';
import { judgeLines } from '../../support/orderOracle.ts';
import { featuresOf, openTestDuckDb } from '../../support/orderTables.ts';

const newestAt = (firstDay + 400) * secondsPerDay;
const lastDay = firstDay + 300;

const { db, directory, close } = await openTestDuckDb();
afterAll(close);

/** As they come out of the file that a run leaves. */
async function salesOf(history: OrderHistory) {
  const path = join(directory, 'sales.parquet');
  await createPurchaseInputs(db, { span: { lastDay, holdoutDay: null }, months: [] });
  await featuresOf(db, history, {
    cutoffs: [{ lastDay, horizonDays: null }],
    newestAt,
    nonProducts: ['Post'],
    onBucket: () => writeProductSales(db, path),
  });
  return readProductSales(readFileSync(path));
}

interface Moved {
  customer: string | null;
  line: OrderLine;
  saleDay: number;
  units: number;
}

/** The same one line after the other. */
function expectedSales({ lines }: OrderHistory): Map<string, { units: number; category: string | null }> {
  const moved = judgeLines(lines, { newestAt, nonProducts: ['POST'] }).flatMap(
    ({ line, outcome, sale }): Moved[] => {
      const units = line.quantity ?? 1;
      const customer = line.customer_id;
      if (outcome === 'sale') return [{ customer, line, saleDay: line.ordered_day, units }];
      if (outcome === 'matchedReturn')
        return [{ customer, line, saleDay: sale?.ordered_day as number, units: -Math.abs(units) }];
      const isDemand =
        outcome === 'noCustomer' && line.status === 'sale' && line.amount > 0 && line.ordered_at <= newestAt;
      const isProduct = line.product?.trim().toUpperCase() !== 'POST';
      return isDemand && isProduct && units > 0 ? [{ customer, line, saleDay: line.ordered_day, units }] : [];
    },
  );
  const sales = new Map<string, { units: number; category: string | null }>();
  for (const { customer, line, saleDay, units } of moved) {
    if (line.product === null || line.ordered_day > lastDay) continue;
    const key = JSON.stringify([customer, line.product.trim(), saleDay, line.ordered_day]);
    const before = sales.get(key) ?? { units: 0, category: null };
    const categories = [before.category, line.category].filter((name) => name !== null);
    const [category = null] = categories.sort((one, other) => Buffer.from(one).compare(Buffer.from(other)));
    sales.set(key, { units: before.units + units, category });
  }
  return sales;
}

test('sales by customer, product and day are what the lines say one by one, each known from its own day', async () => {
  let [rows, returned, withoutCustomer] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(orderHistories, async (history) => {
      const { customers, products, categories, saleDays, knownDays, units } = await salesOf(history);
      const found = products.map((product, at): [string, { units: number; category: string | null }] => [
        JSON.stringify([customers[at], product, saleDays[at], knownDays[at]]),
        { units: units[at] as number, category: categories[at] as string | null },
      ]);
      expect(new Map(found)).toEqual(expectedSales(history));
      expect(found).toHaveLength(new Map(found).size);
      // by customer, those without one last: joinSales relies on it
      const known = customers.filter((id) => id !== null);
      expect(customers.slice(known.length).every((id) => id === null)).toBe(true);
      expect(known).toEqual([...known].sort((one, other) => Buffer.from(one).compare(Buffer.from(other))));
      rows += found.length;
      returned += units.filter((one) => one < 0).length;
      withoutCustomer += customers.length - known.length;
    }),
    { numRuns: 20 },
  );
  expect([rows > 0, returned > 0, withoutCustomer > 0]).toEqual([true, true, true]);
});

test('what nobody known bought counts, and nothing that is no demand does', async () => {
  const line: OrderLine = {
    ...{ customer_id: null, order_id: null, ordered_at: firstDay * secondsPerDay, ordered_day: firstDay },
    ...{ ordered_hour: null, product: ' cup ', category: null, quantity: 2, amount: 500, discount: null },
    ...{ country: null, channel: null, status: 'sale', source_file: 1, source_line: 2 },
  };
  const others: Partial<OrderLine>[] = [
    { amount: 0 },
    { quantity: -2 },
    { quantity: 0 },
    { status: 'test' },
    { status: 'cancelled' },
    { product: null },
    { product: 'post' },
    { ordered_at: newestAt + 1 },
    { ordered_at: (lastDay + 1) * secondsPerDay, ordered_day: lastDay + 1 },
  ];
  const lines = [line, { ...line, quantity: null }, ...others.map((other) => ({ ...line, ...other }))];
  const { customers, products, units } = await salesOf({
    lines: lines.map((one, at) => ({ ...one, source_line: at + 2 })),
    events: [],
  });
  expect([customers, products, Array.from(units)]).toEqual([[null], ['cup'], [3]]);
});
