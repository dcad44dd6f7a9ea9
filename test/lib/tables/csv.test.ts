import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rejectsCsv, writeCsv } from '../../../lib/tables/csv.ts';
import { neutralise, restoreText } from '../../../lib/tables/spreadsheetText.ts';

describe('a cell that a spreadsheet would run', () => {
  test.each(['=1+1', '+SUM(A1)', '-cmd', '@x', '\tx', '\rx', "'=1"])('%j is made text', (text) =>
    expect(neutralise(text)).toBe(`'${text}`),
  );

  test.each(['-5', '+5', '-1.5e-7', '-1,234', '-5%', 'plain', "'tis", ''])('%j stays as it is', (text) =>
    expect(neutralise(text)).toBe(text),
  );

  test('is given back by restoreText, as is every other text', () => {
    const text = fc.string({ unit: fc.constantFrom("'", '=', '-', '+', '@', '\t', '\r', '5', '.', 'a') });
    fc.assert(fc.property(text, (text) => restoreText(neutralise(text)) === text));
  });
});

test('numbers, booleans and nothing are written plainly, whatever is special is quoted', () => {
  const csv = writeCsv(
    ['客户编号', 'note'],
    [
      ['a,b', -1.5],
      ['say "hi"', true],
      ['two\rlines', null],
    ],
  );
  expect(csv).toBe('客户编号,note\n"a,b",-1.5\n"say ""hi""",true\n"two\rlines",\n');
});

test('a byte order mark is written on request', () => {
  expect(writeCsv(['a'], [], { bom: true })).toBe('\uFEFFa\n');
});

test('rejects carry line, column, reason and the text as it was', () => {
  const csv = rejectsCsv([
    { line: 3, column: null, reason: 'the row has 1 cell, the header 2', raw: '=x,"' },
  ]);
  expect(csv).toBe('\uFEFFline,column,reason,raw\n3,,"the row has 1 cell, the header 2","\'=x,"""\n');
});
