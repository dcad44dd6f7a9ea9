import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { LedgerRule } from '../../../lib/features/computeOrderFeatures.ts';
import { type DuckDb, sqlText } from '../../../lib/features/duckdb.ts';
import { orderFeatures } from '../../../lib/features/orderFeatures.ts';
import { orderQuality } from '../../../lib/features/orderQuality.ts';
import { type QualityReport, qualityReportSchema } from '../../../lib/features/qualityReport.ts';
import { firstDay, type OrderHistory, orderHistories, secondsPerDay } from '../../support/orderHistory.ts';
import {
  copiesWithoutCustomer,
  expectedColumn,
  expectedLines,
  expectedMix,
  type FullLine,
} from '../../support/orderQualityOracle.ts';
import { featuresOf, openTestDuckDb } from '../../support/orderTables.ts';

const { db, close } = await openTestDuckDb();
afterAll(close);

const newestAt = (firstDay + 380) * secondsPerDay;

describe('of random histories, every figure is that of a plain computation', () => {
  const places = fc.array(
    fc.tuple(fc.constantFrom('EUR', 'USD'), fc.constantFrom('DE', 'FR', '中国', null)),
    {
      minLength: 64,
      maxLength: 64,
    },
  );

  test('of lines, columns, mixes and features', async () => {
    await fc.assert(
      fc.asyncProperty(orderHistories, places, async (history, where) => {
        const lines = withPlaces(history, where);
        const { rules, rows } = await loaded(history, lines);
        const report = await reportOf(rules);
        expect(qualityReportSchema.parse(report)).toEqual(report);
        expect(report).toMatchObject(expectedLines(lines, newestAt));
        expectDuplicates(report, { rules, lines });
        for (const { column, values, otherLines } of report.mixes) {
          expect({ column, values }).toEqual({ column, values: expectedMix(lines, column) });
          expect(otherLines).toBe(0);
        }
        for (const column of report.columns) expectColumn(column, lines);
        expect(report.features).toMatchObject({ customers: rows.length, sampled: rows.length });
        for (const { name, counts, missing } of report.features.bins) {
          expect(missing, name).toBe(rows.filter((row) => row[name] === null).length);
          expect(sum(counts), name).toBe(rows.length - missing);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('beside the run before', () => {
  const history = (size: number): OrderHistory => ({
    events: [],
    lines: Array.from({ length: size }, (_, index) => ({
      ...{ customer_id: `c${index % 400}`, order_id: `o${index}`, product: 'cup', category: 'home' },
      ...{ ordered_at: (firstDay + (index % 200)) * secondsPerDay, ordered_day: firstDay + (index % 200) },
      ...{
        ordered_hour: 12,
        quantity: 1,
        amount: 100 + (index % 97),
        discount: null,
        country: null,
        channel: 'web',
      },
      ...{ status: 'sale', source_file: 1, source_line: index },
    })),
  });
  const report = async (size: number, runId: string, references: QualityReport[]) => {
    const own = history(size);
    const { rules } = await loaded(own, withPlaces(own, [['EUR', null]]));
    return reportOf(rules, { runId, references });
  };

  test('the same history has not moved, and half of it has', async () => {
    const first = await report(4_000, 'first', []);
    const half = await report(2_000, 'half', [first]);
    const again = await report(4_000, 'again', [first, half]);
    expect(again.drift[0]).toMatchObject({ against: 'first', rowShift: 0, revenueShift: 0 });
    expect(again.drift[0]?.psi.filter(({ psi }) => psi !== 0)).toEqual([]);
    expect(again.drift[0]?.psi.map(({ feature }) => feature).sort()).toEqual(
      orderFeatures.map(({ name }) => name).sort(),
    );
    expect(half.drift[0]).toMatchObject({ against: 'first', rowShift: -0.5, customers: [400, 400] });
    expect(half.drift[0]?.psi.find(({ feature }) => feature === 'orders')).toMatchObject({ judged: true });
    expect(half.drift[0]?.psi.find(({ feature }) => feature === 'orders')?.psi).toBeGreaterThan(1);
    expect(again.drift[1]).toMatchObject({ against: 'half', rowShift: 0.5 });
  });
});

test('an empty history has a report too', async () => {
  const { rules } = await loaded({ lines: [], events: [] }, []);
  const report = await reportOf(rules);
  expect(report).toMatchObject({ lines: 0, revenue: { amount: 0, shareWithoutCustomer: null } });
  expect(report.columns.every(({ missing, distinct }) => missing === 0 && distinct.count === 0)).toBe(true);
});

test('of many kinds the most frequent are listed, and the rest counted', async () => {
  const countries = Array.from({ length: 60 }, (_, index) => `country ${index + 10}`);
  const lines = countries.flatMap((country, index) => [
    { ...oneLine, country },
    ...(index < 5 ? [{ ...oneLine, country }] : []),
  ]);
  await load(lines);
  const report = await reportOf([]);
  const mix = report.mixes.find(({ column }) => column === 'country');
  expect(mix?.values).toHaveLength(50);
  expect(mix?.values.slice(0, 6).map(({ lines }) => lines)).toEqual([2, 2, 2, 2, 2, 1]);
  expect(mix?.otherLines).toBe(10);
  expect(report.columns.find(({ name }) => name === 'country')?.distinct).toEqual({ count: 60, exact: true });
});

test('quantiles of small amounts are exact', async () => {
  const amounts = Array.from({ length: 1_000 }, (_, index) => index);
  await load(amounts.map((amount) => ({ ...oneLine, amount })));
  const { quantiles } = (await reportOf([])).columns.find(({ name }) => name === 'amount') ?? {};
  expect(quantiles).toEqual({ p01: 9, p05: 49, p25: 249, p50: 499, p75: 749, p95: 949, p99: 989 });
});

test('quantiles of large amounts keep three significant digits', async () => {
  for (const magnitude of [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12]) {
    const amounts = Array.from({ length: 900 }, (_, index) => -Math.floor((1 + index / 100.3) * magnitude));
    await load(amounts.map((amount) => ({ ...oneLine, amount })));
    const { quantiles, min, max } = (await reportOf([])).columns.find(({ name }) => name === 'amount') ?? {};
    expect([min, max]).toEqual([amounts.at(-1), amounts[0]]);
    for (const [found, exact] of [
      [quantiles?.p05, amounts[855]],
      [quantiles?.p50, amounts[450]],
      [quantiles?.p99, amounts[9]],
    ])
      expect(Math.abs((found ?? 0) / (exact ?? 0) - 1), `about ${exact}`).toBeLessThan(0.01);
  }
});

test('millions of different orders are estimated, to the same number whatever the threads', async () => {
  const reports: QualityReport[] = [];
  for (const threads of [1, 2]) {
    const own = await openTestDuckDb(threads);
    await own.db.run(`CREATE TABLE many AS SELECT 'C' || CAST(i % 1000 AS VARCHAR) AS customer_id, CAST(i AS VARCHAR) AS order_id,
      i // 100 AS ordered_at, CAST(i // 86400 AS INTEGER) AS ordered_day, CAST(NULL AS SMALLINT) AS ordered_hour,
      'cup' AS product, 'home' AS category, CAST(1 AS DOUBLE) AS quantity, i % 7777 AS amount, CAST(NULL AS BIGINT) AS discount,
      'EUR' AS currency, 'DE' AS country, 'web' AS channel, 'sale' AS status FROM range(2900000) AS r(i)`);
    await own.db.run(`CREATE TABLE nobody AS SELECT 'x' AS customer_id, 1 AS last_day,
      ${orderFeatures.map(({ name, type }) => `CAST(NULL AS ${type === 'text' ? 'VARCHAR' : 'DOUBLE'}) AS ${name}`).join(', ')}`);
    reports.push(await reportOf([], { on: own.db, orderLines: 'many', features: 'nobody' }));
    own.close();
  }
  const orders = reports[0]?.columns.find(({ name }) => name === 'order_id')?.distinct;
  expect(orders?.exact).toBe(false);
  expect(Math.abs((orders?.count ?? 0) / 2_900_000 - 1)).toBeLessThan(1 / 3);
  expect(JSON.stringify(reports[1])).toBe(JSON.stringify(reports[0]));
});

const oneLine: FullLine = {
  ...{ customer_id: 'ann', order_id: 'A', ordered_at: firstDay * secondsPerDay, ordered_day: firstDay },
  ...{ ordered_hour: null, product: null, category: null, quantity: 1, amount: 100, discount: null },
  ...{ currency: 'EUR', country: null, channel: null, status: 'sale' },
};

function expectColumn(column: QualityReport['columns'][number], lines: FullLine[]): void {
  const { name, missing, distinct, min, max, quantiles } = column;
  const expected = expectedColumn(lines, name);
  expect({ name, missing, min, max }).toEqual({ name, ...pick(expected, ['missing', 'min', 'max']) });
  expect(distinct, name).toEqual({ count: expected.distinct, exact: true });
  if (quantiles === null) return;
  expect(cut(quantiles.p50), name).toBe(cut(expected.median));
  expect(cut(quantiles.p95), name).toBe(cut(expected.p95));
}

function expectDuplicates(
  { duplicates }: QualityReport,
  { rules, lines }: { rules: LedgerRule[]; lines: FullLine[] },
): void {
  const ofCustomers = rules.find(({ outcome }) => outcome === 'duplicate')?.lines ?? 0;
  const ofNobody = copiesWithoutCustomer(lines);
  expect(duplicates).toMatchObject({ lines: ofCustomers + ofNobody, withoutCustomer: ofNobody });
}

/** To three significant digits, towards zero. */
function cut(value: number | null): number | null {
  if (value === null || Math.abs(value) < 1_000) return value;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
  return Math.trunc(value / unit) * unit;
}

const pick = (values: Record<string, unknown>, names: string[]) =>
  Object.fromEntries(names.map((name) => [name, values[name]]));

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

function withPlaces({ lines }: OrderHistory, where: (readonly [string, string | null])[]): FullLine[] {
  return lines.map((line, index) => {
    const [currency, country] = where[index % where.length] ?? ['EUR', null];
    // The histories know no unpaid orders; to the ledger they are cancelled ones.
    const status = line.status === 'cancelled' && index % 2 === 1 ? 'unpaid' : line.status;
    return { ...line, status, currency, country };
  });
}

/** The lines as the table `full_lines`, and the features of their history as `customer_features`. */
async function loaded(history: OrderHistory, lines: FullLine[]) {
  const cutoffs = [{ lastDay: firstDay + 380, horizonDays: null }];
  const computed = await featuresOf(db, history, { cutoffs, newestAt, nonProducts: ['POST'] });
  await load(lines);
  return computed;
}

async function load(lines: FullLine[]): Promise<void> {
  await db.run(`CREATE OR REPLACE TABLE full_lines (customer_id VARCHAR, order_id VARCHAR, ordered_at BIGINT,
    ordered_day INTEGER, ordered_hour SMALLINT, product VARCHAR, category VARCHAR, quantity DOUBLE, amount BIGINT,
    discount BIGINT, currency VARCHAR, country VARCHAR, channel VARCHAR, status VARCHAR)`);
  const tuples = lines.map((line) => `(${columns.map((name) => literal(line[name] ?? null)).join(', ')})`);
  if (tuples.length > 0) await db.run(`INSERT INTO full_lines VALUES ${tuples.join(', ')}`);
}

const columns = [
  ...['customer_id', 'order_id', 'ordered_at', 'ordered_day', 'ordered_hour', 'product', 'category'],
  ...['quantity', 'amount', 'discount', 'currency', 'country', 'channel', 'status'],
];

const literal = (value: unknown): string =>
  value === null ? 'NULL' : typeof value === 'string' ? sqlText(value) : String(value);

const reportOf = (
  ledger: LedgerRule[],
  {
    on = db,
    runId = 'run',
    references = [],
    orderLines = 'full_lines',
    features = 'customer_features',
  }: {
    on?: DuckDb;
    runId?: string;
    references?: QualityReport[];
    orderLines?: string;
    features?: string;
  } = {},
): Promise<QualityReport> =>
  orderQuality(on, {
    ...{ runId, currency: 'EUR', files: [], orderLines, newestAt, ledger, references },
    features: { table: features },
  });
