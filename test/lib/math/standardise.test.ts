import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlationOf, standardise } from '../../../lib/math/standardise.ts';

describe('standardise', () => {
  it('moves a column to mean 0 and standard deviation 1', () => {
    const { centre, scale, values } = standardise(Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9));
    expect(centre).toBeCloseTo(5, 12);
    expect(scale).toBeCloseTo(2, 12);
    expect([...values]).toEqual(
      [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2].map((value) => expect.closeTo(value, 12)),
    );
  });

  it('calls a column constant when only rounding tells its values apart', () => {
    expect(standardise(Float64Array.of(0.3, 0.1 + 0.2))).toMatchObject({
      scale: 0,
      values: Float64Array.of(0, 0),
    });
  });

  it('correlates a column fully with itself in another unit, whichever the sign', () => {
    const column = Float64Array.of(1, 2, 4, 8);
    expect(correlationOf(standardise(column), standardise(column.map((value) => 7 - 3 * value)))).toBeCloseTo(
      -1,
      12,
    );
  });

  it('gives numbers for any finite column', () => {
    const columns = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(columns, (column) => {
        const { centre, scale, values } = standardise(Float64Array.from(column));
        expect([centre, scale, ...values].every(Number.isFinite)).toBe(true);
      }),
    );
  });
});
