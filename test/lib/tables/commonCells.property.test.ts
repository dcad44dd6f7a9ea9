import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { dayNumber } from '../../../lib/tables/cells/calendar.ts';
import { disguiseOf, idFault, isNothing, textOf } from '../../../lib/tables/cells/texts.ts';
import { CommonCells } from '../../../lib/tables/commonCells.ts';
import {
  type CellColumn,
  DecimalCells,
  empty,
  FlagCells,
  flags,
  TextCells,
  TimeCells,
  uncommon,
} from '../../../lib/tables/commonColumns.ts';
import { WordCells } from '../../../lib/tables/commonWords.ts';

const opened: CommonCells[] = [];
afterEach(() => {
  for (const cells of opened.splice(0)) cells.close();
});

function cellsOf(columns: CellColumn[], { delimiter = ',', width = columns.length } = {}): CommonCells {
  const cells = new CommonCells({ delimiter, width }, columns);
  opened.push(cells);
  return cells;
}

/** What a column of one makes of cells that stand at all places to the borders of sixteen and sixty-four bytes. */
function readEach<Column extends CellColumn, Read>(
  texts: readonly string[],
  column: Column,
  read: (column: Column, row: number) => Read,
  pointIsDecimal = true,
): Read[] {
  const fillers = texts.map((_, at) => 'f'.repeat(1 + ((at * 7) % 64)));
  const bytes = Buffer.from(texts.map((text, at) => `${text},${fillers[at]}\n`).join(''));
  const cells = cellsOf([column], { width: 2 });
  const found: Read[] = [];
  for (let from = 0; from < bytes.length; ) {
    const rows = cells.find(bytes, { from, pointIsDecimal });
    expect(rows).toBeGreaterThan(0);
    for (let row = 0; row < rows; row++) found.push(read(column, cells.first + row));
    from = cells.positionOf(rows);
  }
  expect(found.length).toBe(texts.length);
  return found;
}

/** Strings made of these pieces. */
const textOfPieces = (pieces: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(''));

const readText = (cells: TextCells, row: number) => cells.lengths[row] as number;

/** Whether a cell was taken as text, which it then has to be as it stands, or as empty. */
function isTaken(text: string, length: number): boolean {
  if (length === uncommon) return false;
  expect(length).toBe(text === '' ? empty : Buffer.byteLength(text));
  expect(textOf(text)).toBe(text === '' ? null : text);
  return true;
}

describe('the rows that are found are those of one line, of the width, with cells quoted as a whole or not at all', () => {
  const pieces = ['a', '茶', 'é', '7', 'long text '.repeat(9).trim()];

  test.each([
    [',', 1],
    [',', 2],
    [';', 3],
    ['\t', 5],
    [',', 1000],
  ])('delimiter %j, width %i', (delimiter, width) => {
    const cell = fc.tuple(textOfPieces(pieces, 3), fc.nat(20)).map(([text, kind]) => {
      if (kind === 0) return `"a${text}${delimiter}${text}z"`;
      if (kind === 1) return `"${text}"`;
      return kind === 2 ? '' : text;
    });
    const odd = fc.constantFrom(
      '"',
      '""',
      'a"b',
      '"a""b"',
      '\0',
      '\r',
      '"a\rb"',
      '"a"b',
      '"\0"',
      '\r\r',
      '"a" ',
    );
    const few = width > 5 ? 4 : 25;
    const rows = fc.array(
      fc.record({
        cells: fc.array(cell, {
          minLength: width > 5 ? 3 : Math.max(1, width - 1),
          maxLength: width > 5 ? 3 : width + 1,
        }),
        odd: fc.option(odd, { freq: 12 }),
        end: fc.constantFrom('\n', '\n', '\n', '\r\n', '\r\r\n'),
      }),
      { minLength: 1, maxLength: few },
    );
    const isCommon = new RegExp(
      `^(?:"[^"\\r\\n\\0]*"|[^"\\r\\n\\0${delimiter}]*)(?:${delimiter}(?:"[^"\\r\\n\\0]*"|[^"\\r\\n\\0${delimiter}]*)){${width - 1}}\\r?$`,
    );
    const cellPattern = new RegExp(
      `"([^"]*)"|[^${delimiter}\\r"]+|(?<=^|${delimiter})(?=${delimiter}|\\r?$)`,
      'g',
    );
    fc.assert(
      fc.property(rows, fc.nat(70), (made, ahead) => {
        const wide = (some: string[]) =>
          width > 5 ? [...some, ...Array(Math.max(0, width - some.length)).fill('x')] : some;
        const lines = made.map(
          ({ cells, odd: stray, end }) => wide(cells).join(delimiter) + (stray ?? '') + end,
        );
        const text = `${'f'.repeat(ahead)}${delimiter.repeat(width - 1)}\n${lines.join('')}`;
        const bytes = Buffer.from(text);
        const columns = Array.from({ length: width }, (_, index) => new TextCells(index));
        const watched = width > 5 ? [0, 1, 2, 999] : columns.map(({ index }) => index);
        const reader = cellsOf(
          watched.map((index) => columns[index] as TextCells),
          { delimiter, width },
        );
        let from = 0;
        let waiting = 0;
        for (const line of text.slice(0, -1).split('\n')) {
          const cells = [...line.matchAll(cellPattern)].map(([whole, quoted]) => quoted ?? whole);
          const expected = isCommon.test(line) && cells.some((text) => text !== '');
          if (waiting === 0) waiting = reader.find(bytes, { from, pointIsDecimal: true });
          expect(waiting > 0, JSON.stringify(line)).toBe(expected);
          const next = bytes.indexOf(10, from) + 1;
          if (expected) {
            reader.find(bytes, { from, pointIsDecimal: true });
            for (const index of watched) {
              const { starts, lengths } = columns[index] as TextCells;
              const start = starts[reader.first] as number;
              const length = lengths[reader.first] as number;
              const found = length < 0 ? length : bytes.toString('utf8', start, start + length);
              expect(found, JSON.stringify(line)).toBe(cells[index] === '' ? empty : cells[index]);
            }
            expect(reader.positionOf(1)).toBe(next);
            waiting--;
          }
          from = next;
        }
        reader.close();
      }),
      { numRuns: width > 5 ? 15 : 80 },
    );
  });
});

