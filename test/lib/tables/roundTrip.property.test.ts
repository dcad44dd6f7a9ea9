import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeCsv } from '../../../lib/tables/csv.ts';
import { restoreText } from '../../../lib/tables/spreadsheetText.ts';
import { rawRows } from './rawRows.ts';
import { encode, gzipped, type TestEncoding, upload } from './uploads.ts';

const delimiters = [',', ';', '\t', '|'];
const header = ['编号', 'name', '消费金额'];

/** Text of any kind, with what makes CSV hard well represented. NUL is no text. */
const cell = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({
      unit: fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', ' ', "'", '=', 'a', '消'),
      maxLength: 8,
    }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  )
  .map((text) => text.replaceAll('\0', ''));
const tableOf = (text: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(text, text, text), { minLength: 1, maxLength: 12 })
    .filter((rows) => rows.every(isNotBlank));
const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const isNotBlank = (row: readonly string[]) => row.some((text) => text !== '');

describe('rows written by writeCsv', () => {
  const encodings: TestEncoding[] = [
    'utf-8',
    'utf-8 with BOM',
    'utf-16le',
    'utf-16le with BOM',
    'utf-16be',
    'utf-16be with BOM',
  ];
  test.each(encodings)(
    'are read back exactly from %s, whatever the text, delimiter and chunks',
    async (encoding) => {
      const delimiter = fc.constantFrom(...delimiters);
      await fc.assert(
        fc.asyncProperty(tableOf(cell), delimiter, chunkSizes, async (rows, delimiter, chunkSizes) => {
          const bytes = encode(writeCsv(header, rows, { delimiter }), encoding);
          const read = await rawRows(upload(bytes, { chunkSizes }));
          expect(read.header).toEqual(header);
          expect(read.cells.map((cells) => cells.map(restoreText))).toEqual(rows);
          expect(read.rejected).toEqual([]);
          expect(read.report.encoding).toBe(encoding.replace(' with BOM', ''));
        }),
        { numRuns: 150 },
      );
    },
  );

  test('are read back exactly from GB18030 where the text is mostly Chinese', async () => {
    const chinese = fc.string({ unit: fc.constantFrom(...'你好购买金额，。"\n,𠀀ü€'), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(tableOf(chinese), chunkSizes, async (rows, chunkSizes) => {
        const read = await rawRows(upload(encode(writeCsv(header, rows), 'gb18030'), { chunkSizes }));
        expect(read.cells).toEqual(rows);
        expect(read.report.encoding).toBe('gb18030');
      }),
      { numRuns: 150 },
    );
  });

  test('are read back exactly through gzip', async () => {
    await fc.assert(
      fc.asyncProperty(tableOf(cell), chunkSizes, async (rows, chunkSizes) => {
        const read = await rawRows(upload(gzipped(writeCsv(header, rows)), { chunkSizes }));
        expect(read.cells.map((cells) => cells.map(restoreText))).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });

  test('are read back exactly when there is one column, empty cells included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1 }), chunkSizes, async (texts, chunkSizes) => {
        const csv = writeCsv(
          ['name'],
          texts.map((text) => [text]),
        );
        const read = await rawRows(upload(csv, { chunkSizes }));
        expect(read.cells.map(([only]) => restoreText(only ?? ''))).toEqual(texts);
      }),
    );
  });

  test('are read the same with LF, CRLF and CR at the end of lines', async () => {
    const plainCell = fc.string({ unit: fc.constantFrom('a', '1', '"', ',', ' ', '买'), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        tableOf(plainCell),
        fc.constantFrom('\n', '\r\n', '\r'),
        chunkSizes,
        async (rows, end, chunkSizes) => {
          const csv = writeCsv(header, rows).replaceAll('\n', end);
          const read = await rawRows(upload(csv, { chunkSizes }));
          expect(read.cells).toEqual(rows);
          expect(read.rows.map(({ line }) => line)).toEqual(rows.map((_, index) => index + 2));
        },
      ),
    );
  });
});

test('any bytes at all are read or refused, and rows in are rows ok and rows quarantined', async () => {
  const hardText = fc.string({
    unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a', '1', '\0', 'é'),
    maxLength: 80,
  });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    hardText.map((text) => Buffer.from(`a,b\n${text}`)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, chunkSizes, async (content, chunkSizes) => {
      const read = await rawRows(upload(content, { chunkSizes })).catch((error: Error) => error);
      if (read instanceof Error) expect(read.name).toBe('TableRejected');
      else {
        const { rowsIn, rowsOk, rowsQuarantined } = read.report;
        expect(rowsIn).toBe(rowsOk + rowsQuarantined);
        expect(read.rows.length).toBe(rowsOk);
        expect(read.rejected.length).toBe(rowsQuarantined);
      }
    }),
    { numRuns: 500 },
  );
});
