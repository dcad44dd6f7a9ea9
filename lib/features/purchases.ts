import { type DuckDb, readStatements } from './duckdb.ts';

export interface PurchaseSpan {
  /** The last day that is read, in days since 1970-01-01. */
  lastDay: number;
  /** The last day that a model may see which is judged by the days after it; null where none is. */
  holdoutDay: number | null;
}

export interface CalendarMonth {
  /** Months since January 1970. */
  month: number;
  /** Days since 1970-01-01. */
  firstDay: number;
  lastDay: number;
}

/** Customers with a purchase by `lastDay`, by column, in the order of their ids; days since 1970-01-01, money in minor units. */
export interface CustomerPurchases {
  customerIds: string[];
  firstDay: Float64Array;
  /** Of the days up to the holdout: the last one with a purchase (0 where there is none), how many, and what they brought. */
  lastDayBefore: Float64Array;
  daysBefore: Float64Array;
  spendBefore: Float64Array;
  /** Of the days after it. */
  daysAfter: Float64Array;
  spendAfter: Float64Array;
  /** Of the first order. */
  channel: (string | null)[];
  country: (string | null)[];
  category: (string | null)[];
}

/** How many customers who first bought in `cohort` bought in `month`, and their money in minor units. */
export interface CohortCell {
  cohort: number;
  month: number;
  customers: number;
  revenue: number;
}

/** What `readPurchases` will look at, for every bucket of customers alike. */
export async function createPurchaseInputs(
  db: DuckDb,
  { span, months }: { span: PurchaseSpan; months: readonly CalendarMonth[] },
): Promise<void> {
  const { lastDay, holdoutDay } = span;
  await db.run(
    `CREATE OR REPLACE TABLE purchase_span AS
     SELECT CAST(${lastDay} AS INTEGER) AS last_day, CAST(${holdoutDay ?? 'NULL'} AS INTEGER) AS holdout_day`,
  );
  await db.run(
    'CREATE OR REPLACE TABLE calendar_months (month INTEGER, first_day INTEGER, last_day INTEGER)',
  );
  const rows = months.map(({ month, firstDay, lastDay: end }) => `(${month}, ${firstDay}, ${end})`);
  if (rows.length > 0) await db.run(`INSERT INTO calendar_months VALUES ${rows.join(', ')}`);
}

/** The purchases of the bucket whose ledger the connection holds: to be called from `onBucket` of computeOrderFeatures. */
export async function readPurchases(
  db: DuckDb,
): Promise<{ customers: CustomerPurchases; cells: CohortCell[] }> {
  for (const statement of readStatements('purchases'))
    await db.run(statement.replace(/\bCREATE TABLE\b/, 'CREATE OR REPLACE TEMP TABLE'));
  const { values } = await db.columns(
    `SELECT ${columns.join(', ')} FROM customer_purchases ORDER BY customer_id`,
  );
  const [ids = [], first = [], last = [], before = [], spent = [], after = [], spentAfter = []] = values;
  const [channel = [], country = [], category = []] = values.slice(7);
  const numbers = (column: readonly unknown[]): Float64Array => Float64Array.from(column, Number);
  return {
    customers: {
      customerIds: ids as string[],
      firstDay: numbers(first),
      lastDayBefore: numbers(last),
      daysBefore: numbers(before),
      spendBefore: numbers(spent),
      daysAfter: numbers(after),
      spendAfter: numbers(spentAfter),
      channel: channel as (string | null)[],
      country: country as (string | null)[],
      category: category as (string | null)[],
    },
    cells: (await db.rows('SELECT cohort, month, customers, revenue FROM cohort_cells')).map((row) => ({
      cohort: Number(row.cohort),
      month: Number(row.month),
      customers: Number(row.customers),
      revenue: Number(row.revenue),
    })),
  };
}

/** A customer's last days with a sale, the oldest first: days since 1970-01-01, and what each brought, net, in minor units. */
export type OrderDays = (readonly [day: number, net: number])[];

/** As many as a reader takes in at a glance; a shop's best customer may have thousands. */
const mostOrderDays = 60;

/** By customer; of the bucket whose purchases `readPurchases` has just read. */
export async function readOrderDays(db: DuckDb): Promise<[customerId: string, days: OrderDays][]> {
  const { values } = await db.columns(
    `SELECT customer_id, string_agg(bought_day || ':' || net, ' ' ORDER BY bought_day)
     FROM (
       SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY bought_day DESC) AS place FROM purchase_days
     )
     WHERE place <= ${mostOrderDays}
     GROUP BY customer_id`,
  );
  const [ids = [], days = []] = values;
  return ids.map((id, row) => [String(id), String(days[row]).split(' ').map(orderDay)]);
}

function orderDay(text: string): readonly [number, number] {
  const [day, net] = text.split(':');
  return [Number(day), Number(net)];
}

const columns = [
  'customer_id',
  'first_day',
  'last_day_before',
  'days_before',
  'spend_before',
  'days_after',
  'spend_after',
  'first_channel',
  'first_country',
  'first_category',
];
