import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { forEachConcurrently } from './concurrency.ts';

/** An EventBridge bus that others listen on. */
export interface Events {
  client: EventBridgeClient;
  busName: string;
}

/** What EventBridge takes in one request. */
const entriesAtOnce = 10;

interface Patience {
  /** Seconds after which a batch of which some are still refused fails. */
  deadlineSeconds?: number;
  firstWaitMs?: number;
}

/**
 * Sends one event for each detail, in no order; returns once every one has been taken, or throws. An event may arrive more than once: who
 * must not act twice keeps the ids in `detail`.
 */
export async function sendEvents(
  { client, busName }: Events,
  { source, detailType, details }: { source: string; detailType: string; details: Iterable<object> },
  patience: Patience = {},
): Promise<void> {
  const entryOf = (detail: object): PutEventsRequestEntry => ({
    EventBusName: busName,
    Source: source,
    DetailType: detailType,
    Detail: JSON.stringify(detail),
  });
  await forEachConcurrently(batches(details, entryOf), 4, (batch) => sendBatch(client, batch, patience));
}

function* batches<Detail>(
  details: Iterable<Detail>,
  entryOf: (detail: Detail) => PutEventsRequestEntry,
): Generator<PutEventsRequestEntry[]> {
  let batch: PutEventsRequestEntry[] = [];
  for (const detail of details) {
    batch.push(entryOf(detail));
    if (batch.length < entriesAtOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** EventBridge may take some of a batch and say of the rest, by their places, why not. */
async function sendBatch(
  client: EventBridgeClient,
  batch: PutEventsRequestEntry[],
  { deadlineSeconds = 60, firstWaitMs = 50 }: Patience,
): Promise<void> {
  const deadline = performance.now() + deadlineSeconds * 1000;
  let left = batch;
  for (let longestWaitMs = firstWaitMs; ; longestWaitMs = Math.min(2 * longestWaitMs, 5000)) {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: left }));
    const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode;
    left = left.filter((_, place) => Entries[place]?.EventId === undefined);
    if (left.length === 0) return;
    // Full jitter: senders that were refused together must not come back together.
    const waitMs = Math.random() * longestWaitMs;
    if (performance.now() + waitMs > deadline)
      throw new Error(
        `the event bus still refuses ${left.length} of ${batch.length} events after ${deadlineSeconds} s: ${refused ?? 'it gave no reason'}`,
      );
    await sleep(waitMs);
  }
}
