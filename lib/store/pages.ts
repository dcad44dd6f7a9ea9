import { groupBy } from '../math/groupBy.ts';
import { writeItems } from './batchWrite.ts';
import { idHashOf } from './idHash.ts';
import type { Item } from './item.ts';
import { type Key, listPageKey, lookupPageKey } from './keys.ts';
import type { LookupExtent } from './lookupExtent.ts';
import {
  compress,
  decompress,
  type Entry,
  type LookupPage,
  packList,
  packLookup,
  partOf,
} from './packing.ts';
import { bodyFor, bodyOf, idKeyOf, sealingBytes } from './pageBody.ts';
import { getItem, getItems, queryItems, type Table } from './table.ts';

/** An item up to this size is read with one read unit, and a page is never larger unless one value alone is. */
export const pageBytes = 4096;
/** Room for the names of attributes, a fence, an expiry and a flag. */
const otherAttributesBytes = 96;
/** Pages of a list that are read in one request. */
const pagesAtOnce = 2;

/** Where a run's pages stand. `fence` is that of the lease under which they are written. */
interface Place {
  runId: string;
  name: string;
  fence?: number;
}

/** Where a part of a list begins: a page, and how many of its values to pass over. */
export interface ListPosition {
  page: number;
  offset: number;
}

/** A page that must be there is not: its run has expired, or was never written in full. */
export class PageMissing extends Error {
  override readonly name = 'PageMissing';
}

/** Writes values to be found by id. Empty buckets are written too, so that a missing page is never taken for an unknown id. */
export async function writeLookup(
  table: Table,
  { entries, ...place }: Place & { entries: Iterable<Entry> },
): Promise<LookupExtent> {
  const isHashed = table.hashIds ?? false;
  const { buckets, pages } = packLookup(
    entries,
    roomBeside(table, lookupPageKey(place.runId, place.name, '00000000.00')),
    isHashed ? (id) => idHashOf(idKeyOf(table), id) : undefined,
  );
  await writeItems(table, lookupItems(table, place, pages));
  return { buckets, ...(isHashed && { isHashed }) };
}

/** The value written under an id; null where the run has none. Throws `PageMissing` when the run's pages are not there. */
export async function readLookup(
  table: Table,
  { runId, name, buckets, isHashed, id }: LookupExtent & { runId: string; name: string; id: string },
): Promise<unknown> {
  const place = isHashed ? idHashOf(idKeyOf(table), id) : id;
  let path = '';
  let count = buckets;
  for (let depth = 0; ; depth++) {
    path = `${path}${partOf(place, depth, count)}`;
    const key = lookupPageKey(runId, name, path);
    const page = await getItem(table, key);
    if (page === null) throw missing(key);
    if (page.parts === undefined)
      return entriesOf(table, page).find(([entryId]) => entryId === id)?.[1] ?? null;
    path += '.';
    count = Number(page.parts);
  }
}

/**
 * All entries on the pages where these ids would stand, theirs among them, in as few requests as it takes: for many ids at
 * once, and for who keeps what was read. Throws `PageMissing` when the run's pages are not there.
 */
export async function readLookupPages(
  table: Table,
  {
    runId,
    name,
    buckets,
    isHashed,
    ids,
  }: LookupExtent & { runId: string; name: string; ids: Iterable<string> },
): Promise<Map<string, unknown>> {
  const entries = new Map<string, unknown>();
  const places = isHashed ? Array.from(ids, (id) => idHashOf(idKeyOf(table), id)) : ids;
  let waiting = Array.from(places, (place) => ({ place, path: '', count: buckets }));
  for (let depth = 0; waiting.length > 0; depth++) {
    const byKey = groupBy(waiting, ({ place, path, count }) => `${path}${partOf(place, depth, count)}`);
    const keys = Array.from(byKey.keys(), (path) => lookupPageKey(runId, name, path));
    const pages = new Map((await getItems(table, keys)).map((page) => [page.sk, page]));
    waiting = [];
    for (const [path, asking] of byKey) {
      const key = lookupPageKey(runId, name, path);
      const page = pages.get(key.sk);
      if (page === undefined) throw missing(key);
      if (page.parts === undefined) for (const [id, value] of entriesOf(table, page)) entries.set(id, value);
      else
        waiting.push(...asking.map(({ place }) => ({ place, path: `${path}.`, count: Number(page.parts) })));
    }
  }
  return entries;
}

