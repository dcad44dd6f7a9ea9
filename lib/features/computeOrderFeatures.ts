import { eventColumns, orderColumns } from './canonicalColumns.ts';
import { type DuckDb, readStatements, sqlText } from './duckdb.ts';
import { nonProducts as usualNonProducts } from './nonProducts.ts';
import { sideBySide } from './sideBySide.ts';

/** Where canonical rows are: Parquet files, or a table that the connection has. */
export type Rows = { parquet: readonly string[] } | { table: string };

/** Everything of some customers, and of no other customer's: `customerBucket` says whose. */
export interface OrderBucket {
  orders: Rows;
  events: Rows | null;
}

export interface Cutoff {
  /** The last day that features read, in days since 1970-01-01 of the shop's calendar. */
  lastDay: number;
  /** Days after it that labels read; null for features alone, as where those days are not over. */
  horizonDays: number | null;
}

/** The first rule of `sql/ledger.sql` that an order line met; `sale` and `matchedReturn` are what features read. */
export type LedgerOutcome =
  | 'noCustomer'
  | 'duplicate'
  | 'test'
  | 'futureDate'
  | 'nonProduct'
  | 'cancelled'
  | 'unmatchedReturn'
  | 'matchedReturn'
  | 'sale';

export interface LedgerRule {
  outcome: LedgerOutcome;
  lines: number;
  /** Sum of the lines' amounts, minor units. */
  amount: number;
}

export interface OrderFeatureOptions {
  /** Time grows with lines times cutoffs, memory with lines and with rows of features: with half a million lines to a bucket, 500 MB do. */
  buckets: readonly OrderBucket[];
  cutoffs: readonly Cutoff[];
  /** Epoch seconds of the newest input; lines after it are set aside. */
  newestAt: number;
  nonProducts?: readonly string[];
  /** Further connections to the database: each takes a bucket at a time, and so does the first. */
  besides?: readonly DuckDb[];
  /**
   * Called with each bucket's features in the connection's view `customer_features`; its columns are those of orderFeatures.ts. Those of
   * one cutoff are computed as they are read, which is thus to be done once. With `besides` buckets end in any order.
   */
  onBucket: (bucket: number, connection: DuckDb, ledger: LedgerRule[]) => Promise<void>;
  /** Stands around all work on a bucket, which it may leave out: then the ledger that is returned lacks it. */
  around?: (bucket: number, work: () => Promise<void>) => Promise<void>;
}

/**
 * Ledger and features, bucket by bucket, so that memory holds one bucket whatever the size of the whole.
 * Returns what every line of the input became; the counts add up to its lines.
 */
export async function computeOrderFeatures(
  db: DuckDb,
  {
    buckets,
    besides = [],
    nonProducts = usualNonProducts,
    onBucket,
    around = (_, work) => work(),
    ...inputs
  }: OrderFeatureOptions,
): Promise<LedgerRule[]> {
  const ledgers: LedgerRule[][] = [];
  const connections = [db, ...besides];
  const { cutoffs } = inputs;
  const begun = new Set<DuckDb>();
  for (const connection of connections) await createInputs(connection, { ...inputs, nonProducts });
  await sideBySide(connections, buckets.entries(), (connection, [index, bucket]) =>
    around(index, async () => {
      await computeBucket(connection, bucket, { cutoffs, isFirst: !begun.has(connection) });
      begun.add(connection);
      const rows = await connection.rows('SELECT outcome, line_count, amount FROM ledger_rules');
      const ledger = rows.map(ruleOf);
      ledgers.push(ledger);
      await onBucket(index, connection, ledger);
    }),
  );
  return sumLedgers(ledgers);
}

/** One ledger of several. */
export function sumLedgers(ledgers: readonly LedgerRule[][]): LedgerRule[] {
  const rules = new Map<LedgerOutcome, LedgerRule>();
  for (const { outcome, lines, amount } of ledgers.flat()) {
    const before = rules.get(outcome);
    rules.set(outcome, {
      outcome,
      lines: lines + (before?.lines ?? 0),
      amount: amount + (before?.amount ?? 0),
    });
  }
  return [...rules.values()].sort((a, b) => (a.outcome < b.outcome ? -1 : 1));
}

/** What takes memory. */
const tables = [
  'ruled_lines',
  'judged_returns',
  'numbered_orders',
  'browse_days',
  'last_browse_days',
  'cutoff_features',
];

async function computeBucket(
  db: DuckDb,
  { orders, events }: OrderBucket,
  { cutoffs, isFirst }: { cutoffs: readonly Cutoff[]; isFirst: boolean },
): Promise<void> {
  // What the bucket before left is let go first: replaced, it would be held beside the new one.
  for (const table of tables) await db.run(`DROP TABLE IF EXISTS temp.${table}`);
  await db.run(`CREATE OR REPLACE TEMP VIEW order_lines AS ${select(readOrderColumns, orders)}`);
  await db.run(`CREATE OR REPLACE TEMP VIEW browse_events AS ${select(eventColumns, events)}`);
  await db.run(`CREATE OR REPLACE TEMP VIEW recent_events AS ${selectRecent(cutoffs)}`);
  const shared = readStatements('features');
  const features = shared.pop() as string;
  for (const statement of [...readStatements('ledger'), ...shared]) await db.run(replacing(statement));
  const [only, ...others] = cutoffs;
  if (only !== undefined && others.length === 0) {
    // the views hold for the buckets that follow: making one takes as long as planning its query
    if (isFirst) await viewFeatures(db, features, only);
  } else await tabulateFeatures(db, features, cutoffs);
}