test('text is what reading it would make of it, and plain text is text', () => {
  const pieces = [
    'a',
    'Z',
    '7',
    ' ',
    '\t',
    "'",
    '=',
    '`',
    '茶',
    '\u3000',
    '\u00a0',
    '\u2003',
    '\u1680',
    '\ufeff',
    'é',
    '😀',
    '\x7f',
    '\x1f',
  ];
  const texts = fc.array(textOfPieces(pieces, 20), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(texts, (cells) => {
      const found = readEach(cells, new TextCells(0), readText);
      for (const [at, text] of cells.entries()) {
        if (!isTaken(text, found[at] as number))
          expect(text).not.toMatch(/^[a-z0-9茶😀](.*[a-z0-9茶😀])?$/iu);
      }
    }),
    { numRuns: 150 },
  );
});

test('a column of text tells behind which row all of its cells are common', () => {
  const column = new TextCells(0);
  for (const [texts, end] of [
    [['a', ' b', 'c', '=d', 'e', ''], 4],
    [['a', '', 'b'], 0],
  ] as const) {
    readEach(texts, column, readText);
    expect(column.uncommonEnd).toBe(end);
  }
});

test('an id is what reading it would make of it, and one of small letters and digits is an id', () => {
  const pieces = [
    'a',
    'sum',
    'Z',
    '7',
    '0',
    '+',
    '*',
    '@',
    '.',
    '-',
    'e',
    '茶',
    'é',
    'null',
    ' ',
    'abcdefghijklmnop',
  ];
  const texts = fc.array(
    fc.oneof(
      textOfPieces(pieces, 22),
      fc.constantFrom('1.2e+12', 'grand total', '合计', 'x'.repeat(255), `7${'x'.repeat(256)}`),
    ),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(texts, (cells) => {
      const found = readEach(cells, new TextCells(0, 'id'), readText);
      for (const [at, text] of cells.entries()) {
        if (isTaken(text, found[at] as number)) {
          expect([idFault(text), isNothing(text), disguiseOf(text)]).toEqual([null, false, null]);
          if (text.includes('@')) expect(text.toLowerCase()).toBe(text);
        } else expect(text.length <= 256 && /^(?=.*\d)[a-z0-9.@-]+$/.test(text), text).toBe(false);
      }
    }),
    { numRuns: 150 },
  );
});

test('flags tell an empty cell, and one with a digit, wherever that stands', () => {
  const texts = fc.array(textOfPieces(['a', ' ', '茶', 'abcdefghijklmnop', '9', '/', ':'], 6), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(texts, (cells) => {
      const found = readEach(cells, new FlagCells(0), (column, row) => (column.flags[row] as number) & 3);
      const expected = cells.map((text) =>
        text === '' ? 0 : flags.any | (/\d/.test(text) ? flags.digit : 0),
      );
      expect(found).toEqual(expected);
    }),
  );
});

