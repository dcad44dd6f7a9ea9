import type { CanonicalColumns } from './canonicalColumns.ts';
import { customerBucketSql, stagedBuckets } from './customerBucket.ts';
import { type DuckDb, sqlText } from './duckdb.ts';

/** Of a row group, the least that is read: about what two buckets have in a file. */
const rowsOfRowGroup = 8_192;

/** Columns of more values to a row group, such as ids, take less time and room without a dictionary. */
const dictionaryValues = 1_024;

const options = [
  'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1',
  `ROW_GROUP_SIZE ${rowsOfRowGroup}, DICTIONARY_SIZE_LIMIT ${dictionaryValues}`,
].join(', ');

/** What to select of rows that have these columns, for a staged file. */
export function stagedSql(columns: CanonicalColumns): string {
  const casts = Object.entries(columns).map(([name, type]) => `CAST(${name} AS ${type}) AS ${name}`);
  return [...casts, `${customerBucketSql('customer_id', stagedBuckets)} AS bucket`].join(', ');
}

/** Writes a staged file of rows that have their bucket. */
export const writeStaged = (db: DuckDb, rows: string, path: string): Promise<void> =>
  db.run(`COPY (${rows} ORDER BY bucket) TO ${sqlText(path)} (${options})`);
