import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expireRun } from '../../../lib/store/expiry.ts';
import { encodeItem, type Scalar } from '../../../lib/store/item.ts';
import { listPageKey } from '../../../lib/store/keys.ts';
import {
  PageMissing,
  readList,
  readLookup,
  readLookupPages,
  writeList,
  writeLookup,
} from '../../../lib/store/pages.ts';
import { queryItems, type Table } from '../../../lib/store/table.ts';
import { localTable } from './localTable.ts';

let nowSeconds = 1_000_000;
const table = await localTable(() => nowSeconds * 1000);
let runs = 0;
const newRun = () => `run${runs++}`;

const anyId = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ minLength: 500, maxLength: 3000 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', '客户一', '🎉', '\ud800', 'a#b/c'),
);
const anyEntries = fc.uniqueArray(fc.tuple(anyId, fc.jsonValue()), {
  selector: ([id]) => id,
  maxLength: 150,
});

test('whatever ids and values go into a lookup come out, and no other id is found', async () => {
  await fc.assert(
    fc.asyncProperty(anyEntries, fc.string(), async (entries, other) => {
      const place = { runId: newRun(), name: 'customers' };
      const { buckets } = await writeLookup(table, { ...place, entries });
      for (const [id, value] of entries) {
        expect(await readLookup(table, { ...place, buckets, id })).toEqual(JSON.parse(JSON.stringify(value)));
      }
      if (entries.every(([id]) => id !== other)) {
        expect(await readLookup(table, { ...place, buckets, id: other })).toBeNull();
      }
    }),
    { numRuns: 30 },
  );
});

test('ids in a bucket that a large value has split are found too', async () => {
  const place = { runId: newRun(), name: 'customers' };
  const large = Array.from({ length: 3000 }, (_, index) => Math.sin(index));
  const entries = [
    ...Array.from({ length: 60 }, (_, index) => [`C${index}`, index] as const),
    ['large', large] as const,
  ];
  const { buckets } = await writeLookup(table, { ...place, entries });
  const splits = queryItems(table, {
    keys: { expression: '#pk = :run', values: { run: `RUN#${place.runId}` } },
    filter: { expression: 'attribute_exists(#parts)' },
  });
  expect((await splits.next()).done).toBe(false);
  for (const [id, value] of entries)
    expect(await readLookup(table, { ...place, buckets, id })).toEqual(value);
  expect(await readLookup(table, { ...place, buckets, id: 'C60' })).toBeNull();
});

test('many ids are read at once, with whatever else stands on their pages', async () => {
  await fc.assert(
    fc.asyncProperty(anyEntries, fc.array(fc.string(), { maxLength: 5 }), async (entries, others) => {
      const place = { runId: newRun(), name: 'ads' };
      const { buckets } = await writeLookup(table, { ...place, entries });
      const ids = [...entries.map(([id]) => id), ...others];
      const found = await readLookupPages(table, { ...place, buckets, ids });
      expect(found).toEqual(new Map(JSON.parse(JSON.stringify(entries))));
    }),
    { numRuns: 20 },
  );
});

test('more ids than one request takes, and those in split buckets, are read at once too', async () => {
  const place = { runId: newRun(), name: 'ads' };
  const large = Array.from({ length: 3000 }, (_, index) => Math.sin(index));
  const entries: [string, unknown][] = Array.from({ length: 3000 }, (_, at) => [
    `ad-${at}`,
    Array.from({ length: 20 }, (_, term) => Math.sin(at + term / 7)),
  ]);
  const { buckets } = await writeLookup(table, { ...place, entries: [...entries, ['large', large]] });
  expect(buckets).toBeGreaterThan(100);
  const found = await readLookupPages(table, {
    ...place,
    buckets,
    ids: ['large', ...entries.map(([id]) => id)],
  });
  expect(found.size).toBe(3001);
  for (const [id, value] of entries) expect(found.get(id)).toEqual(value);
  expect(found.get('large')).toEqual(large);
  await expect(readLookupPages(table, { ...place, runId: 'none', buckets, ids: ['ad-1'] })).rejects.toThrow(
    PageMissing,
  );
});

test('a list is read in parts of any size, without a gap or a repetition', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 400 }),
      fc.integer({ min: 1, max: 90 }),
      async (values, limit) => {
        const place = { runId: newRun(), name: 'bids' };
        const { length } = await writeList(table, { ...place, values });
        expect(length).toBe(values.length);
        expect(await readInParts(table, { ...place, limit })).toEqual(JSON.parse(JSON.stringify(values)));
      },
    ),
    { numRuns: 30 },
  );
});

