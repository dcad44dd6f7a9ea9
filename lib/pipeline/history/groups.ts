import { customerBucket, stagedBuckets } from '../../features/customerBucket.ts';

/** Rows of a group of customers that are worked on at a time, two groups at once; DuckDB needs some 500 bytes for each. */
const rowsAtATime = 250_000;

/** How many groups of neighbouring buckets a history of so many rows is worked on in. */
export const groupsFor = (rows: number): number =>
  Math.min(stagedBuckets, Math.max(1, Math.ceil(rows / rowsAtATime)));

/** Whether memory holds two groups at once: where there cannot be enough of them, they are larger. */
export const fitTwice = (rows: number, groups: number): boolean => rows / groups <= rowsAtATime;

/** The group that holds a customer, where the history was worked on in `groups`. */
export const groupOf = (customerId: string, groups: number): number =>
  Math.floor((customerBucket(customerId, stagedBuckets) * groups) / stagedBuckets);
