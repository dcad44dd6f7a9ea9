import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decompress, type Entry, packList, packLookup, partOf } from '../../../lib/store/packing.ts';

const room = 3900;
const customers = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => {
    const customerId = `C${String(index).padStart(6, '0')}`;
    return [
      customerId,
      { customerId, spend: (index * 7919) % 100_003, score: ((index * 104_729) % 1000) / 10 },
    ];
  });
const pagesOf = (entries: Entry[]) => [...packLookup(entries, room).pages];
const bodiesOf = (entries: Entry[]) =>
  pagesOf(entries).flatMap((page) => ('body' in page ? [page.body] : []));

test('every page fits its room, and few buckets have to be split', () => {
  const { buckets, pages } = packLookup(customers(20_000), room);
  const all = [...pages];
  expect(all.every((page) => !('body' in page) || page.body.length <= room)).toBe(true);
  expect(all.filter((page) => 'parts' in page).length).toBeLessThan(buckets / 100);
});

test('pages are more than half full on average', () => {
  const bodies = bodiesOf(customers(20_000));
  expect(bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length).toBeGreaterThan(room / 2);
});

test('the order in which entries come makes no difference', () => {
  const entries = customers(3000);
  expect(pagesOf([...entries].reverse())).toEqual(pagesOf(entries));
});

test('a value larger than a page stands alone, and its neighbours stay on small pages', () => {
  const large: Entry = ['large', incompressible(20_000)];
  const bodies = bodiesOf([...customers(300), large]);
  const oversized = bodies.filter((body) => body.length > room);
  expect(oversized.map((body) => (decompress(body) as Entry[]).map(([id]) => id))).toEqual([['large']]);
});

test('a value that no item can hold is refused with its size', () => {
  expect(() => pagesOf([['huge', incompressible(500_000)]])).toThrow(
    /one value takes \d{6} bytes compressed/,
  );
});

test('an id that comes twice is refused', () => {
  expect(() => packLookup([...customers(2), ...customers(1)], room)).toThrow('1 of 3 are repeated');
});

// Regression: the hash is part of the stored format, so these numbers never change.
test('ids fall on the same parts for ever', () => {
  const ids = ['C00001', '客户一', '__proto__', ''];
  expect(ids.map((id) => [0, 1, 7].map((depth) => partOf(id, depth, 1000)))).toEqual([
    [805, 875, 882],
    [529, 729, 437],
    [360, 327, 290],
    [610, 92, 61],
  ]);
});

test('a list comes back from its pages in order, whatever its values are', () => {
  const anyValues = fc.array(fc.oneof(fc.jsonValue(), fc.string({ maxLength: 9000 })), { maxLength: 200 });
  fc.assert(
    fc.property(anyValues, (values) => {
      const pages = [...packList(values, room)];
      expect(pages.flatMap(({ body }) => decompress(body))).toEqual(JSON.parse(JSON.stringify(values)));
      expect(pages.every(({ body, length }) => body.length <= room || length === 1)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('pages of a list are nearly full, also after one large value', () => {
  const values = customers(20_000).map(([, value]) => value);
  const bodies = [...packList([incompressible(9000), ...values], room)].map(({ body }) => body);
  const full = bodies.slice(1, -1).filter((body) => body.length > 0.85 * room);
  expect(full.length).toBeGreaterThan(0.9 * (bodies.length - 2));
});

/** Text in which no two parts are alike, from a multiplicative congruential generator. */
function incompressible(length: number): string {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (state % 90));
  };
  return Array.from({ length }, next).join('');
}