test.each([true, false])(
  'numbers are those of at most 15 characters, exactly, where a point is decimal: %s',
  (pointIsDecimal) => {
    const text = fc.oneof(
      textOfPieces(['0', '1', '9', '12', '.', '-'], 18),
      fc.integer({ min: -99_999_999_999_999, max: 999_999_999_999_999 }).map(String),
      fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(99_999_999)).map((parts) => parts.join('.')),
      fc.constantFrom(
        '-',
        '.',
        '-.',
        '',
        '-0',
        '-0.0',
        '1:',
        '1/2',
        '+1',
        '1e3',
        '999999999999999',
        '9999999999999999',
        '１',
      ),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (cells) => {
        const read = (column: DecimalCells, row: number) => {
          const scale = column.scales[row] as number;
          return scale < 0 ? scale : { digits: column.digits[row], scale, value: column.valueAt(row) };
        };
        const expected = cells.map((cell) => {
          if (cell === '') return empty;
          const isNumber = cell.length <= 15 && /^-?\d*\.?\d*$/.test(cell) && /\d/.test(cell);
          if (!isNumber || (cell.includes('.') && !pointIsDecimal)) return uncommon;
          const [, fraction = ''] = cell.split('.');
          // no number is -0
          const digits = Number(cell.replace('.', '')) + 0;
          return { digits, scale: fraction.length, value: digits / 10 ** fraction.length };
        });
        expect(readEach(cells, new DecimalCells(0), read, pointIsDecimal)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  },
);

describe('times', () => {
  const two = (most: number) =>
    fc.integer({ min: 0, max: most }).map((part) => String(part).padStart(2, '0'));
  const read = ({ days, hours, seconds, utc }: TimeCells, row: number) =>
    (days[row] as number) < 0
      ? null
      : { day: days[row], hour: hours[row], second: seconds[row], utc: utc[row] === 1 };

  test('are those of 1970 to 2199 as ISO 8601 writes them, with or without a time of day', () => {
    const date = fc
      .tuple(
        fc.constantFrom('1969', '1970', '1999', '2000', '2024', '2100', '2199', '2200', '02024', '202a'),
        two(14),
        two(33),
      )
      .map((parts) => parts.join('-'));
    const clock = fc
      .tuple(
        two(25),
        two(61),
        fc.option(two(61)),
        fc.constantFrom('', '', '.', '.0', '.123456789', ';5', '.5a'),
      )
      .map(
        ([hours, minutes, seconds, fraction]) =>
          `${hours}:${minutes}${seconds === null ? '' : `:${seconds}${fraction}`}`,
      );
    const time = fc
      .tuple(
        date,
        fc.option(
          fc.tuple(
            fc.constantFrom(' ', 'T', 't', '  ', ''),
            clock,
            fc.constantFrom('', '', 'Z', 'z', '+01:00'),
          ),
        ),
      )
      .map(([day, rest]) => `${day}${rest === null ? '' : rest.join('')}`);
    const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?(Z?))?)?$/;
    const expected = (text: string) => {
      const [whole, year, month, day, hours, minutes, seconds = 0, z] = pattern.exec(text) ?? [];
      const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
      const isDate = whole !== undefined && midnight.toISOString().slice(0, 10) === text.slice(0, 10);
      if (!isDate || Number(year) < 1970 || Number(year) > 2199) return null;
      const start = midnight.getTime() / 1000;
      if (hours === undefined) return { day: start / 86_400, hour: -1, second: start, utc: false };
      if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
      const second = start + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
      return { day: start / 86_400, hour: Number(hours), second, utc: z === 'Z' };
    };
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 60 }), (cells) => {
        expect(readEach(cells, new TimeCells(0), read)).toEqual(cells.map(expected));
      }),
      { numRuns: 300 },
    );
  });

  test('have each day of 230 years its number', () => {
    const numbers = Array.from({ length: dayNumber(2200, 1, 1) }, (_, day) => day);
    const dates = numbers.map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
    const days: (number | undefined)[] = [];
    for (let at = 0; at < dates.length; at += 10_000)
      days.push(
        ...readEach(dates.slice(at, at + 10_000), new TimeCells(0), ({ days: read }, row) => read[row]),
      );
    expect(days).toEqual(numbers);
    const beyond = [
      '2023-02-29',
      '2100-02-29',
      '2024-04-31',
      '2024-00-10',
      '2024-13-01',
      '2024-01-00',
      '1969-12-31',
      '2200-01-01',
      ...['2024-03-10 24:00', '2024-03-10 23:60', '2024-03-10 23:59:60', '2024-03-10T08:26Z'],
    ];
    for (const day of readEach(beyond, new TimeCells(0), ({ days: read }, row) => read[row]))
      expect(day).toBe(uncommon);
  });
});

