import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededGenerator, uniform, uniformBelow } from '../../../../lib/math/random.ts';
import { binFeatures } from '../../../../lib/models/trees/binFeatures.ts';
import { columnEncoder } from '../../../../lib/models/trees/encodeColumn.ts';
import { fitGradientBoosting } from '../../../../lib/models/trees/fitGradientBoosting.ts';
import { binFeaturesInBackground } from '../../../../lib/models/trees/inBackground.ts';
import { predictProbability } from '../../../../lib/models/trees/predict.ts';
import { matrixOf } from '../matrices.ts';
import { shopMatrix } from './shopMatrix.ts';

const value = fc.oneof(
  fc.double({ noDefaultInfinity: false }),
  fc.constantFrom(Number.NaN, 0, -0, 1, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, Infinity, -Infinity),
);

describe('codes of numbers', () => {
  it('keep the order of values, give missing ones a code of their own, and are those of the encoder', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 255 }),
        (values, maxBins) => {
          const { codes, columnCodes } = binFeatures(matrixOf(values.map((cell) => [cell])), { maxBins });
          const codeOf = columnEncoder(columnCodes[0] as (typeof columnCodes)[number]);
          expect([...codes]).toEqual(values.map(codeOf));
          expect(Math.max(...codes)).toBeLessThanOrEqual(maxBins);
          for (const [row, one] of values.entries()) {
            expect(codes[row] === 0).toBe(Number.isNaN(one));
            for (const [other, two] of values.entries())
              if (one < two) expect(codes[row]).toBeLessThanOrEqual(codes[other] as number);
          }
          const distinct = new Set(values.filter((cell) => !Number.isNaN(cell)).map((cell) => cell + 0)).size;
          if (distinct <= maxBins) expect(new Set(codes.filter((code) => code > 0)).size).toBe(distinct);
        },
      ),
    );
  });

  it('fill bins with about as many rows each, and a value of many rows does not starve the others', () => {
    const cells = Array.from({ length: 10_000 }, (_, row) => [row % 2 === 0 ? 0 : row]);
    const { codes } = binFeatures(matrixOf(cells), { maxBins: 51 });
    const counts = new Map<number, number>();
    for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
    const [zeros, ...others] = [...counts.values()].sort((a, b) => b - a);
    expect(zeros).toBeLessThan(5000 + 150);
    expect(others.length).toBe(50);
    for (const count of others.slice(0, -1)) expect(Math.abs(count - 100)).toBeLessThan(20);
  });
});

describe('categories', () => {
  it('that are many tell nothing where their labels are drawn by lot, though each has few rows', () => {
    const known = shopMatrix(3000, 51);
    // a city for every two rows
    const cells = Array.from(known.y, (_, row) => [row >> 1, known.matrix.X[6 * row + 4] as number]);
    const matrix = matrixOf(cells);
    const labels = { y: known.y, seed: 1 };
    const binned = binFeatures(matrix, { categoricalColumns: [0], labels });
    const { ensemble } = fitGradientBoosting(binned, known.y, {
      seed: 1,
      nEstimators: 20,
      earlyStopping: false,
    });
    const spread = (probabilities: Float64Array): number =>
      Math.max(...probabilities) - Math.min(...probabilities);
    // unseen cities all get the same
    const unseen = matrixOf(cells.slice(0, 400).map(([, noise = 0]) => [1e6, noise]));
    const alone = matrixOf(cells.slice(0, 400).map(() => [1e6, 0]));
    expect(spread(predictProbability(ensemble, alone))).toBe(0);
    const buyers = known.y.reduce((sum, label) => sum + label, 0) / 3000;
    const mean = predictProbability(ensemble, unseen).reduce((sum, p) => sum + p, 0) / 400;
    expect(Math.abs(mean - buyers)).toBeLessThan(0.1);
  });

  it('look at no label of a row that is not fitted', () => {
    const { matrix, y, categoricalColumns } = shopMatrix(500, 52);
    const rows = Uint32Array.from({ length: 250 }, (_, index) => 2 * index);
    const wrongElsewhere = y.map((label, row) => (row % 2 === 0 ? label : 1 - label));
    const codesBy = (labels: Uint8Array) =>
      binFeatures(matrix, { categoricalColumns, labels: { y: labels, rows, seed: 3 } });
    expect(codesBy(wrongElsewhere)).toEqual(codesBy(y));
    const whole = binFeatures(matrix, { categoricalColumns, labels: { y, seed: 3 } });
    expect(whole).not.toEqual(codesBy(y));
  });

  it.each([
    ['one of a few', 8, (city: number) => city === 3],
    ['a fifth of many', 100, (city: number) => city % 5 === 0],
  ])('that buy more, being %s, are told from the others by a single split', (_, cities, buysMore) => {
    const generator = seededGenerator(9);
    const city = Array.from({ length: 5000 }, () => uniformBelow(generator, cities));
    const y = Uint8Array.from(city, (one) => (uniform(generator) < (buysMore(one) ? 0.6 : 0.1) ? 1 : 0));
    const matrix = matrixOf(city.map((one) => [one]));
    const binned = binFeatures(matrix, { categoricalColumns: [0], labels: { y, seed: 1 } });
    const options = {
      seed: 1,
      nEstimators: 30,
      maxLeaves: 2,
      minChildWeight: 30,
      earlyStopping: false,
    } as const;
    const all = matrixOf(Array.from({ length: cities }, (_, one) => [one]));
    const probabilities = predictProbability(fitGradientBoosting(binned, y, options).ensemble, all);
    for (const [one, probability] of probabilities.entries())
      expect(probability > 0.35, `city ${one}: ${probability}`).toBe(buysMore(one));
  });
});

it('is the same column by column, with the thread free in between', async () => {
  const { matrix, y, categoricalColumns } = shopMatrix(300, 55);
  const options = { categoricalColumns, labels: { y, seed: 1 } };
  const binning = binFeaturesInBackground(matrix, options);
  let isBinned = false;
  binning.then(() => {
    isBinned = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isBinned).toBe(false);
  expect(await binning).toEqual(binFeatures(matrix, options));
});

it.each([
  ['maxBins to be a whole number from 2 to 255; got 256', { maxBins: 256 }],
  ['column 6 is categorical; the matrix has 6', { categoricalColumns: [6] }],
  ['labels to order the 40 categories of "city"', { categoricalColumns: [3] }],
  ['a label for each of 300 rows; got 1', { labels: { y: Uint8Array.of(1), seed: 1 } }],
])('says what is wrong: %s', (message, options) => {
  expect(() => binFeatures(shopMatrix(300, 56).matrix, options)).toThrow(message);
});
