import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erasePages } from '../../../lib/store/erasePages.ts';
import { expireRun } from '../../../lib/store/expiry.ts';
import { encodeItem, type Item, type Scalar } from '../../../lib/store/item.ts';
import { listPageKey } from '../../../lib/store/keys.ts';
import { decompress } from '../../../lib/store/packing.ts';
import { bodyOf } from '../../../lib/store/pageBody.ts';
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
    fc.asyncProperty(anyEntries, fc.string(), fc.boolean(), async (entries, other, hashIds) => {
      const run = { runId: newRun(), name: 'customers' };
      const place = { ...run, ...(await writeLookup({ ...table, hashIds }, { ...run, entries })) };
      for (const [id, value] of entries) {
        expect(await readLookup(table, { ...place, id })).toEqual(JSON.parse(JSON.stringify(value)));
      }
      if (entries.every(([id]) => id !== other)) {
        expect(await readLookup(table, { ...place, id: other })).toBeNull();
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
    fc.asyncProperty(
      ...[anyEntries, fc.array(fc.string(), { maxLength: 5 }), fc.boolean()],
      async (entries, others, hashIds) => {
        const run = { runId: newRun(), name: 'ads' };
        const place = { ...run, ...(await writeLookup({ ...table, hashIds }, { ...run, entries })) };
        const ids = [...entries.map(([id]) => id), ...others];
        const found = await readLookupPages(table, { ...place, ids });
        expect(found).toEqual(new Map(JSON.parse(JSON.stringify(entries))));
      },
    ),
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

test('with hashed ids no key depends on an id alone, and no body can be read without the key or in another place', async () => {
  const hashed: Table = { ...table, hashIds: true };
  const entries = Array.from({ length: 200 }, (_, at): [string, { customerId: string }] => {
    const customerId = `ana.${at}@example.org`;
    return [customerId, { customerId, ...Array.from({ length: 9 }, (_, term) => Math.sin(at + term / 7)) }];
  });
  const values = entries.map(([, value]) => value);
  const write = async (to: Table) => {
    const runId = newRun();
    const { buckets } = await writeLookup(to, { runId, name: 'customers', entries });
    await writeList(to, { runId, name: 'all', values });
    return { runId, buckets, pages: await pagesOf(runId) };
  };
  const [plain, one, otherKey] = [
    await write(table),
    await write(hashed),
    await write({ ...hashed, idKey: 'another' }),
  ];
  for (const page of one.pages) {
    expect(JSON.stringify([page, Buffer.from(page.body as Uint8Array).toString('latin1')])).not.toMatch(
      /ana\./,
    );
    expect(() => decompress(page.body as Uint8Array)).toThrow();
    expect(() => bodyOf({ ...table, idKey: 'another' }, page)).toThrow(/sealed under another key/);
    expect(() => bodyOf(table, { ...page, sk: `${page.sk}0` })).toThrow(/sealed under another key/);
    expect(decompress(bodyOf(table, page))).toBeInstanceOf(Array);
  }
  // who is on a page together tells which page an id is on, and only the key tells who that is
  const placesOf = (idKey: string, pages: Item[]) =>
    pages
      .filter(({ sk }) => String(sk).startsWith('LOOKUP#'))
      .map((page) => (decompress(bodyOf({ ...table, idKey }, page)) as [string][]).map(([id]) => id));
  const [byId, byHash, byOtherHash] = [
    placesOf('a key', plain.pages),
    placesOf('a key', one.pages),
    placesOf('another', otherKey.pages),
  ];
  expect(byHash).not.toEqual(byId);
  expect(byHash).not.toEqual(byOtherHash);

  const before = await pagesOf(one.runId);
  await writeLookup(hashed, { runId: one.runId, name: 'customers', entries });
  expect(await pagesOf(one.runId)).toEqual(before);

  const isErased = (id: string) => id === 'ana.7@example.org';
  expect(await erasePages(table, { runId: one.runId, isErased })).toBe(true);
  const place = { runId: one.runId, name: 'customers', buckets: one.buckets, isHashed: true };
  expect(await readLookup(table, { ...place, id: 'ana.7@example.org' })).toBeNull();
  expect(await readLookup(table, { ...place, id: 'ana.8@example.org' })).toEqual(values[8]);
  expect((await readList(table, { runId: one.runId, name: 'all', limit: 200 })).values[7]).toBeNull();
  expect((await pagesOf(one.runId)).every(({ sealed }) => sealed === true)).toBe(true);
});

async function pagesOf(runId: string): Promise<Item[]> {
  const pages: Item[] = [];
  for await (const page of queryItems(table, {
    keys: { expression: '#pk = :run', values: { run: `RUN#${runId}` } },
  }))
    pages.push(page);
  return pages;
}