describe('words', () => {
  test('are asked for once each, the first 200 of them; longer than 64 bytes they are left to be read as text', () => {
    const words = Array.from({ length: 230 }, (_, at) => (at % 3 === 0 ? `completed-${at}` : `é${at}`));
    const long = ['w'.repeat(64), 'w'.repeat(65), ''];
    const asked: string[] = [];
    const column = new WordCells(0, (word) => asked.push(word) % 100);
    const sequence = [...words.slice(0, 50), ...long, ...words.slice(0, 100), ...words, ...words, ...long];
    const found = readEach(sequence, column, (cells, row) => cells.meaningAt(row));
    const first = [...new Set([...words.slice(0, 50), long[0], '', ...words])].slice(0, 200);
    expect(asked).toEqual(first);
    const meanings = new Map(first.map((word, at) => [word, (at + 1) % 100]));
    expect(found).toEqual(sequence.map((word) => meanings.get(word) ?? -1));
  });

  test('are known by all of their bytes', () => {
    const text = textOfPieces(['a', 'b', 'abcdefgh', '茶'], 8);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 100 }), (cells) => {
        const known = [...new Set(cells)];
        const column = new WordCells(0, (word) => known.indexOf(word));
        // twice: once asked for, once known to the kernel
        for (const fresh of [true, false]) {
          const found = readEach(
            [...cells, ...Array(fresh ? 0 : 2_100).fill(cells[0])],
            column,
            (read, row) => read.meaningAt(row),
          );
          const isLong = (word: string) => Buffer.byteLength(word) > 64;
          expect(found.slice(0, cells.length)).toEqual(
            cells.map((cell) => (isLong(cell) ? -1 : known.indexOf(cell))),
          );
          for (const cells_ of opened.splice(0)) cells_.close();
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('memory that one file after the other uses', () => {
  const rowsOf = (texts: readonly string[]) => Buffer.from(texts.map((text) => `${text}\n`).join(''));

  test('is not shared by two that are read by turns', () => {
    const readers = ['one', 'other'].map((name) => {
      const column = new TextCells(0);
      const texts = Array.from({ length: 5_000 }, (_, at) => `${name} ${at}`);
      return { cells: cellsOf([column]), column, texts, bytes: rowsOf(texts), at: 0, from: 0 };
    });
    while (readers.some(({ from, bytes }) => from < bytes.length))
      for (const reader of readers) {
        const rows = reader.cells.find(reader.bytes, { from: reader.from, pointIsDecimal: true });
        for (let row = reader.cells.first; row < reader.cells.first + rows; row++) {
          const start = reader.column.starts[row] as number;
          const text = reader.bytes.toString('utf8', start, start + (reader.column.lengths[row] as number));
          expect(text).toBe(reader.texts[reader.at++]);
        }
        reader.from = reader.cells.positionOf(rows);
      }
    expect(readers.map(({ at }) => at)).toEqual([5_000, 5_000]);
  });

  test('keeps nothing of the file before: neither words, nor dates, nor rows', () => {
    for (const meaning of [1, 2]) {
      const word = new WordCells(0, () => meaning);
      const time = new TimeCells(1);
      const cells = cellsOf([word, time]);
      const bytes = rowsOf([
        'paid,2024-03-10',
        'paid,2024-03-10',
        `paid,${meaning === 1 ? '2024-03-11' : '2024-02-30'}`,
      ]);
      expect(cells.find(bytes, { from: 0, pointIsDecimal: false })).toBe(3);
      expect([0, 1, 2].map((row) => word.meaningAt(row))).toEqual([meaning, meaning, meaning]);
      expect(time.days[2]).toBe(meaning === 1 ? dayNumber(2024, 3, 11) : uncommon);
      cells.close();
    }
  });
});

test('what was read while decimals were not known to have a point is read anew', () => {
  const column = new DecimalCells(0);
  const cells = cellsOf([column]);
  const bytes = Buffer.from('1\n2.5\n3.5\n');
  expect(cells.find(bytes, { from: 0, pointIsDecimal: false })).toBe(3);
  expect([...column.scales.subarray(0, 3)]).toEqual([0, uncommon, uncommon]);
  expect(cells.find(bytes, { from: 6, pointIsDecimal: true })).toBe(1);
  expect([column.digits[cells.first], column.scales[cells.first]]).toEqual([35, 1]);
});
