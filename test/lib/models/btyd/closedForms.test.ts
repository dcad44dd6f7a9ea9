import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digamma } from '../../../../lib/math/digamma.ts';
import { expectedWhileActive } from '../../../../lib/models/btyd/betaGeometricFuture.ts';
import { expectedOrderValue } from '../../../../lib/models/btyd/gammaGammaModel.ts';
import { lomaxIntegral } from '../../../../lib/models/btyd/lomaxIntegral.ts';
import {
  expectedPurchases,
  probabilityAlive,
  probabilityOfPurchase,
} from '../../../../lib/models/btyd/predict.ts';
import { expectWithin, type Golden } from '../../../support/within.ts';

// CDNOW, weeks
const bgNbd = { kind: 'bgNbd', r: 0.2425945, alpha: 4.4136019, a: 0.7929199, b: 2.4258881 } as const;
const paretoNbd = { kind: 'paretoNbd', r: 0.55328, alpha: 10.57768, s: 0.60624, beta: 11.66873 } as const;
const newCustomer = { frequency: 0, recency: 0, age: 0 };
const twice = { frequency: 2, recency: 30.43, age: 38.86 };
const once = { frequency: 1, recency: 1.71, age: 38.86 };
const seven = { frequency: 7, recency: 29.43, age: 38.86 };
const never = { frequency: 0, recency: 0, age: 38.86 };
const often = { frequency: 26, recency: 30.86, age: 31 };

const paper: Golden = {
  kind: 'published',
  source:
    "Fader, Hardie and Lee (2005), 'Counting your customers the easy way', and the authors' notes, at full precision",
  relativeTolerance: 1e-6,
};
const digits = (relativeTolerance: number): Golden => ({ ...paper, relativeTolerance });

describe('BG/NBD on the parameters of its paper', () => {
  it.each([
    [twice, 39, 1.225906, digits(1e-6)],
    [often, 52, 25.7591, digits(3e-6)],
    [{ frequency: 1500, recency: 38.8, age: 38.86 }, 39, 1026.923, digits(5e-7)],
  ])(
    'a customer with history %j is expected to buy so often in %d weeks: %d',
    (history, weeks, expected, golden) => {
      expectWithin(expectedPurchases(bgNbd, history, weeks), expected, golden);
    },
  );

  it.each([
    [0.1429, 0.0078, digits(5e-3)],
    [1, 0.0532, digits(1e-3)],
    [3, 0.1506, digits(4e-4)],
    [31.8571, 1.0405, digits(5e-5)],
    [32, 1.0437, digits(5e-5)],
    // a series of 150 terms gives the 1.8576 that is listed, all of its terms 1.857956, as mpmath does at 60 digits
    [78, 1.8576, digits(3e-4)],
    [78, 1.857956, digits(3e-7)],
  ])('a new customer is expected to buy so often in %d weeks: %d', (weeks, expected, golden) => {
    expectWithin(expectedPurchases(bgNbd, newCustomer, weeks), expected, golden);
  });

  it('the listed figure for 78 weeks is that of a series cut off after 150 terms', () => {
    const { r, alpha, a, b } = bgNbd;
    const z = 78 / (alpha + 78);
    const upTo = (terms: number): number => {
      let [term, sum] = [1, 1];
      for (let n = 0; n < terms; n++) {
        term *= (((r + n) * (b + n)) / (a + b - 1 + n) / (n + 1)) * z;
        sum += term;
      }
      // Fader, Hardie and Lee (2005), equation 9
      return ((a + b - 1) / (a - 1)) * (1 - (alpha / (alpha + 78)) ** r * sum);
    };
    expect(upTo(150)).toBeCloseTo(1.8576, 4);
    expect(upTo(2000)).toBeCloseTo(expectedPurchases(bgNbd, newCustomer, 78), 9);
  });

  it('a + b below 1 is no special case', () => {
    const model = { kind: 'bgNbd', r: 0.3, alpha: 5, a: 0.4, b: 0.3 } as const;
    expectWithin(expectedPurchases(model, never, 39), 0.209006, digits(1e-6));
  });

  it.each([
    [twice, 0.726609],
    [once, 0.212231],
    [seven, 0.641795],
  ])('a customer with history %j is alive with probability %d', (history, expected) => {
    expectWithin(probabilityAlive(bgNbd, history), expected, digits(1e-6));
  });

  it('a customer with no repeat purchase is certainly alive', () => {
    expect(probabilityAlive(bgNbd, never)).toBe(1);
  });

  it.each([
    [twice, 0.138678],
    [once, 0.023498],
    [seven, 0.317934],
    [never, 0.022649],
    [often, 0.920578],
  ])('a customer with history %j buys within 30 days with probability %d', (history, expected) => {
    expectWithin(probabilityOfPurchase(bgNbd, history, 30 / 7), expected, digits(3e-5));
  });
});

