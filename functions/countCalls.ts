import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';

/** What an instance has asked of the services. An instance does one event at a time, so what is counted between two looks is one run's. */
export interface Calls {
  /** Items of the table that were written, changed or deleted. */
  writes: number;
  /** Requests that were sent again, by the SDK or for items that were handed back. */
  retries: number;
}

/** Counts from now on; the function that it answers tells what was counted since it was last called. */
export function countCalls(...clients: (S3Client | DynamoDBClient)[]): () => Calls {
  let calls: Calls = { writes: 0, retries: 0 };
  const count = (of: Sent) => {
    calls.retries += Math.max(0, (of?.$metadata?.attempts ?? 1) - 1);
  };
  const middleware =
    (next: (args: Asked) => Promise<{ output: Sent }>, { commandName = '' }: { commandName?: string }) =>
    async (args: Asked) => {
      try {
        const answer = await next(args);
        count(answer.output);
        const handedBack = itemsOf(answer.output?.UnprocessedItems);
        calls.writes += itemsOf(args.input.RequestItems) - handedBack;
        if (/^(Put|Update|Delete)Item/.test(commandName)) calls.writes += 1;
        if (handedBack > 0) calls.retries += 1;
        return answer;
      } catch (error) {
        count(error as Sent);
        throw error;
      }
    };
  for (const client of clients) {
    // biome-ignore lint/suspicious/noExplicitAny: the stacks of the two clients have types of their own, and this needs neither.
    (client.middlewareStack as any).add(middleware, { step: 'initialize', name: 'countCalls' });
  }
  return () => {
    const counted = calls;
    calls = { writes: 0, retries: 0 };
    return counted;
  };
}

type Sent = { $metadata?: { attempts?: number }; UnprocessedItems?: Batch } | undefined;
type Asked = { input: { RequestItems?: Batch } };
/** By table: of a batch that is written a list, of one that is read keys. */
type Batch = Record<string, unknown>;

const itemsOf = (batch: Batch | undefined): number =>
  Object.values(batch ?? {}).reduce<number>(
    (sum, items) => sum + (Array.isArray(items) ? items.length : 0),
    0,
  );
