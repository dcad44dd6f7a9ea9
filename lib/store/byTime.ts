import type { Item } from './item.ts';
import type { Key } from './keys.ts';
import { queryItems, type Table } from './table.ts';

/** Items of the index `byTime`: they carry `listPartition`, and `listSort` as `<ISO 8601>#<runId>`. */

/** A cursor that `listByTime` did not make. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}

export interface ByTime {
  index: string;
  partition: string;
  /** The key in the table of the item that a run has in this partition. */
  keyOf: (runId: string) => Key;
  limit: number;
  /** What the previous part gave, null at the end. */
  cursor?: string | null;
  /** Only the items of this dataset. */
  dataset?: string;
}

/** Items, newest first. */
export async function listByTime(
  table: Table,
  { index, partition, keyOf, limit, cursor, dataset }: ByTime,
): Promise<{ items: Item[]; cursor: string | null }> {
  const indexKey = ({ listSort, runId }: Place) => ({ ...keyOf(runId), listPartition: partition, listSort });
  const newest = queryItems(table, {
    index,
    keys: { expression: '#listPartition = :partition', values: { partition } },
    newestFirst: true,
    ...(dataset !== undefined && { filter: { expression: '#dataset = :dataset', values: { dataset } } }),
    ...(cursor && { startAfter: indexKey(decodeCursor(cursor)) }),
    pageSize: dataset === undefined ? limit + 1 : 100,
  });
  const items: Item[] = [];
  for await (const item of newest) {
    // One more than wanted tells whether there is a next part.
    if (items.length === limit) return { items, cursor: encodeCursor(items) };
    items.push(item);
  }
  return { items, cursor: null };
}

export const listSortOf = (time: string, runId: string): string => `${time}#${runId}`;

interface Place {
  listSort: string;
  runId: string;
}

/** Where a part ended. */
const encodeCursor = (items: Item[]): string =>
  Buffer.from(String(items.at(-1)?.listSort)).toString('base64url');

function decodeCursor(cursor: string): Place {
  const listSort = Buffer.from(cursor, 'base64url').toString();
  const [, runId] = cursorPattern.exec(listSort) ?? [];
  if (runId === undefined) throw new BadCursor('this is not a cursor of such a list');
  return { listSort, runId };
}

const cursorPattern = /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z#(\w{1,64})$/;
