import type { FeatureMatrix } from '../../../lib/features/matrix.ts';
import { sigmoid } from '../../../lib/math/logistic.ts';
import { seededGenerator, standardNormal, uniform } from '../../../lib/math/random.ts';

export function matrixOf(rows: number[][]): FeatureMatrix {
  const columns = rows[0]?.length ?? 0;
  const columnNames = Array.from({ length: columns }, (_, column) => `x${column}`);
  return { X: Float64Array.from(rows.flat()), rows: rows.length, columns, columnNames };
}

/** Standard normal columns, and labels drawn with probability sigmoid(marginOf(row)). */
export function simulate(
  rows: number,
  { seed, columns, marginOf }: { seed: number; columns: number; marginOf: (row: number[]) => number },
): { cells: number[][]; matrix: FeatureMatrix; y: Uint8Array; truth: Float64Array } {
  const generator = seededGenerator(seed);
  const cells = Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => standardNormal(generator)),
  );
  const truth = Float64Array.from(cells, (row) => sigmoid(marginOf(row)));
  const y = Uint8Array.from(truth, (probability) => (uniform(generator) < probability ? 1 : 0));
  return { cells, matrix: matrixOf(cells), y, truth };
}
