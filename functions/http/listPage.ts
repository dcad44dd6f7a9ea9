import type * as z from 'zod/mini';
import { PageMissing, readList } from '../../lib/store/pages.ts';
import { readRun } from '../../lib/store/runs.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { withoutErased } from './erasedReaders.ts';
import { Problem } from './problem.ts';

export interface ListPage<Entry> {
  runId: string;
  asOf: string;
  entries: Entry[];
  /** Absent on the last page. */
  cursor?: string;
}

interface ListRequest<Schema> {
  dataset: string;
  list: string;
  entry: Schema;
  query: { limit: number; cursor?: string | undefined };
  /** What is published now; a cursor may still be at an earlier run. */
  current: { runId: string; asOf: string };
}

/** One page of a published list: the first of the current run, or the one that the cursor names, of the cursor's run. */
export async function readListPage<Schema extends z.ZodMiniType>(
  wiring: ApiWiring,
  { dataset, list, entry, query, current }: ListRequest<Schema>,
): Promise<ListPage<z.infer<Schema>>> {
  const cursor = query.cursor === undefined ? null : readCursor(query.cursor, list);
  const { runId, asOf } = cursor ? await runOfCursor(wiring, { cursor, dataset, current }) : current;
  const { values, next } = await readValues(wiring, { runId, list, cursor, limit: query.limit });
  // Null stands where somebody was erased.
  const stored = values.filter((value) => value !== null).map((value) => entry.parse(value));
  const isCurrentRun = runId === current.runId;
  return {
    runId,
    asOf,
    entries: await withoutErased(wiring, { entries: stored, isCurrentRun }),
    ...(next && { cursor: writeCursor({ runId, list, ...next }) }),
  };
}

async function readValues(
  { table }: ApiWiring,
  { runId, list, cursor, limit }: { runId: string; list: string; cursor: Cursor | null; limit: number },
) {
  const from = cursor ? { page: cursor.page, offset: cursor.offset } : { page: 0, offset: 0 };
  try {
    return await readList(table, { runId, name: list, from, limit });
  } catch (error) {
    if (cursor && error instanceof PageMissing) throw expired();
    throw error;
  }
}

async function runOfCursor(
  { table }: ApiWiring,
  { cursor, dataset, current }: { cursor: Cursor; dataset: string; current: { runId: string; asOf: string } },
): Promise<{ runId: string; asOf: string }> {
  if (cursor.runId === current.runId) return current;
  const record = await readRun(table, cursor.runId);
  if (record?.dataset !== dataset || record.status !== 'published') throw expired();
  return record;
}

const expired = (): Problem =>
  new Problem('cursorExpired', 'the run of this cursor is no longer kept: begin again without a cursor');
