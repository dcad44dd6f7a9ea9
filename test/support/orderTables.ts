import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Cutoff,
  computeOrderFeatures,
  type LedgerRule,
} from '../../lib/features/computeOrderFeatures.ts';
import { type DuckDb, openDuckDb, type SqlRow, sqlText } from '../../lib/features/duckdb.ts';
import type { OrderHistory } from './orderHistory.ts';

/** A DuckDB of the test's own, and the directory that it may use. */
export async function openTestDuckDb(threads = 1): Promise<{ db: DuckDb; directory: string; close(): void }> {
  const directory = mkdtempSync(join(tmpdir(), 'valuecast-orders-'));
  const db = await openDuckDb({ scratchDirectory: directory, memoryLimitMb: 400, threads });
  return {
    db,
    directory,
    close() {
      db.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Features of a history that is held in memory, as one bucket. */
export async function featuresOf(
  db: DuckDb,
  { lines, events }: OrderHistory,
  {
    cutoffs,
    newestAt,
    nonProducts,
    onBucket = async () => {},
  }: { cutoffs: Cutoff[]; newestAt: number; nonProducts: string[]; onBucket?: () => Promise<void> },
): Promise<{ rules: LedgerRule[]; rows: SqlRow[] }> {
  await db.run(`CREATE OR REPLACE TABLE test_lines (customer_id VARCHAR, order_id VARCHAR, ordered_at BIGINT,
    ordered_day INTEGER, ordered_hour SMALLINT, product VARCHAR, category VARCHAR, quantity DOUBLE, amount BIGINT,
    discount BIGINT, country VARCHAR, channel VARCHAR, status VARCHAR, source_file INTEGER, source_line BIGINT)`);
  await insert(db, 'test_lines', lines);
  await db.run(`CREATE OR REPLACE TABLE test_events (customer_id VARCHAR, session_id VARCHAR, occurred_day INTEGER,
    minutes DOUBLE, kind VARCHAR)`);
  await insert(db, 'test_events', events);
  let rows: SqlRow[] = [];
  const rules = await computeOrderFeatures(db, {
    buckets: [{ orders: { table: 'test_lines' }, events: { table: 'test_events' } }],
    cutoffs,
    newestAt,
    nonProducts,
    onBucket: async () => {
      rows = await db.rows('SELECT * FROM customer_features ORDER BY last_day, customer_id');
      await onBucket();
    },
  });
  return { rules, rows };
}

async function insert(db: DuckDb, table: string, rows: readonly object[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const names = Object.keys(first);
  const tuples = rows.map((row) => `(${names.map((name) => literal((row as SqlRow)[name])).join(', ')})`);
  await db.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES ${tuples.join(', ')}`);
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'string' ? sqlText(value) : String(value);
}
