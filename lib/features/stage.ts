import type { EventBatch } from '../tables/orders/eventBatch.ts';
import type { OrderLineBatch } from '../tables/orders/orderLines.ts';
import { type CanonicalColumns, eventColumns, orderColumns } from './canonicalColumns.ts';
import { customerBucketSql, stagedBuckets } from './customerBucket.ts';
import { type DuckDb, sqlText } from './duckdb.ts';
import type { PlainType, PlainValues } from './plainColumn.ts';
import { PlainParquet } from './plainParquet.ts';

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

const writeOptions = [
  'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1',
  `ROW_GROUP_SIZE ${rowsOfRowGroup}, DICTIONARY_SIZE_LIMIT ${dictionaryValues}`,
].join(', ');

const plainTypes: Record<CanonicalColumns[string], PlainType> = {
  VARCHAR: 'VARCHAR',
  BIGINT: 'BIGINT',
  INTEGER: 'INTEGER',
  SMALLINT: 'INTEGER',
  DOUBLE: 'DOUBLE',
};

/** The reader says -1 where the hour is not known. */
const known = (name: string): string => (name === 'ordered_hour' ? `NULLIF(${name}, -1)` : name);

/** Files are `path`-0.parquet and on; `path`.rows has the rows of the one that is being written. */
function stage<Batch extends { length: number }>(
  db: DuckDb,
  { path, columns, leavesOut }: StagePlace & { columns: CanonicalColumns },
  valuesOf: (batch: Batch) => PlainValues[],
): Stage<Batch> {
  const types = Object.entries(columns).map(([name, type]) => [name, plainTypes[type]] as const);
  const casts = Object.entries(columns).map(([name, type]) => `CAST(${known(name)} AS ${type}) AS ${name}`);
  const bucket = `${customerBucketSql('customer_id', stagedBuckets)} AS bucket`;
  const rowsPath = `${path}.rows`;
  const rows = `read_parquet(${sqlText(rowsPath)})`;
  let files: string[] = [];
  let gathered = new PlainParquet(Object.fromEntries(types));
  let written = new PlainParquet(Object.fromEntries(types));
  let writing: Promise<void> = Promise.resolve();

  async function leftOut(): Promise<string> {
    if (leavesOut === undefined) return '';
    const counted = await db.rows(
      `SELECT customer_id, COUNT(*) AS row_count FROM ${rows} WHERE customer_id IS NOT NULL GROUP BY customer_id`,
    );
    const ids = counted.flatMap(({ customer_id, row_count }) =>
      leavesOut(String(customer_id), Number(row_count)) ? [sqlText(String(customer_id))] : [],
    );
    return ids.length === 0 ? '' : `WHERE customer_id IS NULL OR customer_id NOT IN (${ids.join(', ')})`;
  }

  async function copy(file: string): Promise<void> {
    await db.writeFile(rowsPath, written.parts());
    const staged = `SELECT ${[...casts, bucket].join(', ')} FROM ${rows} ${await leftOut()} ORDER BY bucket`;
    await db.run(`COPY (${staged}) TO ${sqlText(file)} (${writeOptions})`);
    await db.removeFile(rowsPath);
  }

  /** Writes what was gathered, while more is gathered in the place of what was written before. */
  async function write(): Promise<void> {
    await writing;
    [gathered, written] = [written, gathered];
    gathered.clear();
    const file = `${path}-${files.length}.parquet`;
    files.push(file);
    writing = copy(file);
    // A failure is thrown by the next one that waits for it.
    writing.catch(() => {});
  }

  return {
    async begin() {
      await writing.catch(() => {});
      for (const file of files) await db.removeFile(file);
      gathered.clear();
      writing = Promise.resolve();
      files = [];
    },
    async add(batch) {
      gathered.add({ length: batch.length, columns: valuesOf(batch) });
      if (gathered.rows >= rowsOfFile) await write();
    },
    async end() {
      if (gathered.rows > 0 || files.length === 0) await write();
      await writing;
      return files;
    },
  };
}
