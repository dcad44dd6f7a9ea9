import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedOrder } from '../../../lib/math/sortedOrder.ts';

describe('the order of values', () => {
  it('is that of a stable sort, from the least to the greatest', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true }),
      fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, 1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 80 }), fc.boolean(), (few, many) => {
        // repeated beyond where few values end
        const some = many
          ? Array.from({ length: 9000 }, (_, index) => few[index % few.length] as number)
          : few;
        const expected = some
          .map((one, index) => ({ one, index }))
          .sort((left, right) =>
            left.one < right.one ? -1 : left.one > right.one ? 1 : left.index - right.index,
          )
          .map(({ index }) => index);
        expect(Array.from(sortedOrder(Float64Array.from(some)))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses what is no number', () => {
    expect(() => sortedOrder(Float64Array.of(1, Number.NaN))).toThrow('sortedOrder: value 1 is not a number');
    expect(() => sortedOrder(new Float64Array(9000).fill(Number.NaN, 8999))).toThrow('value 8999');
  });
});
