import type { EventBatch } from '../tables/orders/eventBatch.ts';
import type { OrderLineBatch } from '../tables/orders/orderLines.ts';
import type { AppendedRows } from './appendedChunk.ts';
import { type CanonicalColumns, eventColumns, orderColumns } from './canonicalColumns.ts';
import { customerBucketSql, stagedBuckets } from './customerBucket.ts';
import { type DuckDb, sqlText } from './duckdb.ts';

/** Rows on their way into Parquet files: `begin` and `add` take them as a reader gives them, `end` tells the files. */
export interface Stage<Batch> {
  begin(): Promise<void>;
  add(batch: Batch): Promise<void>;
  /** In each file the rows of a bucket of customers stand together, so that a bucket is read without the others. */
  end(): Promise<string[]>;
}

/** Whether a customer's rows, so many of them, are to be left out. */
export type LeavesOut = (customerId: string, rows: number) => boolean;

/** Where a stage writes, and who is left out; nobody where it does not say. */
interface StagePlace {
  path: string;
  leavesOut?: LeavesOut | undefined;
}

export const stageOrderLines = (db: DuckDb, place: StagePlace): Stage<OrderLineBatch> =>
  stage(db, { ...place, columns: { ...orderColumns, currency: 'VARCHAR' } }, (batch) => [
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
    batch.country,
    batch.channel,
    batch.status,
    batch.sourceLine,
    batch.currency,
  ]);

export const stageEvents = (db: DuckDb, place: StagePlace): Stage<EventBatch> =>
  stage(
    db,
    { ...place, columns: { ...eventColumns, occurred_at: 'BIGINT', channel: 'VARCHAR' } },
    (batch) => [
      batch.customerId,
      batch.sessionId,
      batch.occurredDay,
      batch.minutes,
      batch.kind,
      batch.occurredAt,
      batch.channel,
    ],
  );

/** Rows of a file: as many as DuckDB sorts in some 150 MB, while the next ones are read. */
const rowsOfFile = 250_000;

/** Of a row group, the least that is read: about what two buckets have in a file. */
const rowsOfRowGroup = 8_192;

/** Columns of more values to a row group, such as ids, take less time and room without a dictionary. */
const dictionaryValues = 1_024;

/** As batches have them. Doubles hold every integer up to 2^53, at a fraction of what a BigInt for each cell would cost. */
const appendedTypes = {
  VARCHAR: 'VARCHAR',
  BIGINT: 'DOUBLE',
  INTEGER: 'INTEGER',
  SMALLINT: 'TINYINT',
  DOUBLE: 'DOUBLE',
} as const;

/** The reader says -1 where the hour is not known. */
const known = (name: string): string => (name === 'ordered_hour' ? `NULLIF(${name}, -1)` : name);

/** One at a time: a stage that begins takes the place of the one before. Files are `path`-0.parquet and on. */
function stage<Batch extends { length: number }>(
  db: DuckDb,
  { path, columns, leavesOut }: StagePlace & { columns: CanonicalColumns },
  valuesOf: (batch: Batch) => AppendedRows['columns'],
): Stage<Batch> {
  const types = Object.entries(columns).map(([name, type]) => `${name} ${appendedTypes[type]}`);
  const casts = Object.entries(columns).map(([name, type]) => `CAST(${known(name)} AS ${type}) AS ${name}`);
  const bucket = `${customerBucketSql('customer_id', stagedBuckets)} AS bucket`;
  const options = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowsOfRowGroup}, DICTIONARY_SIZE_LIMIT ${dictionaryValues}`;
  let files: string[] = [];
  let rows = 0;
  let writing: Promise<void> = Promise.resolve();

  const tables = ['staged_0', 'staged_1'] as const;
  const table = (): string => tables[files.length % 2] as string;
  const create = (name: string): Promise<void> =>
    db.run(`CREATE OR REPLACE TABLE ${name} (${types.join(', ')})`);

  async function removeLeftOut(name: string): Promise<void> {
    if (leavesOut === undefined) return;
    const counted = await db.rows(
      `SELECT customer_id, COUNT(*) AS row_count FROM ${name} WHERE customer_id IS NOT NULL GROUP BY customer_id`,
    );
    const ids = counted.flatMap(({ customer_id, row_count }) =>
      leavesOut(String(customer_id), Number(row_count)) ? [sqlText(String(customer_id))] : [],
    );
    if (ids.length > 0) await db.run(`DELETE FROM ${name} WHERE customer_id IN (${ids.join(', ')})`);
  }

  /** Writes what was appended, while more is appended to the other table. */
  async function write(): Promise<void> {
    const name = table();
    const file = `${path}-${files.length}.parquet`;
    const staged = `SELECT ${[...casts, bucket].join(', ')} FROM ${name} ORDER BY bucket`;
    await db.endAppending(name);
    await writing;
    const copy = async () => {
      await removeLeftOut(name);
      await db.run(`COPY (${staged}) TO ${sqlText(file)} (${options})`);
      await create(name);
    };
    writing = copy();
    // A failure is thrown by the next one that waits for it.
    writing.catch(() => {});
    files.push(file);
    rows = 0;
  }

  return {
    async begin() {
      await writing.catch(() => {});
      for (const name of tables) await db.endAppending(name);
      for (const name of tables) await create(name);
      writing = Promise.resolve();
      files = [];
      rows = 0;
    },
    async add(batch) {
      await db.append(table(), { length: batch.length, columns: valuesOf(batch) });
      rows += batch.length;
      if (rows >= rowsOfFile) await write();
    },
    async end() {
      if (rows > 0 || files.length === 0) await write();
      await writing;
      for (const name of tables) await db.run(`DROP TABLE ${name}`);
      return files;
    },
  };
}
