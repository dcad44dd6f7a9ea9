import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderLineBatch } from '../../../../lib/tables/orders/orderLines.ts';
import { readOrders } from '../../../../lib/tables/orders/readOrders.ts';
import { TableRejected } from '../../../../lib/tables/types.ts';
import { encode, type TestEncoding, upload } from '../uploads.ts';
import { eventsOf, orderLinesOf } from './orderLinesOf.ts';

/**
 * Common rows are taken as bytes from files in UTF-8 alone. The same text in UTF-16 is read cell by cell, so that whatever a row
 * holds, both have to come to the same lines, bad rows, notes and refusals.
 */
const columns: Record<string, { common: string[]; odd: string[] }> = {
  customer: {
    common: ['C1', 'c-2', '10017', '#44', 'a@example.com', '王芳王芳王芳', 'Zoë 8', ''],
    odd: [
      'total',
      'Zoë',
      'A@Example.com',
      'É@x.y1',
      '1.2E+12',
      'NULL',
      '0',
      '17850.0',
      '12\u00a0',
      '\u30001',
      "'=7",
      'x'.repeat(300),
      't**1',
      '`q1`',
    ],
  },
  email: { common: ['', 'b@example.com'], odd: ['B@example.com', '-', 'none'] },
  order: { common: ['SO-1', 'SO-2', '7', ''], odd: ['C536379', 'c9', '合计', 'S1 '] },
  time: {
    common: [
      '2024-03-09',
      '2024-03-10 08:26',
      '2024-03-10 08:26:59',
      '2024-07-01T23:59:59Z',
      '2024-07-01T00:00:00.250',
    ],
    odd: [
      '2024-03-31 02:30:00',
      '2024-10-27 02:30:00',
      '2024-10-27',
      '2024-02-30',
      '31/1/2024',
      '1/2/2024 8:26',
      '2024-03-10T08:26:00+02:00',
      '20240310',
      '45292.5',
      '1704067200',
      '2024-03-10 24:00',
      '1969-12-31',
      '2024-03-10 8:26',
      '2024-03-10T08:26Z',
      '',
    ],
  },
  quantity: {
    common: ['1', '2', '12', '-1', '0'],
    odd: ['', '1.5', '1,234', '+1', '-', '0.125', 'two', '1e2'],
  },
  money: {
    common: ['9.83', '10', '0.5', '-3.20', '100.00', '0'],
    odd: [
      '',
      '1.234',
      '1,234',
      '12,5',
      '1.234,50',
      '9.835',
      '€5',
      '$7',
      '(2.00)',
      'NaN',
      '.5',
      '5.',
      '-0',
      '--1',
      '123456789012345678',
      '5 %',
    ],
  },
  text: {
    common: ['tea', 'Mug, red', '', '茶 杯', 'a.b+c', '12'],
    odd: [
      ' tea',
      'tea ',
      'te\u00a0',
      '茶\u00a0',
      '\u00a0茶',
      '\u1680茶',
      '\u2003x',
      '=1+1',
      "'012",
      'a "b" c',
      'two\nlines',
      'two\r\nlines',
      'x\0',
      'b\ty',
      '\uFEFFx',
    ],
  },
  currency: { common: ['EUR', 'eur', ''], odd: ['USD', 'XXQ', ' EUR'] },
  status: {
    common: ['completed', 'paid', 'cancelled', 'pending', 'return', ''],
    odd: ['refunded', 'Test', 'nonsense', 'wc-completed '],
  },
  moment: { common: ['', '2024-03-11'], odd: [' '] },
  refund: { common: ['', '0', '0.00'], odd: ['1.00', '3', '-', 'x'] },
  test: { common: ['', 'false', '0'], odd: ['true', 'bogus gateway'] },
  minutes: { common: ['1.5', '12', '', '0.25'], odd: ['-1', '1,5', '1.234', 'x'] },
  kind: {
    common: ['view', 'add_to_cart', 'Search', ''],
    odd: ['something of its own that is long', ' view'],
  },
};

