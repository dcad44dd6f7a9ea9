import { customerBucket, stagedBuckets } from '../../features/customerBucket.ts';

/** Rows of a group of customers that are worked on at a time; DuckDB needs some 500 bytes for each. */
const rowsAtATime = 500_000;

/** How many groups of neighbouring buckets a history of so many rows is worked on in. */
export const groupsFor = (rows: number): number =>
  Math.min(stagedBuckets, Math.max(1, Math.ceil(rows / rowsAtATime)));

/** The group that holds a customer, where the history was worked on in `groups`. */
export const groupOf = (customerId: string, groups: number): number =>
  Math.floor((customerBucket(customerId, stagedBuckets) * groups) / stagedBuckets);
