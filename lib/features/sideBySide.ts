import type { DuckDb } from './duckdb.ts';

/**
 * Works on the items in their order, one to a connection at a time. When one fails the others end first: what they have begun holds
 * files and memory.
 */
export async function sideBySide<Item>(
  connections: readonly DuckDb[],
  items: Iterable<Item>,
  work: (connection: DuckDb, item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const ends = await Promise.allSettled(
    connections.map(async (connection) => {
      for (let next = queue.next(); next.done !== true; next = queue.next())
        await work(connection, next.value);
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
