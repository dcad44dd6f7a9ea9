import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { forEachConcurrently } from './concurrency.ts';
import type { Item } from './item.ts';
import type { Key } from './keys.ts';
import { encodeIn, type Table } from './table.ts';

/** What DynamoDB takes in one request. */
const batchSize = 25;

interface Patience {
  /** Seconds after which a batch that is still refused fails. */
  deadlineSeconds?: number;
  concurrency?: number;
  /** Longest wait before the first repetition; it doubles up to 5 s. */
  firstWaitMs?: number;
}

/** Writes all items, in no order; returns once every one of them is there, or throws. */
export async function writeItems(
  table: Table,
  items: Iterable<Key & Item>,
  patience: Patience = {},
): Promise<void> {
  await forEachConcurrently(batches(table, items), patience.concurrency ?? 4, (batch) =>
    writeBatch(table, batch, patience),
  );
}

function* batches(table: Table, items: Iterable<Key & Item>): Generator<WriteRequest[]> {
  let batch: WriteRequest[] = [];
  for (const item of items) {
    batch.push({ PutRequest: { Item: encodeIn(table, item) } });
    if (batch.length === batchSize) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** DynamoDB may take some of a batch and hand back the rest, with no error. */
async function writeBatch(table: Table, batch: WriteRequest[], patience: Patience): Promise<void> {
  const { deadlineSeconds = 60, firstWaitMs = 50 } = patience;
  const deadline = performance.now() + deadlineSeconds * 1000;
  let left = batch;
  for (let longestWaitMs = firstWaitMs; ; longestWaitMs = Math.min(2 * longestWaitMs, 5000)) {
    left = await sendBatch(table, left);
    if (left.length === 0) return;
    // Full jitter: writers that were refused together must not come back together.
    const waitMs = Math.random() * longestWaitMs;
    if (performance.now() + waitMs > deadline) {
      throw new Error(
        `the table still refuses ${left.length} of ${batch.length} items after ${deadlineSeconds} s`,
      );
    }
    await sleep(waitMs);
  }
}

async function sendBatch({ client, name }: Table, requests: WriteRequest[]): Promise<WriteRequest[]> {
  try {
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [name]: requests } }),
    );
    return UnprocessedItems?.[name] ?? [];
  } catch (error) {
    if (isThrottling(error)) return requests;
    throw error;
  }
}

const throttlingErrors = [
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
];

const isThrottling = (error: unknown): boolean =>
  error instanceof Error && throttlingErrors.includes(error.name);