const orderHeaders: [string, string][][] = [
  [
    ...([
      ['customer_id', 'customer'],
      ['order_id', 'order'],
      ['ordered_at', 'time'],
      ['product', 'text'],
    ] as [string, string][]),
    ...([
      ['category', 'text'],
      ['quantity', 'quantity'],
      ['unit_price', 'money'],
      ['currency', 'currency'],
    ] as [string, string][]),
    ...([
      ['channel', 'text'],
      ['status', 'status'],
      ['note', 'text'],
    ] as [string, string][]),
  ],
  [
    ['email', 'email'],
    ['date', 'time'],
    ['amount', 'money'],
    ['discount', 'money'],
    ['paid_at', 'moment'],
    ['test', 'test'],
  ],
  [
    ['customer_id', 'customer'],
    ['email', 'email'],
    ['order_id', 'order'],
    ['date', 'time'],
    ['amount', 'money'],
    ['quantity', 'quantity'],
    ['product_name', 'text'],
    ['sku', 'text'],
    ['cancelled_at', 'moment'],
    ['refund', 'refund'],
    ['refunded_at', 'time'],
  ],
  [
    ['customer_id', 'customer'],
    ['date', 'time'],
    ['unit_price', 'money'],
  ],
  [
    ['InvoiceNo', 'order'],
    ['StockCode', 'text'],
    ['Description', 'text'],
    ['Quantity', 'quantity'],
    ['InvoiceDate', 'time'],
    ['UnitPrice', 'money'],
    ['CustomerID', 'customer'],
    ['Country', 'text'],
  ],
  [
    ['id', 'order'],
    ['Created (UTC)', 'time'],
    ['Amount', 'money'],
    ['Amount Refunded', 'refund'],
    ['Currency', 'currency'],
    ['Status', 'status'],
    ['Customer ID', 'customer'],
    ['Customer Email', 'email'],
    ['Mode', 'test'],
  ],
];
const eventHeader: [string, string][] = [
  ['customer_id', 'customer'],
  ['session_id', 'order'],
  ['timestamp', 'time'],
  ['minutes', 'minutes'],
  ['event', 'kind'],
  ['channel', 'text'],
];

/** A file of mostly common rows, some with odd cells, wrong widths, quotes and lines; `oddity` of a hundred cells are odd. */
function files(
  headers: [string, string][][],
): fc.Arbitrary<{ text: string; timeZone: string; chunkSizes: number[] }> {
  return fc
    .record({
      header: fc.constantFrom(...headers),
      delimiter: fc.constantFrom(',', ';', '\t'),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      oddity: fc.constantFrom(0, 1, 5, 30),
      seeds: fc.array(fc.array(fc.nat(9_999), { minLength: 24, maxLength: 24 }), {
        minLength: 1,
        maxLength: 30,
      }),
      lastLineEnds: fc.boolean(),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York'),
      chunkSizes: fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 3 }),
    })
    .map(({ header, delimiter, lineEnd, oddity, seeds, lastLineEnds, timeZone, chunkSizes }) => {
      const cell = (kind: string, seed: number): string => {
        const { common, odd } = columns[kind] as { common: string[]; odd: string[] };
        const from = seed % 100 < oddity ? odd : common;
        return from[Math.floor(seed / 100) % from.length] as string;
      };
      const written = (text: string, seed: number): string =>
        seed % 10 === 0 || (text.includes(delimiter) && seed % 7 > 0)
          ? `"${text.replaceAll('"', '""')}"`
          : text;
      const rows = seeds.map((row) => {
        const cells = header.map(([, kind], at) => written(cell(kind, row[at] ?? 0), row[23 - at] ?? 0));
        if ((row[22] ?? 0) < 100 * oddity)
          cells.splice((row[21] ?? 0) % cells.length, (row[20] ?? 0) % 2, 'extra', '"');
        return cells.join(delimiter);
      });
      const lines = [header.map(([name]) => name).join(delimiter), ...rows];
      return { text: lines.join(lineEnd) + (lastLineEnds ? lineEnd : ''), timeZone, chunkSizes };
    });
}

