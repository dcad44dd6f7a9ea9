import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computeOrderFeatures } from '../../../lib/features/computeOrderFeatures.ts';
import { judgeShift } from '../../../lib/features/drift.ts';
import { driftSettings } from '../../../lib/features/driftSettings.ts';
import type { DuckDb } from '../../../lib/features/duckdb.ts';
import { orderQuality } from '../../../lib/features/orderQuality.ts';
import { type QualityReport, qualityReportSchema } from '../../../lib/features/qualityReport.ts';
import { dayNumber, loadOnlineRetail, onlineRetailIsThere } from '../../support/orderRealData.ts';
import { openTestDuckDb } from '../../support/orderTables.ts';

describe.skipIf(!onlineRetailIsThere)(
  'the quality of UCI Online Retail (skipped where ../shared/data is not)',
  () => {
    let db: DuckDb;
    let close: () => void;
    let whole: QualityReport;

    beforeAll(async () => {
      ({ db, close } = await openRetail(2));
      whole = await reportOf(db, 'whole', {});
    });
    afterAll(() => close());

    // published: the data set's README
    test('lines, customers, invoices, cancellations and revenue are those of its README', () => {
      expect(whole.lines).toBe(541_909);
      expect(column('customer_id')).toMatchObject({
        missing: 135_080,
        distinct: { count: 4_372, exact: true },
      });
      expect(column('order_id').distinct.count).toBe(25_900);
      expect(column('country').distinct.count).toBe(38);
      expect(whole.cancellations.lines).toBe(9_288);
      // But for rounding every line to the penny.
      expect(whole.revenue.amount).toBe(974_774_793);
      expect(whole.dates).toMatchObject({ firstDay: '2010-12-01', lastDay: '2011-12-09' });
    });

    // 5,268 rows of the file repeat another (published); two more lines differ in the description alone.
    test('its exact duplicates are found with a customer and without', () => {
      expect(whole.duplicates).toEqual({ lines: 5_227 + 43, share: 0.009725, withoutCustomer: 43 });
    });

    // regression
    test('the rest of it', () => {
      expect(whole.revenue).toMatchObject({ withoutCustomer: 144_768_212, shareWithoutCustomer: 0.148515 });
      expect(whole.cancellations).toMatchObject({ amount: -89_681_249, negativeSales: 1_338 });
      expect(whole.dates).toMatchObject({ daysWithOrders: 305, daysWithoutOrders: 69 });
      expect(whole.dates.gaps[0]).toEqual({ from: '2010-12-24', to: '2011-01-03', days: 11 });
      expect(column('quantity')).toMatchObject({ min: -80_995, max: 80_995, distinct: { count: 722 } });
      expect(column('quantity').quantiles).toMatchObject({ p25: 1, p50: 3, p75: 10 });
      const countries = whole.mixes.find((mix) => mix.column === 'country');
      expect(countries?.values[0]).toMatchObject({ value: 'United Kingdom', lines: 495_478, share: 0.91432 });
      expect(qualityReportSchema.parse(whole)).toEqual(whole);
    });

    test('the same to the byte with one thread', async () => {
      const alone = await openRetail(1);
      expect(JSON.stringify(await reportOf(alone.db, 'whole', {}))).toBe(JSON.stringify(whole));
      alone.close();
    });

    test('a month more is published; a lost half and pence taken for pounds are held, until the next run agrees', async () => {
      const settings = driftSettings.parse({});
      const until = (lastDay: string) => ({ where: `ordered_day <= ${dayNumber(lastDay)}`, lastDay });
      const october = await reportOf(db, 'october', until('2011-10-31'));
      const november = await reportOf(db, 'november', { ...until('2011-11-30'), references: [october] });
      expect(judgeShift({ previous: october, held: null, current: november, settings }).exceeded).toEqual([]);

      const { where, lastDay } = until('2011-11-30');
      const lost = `${where} AND ordered_day > ${dayNumber('2011-07-31')}`;
      const half = await reportOf(db, 'half', { where: lost, lastDay, references: [october] });
      const halved = judgeShift({ previous: october, held: null, current: half, settings });
      expect(halved.verdict).toBe('hold');
      expect(halved.exceeded.map(({ feature }) => feature)).toContain('recency_days');

      const pence = { amount: 'amount * 100', where, lastDay };
      const hundredfold = await reportOf(db, 'hundredfold', { ...pence, references: [october] });
      const judged = judgeShift({ previous: october, held: null, current: hundredfold, settings });
      expect(judged.verdict).toBe('hold');
      expect(judged.exceeded).toContainEqual(expect.objectContaining({ measure: 'revenue' }));
      expect(judged.exceeded).not.toContainEqual(expect.objectContaining({ measure: 'rows' }));

      const next = { ...pence, ...until('2011-12-09'), references: [october, hundredfold] };
      const confirming = await reportOf(db, 'confirming', next);
      expect(
        judgeShift({ previous: october, held: hundredfold, current: confirming, settings }),
      ).toMatchObject({
        verdict: 'publish',
        because: 'confirmed',
      });
    });

    const column = (name: string) => {
      const found = whole.columns.find((each) => each.name === name);
      if (found === undefined) throw new Error(`the report has no column ${name}`);
      return found;
    };
  },
);

async function openRetail(threads: number): Promise<{ db: DuckDb; close(): void }> {
  const { db, directory, close } = await openTestDuckDb(threads);
  await loadOnlineRetail(db, directory);
  await db.run(`CREATE TABLE retail_lines AS SELECT line.*, 'GBP' AS currency, retail.Country AS country
    FROM order_history AS line JOIN retail ON retail.source_line = line.source_line`);
  return { db, close };
}

async function reportOf(
  db: DuckDb,
  runId: string,
  {
    where = 'true',
    amount = 'amount',
    lastDay = '2011-12-09',
    references = [],
  }: { where?: string; amount?: string; lastDay?: string; references?: QualityReport[] },
): Promise<QualityReport> {
  await db.run(`CREATE OR REPLACE VIEW run_lines AS SELECT * REPLACE (CAST(${amount} AS BIGINT) AS amount)
    FROM retail_lines WHERE ${where}`);
  const newestAt = (dayNumber(lastDay) + 1) * 86_400;
  const ledger = await computeOrderFeatures(db, {
    buckets: [{ orders: { table: 'run_lines' }, events: null }],
    cutoffs: [{ lastDay: dayNumber(lastDay), horizonDays: null }],
    newestAt,
    onBucket: async () => {},
  });
  const features = { table: 'customer_features' };
  return orderQuality(db, {
    ...{ runId, currency: 'GBP', files: [], orderLines: 'run_lines', newestAt, ledger, features, references },
  });
}
