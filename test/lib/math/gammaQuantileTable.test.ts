import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gammaQuantile } from '../../../lib/math/gammaQuantile.ts';
import { gammaQuantileTable, lookUpGammaQuantile } from '../../../lib/math/gammaQuantileTable.ts';

describe.each([0.05, 0.5, 0.95])('a table of gamma quantiles at %s', (share) => {
  const table = gammaQuantileTable(share);

  it('is within a millionth of the quantile, whatever the shape', () => {
    const logShape = fc.double({ min: Math.log(1e-4), max: Math.log(1e6), noNaN: true });
    fc.assert(
      fc.property(logShape, (log) => {
        const shape = Math.exp(log);
        const quantile = gammaQuantile(shape, share);
        // below 1e-290 the quantile itself is given up
        if (quantile < 1e-290) expect(lookUpGammaQuantile(table, shape)).toBeLessThan(1e-280);
        else expect(Math.abs(lookUpGammaQuantile(table, shape) / quantile - 1)).toBeLessThan(1e-6);
      }),
      { numRuns: 300 },
    );
  });

  it('rises with the shape', () => {
    const shapes = Array.from({ length: 2000 }, (_, index) => Math.exp(-7 + 0.01 * index));
    const quantiles = shapes.map((shape) => lookUpGammaQuantile(table, shape));
    for (let index = 1; index < quantiles.length; index++)
      expect(quantiles[index]).toBeGreaterThanOrEqual(quantiles[index - 1] as number);
  });

  it.each([0, -1, Number.NaN])('refuses a shape of %s', (shape) => {
    expect(() => lookUpGammaQuantile(table, shape)).toThrow('lookUpGammaQuantile');
  });
});
