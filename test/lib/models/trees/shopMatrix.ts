import type { FeatureMatrix } from '../../../../lib/features/matrix.ts';
import { sigmoid } from '../../../../lib/math/logistic.ts';
import { seededGenerator, standardNormal, uniform, uniformBelow } from '../../../../lib/math/random.ts';

/** Rows of all that trees have to deal with: gaps, few and many categories, ties, and a column that says nothing. */
export function shopMatrix(
  rows: number,
  seed: number,
): { matrix: FeatureMatrix; y: Uint8Array; truth: Float64Array; categoricalColumns: number[] } {
  const generator = seededGenerator(seed);
  const columnNames = ['recency', 'orders', 'channel', 'city', 'noise', 'constant'];
  const columns = columnNames.length;
  const X = new Float64Array(rows * columns);
  const truth = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const recency = standardNormal(generator);
    const orders = uniformBelow(generator, 6);
    const channel = uniformBelow(generator, 4);
    const city = uniformBelow(generator, 40);
    const isMissing = uniform(generator) < 0.15;
    X.set(
      [isMissing ? Number.NaN : recency, orders, channel, city, standardNormal(generator), 1],
      row * columns,
    );
    const margin =
      -1 - recency + (isMissing ? 1 : 0) + 0.3 * orders * (channel === 2 ? 1 : -0.2) + (city % 5) / 3;
    truth[row] = sigmoid(margin);
  }
  const y = Uint8Array.from(truth, (probability) => (uniform(generator) < probability ? 1 : 0));
  return { matrix: { X, rows, columns, columnNames }, y, truth, categoricalColumns: [2, 3] };
}
