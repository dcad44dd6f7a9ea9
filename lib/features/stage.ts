import type { OrderLineBatch } from '../tables/orders/orderLines.ts';
import type { EventBatch } from '../tables/orders/readEvents.ts';
import { customerBucketSql, stagedBuckets } from './customerBucket.ts';
import { type AppendedRows, type DuckDb, sqlText } from './duckdb.ts';

/** Rows on their way into a Parquet file: `begin` and `add` take them as a reader gives them, `write` ends it. */
export interface Stage<Batch> {
  begin(): Promise<void>;
  add(batch: Batch): Promise<void>;
  /** The rows of a bucket of customers stand together, so that a bucket is read without the others. */
  write(parquetPath: string): Promise<void>;
}

type Columns = Record<string, 'VARCHAR' | 'BIGINT' | 'INTEGER' | 'SMALLINT' | 'DOUBLE'>;

const orderColumns: Columns = {
  customer_id: 'VARCHAR',
  order_id: 'VARCHAR',
  ordered_at: 'BIGINT',
  ordered_day: 'INTEGER',
  ordered_hour: 'SMALLINT',
  product: 'VARCHAR',
  category: 'VARCHAR',
  quantity: 'DOUBLE',
  amount: 'BIGINT',
  discount: 'BIGINT',
  currency: 'VARCHAR',
  country: 'VARCHAR',
  channel: 'VARCHAR',
  status: 'VARCHAR',
  source_line: 'BIGINT',
};

export const stageOrderLines = (db: DuckDb): Stage<OrderLineBatch> =>
  stage(db, orderColumns, (batch) => [
    batch.customerId,
    batch.orderId,
    batch.orderedAt,
    batch.orderedDay,
    batch.orderedHour,
    batch.product,
    batch.category,
    batch.quantity,
    batch.amount,
    batch.discount,
    batch.currency,
    batch.country,
    batch.channel,
    batch.status,
    batch.sourceLine,
  ]);

const eventColumns: Columns = {
  customer_id: 'VARCHAR',
  session_id: 'VARCHAR',
  occurred_at: 'BIGINT',
  occurred_day: 'INTEGER',
  minutes: 'DOUBLE',
  kind: 'VARCHAR',
  channel: 'VARCHAR',
};

export const stageEvents = (db: DuckDb): Stage<EventBatch> =>
  stage(db, eventColumns, (batch) => [
    batch.customerId,
    batch.sessionId,
    batch.occurredAt,
    batch.occurredDay,
    batch.minutes,
    batch.kind,
    batch.channel,
  ]);

/** The reader says -1 where the hour is not known. */
const known = (name: string): string => (name === 'ordered_hour' ? `NULLIF(${name}, -1)` : name);

/** One at a time: a stage that begins takes the place of the one before. */
function stage<Batch extends { length: number }>(
  db: DuckDb,
  columns: Columns,
  valuesOf: (batch: Batch) => AppendedRows['columns'],
): Stage<Batch> {
  // Doubles hold every integer up to 2^53, at a fraction of what a BigInt for each cell would cost.
  const types = Object.entries(columns).map(
    ([name, type]) => `${name} ${type === 'VARCHAR' ? type : 'DOUBLE'}`,
  );
  const casts = Object.entries(columns).map(([name, type]) => `CAST(${known(name)} AS ${type}) AS ${name}`);
  const bucket = `${customerBucketSql('customer_id', stagedBuckets)} AS bucket`;
  return {
    async begin() {
      await db.endAppending('staged');
      await db.run(`CREATE OR REPLACE TABLE staged (${types.join(', ')})`);
    },
    add: (batch) => db.append('staged', { length: batch.length, columns: valuesOf(batch) }),
    async write(parquetPath) {
      await db.endAppending('staged');
      const rows = `SELECT ${[...casts, bucket].join(', ')} FROM staged ORDER BY bucket`;
      await db.run(`COPY (${rows}) TO ${sqlText(parquetPath)} (FORMAT parquet, COMPRESSION zstd)`);
      await db.run('DROP TABLE staged');
    },
  };
}