/** The features of one cutoff, as the query itself. */
async function viewFeatures(db: DuckDb, features: string, cutoff: Cutoff): Promise<void> {
  await db.run(`CREATE OR REPLACE TEMP VIEW cutoff AS ${selectCutoff(cutoff)}`);
  await db.run(`CREATE OR REPLACE TEMP VIEW customer_features AS ${features}`);
}

/** The features of several, in a table that the query fills for one after the other. */
async function tabulateFeatures(db: DuckDb, features: string, cutoffs: readonly Cutoff[]): Promise<void> {
  for (const [index, cutoff] of cutoffs.entries()) {
    await db.run(`CREATE OR REPLACE TEMP VIEW cutoff AS ${selectCutoff(cutoff)}`);
    const into = index === 0 ? 'CREATE TEMP TABLE cutoff_features AS' : 'INSERT INTO cutoff_features';
    await db.run(`${into} ${features}`);
  }
  await db.run('CREATE OR REPLACE TEMP VIEW customer_features AS SELECT * FROM cutoff_features');
}

/** The days that any window on browsing reads, as numbers in the query, which Parquet files are skipped through by. */
function selectRecent(cutoffs: readonly Cutoff[]): string {
  const lastDays = cutoffs.map(({ lastDay }) => lastDay);
  return `SELECT * FROM browse_events WHERE occurred_day BETWEEN ${Math.min(...lastDays) - 89} AND ${Math.max(...lastDays)}`;
}

const selectCutoff = ({ lastDay, horizonDays }: Cutoff): string =>
  `SELECT CAST(${lastDay} AS INTEGER) AS last_day, CAST(${horizonDays ?? 'NULL'} AS INTEGER) AS horizon_days`;

/** Writes the bucket's features from `onBucket`. */
export const writeFeatures = (db: DuckDb, parquetPath: string): Promise<void> =>
  db.run(`COPY customer_features TO ${sqlText(parquetPath)} (FORMAT parquet, PARQUET_VERSION v2)`);

/** Of whose lines come from several files, in which order those were read. */
const readOrderColumns = { ...orderColumns, source_file: 'INTEGER' };

async function createInputs(
  db: DuckDb,
  {
    cutoffs,
    newestAt,
    nonProducts,
  }: Required<Pick<OrderFeatureOptions, 'cutoffs' | 'newestAt' | 'nonProducts'>>,
): Promise<void> {
  if (cutoffs.length === 0) throw new Error('computeOrderFeatures needs at least one cutoff');
  if (new Set(cutoffs.map(({ lastDay }) => lastDay)).size < cutoffs.length)
    throw new Error('computeOrderFeatures needs cutoffs with different last days');
  await db.run('CREATE OR REPLACE TEMP TABLE cutoffs (last_day INTEGER, horizon_days INTEGER)');
  for (const { lastDay, horizonDays } of cutoffs)
    await db.run(`INSERT INTO cutoffs VALUES (${lastDay}, ${horizonDays ?? 'NULL'})`);
  await db.run(
    `CREATE OR REPLACE TEMP TABLE ledger_settings AS SELECT CAST(${newestAt} AS BIGINT) AS newest_at`,
  );
  await db.run('CREATE OR REPLACE TEMP TABLE non_products (product VARCHAR)');
  const names = [...new Set(nonProducts.map((name) => name.trim().toUpperCase()))];
  for (const name of names) await db.run(`INSERT INTO non_products VALUES (${sqlText(name)})`);
}

function select(columns: Record<string, string>, rows: Rows | null): string {
  const list = Object.entries(columns).map(
    ([name, type]) => `CAST(${rows ? name : 'NULL'} AS ${type}) AS ${name}`,
  );
  return `SELECT ${list.join(', ')} ${from(rows)}`;
}

function from(rows: Rows | null): string {
  if (rows === null || ('parquet' in rows && rows.parquet.length === 0)) return 'WHERE FALSE';
  if ('table' in rows) return `FROM ${rows.table}`;
  return `FROM read_parquet([${rows.parquet.map(sqlText).join(', ')}])`;
}

/** The statement for the next bucket, in place of the one before, and for this connection alone. */
const replacing = (statement: string): string =>
  statement.replace(/\bCREATE (TABLE|VIEW)\b/, 'CREATE OR REPLACE TEMP $1');

const ruleOf = (row: Record<string, unknown>): LedgerRule => ({
  outcome: row.outcome as LedgerOutcome,
  lines: Number(row.line_count),
  amount: Number(row.amount),
});