/** Everything that was written under a name, in no order, page after page. Throws `PageMissing` when a page is not there. */
export async function* readWholeLookup(
  table: Table,
  { runId, name, buckets }: LookupExtent & { runId: string; name: string },
): AsyncGenerator<Entry> {
  const { pk, sk } = lookupPageKey(runId, name, '');
  const keys = { expression: '#pk = :run AND begins_with(#sk, :pages)', values: { run: pk, pages: sk } };
  // A page comes before its parts. Parts that an earlier attempt at the run left, and that no page counts now, are passed over.
  const counts = new Map([['', buckets]]);
  let missingPages = buckets;
  for await (const page of queryItems(table, { keys })) {
    const path = String(page.sk).slice(sk.length);
    const above = path.slice(0, path.lastIndexOf('.') + 1);
    if (Number(path.slice(above.length)) >= (counts.get(above) ?? 0)) continue;
    missingPages -= 1;
    if (page.parts === undefined) yield* entriesOf(table, page);
    else {
      counts.set(`${path}.`, Number(page.parts));
      missingPages += Number(page.parts);
    }
  }
  if (missingPages !== 0) throw missing({ pk, sk });
}

/** Writes values to be read in this order, from any place on. */
export async function writeList(
  table: Table,
  { values, ...place }: Place & { values: Iterable<unknown> },
): Promise<{ pages: number; length: number }> {
  const extent = { pages: 0, length: 0 };
  await writeItems(table, listItems(table, place, values, extent));
  return extent;
}

/** Up to `limit` values; `next` is where to go on, null at the end. Throws `PageMissing` when the run's pages are not there. */
export async function readList(
  table: Table,
  {
    runId,
    name,
    from = { page: 0, offset: 0 },
    limit,
  }: { runId: string; name: string; from?: ListPosition; limit: number },
): Promise<{ values: unknown[]; next: ListPosition | null }> {
  const values: unknown[] = [];
  let { page, offset } = from;
  for (;;) {
    for (const item of await readListPages(table, { runId, name, page })) {
      const all = valuesOf(table, item);
      const taken = all.slice(offset, offset + limit - values.length);
      values.push(...taken);
      offset += taken.length;
      const isLastPage = item.last === true;
      if (offset >= all.length) {
        if (isLastPage) return { values, next: null };
        page += 1;
        offset = 0;
      }
      if (values.length >= limit) return { values, next: { page, offset } };
    }
  }
}

/** This page and the next few, without a gap. */
async function readListPages(
  table: Table,
  { runId, name, page }: { runId: string; name: string; page: number },
): Promise<Item[]> {
  const first = listPageKey(runId, name, page);
  const { sk: last } = listPageKey(runId, name, page + pagesAtOnce - 1);
  const keys = {
    expression: '#pk = :run AND #sk BETWEEN :first AND :last',
    values: { run: first.pk, first: first.sk, last },
  };
  const items: Item[] = [];
  for await (const item of queryItems(table, { keys })) {
    if (item.sk !== listPageKey(runId, name, page + items.length).sk) break;
    items.push(item);
  }
  if (items.length === 0) throw missing(first);
  return items;
}

function* lookupItems(
  table: Table,
  { runId, name, fence = 0 }: Place,
  pages: Iterable<LookupPage>,
): Generator<Key & Item> {
  for (const { path, ...page } of pages) {
    const key = lookupPageKey(runId, name, path);
    yield { ...key, fence, ...('body' in page ? bodyFor(table, key, page.body) : page) };
  }
}

/** Counts into `extent` as it goes. The last page says that it is; an empty list is one empty page. */
function* listItems(
  table: Table,
  { runId, name, fence = 0 }: Place,
  values: Iterable<unknown>,
  extent: { pages: number; length: number },
): Generator<Key & Item> {
  let previous: (Key & Item) | null = null;
  const pageOf = (body: Uint8Array): Key & Item => {
    const key = listPageKey(runId, name, extent.pages);
    return { ...key, fence, ...bodyFor(table, key, body) };
  };
  for (const { body, length } of packList(values, roomBeside(table, listPageKey(runId, name, 0)))) {
    if (previous !== null) yield previous;
    previous = pageOf(body);
    extent.pages += 1;
    extent.length += length;
  }
  const last = previous ?? pageOf(compress('[]'));
  if (previous === null) extent.pages = 1;
  yield { ...last, last: true };
}

const roomBeside = (table: Table, { pk, sk }: Key): number =>
  pageBytes - otherAttributesBytes - sealingBytes(table) - Buffer.byteLength(pk) - Buffer.byteLength(sk);

const entriesOf = (table: Table, item: Item): Entry[] => decompress(bodyOf(table, item)) as Entry[];
const valuesOf = (table: Table, item: Item): unknown[] => decompress(bodyOf(table, item)) as unknown[];

const missing = ({ pk, sk }: Key): PageMissing =>
  new PageMissing(`page ${sk} of ${pk} has expired or was never written`);
