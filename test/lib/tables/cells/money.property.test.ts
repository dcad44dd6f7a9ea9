import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minorDigits } from '../../../../lib/tables/cells/currencies.ts';
import { DecimalReader } from '../../../../lib/tables/cells/decimals.ts';
import { allocate, convert, productToScale, rateOf, toScale } from '../../../../lib/tables/cells/money.ts';
import { UnsurveyedCell } from '../../../../lib/tables/survey.ts';

const reader = (mark: '.' | ',' | 'both' | null = null, surveyed = true) =>
  new DecimalReader({ mark, surveyed });

function cents(cell: string, mark: '.' | ',' | null = null): number | string {
  const numbers = reader(mark);
  return numbers.read(cell) ?? toScale(numbers, 2);
}

/** Halves away from zero, in whole numbers alone. */
function roundedBig(digits: bigint, scale: number, wanted: number): bigint {
  if (scale <= wanted) return digits * 10n ** BigInt(wanted - scale);
  const divisor = 10n ** BigInt(scale - wanted);
  const size = digits < 0n ? -digits : digits;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return digits < 0n ? -rounded : rounded;
}

const decimal = fc.record({
  digits: fc.integer({ min: -1e9, max: 1e9 }),
  scale: fc.integer({ min: 0, max: 6 }),
});

describe('amounts', () => {
  test.each([
    ['1234.5', 123450],
    ['¥1,234.50', 123450],
    ['1 234,56', 123456],
    ['1.234,56', 123456],
    ['(12.00)', -1200],
    ['-$5', -500],
    ['12,34,567.5', 123456750],
    ['1.005', 101],
    ['-1.005', -101],
    ['0.30000000000000004', 30],
    ['1e3', 100000],
    ['999999999999.99', 99999999999999],
  ])('%s is %d cents', (cell, expected) => {
    expect(cents(cell)).toBe(expected);
  });

  test('a cell that is no amount says why', () => {
    expect(cents('')).toBe('the cell is empty');
    expect(cents('12 apples')).toMatch(/not a number/);
    expect(cents('1234567890123456.00')).toMatch(/15 digits/);
    expect(cents('5%')).toMatch(/percentage/);
    expect(cents('1,234')).toMatch(/can be 1234 or 1\.234/);
  });

  test('1,234 is left to the rest of the file before it was looked at, and follows its decimal mark after', () => {
    expect(() => reader(null, false).read('1,234')).toThrow(UnsurveyedCell);
    expect(cents('1,234', '.')).toBe(123400);
    expect(cents('1,234', ',')).toBe(123);
    expect(cents('1.234', ',')).toBe(123400);
  });

  test('a decimal comma after 1.234 was read as a decimal calls for a look at the whole file', () => {
    const numbers = reader(null, false);
    expect(numbers.read('1.234')).toBeNull();
    expect(() => numbers.read('12,50')).toThrow(UnsurveyedCell);
  });

  test('any amount, however it is dressed, comes back to the cent', () => {
    const styles = [
      (whole: string, fraction: string) => `${whole}.${fraction}`,
      (whole: string, fraction: string) => `$${grouped(whole, ',')}.${fraction}`,
      (whole: string, fraction: string) => `${grouped(whole, '.')},${fraction} €`,
      (whole: string, fraction: string) => `${grouped(whole, ' ')},${fraction}`,
      (whole: string, fraction: string) => `${grouped(whole, '’')}.${fraction}`,
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e14 }),
        fc.constantFrom(...styles),
        fc.boolean(),
        (amount, style, minus) => {
          const text = String(amount).padStart(3, '0');
          const cell = style(text.slice(0, -2), text.slice(-2));
          expect(cents(minus ? `-${cell}` : cell)).toBe(minus ? 0 - amount : amount);
        },
      ),
    );
  });

  test('quantity × price is exact, and rounded once', () => {
    fc.assert(
      fc.property(decimal, decimal, fc.integer({ min: 0, max: 4 }), (one, other, wanted) => {
        const exact = roundedBig(BigInt(one.digits) * BigInt(other.digits), one.scale + other.scale, wanted);
        const product = productToScale(one, other, wanted);
        if (Math.abs(Number(exact)) <= Number.MAX_SAFE_INTEGER) expect(BigInt(product)).toBe(exact);
        else expect(product).toBeNaN();
      }),
    );
  });

  test('rounding to minor units agrees with whole-number arithmetic', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.integer({ min: 0, max: 25 }),
        fc.integer({ min: 0, max: 4 }),
        (digits, scale, wanted) => {
          const exact = roundedBig(BigInt(digits), scale, wanted);
          const rounded = toScale({ digits, scale }, wanted);
          if (Math.abs(Number(exact)) <= Number.MAX_SAFE_INTEGER) expect(BigInt(rounded)).toBe(exact);
          else expect(rounded).toBeNaN();
        },
      ),
    );
  });
});

describe('currencies', () => {
  test.each([
    ['USD', 2],
    ['CNY', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
  ])('%s has %d decimals', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  test('a rate is a decimal number, and converts between minor units of different size', () => {
    const rate = rateOf('JPY', '0.0063');
    expect(convert(1000, { from: 'JPY', to: 'USD', rate })).toBe(630);
    expect(convert(1234, { from: 'KWD', to: 'USD', rate: rateOf('KWD', 3.25) })).toBe(401);
    expect(() => rateOf('EUR', 0)).toThrow(/positive decimal number as rate of EUR/);
    expect(() => rateOf('EUR', 'about 1')).toThrow(/rate of EUR/);
  });
});

describe('allocate', () => {
  test('shares add up, and none is off its exact part by a minor unit or more', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1e7 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), weights, (amount, parts) => {
        const shares = allocate(amount, parts);
        const total = parts.reduce((sum, part) => sum + part, 0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount);
        for (const [index, share] of shares.entries()) {
          const exact = total === 0 ? amount / parts.length : (amount * (parts[index] as number)) / total;
          expect(Math.abs(share - exact)).toBeLessThan(1 + 1e-6);
        }
      }),
    );
  });

  test('without any weight, shares are equal', () => {
    expect(allocate(11, [0, 0])).toEqual([6, 5]);
  });

  test('what is left goes to the largest remainders', () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(allocate(500, [3200, 2000])).toEqual([308, 192]);
  });
});

const grouped = (digits: string, separator: string): string => digits.replace(/\B(?=(\d{3})+$)/g, separator);
