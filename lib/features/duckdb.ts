import { readFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance, type JS } from '@duckdb/node-api';

/** DuckDB in memory, allowed to read and write below one directory and nothing else. */
export interface DuckDb {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<SqlRow[]>;
  /** The result by column, in the order of `names`. */
  columns(sql: string): Promise<{ names: string[]; values: SqlValue[][] }>;
  /** Puts a file where queries can read it, its parts one behind the other. */
  writeFile(path: string, parts: readonly Uint8Array[]): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** Another connection to the same database, for statements at the same time; it is closed with this one. */
  beside(): Promise<DuckDb>;
  close(): void;
}

export type SqlValue = string | number | boolean | null;
export type SqlRow = Record<string, SqlValue>;

export interface DuckDbOptions {
  /** An existing directory for what does not fit in memory, and for the files that queries read and write. */
  scratchDirectory: string;
  /** For DuckDB alone; the process needs some 150 MB beside it. */
  memoryLimitMb: number;
  threads: number;
}

/** Settings are locked, extensions are neither fetched nor loaded, and neither HOME nor a writable root is needed. */
export async function openDuckDb({
  scratchDirectory,
  memoryLimitMb,
  threads,
}: DuckDbOptions): Promise<DuckDb> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${memoryLimitMb}MB`,
    temp_directory: scratchDirectory,
    preserve_insertion_order: 'false',
    // of each staged file a group reads what no other does: there is nothing to keep
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  // a group of customers opens every staged file anew
  await connection.run('SET parquet_metadata_cache = true');
  // In this order: what may be reached, then that nothing else may, then that this stays so.
  await connection.run(`SET allowed_directories = [${sqlText(scratchDirectory)}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return adapt(instance, connection, { closeOthers: () => instance.closeSync() });
}

/** Connections to one database, each for statements of its own at the same time. */
export type Connections = readonly [DuckDb, ...DuckDb[]];

/**
 * Two cores' worth of DuckDB: as two connections of one thread each, or as one of two. The thread that asks for a statement helps with
 * it, and where there is nothing to help with it asks again and again until the others are done, so one to a connection spares most.
 */
export async function withConnections<Result>(
  { atOnce, ...options }: Omit<DuckDbOptions, 'threads'> & { atOnce: 1 | 2 },
  work: (connections: Connections) => Promise<Result>,
): Promise<Result> {
  const db = await openDuckDb({ ...options, threads: atOnce === 2 ? 1 : 2 });
  try {
    return await work(atOnce === 2 ? [db, await db.beside()] : [db]);
  } finally {
    db.close();
  }
}

/** The statements of `sql/<name>.sql`, in their order. */
export function readStatements(name: 'ledger' | 'features' | 'purchases' | 'quality' | 'sales'): string[] {
  const text = readFileSync(fileURLToPath(new URL(`./sql/${name}.sql`, import.meta.url)), 'utf8');
  return text.split(/;\s*$/m).filter((statement) => statement.trim() !== '');
}

/** A string literal. */
export const sqlText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

function adapt(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  { closeOthers }: { closeOthers: () => void },
): DuckDb {
  const besides: DuckDb[] = [];
  return {
    async run(sql) {
      await connection.run(sql);
    },
    async rows(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader
        .getRowObjectsJS()
        .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
    },
    async columns(sql) {
      const reader = await connection.runAndReadAll(sql);
      return {
        names: reader.columnNames(),
        values: reader.getColumnsJS().map((column) => column.map(plain)),
      };
    },
    async writeFile(path, parts) {
      const file = await open(path, 'w');
      try {
        for (const part of parts) await file.writeFile(part);
      } finally {
        await file.close();
      }
    },
    async removeFile(path) {
      await rm(path, { force: true });
    },
    async beside() {
      const made = adapt(instance, await instance.connect(), { closeOthers: () => {} });
      besides.push(made);
      return made;
    },
    close() {
      for (const made of besides) made.close();
      connection.closeSync();
      closeOthers();
    },
  };
}

/** BIGINT comes as a bigint; money and counts are safe integers, and anything else must not lose digits in silence. */
function plain(value: JS | undefined): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  throw new Error(`openDuckDb reads text, numbers and booleans that a double holds; got ${String(value)}`);
}
