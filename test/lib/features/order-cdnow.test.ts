import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computeOrderFeatures, type LedgerRule } from '../../../lib/features/computeOrderFeatures.ts';
import type { DuckDb, SqlRow } from '../../../lib/features/duckdb.ts';
import { cdnowIsThere, dayNumber, loadCdnow } from '../../support/orderRealData.ts';
import { openTestDuckDb } from '../../support/orderTables.ts';

const calibration = dayNumber('1997-09-30');
const end = dayNumber('1998-06-30');

describe.skipIf(!cdnowIsThere)('CDNOW (skipped where ../shared/data is not)', () => {
  let db: DuckDb;
  let directory: string;
  let close: () => void;
  beforeAll(async () => {
    ({ db, directory, close } = await openTestDuckDb());
  });
  afterAll(() => close());

  // published: Fader, Hardie & Lee 2005 use these 2,357 customers; figures of the calibration as in the BG/NBD note
  test('the sample calibrates with Σx = 2,457, 1,411 of 2,357 without a repeat, and 1,882 purchase days after', async () => {
    const { rules, rows } = await load('sample');
    expect(rules).toEqual([{ outcome: 'sale', lines: 6_919, amount: 24_409_194 }]);
    const calibrated = rows.filter((row) => row.last_day === calibration);
    expect(calibrated.length).toBe(2_357);
    expect(total(calibrated, 'frequency')).toBe(2_457);
    expect(calibrated.filter((row) => row.frequency === 0).length).toBe(1_411);
    expect(total(calibrated, 'label_orders')).toBe(1_882);
    expect(calibrated.filter((row) => Number(row.frequency) > 0).length).toBe(946);
    // Those who came on 1997-01-01 have been customers for 272 days, 38.86 weeks.
    expect(Math.max(...calibrated.map((row) => Number(row.age_days)))).toBe(272);
  });

  test('a customer-day is an order where there are no order ids: 6,696 in the sample', async () => {
    const { rows } = await load('sample');
    const all = rows.filter((row) => row.last_day === end);
    expect(total(all, 'orders')).toBe(6_696);
    expect(total(all, 'spend')).toBe(24_409_194);
  });

  test('the calibration and the horizon share the spend without remainder', async () => {
    const { rows } = await load('sample');
    const calibrated = rows.filter((row) => row.last_day === calibration);
    expect(total(calibrated, 'spend') + total(calibrated, 'label_spend')).toBe(24_409_194);
  });

  // published: row, customer and dollar counts of the data set; frequencies are regression
  test('the master has 23,570 customers, 69,659 lines and 2,500,315.63 dollars', async () => {
    const { rules, rows } = await load('master');
    expect(rules).toEqual([{ outcome: 'sale', lines: 69_659, amount: 250_031_563 }]);
    const calibrated = rows.filter((row) => row.last_day === calibration);
    expect(calibrated.length).toBe(23_570);
    expect(total(calibrated, 'frequency')).toBe(24_337);
    expect(calibrated.filter((row) => row.frequency === 0).length).toBe(14_119);
  });

  async function load(which: 'sample' | 'master'): Promise<{ rules: LedgerRule[]; rows: SqlRow[] }> {
    await loadCdnow(db, directory, which);
    let rows: SqlRow[] = [];
    const rules = await computeOrderFeatures(db, {
      buckets: [{ orders: { table: 'order_history' }, events: null }],
      cutoffs: [
        { lastDay: calibration, horizonDays: end - calibration },
        { lastDay: end, horizonDays: null },
      ],
      newestAt: (end + 1) * 86_400,
      onBucket: async () => {
        rows = await db.rows('SELECT * FROM customer_features');
      },
    });
    return { rules, rows };
  }
});

const total = (rows: SqlRow[], name: string): number => rows.reduce((sum, row) => sum + Number(row[name]), 0);