describe('Pareto/NBD', () => {
  it('agrees with the paper on a frequent buyer', () => {
    expectWithin(expectedPurchases(paretoNbd, often, 52), 25.46, digits(2e-4));
    expectWithin(probabilityAlive(paretoNbd, often), 0.9979, digits(5e-5));
  });
});

describe('Gamma-Gamma', () => {
  const model = { p: 6.24957, q: 3.74422, v: 15.44352 };
  const note: Golden = {
    kind: 'published',
    source: "Fader and Hardie (2013), 'The Gamma-Gamma model of monetary value'",
    relativeTolerance: 2e-5,
  };

  it.each([
    [2, 22.35, 24.658],
    [1, 11.77, 18.91],
    [0, 0, 35.17],
    [7, 73.74, 71.463],
  ])('%d orders of %d on average promise orders of %d', (orders, meanValue, expected) => {
    expectWithin(expectedOrderValue(model, { orders, meanValue }), expected, note);
  });

  it('a mean value of nothing is refused', () => {
    expect(() => expectedOrderValue(model, { orders: 2, meanValue: 0 })).toThrow(
      'a mean value of 0 over 2 orders',
    );
  });

  it('an infinite expectation is refused', () => {
    expect(() => expectedOrderValue({ ...model, q: 0.9 }, { orders: 0, meanValue: 0 })).toThrow('infinite');
  });
});

describe('special functions, against mpmath', () => {
  const reference = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../golden/btyd-mpmath.json'), 'utf8'),
  );
  const mpmath = (relativeTolerance: number): Golden => ({
    kind: 'reference',
    source: `${reference.source}: ${reference.command}`,
    relativeTolerance,
  });

  it.each(reference.digamma as [number, number][])('digamma(%d) is %d', (x, expected) => {
    expectWithin(digamma(x), expected, mpmath(1e-12));
  });

  it.each(
    reference.expectedWhileActive as Record<'shape' | 'rate' | 'a' | 'b' | 'horizon' | 'value', number>[],
  )(
    'purchases while active keep their digits: shape $shape, rate $rate, a $a, b $b, horizon $horizon',
    (row) => {
      expectWithin(expectedWhileActive(row, row.horizon), row.value, mpmath(1e-12));
    },
  );

  it.each(reference.logLomaxIntegral as Record<'m' | 'p' | 'n' | 'q' | 'length' | 'value', number>[])(
    'the integral of (m+u)^-p (n+u)^-q keeps its digits: m $m, p $p, n $n, q $q, length $length',
    ({ m, p, n, q, length, value }) => {
      expectWithin(
        lomaxIntegral({ shift: m, power: p }, { shift: n, power: q }, length),
        value,
        mpmath(1e-12),
      );
    },
  );
});

// kind: reference. The midpoint rule over 400,000 values of p of the beta density of the chance to leave
it.each([
  [{ shape: 8.6, rate: 120, a: 586.6, b: 10_000 }, 365, 13.3247524895],
  [{ shape: 0.64, rate: 20, a: 586, b: 10_000 }, 365, 6.5122966841],
  [{ shape: 3.6, rate: 60, a: 35, b: 300 }, 300, 7.5346195267],
])(
  'customers who all have nearly the same chance to leave have finite expectations: %o',
  (who, horizon, expected) => {
    expect(expectedWhileActive(who, horizon) / expected).toBeCloseTo(1, 9);
  },
);
