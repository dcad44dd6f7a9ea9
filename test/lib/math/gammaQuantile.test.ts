import { describe, expect, it } from 'vitest';
import { gammaQuantile } from '../../../lib/math/gammaQuantile.ts';
import { logGamma } from '../../../lib/math/logGamma.ts';
import { normalCdf } from '../../../lib/math/normalCdf.ts';
import { trigamma } from '../../../lib/math/trigamma.ts';
import { expectWithin, type Golden } from '../../support/within.ts';

const scipy: Golden = {
  kind: 'reference',
  source: 'SciPy 1.17: stats.gamma.ppf, stats.norm.cdf, special.polygamma, special.gammaln',
  relativeTolerance: 1e-6,
};

describe('gammaQuantile', () => {
  it.each([
    [0.01, 4.4655350189176e-131, 4.4655350189176e-31, 0.00336262399808],
    [0.2, 2.03921311014e-7, 0.0207463192098, 1.03052579964],
    [0.5, 0.00196607000001, 0.22746821156, 1.92072941035],
    [1, 0.0512932943876, Math.LN2, 2.99573227355],
    [3, 0.817691447164, 2.67406031372, 6.29579362187],
    [20, 13.2546515983, 19.6676724233, 27.8792396394],
    [500, 463.79718151, 499.666670621, 537.339724402],
  ])('of shape %s is where others find it', (shape, low, middle, high) => {
    expectWithin(gammaQuantile(shape, 0.05), low, scipy);
    expectWithin(gammaQuantile(shape, 0.5), middle, scipy);
    expectWithin(gammaQuantile(shape, 0.95), high, scipy);
  });

  it.each([
    [0, 0.5],
    [1, 0],
    [1, 1],
    [Number.NaN, 0.5],
  ])('refuses a shape of %s with a share of %s', (shape, share) => {
    expect(() => gammaQuantile(shape, share)).toThrow('gammaQuantile');
  });
});

describe('functions that likelihoods are made of', () => {
  it.each([
    [-10, 7.61985302416e-24],
    [-6, 9.86587645038e-10],
    [-1, 0.158655253931],
    [0.3, 0.617911422189],
  ])('normalCdf(%s), small values to the same digits as large ones', (x, expected) => {
    expectWithin(normalCdf(x), expected, scipy);
  });

  it.each([
    [0.3, 12.2453645461, 1.09579799482],
    [15, 0.0689382278476, 25.1912211827],
    [100.5, 0.00999991666958, 361.435540468],
  ])('trigamma and logGamma of %s', (x, second, log) => {
    expectWithin(trigamma(x), second, scipy);
    expectWithin(logGamma(x), log, scipy);
  });
});
