import type { EventBatch } from '../tables/orders/eventBatch.ts';
import type { OrderLineBatch } from '../tables/orders/orderLines.ts';
import type { CanonicalColumns } from './canonicalColumns.ts';
import { type Connections, type DuckDb, sqlText } from './duckdb.ts';
import type { PlainType, PlainValues } from './plainColumn.ts';
import { PlainParquet } from './plainParquet.ts';
import { stagedEventColumns, stagedOrderColumns, stagedSql, writeStaged } from './stagedParquet.ts';

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

export const stageOrderLines = (connections: Connections, place: StagePlace): Stage<OrderLineBatch> =>
  stage(connections, { ...place, columns: stagedOrderColumns }, (batch) => [
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

export const stageEvents = (connections: Connections, place: StagePlace): Stage<EventBatch> =>
  stage(connections, { ...place, columns: stagedEventColumns }, (batch) => [
    batch.customerId,
    batch.sessionId,
    batch.occurredDay,
    batch.minutes,
    batch.kind,
    batch.occurredAt,
    batch.channel,
  ]);

/** Rows of a file: as many as DuckDB sorts in some 150 MB, while the next ones are read. */
const rowsOfFile = 250_000;

const plainTypes: Record<CanonicalColumns[string], PlainType> = {
  VARCHAR: 'VARCHAR',
  BIGINT: 'BIGINT',
  INTEGER: 'INTEGER',
  SMALLINT: 'INTEGER',
  DOUBLE: 'DOUBLE',
};

/** Files are `path`-0.parquet and on; `path`.rows-0 and on have the rows of those that are being written. */
function stage<Batch extends { length: number }>(
  connections: Connections,
  { path, columns, leavesOut }: StagePlace & { columns: CanonicalColumns },
  valuesOf: (batch: Batch) => PlainValues[],
): Stage<Batch> {
  const types = Object.entries(columns).map(([name, type]) => [name, plainTypes[type]] as const);
  let files: string[] = [];
  const gathered = new PlainParquet(Object.fromEntries(types));
  /** By connection, the last file that it was given. */
  let writing: Promise<void>[] = connections.map(() => Promise.resolve());

  async function leftOut(db: DuckDb, rows: string): Promise<string> {
    if (leavesOut === undefined) return '';
    const counted = await db.rows(
      `SELECT customer_id, COUNT(*) AS row_count FROM ${rows} WHERE customer_id IS NOT NULL GROUP BY customer_id`,
    );
    const ids = counted.flatMap(({ customer_id, row_count }) =>
      leavesOut(String(customer_id), Number(row_count)) ? [sqlText(String(customer_id))] : [],
    );
    return ids.length === 0 ? '' : `WHERE customer_id IS NULL OR customer_id NOT IN (${ids.join(', ')})`;
  }

  async function sort(db: DuckDb, { from, to }: { from: string; to: string }): Promise<void> {
    const rows = `read_parquet(${sqlText(from)})`;
    await writeStaged(db, `SELECT ${stagedSql(columns)} FROM ${rows} ${await leftOut(db, rows)}`, to);
    await db.removeFile(from);
  }

  /** Has what was gathered written by the next connection, while more is gathered. */
  async function write(): Promise<void> {
    const turn = files.length % connections.length;
    const db = connections[turn] as DuckDb;
    const to = `${path}-${files.length}.parquet`;
    const from = `${path}.rows-${turn}`;
    await writing[turn];
    files.push(to);
    await db.writeFile(from, gathered.parts());
    gathered.clear();
    const sorting = sort(db, { from, to });
    // A failure is thrown by the next one that waits for it.
    sorting.catch(() => {});
    writing[turn] = sorting;
  }

  return {
    async begin() {
      await Promise.allSettled(writing);
      for (const file of files) await connections[0].removeFile(file);
      gathered.clear();
      writing = connections.map(() => Promise.resolve());
      files = [];
    },
    async add(batch) {
      gathered.add({ length: batch.length, columns: valuesOf(batch) });
      if (gathered.rows >= rowsOfFile) await write();
    },
    async end() {
      if (gathered.rows > 0 || files.length === 0) await write();
      await Promise.all(writing);
      return files;
    },
  };
}
