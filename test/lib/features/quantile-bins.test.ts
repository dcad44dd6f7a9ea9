import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inBinsOf, numberBins, textBins, weightedQuantiles } from '../../../lib/features/quantileBins.ts';

const numbers = fc.array(
  fc.oneof(fc.constantFrom(0, 0, 1), fc.integer({ min: -50, max: 50 }), fc.constant(null)),
  {
    maxLength: 200,
  },
);

describe('bins of a number', () => {
  test('a hundred different values fall into tenths', () => {
    const bins = numberBins('spend', counted(Array.from({ length: 100 }, (_, index) => index + 1)));
    expect(bins).toMatchObject({ edges: [10, 20, 30, 40, 50, 60, 70, 80, 90], counts: Array(10).fill(10) });
  });

  test('a value that many share has a bin of its own, so that a move off it shows', () => {
    const bins = numberBins('spend_7d', counted([...Array<number>(80).fill(0), ...Array(20).fill(7)]));
    expect(bins).toMatchObject({ edges: [0, 0, 7], counts: [0, 80, 20, 0] });
    expect(inBinsOf(bins, counted([-1, 0, 3, 7, 8]))?.counts).toEqual([1, 1, 2, 1]);
  });

  test('a column of one value tells apart what is below and above it', () => {
    const bins = numberBins('orders', counted([5, 5, 5]));
    expect(bins).toMatchObject({ edges: [5, 5], counts: [0, 3, 0] });
    expect(inBinsOf(bins, counted([4, 5, 6, 6]))?.counts).toEqual([1, 1, 2]);
  });

  test('a column without values has one bin', () => {
    expect(numberBins('gap', counted([null, null]))).toMatchObject({ edges: [], counts: [0], missing: 2 });
  });

  test('they hold every value, and those that another column has are counted as one by one', () => {
    fc.assert(
      fc.property(numbers, numbers, (earlier, later) => {
        const bins = numberBins('x', counted(earlier));
        expect(sum(bins.counts) + bins.missing).toBe(earlier.length);
        if (bins.kind !== 'number') throw new Error('x is a number');
        const expected = new Array<number>(bins.edges.length + 1).fill(0);
        for (const value of later) {
          if (value === null) continue;
          const bin = bins.edges.filter((edge, index) =>
            edge === bins.edges[index + 1] ? value >= edge : value > edge,
          ).length;
          expected[bin] = (expected[bin] ?? 0) + 1;
        }
        expect(inBinsOf(bins, counted(later))).toMatchObject({ counts: expected });
      }),
    );
  });
});

test('bins of a text are its ten most frequent values, in order, and the others', () => {
  const words = 'lkjihgfedcba'.split('').flatMap((word, index) => Array<string>(20 - index).fill(word));
  const bins = textBins('top_channel', countedText(words));
  expect(bins).toMatchObject({ values: 'lkjihgfedc'.split(''), missing: 0 });
  expect(bins.counts.at(-1)).toBe(10 + 9);
  expect(inBinsOf(bins, countedText(['l', 'zebra', 'a']))?.counts).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
});

test('a number is not put into bins of a text, nor the other way round', () => {
  expect(inBinsOf(textBins('x', countedText(['a'])), counted([1]))).toBeNull();
  expect(inBinsOf(numberBins('x', counted([1])), countedText(['a']))).toBeNull();
});

test('a quantile is the smallest value with that share at or below it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 60 }),
      fc.constantFrom(0.01, 0.1, 0.25, 0.5, 0.7, 0.9, 0.99),
      (values, share) => {
        const sorted = [...values].sort((a, b) => a - b);
        const expected = sorted.find(
          (value) => sorted.filter((other) => other <= value).length >= share * sorted.length - 1e-9,
        );
        expect(weightedQuantiles(counted(values), [share])).toEqual([expected]);
      },
    ),
  );
});

const counted = (values: readonly (number | null)[]) => countedBy(values, (a, b) => a - b);
const countedText = (values: readonly (string | null)[]) => countedBy(values, (a, b) => (a < b ? -1 : 1));

function countedBy<Value>(values: readonly (Value | null)[], order: (a: Value, b: Value) => number) {
  const present = values.filter((value) => value !== null);
  const different = [...new Set(present)].sort(order);
  return {
    values: different,
    counts: different.map((value) => present.filter((other) => other === value).length),
    missing: values.length - present.length,
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
