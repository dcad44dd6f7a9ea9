import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAds } from '../../../lib/tables/ads/readAds.ts';
import { writeCsv } from '../../../lib/tables/csv.ts';
import { readCustomers } from '../../../lib/tables/readCustomers.ts';
import { readTraining } from '../../../lib/tables/readTraining.ts';
import type { TableSource } from '../../../lib/tables/types.ts';
import { rawRows } from './rawRows.ts';
import { upload } from './uploads.ts';

const folder = join(import.meta.dirname, '../../../../shared/data');
const file = (path: string, key: string): TableSource => ({
  key,
  open: () => createReadStream(join(folder, path)),
});

/** Totals as the data's own README states them, all *published* there and recomputed here exactly. */
describe.skipIf(!existsSync(folder))('real data (skipped where ../shared/data is not there)', () => {
  test('UCI Online Shoppers (doi 10.24432/C5F88Q): 12,330 sessions, 1,908 with a purchase', async () => {
    const { table, files } = await readTraining([
      file('online-shoppers/online_shoppers_intention.csv', 'training/shoppers.csv'),
    ]);
    expect(files[0]?.report).toMatchObject({ rowsIn: 12_330, rowsOk: 12_330, rowsQuarantined: 0 });
    expect(table.labels.reduce((sum, label) => sum + label, 0)).toBe(1908);
    const kinds = new Map(table.columns.map(({ name, kind }) => [name, kind]));
    expect(kinds.size).toBe(17);
    expect([...kinds].filter(([, kind]) => kind !== 'numeric')).toEqual([
      ['Month', 'categorical'],
      ['VisitorType', 'categorical'],
      ['Weekend', 'boolean'],
    ]);
  });

  test('Facebook ads: 213,434,828 impressions, 38,165 clicks, 58,705.23 spent, 1,079 approved conversions', async () => {
    const {
      performance: rows,
      rejected,
      report,
      layout,
    } = await readAds(file('facebook-ads/kag_conversion_data.csv', 'ads/kag.csv'), {
      currency: 'USD',
      timeZone: 'UTC',
    });
    const performance = [...rows];
    const total = (of: (row: (typeof performance)[number]) => number | null) =>
      performance.reduce((sum, row) => sum + (of(row) ?? 0), 0);
    expect(layout).toBe('kaggle-facebook');
    expect(performance.length).toBe(1143);
    expect(rejected).toEqual([]);
    expect(total(({ impressions }) => impressions)).toBe(213_434_828);
    expect(total(({ clicks }) => clicks)).toBe(38_165);
    expect(total(({ conversions }) => conversions)).toBe(1079);
    // 58,705.229958205 in the file; each of its amounts was rounded to the micro
    expect(Math.abs(total(({ spendMicros }) => spendMicros) - 58_705_229_958)).toBeLessThan(1143 / 2);
    expect(report.columns.find(({ header }) => header === 'Total_Conversion')?.readAs).toBeNull();
  });

  test('UCI Online Retail (doi 10.24432/C5BW33): 4,372 customer totals pass through a summary table to the penny', async () => {
    const { header, rows, report } = await rawRows(
      file('online-retail/online_retail.csv.gz', 'orders/retail.csv.gz'),
    );
    expect(report).toMatchObject({ rowsIn: 541_909, rowsOk: 541_909, rowsQuarantined: 0 });
    const at = (name: string) => header.indexOf(name);
    const [quantity, price, customer, invoice] = ['Quantity', 'UnitPrice', 'CustomerID', 'InvoiceNo'].map(
      at,
    ) as [number, number, number, number];
    let everything = 0;
    const customers = new Map<string, { spend: number; invoices: Set<string> }>();
    for (const { cells } of rows) {
      const amount = Number(cells[quantity]) * Number(cells[price]);
      everything += amount;
      const id = cells[customer] as string;
      if (id === '') continue;
      const known = customers.get(id) ?? { spend: 0, invoices: new Set() };
      known.spend += amount;
      known.invoices.add(cells[invoice] as string);
      customers.set(id, known);
    }
    expect(everything).toBeCloseTo(9_747_747.934, 3);
    expect(customers.size).toBe(4372);
    const summary = [...customers].map(([id, { spend, invoices }]) => [id, spend, invoices.size]);
    const csv = writeCsv(['CustomerID', 'Total spent', 'Orders'], summary);
    const read = await readCustomers(upload(csv), { required: ['spend', 'frequency'] });
    expect(read.rows.map(({ customerId, spend, frequency }) => [customerId, spend, frequency])).toEqual(
      summary,
    );
  });
});
