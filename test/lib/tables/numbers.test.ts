import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecimalMark, isMissingNumber, parseNumber } from '../../../lib/tables/numbers.ts';

const readingOf = (cell: string, decimalMark: DecimalMark = null) => {
  const reading = parseNumber(cell, { decimalMark });
  return reading.kind === 'number' ? reading.value : reading.kind;
};

describe('a number is read as it was meant', () => {
  test.each([
    ['5', 5],
    [' -5.50 ', -5.5],
    ['+.5', 0.5],
    ['1e3', 1000],
    ['1,234.56', 1234.56],
    ['1.234,56', 1234.56],
    ['12,34,567.5', 1_234_567.5],
    ['1,234,567', 1_234_567],
    ['1.234.567', 1_234_567],
    ['1 234,56', 1234.56],
    ['1\u00A0234,56', 1234.56],
    ['1\u202F234', 1234],
    ['1’234.50', 1234.5],
    ['12,5', 12.5],
    ['1234,567', 1234.567],
    ['0,125', 0.125],
    ['1.234', 1.234],
    ['¥100', 100],
    ['￥1,234.50', 1234.5],
    ['１００', 100],
    ['100元', 100],
    ['-¥5', -5],
    ['$ -5', -5],
    ['5 €', 5],
    ['USD 12.00', 12],
    ['(12.00)', -12],
    ['−5', -5],
    ['5%', 0.05],
    ['2.5 ％', 0.025],
  ])('%s', (cell, value) => expect(readingOf(cell)).toBeCloseTo(value, 12));

  test('every finite number is read back as it is written', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(readingOf(String(value))).toBe(Number(String(value)));
      }),
    );
  });
});

test.each(['NaN', 'nan', 'inf', '-inf', 'Infinity', '1e999', '1.#INF'])('%s is not finite', (cell) =>
  expect(readingOf(cell)).toBe('notFinite'),
);

test.each([
  'abc',
  '1,23,4',
  '12-5',
  '1.2.3',
  '--5',
  '(-5)',
  '0x10',
  '1 2',
  '5 apples',
  '=1+1',
  '1_000',
  ',',
  '¥',
])('%s is not a number', (cell) => expect(readingOf(cell)).toBe('notNumber'));

describe('1,234 has two readings', () => {
  test('and the reason gives both', () => {
    expect(parseNumber('1,234')).toMatchObject({
      kind: 'ambiguous',
      reason: expect.stringContaining('1234 or 1.234'),
    });
  });

  test('and one where it counts something, or where the decimal mark is known', () => {
    expect(parseNumber('1,234', { whole: true })).toMatchObject({ value: 1234 });
    expect(readingOf('1,234', '.')).toBe(1234);
    expect(readingOf('1,234', ',')).toBe(1.234);
    expect(readingOf('1.234', ',')).toBe(1234);
    expect(readingOf('1.234', 'both')).toBe('ambiguous');
  });
});

test.each(['', '  ', 'NA', 'n/a', '#N/A', 'null', 'None', '-', '--'])('"%s" is missing', (cell) =>
  expect(isMissingNumber(cell)).toBe(true),
);
test.each(['0', 'NaN', 'nan', 'inf', 'x'])('"%s" is not missing', (cell) =>
  expect(isMissingNumber(cell)).toBe(false),
);