/** What came of a file, whichever way it was read. */
async function outcome<Reading extends { report: { encoding: string; bytes: number }; begun?: number }>(
  reading: Promise<Reading>,
) {
  try {
    const { report, begun: _, ...rest } = await reading;
    return { ...rest, report: { ...report, encoding: '', bytes: 0 } };
  } catch (error) {
    if (error instanceof TableRejected) return { refused: error.code, because: error.message };
    throw error;
  }
}

describe('a row that is taken as bytes is what reading its cells makes of it', () => {
  test('in order exports', async () => {
    await fc.assert(
      fc.asyncProperty(files(orderHeaders), async ({ text, timeZone, chunkSizes }) => {
        const options = { timeZone, currency: 'EUR', rates: { USD: '0.9' } };
        const read = (bytes: Uint8Array) =>
          outcome(orderLinesOf(upload(bytes, { key: 'orders/may.csv', chunkSizes }), options));
        expect(await read(encode(text, 'utf-8'))).toEqual(await read(encode(text, 'utf-16le with BOM')));
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test('in browsing exports', async () => {
    const inOrder = (events: object[]) => events.map((event) => JSON.stringify(event)).sort();
    await fc.assert(
      fc.asyncProperty(files([eventHeader]), async ({ text, timeZone, chunkSizes }) => {
        const read = async (bytes: Uint8Array) => {
          const found = await outcome(
            eventsOf(upload(bytes, { key: 'events/may.csv', chunkSizes }), timeZone),
          );
          return 'all' in found ? { ...found, all: inOrder(found.all) } : found;
        };
        expect(await read(encode(text, 'utf-8'))).toEqual(await read(encode(text, 'utf-16le with BOM')));
      }),
      { numRuns: 80, endOnFailure: true },
    );
  });
});

describe('a row with one cell of another kind is what reading its cells makes of it', () => {
  test.each(orderHeaders.map((header) => [header.map(([name]) => name).join(), header] as const))(
    '%s',
    async (_, header) => {
      const usual = header.map(([, kind]) => columns[kind]?.common[0] ?? '');
      const rowsOf = (at: number, cell: string) => [usual, usual.with(at, cell), usual.with(at, cell), usual];
      for (const [at, [, kind]] of header.entries()) {
        const { common = [], odd = [] } = columns[kind] ?? {};
        for (const cell of [...common, ...odd]) {
          const lines = [header.map(([name]) => name), ...rowsOf(at, cell)].map((row) => row.join(';'));
          const options = { timeZone: 'Europe/Berlin', currency: 'EUR', rates: { USD: '0.9' } };
          const read = async (encoding: TestEncoding) => {
            const bytes = encode(`${lines.join('\n')}\n`, encoding);
            return outcome(orderLinesOf(upload(bytes, { key: 'orders/may.csv' }), options));
          };
          expect(await read('utf-8'), cell).toEqual(await read('utf-16le with BOM'));
        }
      }
    },
  );
});

test.each([
  [
    'a masked customer on both sides',
    ['t**1,2024-03-10,1.50,', 'C1,2024-03-10,1.50,', 't**1,2024-03-10,1.50,'],
  ],
  [
    'line breaks in quotes, and wrong quotes after',
    ['C1,2024-03-10,1.50,"a\nb"', 'C1,2024-03-10,1.50,', 'C1,2024-03-10,1.50,a"b'],
  ],
  ['a footer', ['C1,2024-03-10,1.50,', 'Total,,3.00,', 'C1,2024-03-10,1.50,']],
])('common rows between others count as what they are: %s', async (_, rows) => {
  const before = Array(100).fill('C1,2024-03-10,1.50,');
  const text = `${['customer_id,date,amount,product', ...before, ...rows].join('\n')}\n`;
  const read = (encoding: TestEncoding) =>
    outcome(orderLinesOf(upload(encode(text, encoding), { key: 'orders/may.csv' })));
  expect(await read('utf-8')).toEqual(await read('utf-16le with BOM'));
});

test('all rows of a plain file are taken as bytes, but for the first, which shows how decimals are written', async () => {
  const rows = Array.from({ length: 5_000 }, (_, at) => `C${at},2024-03-10 08:26:00,"tea, green",${at}.50`);
  const lines = { asBytes: 0, asText: 0 };
  const count = async (batch: OrderLineBatch) => {
    lines['bytes' in batch.customerId ? 'asBytes' : 'asText'] += batch.length;
  };
  await readOrders(
    upload(`customer_id,date,product,amount\n${rows.join('\n')}\n`, { key: 'orders/may.csv' }),
    { timeZone: 'Europe/Berlin', currency: 'EUR' },
    { begin: async () => {}, add: count },
  );
  expect(lines).toEqual({ asBytes: 4_998, asText: 2 });
});

test.each([
  ['\n', ','],
  ['\r\n', ';'],
])(
  'rows on the borders of blocks are what reading their cells makes of them: lines end with %j',
  async (lineEnd, delimiter) => {
    // 1 MB is a block; one cell is nearly as long, one longer, and rows have lengths of all remainders
    const row = (at: number) =>
      [
        `C${at % 997}`,
        `2024-0${1 + (at % 9)}-1${at % 10} 08:${10 + (at % 50)}:00`,
        at % 11 === 0 ? `"Mug${delimiter} ${'red '.repeat(at % 13)}no. ${at}"` : `茶 ${'x'.repeat(at % 71)}é`,
        `${at % 1000}.${10 + (at % 90)}`,
        at % 4_001 === 5 ? 'refunded' : 'paid',
      ].join(delimiter);
    const rows = Array.from({ length: 30_000 }, (_, at) => row(at));
    const long = (bytes: number) => ['C1', '2024-03-10', 'y'.repeat(bytes), '1.50', 'paid'].join(delimiter);
    rows.splice(9_000, 0, long(1_000_000));
    rows.splice(21_000, 0, long(1_100_000));
    const header = ['customer_id', 'date', 'product', 'amount', 'status'].join(delimiter);
    const text = [header, ...rows, ''].join(lineEnd);
    const read = (encoding: TestEncoding) =>
      outcome(
        orderLinesOf(
          upload(encode(text, encoding), { key: 'orders/may.csv', chunkSizes: [99_991, 1 << 20] }),
          {
            timeZone: 'Europe/Berlin',
          },
        ),
      );
    const [asBytes, asText] = [await read('utf-8'), await read('utf-16le with BOM')];
    expect(isDeepStrictEqual(asBytes, asText)).toBe(true);
    expect('all' in asBytes && asBytes.all.length).toBeGreaterThan(30_000);
  },
);

test('files that are read at the same time do not disturb each other', async () => {
  const read = (name: string, status: string) =>
    orderLinesOf(
      upload(
        `customer_id,date,amount,status\n${Array.from({ length: 3_000 }, (_, at) => `${name}${at},2024-03-10,${at}.50,${at % 9 === 4 ? '"a""b"' : status}`).join('\n')}\n`,
        { key: `orders/${name}.csv`, chunkSizes: [3_000] },
      ),
    );
  const alone = [await read('A', 'paid'), await read('B', 'cancelled')];
  expect(await Promise.all([read('A', 'paid'), read('B', 'cancelled')])).toEqual(alone);
  expect(alone.map(({ lines }) => [lines.sale.lines, lines.cancelled.lines])).toEqual([
    [2_667, 0],
    [0, 2_667],
  ]);
});
