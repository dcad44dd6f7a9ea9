import { createHash } from 'node:crypto';

/** Buckets that staged files are sorted by; a run joins neighbours. Stored files depend on it: it never changes. */
export const stagedBuckets = 64;

/**
 * Which of `buckets` a customer's rows are in: the first four bytes of the MD5 of the id's UTF-8, as a big-endian integer,
 * modulo `buckets`. Rows without a customer go where the empty id goes. Stored files depend on it: it never changes.
 */
export const customerBucket = (customerId: string | null, buckets: number): number =>
  customerNumber(customerId) % buckets;

/**
 * The same in DuckDB's SQL, for a column of ids. Trino writes
 * `from_base(substr(to_hex(md5(to_utf8(id))), 1, 8), 16) % n`, Spark `cast(conv(substr(md5(id), 1, 8), 16, 10) as bigint) % n`.
 */
export const customerBucketSql = (column: string, buckets: number): string =>
  `CAST(${256 % buckets === 0 ? lastByteSql(column, buckets) : `${customerNumberSql(column)} % ${buckets}`} AS INTEGER)`;

/**
 * Whether a customer is in the sample of this share. A smaller share's sample is part of a larger one's, and every bucket has its part
 * of both: buckets are the remainder of the same number, samples its size.
 */
export const isSampled = (customerId: string, share: number): boolean =>
  customerNumber(customerId) < share * 2 ** 32;

/** The same in DuckDB's SQL. */
export const isSampledSql = (column: string, share: number): string =>
  `${customerNumberSql(column)} < ${Math.ceil(share * 2 ** 32)}`;

/** 0 to 2³² − 1, as good as drawn at random, and the same wherever the customer comes again. */
export const customerNumber = (customerId: string | null): number =>
  createHash('md5')
    .update(customerId ?? '', 'utf8')
    .digest()
    .readUInt32BE(0);

const customerNumberSql = (column: string): string =>
  `CAST('0x' || SUBSTR(MD5(COALESCE(${column}, '')), 1, 8) AS UBIGINT)`;

/** The remainder by a power of two is in the last of the four bytes, which DuckDB has in half the time. */
const lastByteSql = (column: string, buckets: number): string =>
  `(CAST(md5_number(COALESCE(${column}, '')) & ${(buckets - 1) * 2 ** 24} AS BIGINT) >> 24)`;
