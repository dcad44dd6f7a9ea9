import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * How values become pages. A body is the deflated JSON of an array, at most `room` bytes; a value that is larger stands alone.
 * The same values give the same pages, in whatever order they come.
 */

/** A value that fills a page alone may be this large when compressed; DynamoDB's own limit is 400 KB an item. */
const largestValueBytes = 300_000;
const sampleSize = 1000;
const mostParts = 16;
/** A SHA-256 gives so many numbers of four bytes. */
const deepest = 7;
/** Pages of a list are filled from so many times their size in JSON. */
const mostCompression = 12;

export type Entry = readonly [id: string, value: unknown];

/** A page of a lookup: its entries, or into how many parts it had to be split, each at `<path>.<part>`. */
export type LookupPage = { path: string; body: Uint8Array } | { path: string; parts: number };

interface PackedEntry {
  id: string;
  /** What decides on its page. */
  place: string;
  json: string;
}

export const compress = (json: string): Uint8Array => deflateRawSync(json);
export const decompress = (body: Uint8Array): unknown => JSON.parse(inflateRawSync(body).toString());

/**
 * Path of the page that holds an id, or what stands in for it: of `buckets` at depth 0, of `parts` below. It is the SHA-256 of the id in UTF-8, four bytes of it
 * for every depth, modulo the count; stored pages depend on it, so it never changes.
 */
export function partOf(id: string, depth: number, count: number): number {
  return hash('sha256', id, 'buffer').readUInt32BE(4 * depth) % count;
}

/**
 * Spreads entries over so many buckets that nearly all fit one page each; a bucket that does not is split. `placeOf` stands in for an id
 * where pages are chosen.
 */
export function packLookup(
  entries: Iterable<Entry>,
  room: number,
  placeOf: (id: string) => string = (id) => id,
): { buckets: number; pages: Iterable<LookupPage> } {
  const packed = Array.from(entries, ([id, value]) => ({
    id,
    place: placeOf(id),
    json: JSON.stringify([id, value ?? null]),
  }));
  packed.sort((one, other) => (one.id < other.id ? -1 : Number(one.id > other.id)));
  const repeated = packed.filter(({ id }, index) => id === packed[index - 1]?.id).length;
  if (repeated > 0)
    throw new Error(`a lookup needs distinct ids; ${repeated} of ${packed.length} are repeated`);
  const buckets = bucketsFor(packed, room);
  return { buckets, pages: packParts(packed, { depth: 0, count: buckets, path: '', room }) };
}

/** Fills pages with values in their order. */
export function* packList(
  values: Iterable<unknown>,
  room: number,
): Generator<{ body: Uint8Array; length: number }> {
  let waiting: string[] = [];
  let waitingChars = 0;
  let guess = 32;
  for (const value of values) {
    const json = JSON.stringify(value ?? null);
    waiting.push(json);
    waitingChars += json.length;
    while (waitingChars > mostCompression * room && waiting.length > 1) {
      const page = fillPage(waiting, { room, guess });
      yield page;
      for (const taken of waiting.slice(0, page.length)) waitingChars -= taken.length;
      waiting = waiting.slice(page.length);
      guess = page.length;
    }
  }
  while (waiting.length > 0) {
    const page = fillPage(waiting, { room, guess });
    yield page;
    waiting = waiting.slice(page.length);
  }
}

/** Ids fall on buckets at random, so a bucket of m on average seldom holds more than m + 3·√m (Poisson). */
function bucketsFor(entries: PackedEntry[], room: number): number {
  // Drawn by hash, as buckets are, since neighbours in id order are more alike and compress better.
  const everyNth = Math.ceil(entries.length / sampleSize);
  const sample = entries
    .filter(({ place }) => partOf(place, deepest, everyNth) === 0)
    .map(({ json }) => json);
  if (sample.length === 0) return 1;
  const { length: fitting } = fillPage(sample, { room, guess: 64 });
  if (fitting === entries.length) return 1;
  const mean = (Math.sqrt(9 / 4 + fitting) - 3 / 2) ** 2;
  return Math.ceil(entries.length / mean);
}

function* packParts(
  entries: PackedEntry[],
  { depth, count, path, room }: { depth: number; count: number; path: string; room: number },
): Generator<LookupPage> {
  const parts: PackedEntry[][] = Array.from({ length: count }, () => []);
  for (const entry of entries) parts[partOf(entry.place, depth, count)]?.push(entry);
  for (const [index, part] of parts.entries())
    yield* packPart(part, { depth, path: `${path}${index}`, room });
}

function* packPart(
  entries: PackedEntry[],
  { depth, path, room }: { depth: number; path: string; room: number },
): Generator<LookupPage> {
  const body = compress(arrayOf(entries.map(({ json }) => json)));
  if (body.length <= room || entries.length === 1 || depth === deepest) {
    yield { path, body: checked(body) };
    return;
  }
  const count = Math.min(mostParts, Math.ceil((2 * body.length) / room));
  yield { path, parts: count };
  yield* packParts(entries, { depth: depth + 1, count, path: `${path}.`, room });
}

/** The longest beginning that fits, or nearly: a page that is nine tenths full is full enough. */
function fillPage(jsons: string[], { room, guess }: { room: number; guess: number }) {
  let page = { body: compress(arrayOf(jsons.slice(0, 1))), length: 1 };
  let tooMany = jsons.length + 1;
  let length = Math.min(Math.max(guess, 2), jsons.length);
  while (page.length < length && length < tooMany) {
    const body = compress(arrayOf(jsons.slice(0, length)));
    if (body.length <= room) page = { body, length };
    else tooMany = length;
    if (page.body.length >= 0.9 * room) break;
    const scaled = Math.floor((0.97 * length * room) / body.length);
    length = Math.min(Math.max(scaled, page.length + 1), tooMany - 1);
  }
  return { body: checked(page.body), length: page.length };
}

const arrayOf = (jsons: string[]): string => `[${jsons.join(',')}]`;

function checked(body: Uint8Array): Uint8Array {
  if (body.length <= largestValueBytes) return body;
  throw new Error(
    `one value takes ${body.length} bytes compressed; a page holds ${largestValueBytes} at most`,
  );
}