test('no part of a list but an empty list is empty', async () => {
  const place = { runId: newRun(), name: 'bids' };
  const { pages } = await writeList(table, {
    ...place,
    values: Array.from({ length: 3000 }, (_, index) => ({ index, text: `${index ** 3}` })),
  });
  expect(pages).toBeGreaterThan(3);
  const { next } = await readList(table, { ...place, limit: 2999 });
  expect(await readList(table, { ...place, limit: 50, ...(next && { from: next }) })).toMatchObject({
    values: [{ index: 2999 }],
    next: null,
  });
  const empty = { runId: newRun(), name: 'bids' };
  expect(await writeList(table, { ...empty, values: [] })).toEqual({ pages: 1, length: 0 });
  expect(await readList(table, { ...empty, limit: 5 })).toEqual({ values: [], next: null });
});

test('no item of a run is larger than 4 KB as DynamoDB counts', async () => {
  const runId = newRun();
  const values = Array.from({ length: 5000 }, (_, index) => ({
    customerId: `C${index}`,
    score: Math.sin(index),
  }));
  const name = 'a-lookup-with-a-rather-long-name';
  await writeLookup(table, {
    runId,
    name,
    fence: 12_345,
    entries: values.map((value) => [value.customerId, value]),
  });
  await writeList(table, { runId, name, fence: 12_345, values });
  await expireRun(table, { runId, expiresAtSeconds: 1_893_456_000 });
  const sizes: number[] = [];
  for await (const item of queryItems(table, {
    keys: { expression: '#pk = :run', values: { run: `RUN#${runId}` } },
  })) {
    sizes.push(
      Object.entries(item).reduce((sum, [attribute, value]) => sum + attribute.length + bytesOf(value), 0),
    );
  }
  expect(sizes.length).toBeGreaterThan(40);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
});

test('from the second of its expiry on, an item that is still there is not read', async () => {
  const place = { runId: newRun(), name: 'customers' };
  const { buckets } = await writeLookup(table, { ...place, entries: [['a', 1]] });
  await writeList(table, { ...place, values: [1] });
  await expireRun(table, { runId: place.runId, expiresAtSeconds: nowSeconds + 10 });
  nowSeconds += 9;
  expect(await readLookup(table, { ...place, buckets, id: 'a' })).toBe(1);
  nowSeconds += 1;
  await expect(readLookup(table, { ...place, buckets, id: 'a' })).rejects.toThrow(PageMissing);
  await expect(readList(table, { ...place, limit: 1 })).rejects.toThrow(PageMissing);
});

test('a run that is made again lives on, whatever a holder of an older lease lets expire', async () => {
  const place = { runId: newRun(), name: 'customers' };
  await writeLookup(table, { ...place, fence: 1, entries: [['a', 1]] });
  await expireRun(table, { runId: place.runId, fence: 2, expiresAtSeconds: nowSeconds - 1 });
  const { buckets } = await writeLookup(table, { ...place, fence: 3, entries: [['a', 1]] });
  await expireRun(table, { runId: place.runId, fence: 2, expiresAtSeconds: nowSeconds - 1 });
  expect(await readLookup(table, { ...place, buckets, id: 'a' })).toBe(1);
});

test('a page that was never written is an error, not an unknown id', async () => {
  const place = { runId: newRun(), name: 'customers' };
  await expect(readLookup(table, { ...place, buckets: 4, id: 'a' })).rejects.toThrow(PageMissing);
  await expect(readList(table, { ...place, limit: 4 })).rejects.toThrow(PageMissing);
});

test('a list with a page missing in its middle is an error, not a shorter list', async () => {
  const place = { runId: newRun(), name: 'bids' };
  const values = Array.from({ length: 3000 }, (_, index) => `${index ** 3}`);
  await writeList(table, { ...place, values });
  const lost = listPageKey(place.runId, place.name, 1);
  await table.client.send(new DeleteItemCommand({ TableName: table.name, Key: encodeItem({ ...lost }) }));
  await expect(readList(table, { ...place, limit: 3000 })).rejects.toThrow(PageMissing);
});

const bytesOf = (value: Scalar): number =>
  typeof value === 'object' ? value.byteLength : String(value).length;

async function readInParts(
  from: Table,
  options: { runId: string; name: string; limit: number },
): Promise<unknown[]> {
  const values: unknown[] = [];
  let part = await readList(from, options);
  while (part.next !== null) {
    expect(part.values.length).toBe(options.limit);
    values.push(...part.values);
    part = await readList(from, { ...options, from: part.next });
  }
  return [...values, ...part.values];
}
