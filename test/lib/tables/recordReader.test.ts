import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeCsv } from '../../../lib/tables/csv.ts';
import { RecordReader } from '../../../lib/tables/recordReader.ts';

const newReader = () => new RecordReader({ delimiter: ',', header: ['id', 'note'], line: 1, damaged: false });

function readInPieces(text: string, sizes: number[]): RecordReader {
  const reader = newReader();
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    reader.push(text.slice(at, at + size));
    at += size;
  }
  reader.push('', true);
  return reader;
}

const units = ['"', '""', ',', '\n', '\r\n', '\r', 'a', '1', ',"', '",', '\0'];
const hardText = fc.string({ unit: fc.constantFrom(...units), maxLength: 40 });
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

describe('text in pieces', () => {
  test('is read as it is in one piece, right or wrong, wherever it is cut', () => {
    fc.assert(
      fc.property(hardText, sizes, (text, sizes) => {
        const { rows, rejected, rowsIn, blankRows, suspectRows } = readInPieces(text, sizes);
        const whole = newReader();
        whole.push(text, true);
        expect({ rows, rejected, rowsIn, blankRows, suspectRows }).toEqual({
          rows: whole.rows,
          rejected: whole.rejected,
          rowsIn: whole.rowsIn,
          blankRows: whole.blankRows,
          suspectRows: whole.suspectRows,
        });
      }),
      { numRuns: 3000 },
    );
  });

  test('gives back what writeCsv wrote, with lines as an editor counts them', () => {
    const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '消'), maxLength: 6 });
    const table = fc.array(fc.tuple(fc.constant('7'), cell), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, sizes, (rows, sizes) => {
        const csv = rows.map((row) => writeCsv(row, [])).join('');
        const read = readInPieces(csv, sizes).rows;
        expect(read.map(({ cells: [id, note] }) => [id, note?.replace(/^'(?='*\r)/, '')])).toEqual(rows);
        for (const { line, raw } of read) {
          const before = csv.split(/\r\n|\n|\r/).slice(line - 1);
          expect(before.join('\n').startsWith(raw.replace(/\r\n|\r/g, '\n'))).toBe(true);
        }
      }),
    );
  });
});

describe('a row without end', () => {
  test.each([
    ['a quoted one', '1,"xxxxxxx'],
    ['a plain one', '1,xxxxxxxx'],
  ])('is set aside before the file ends, and no more of it is held: %s', (_, start) => {
    const reader = newReader();
    reader.push(start);
    for (let pushed = 0; pushed < 40; pushed++) reader.push('x'.repeat(1 << 16));
    expect(reader.rejected).toHaveLength(1);
    reader.push('\n2,good\n');
    expect(reader.rows).toMatchObject([{ number: 2, line: 2, cells: ['2', 'good'] }]);
  });

  test('gives the lines after it back before the file ends', () => {
    const reader = newReader();
    reader.push('1,"open\n');
    for (let pushed = 0; pushed < 40; pushed++) reader.push('2,good and long enough\n'.repeat(3000));
    expect(reader.rejected).toMatchObject([{ line: 1, raw: '1,"open' }]);
    expect(reader.rows.length).toBe(120_000);
  });
});

test('a row with line breaks is in doubt when quotes are wrong right after it', () => {
  const reader = newReader();
  reader.push('7,"a\nb"\n"7"x,b\n', true);
  expect(reader.suspectRows).toBe(1);
  const sound = newReader();
  sound.push('7,"a\nb"\n7,a\n7,"b\n', true);
  expect(sound.suspectRows).toBe(0);
});
