import { customerBucket, stagedBuckets } from '../../features/customerBucket.ts';

/**
 * Rows of a group of customers that are worked on at a time, two groups at once; DuckDB needs some 300 bytes for each. With fewer, what
 * each group costs by itself weighs more: planning its queries, and opening all staged files.
 */
const rowsAtATime = 500_000;

/** How many groups of neighbouring buckets a history of so many rows is worked on in: all of as many buckets, so of like size. */
export const groupsFor = (rows: number): number => {
  let groups = 1;
  while (groups < stagedBuckets && rows / groups > rowsAtATime) groups *= 2;
  return groups;
};

/** Whether memory holds two groups at once: where there cannot be enough of them, they are larger. */
export const fitTwice = (rows: number, groups: number): boolean => rows / groups <= rowsAtATime;

/** The group that holds a customer, where the history was worked on in `groups`. */
export const groupOf = (customerId: string, groups: number): number =>
  Math.floor((customerBucket(customerId, stagedBuckets) * groups) / stagedBuckets);
