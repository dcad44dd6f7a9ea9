import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureMatrix } from '../lib/features/matrix.ts';
import { sigmoid } from '../lib/math/logistic.ts';
import { seededGenerator, standardNormal, uniform } from '../lib/math/random.ts';

export interface TrainingRows {
  matrix: FeatureMatrix;
  y: Uint8Array;
}

export const columns = 12;

/**
 * Customers of a made-up shop: recencies, counts, money, shares and flags, of which some matter alone, some together and
 * some not at all. About 8 % buy.
 */
export function drawTrainingRows(rows: number, seed: number): TrainingRows {
  const generator = seededGenerator(seed);
  const normal = (): number => standardNormal(generator);
  const X = new Float64Array(rows * columns);
  const y = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const activity = normal();
    const recency = Math.exp(3 + 0.8 * normal() - 0.5 * activity);
    const orders = Math.floor(Math.exp(0.8 + 0.7 * activity + 0.4 * normal()));
    const spend = Math.exp(3.5 + 0.5 * activity + 0.8 * normal());
    const isMember = uniform(generator) < 0.3 ? 1 : 0;
    const discount = uniform(generator);
    const visits = Math.floor(Math.exp(1 + normal()));
    const noise = [normal(), normal(), Math.exp(normal()), Math.floor(8 * uniform(generator))];
    const age = 20 + 50 * uniform(generator);
    const returns = Math.floor(orders * uniform(generator) ** 3);
    X.set([recency, orders, spend, isMember, discount, visits, age, returns, ...noise], row * columns);
    const margin =
      -3.6 -
      0.5 * Math.log(recency / 20) +
      0.5 * Math.log1p(orders) +
      0.25 * Math.log(spend / 30) +
      (isMember ? 1.2 * discount : -0.3) +
      0.35 * Math.log1p(visits) -
      (age > 40 && recency > 30 ? 0.6 : 0) -
      0.2 * returns;
    y[row] = uniform(generator) < sigmoid(margin) ? 1 : 0;
  }
  const columnNames = Array.from({ length: columns }, (_, column) => `x${column}`);
  return { matrix: { X, rows, columns, columnNames }, y };
}

/** As files that Python and R read: 64-bit numbers row by row, labels as bytes. */
export async function writeTrainingRows(
  directory: string,
  name: string,
  { matrix, y }: TrainingRows,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, `${name}.f64`), new Uint8Array(matrix.X.buffer));
  await writeFile(join(directory, `${name}.u8`), y);
}
