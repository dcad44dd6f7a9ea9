import { drawInPlace, type RandomGenerator } from '../../math/random.ts';
import type { Points } from './neighbours.ts';

const maxRounds = 10;
/** Centres are found on so many rows at most; all rows are then given to them. */
const maxFittedRows = 10_000;

/**
 * `count` of the rows, from each cluster of like rows the same share, so that no kind of customer is lost by chance. Within a
 * cluster rows are drawn at random. After Yen and Lee (2009), but in proportion to the clusters, which leaves probabilities
 * that can be corrected.
 */
export function drawByCluster(
  points: Points,
  { generator, count, clusters = 20 }: { generator: RandomGenerator; count: number; clusters?: number },
): Uint32Array {
  const { rows } = points;
  const centres = kMeans(points, { generator, clusters: Math.min(clusters, rows.length) });
  const members = centres.map(() => [] as number[]);
  for (const row of rows) members[nearestCentre(points, row, centres)]?.push(row);
  // the running total is rounded and not each share, so that the parts add up
  let [seen, drawn] = [0, 0];
  const taken = members.flatMap((some) => {
    seen += some.length;
    const upTo = Math.round((count * seen) / rows.length);
    const draw = drawInPlace(generator, Uint32Array.from(some), upTo - drawn);
    drawn = upTo;
    return [...draw];
  });
  return Uint32Array.from(taken).sort();
}

/** Lloyd's algorithm (1982) from rows drawn at random. */
function kMeans(
  points: Points,
  { generator, clusters }: { generator: RandomGenerator; clusters: number },
): Float64Array[] {
  const { Z, columns, rows } = points;
  const fitted = drawInPlace(generator, rows.slice(), Math.min(rows.length, maxFittedRows));
  let centres: Float64Array[] = Array.from(fitted.subarray(0, clusters), (row) =>
    Z.slice(row * columns, (row + 1) * columns),
  );
  for (let round = 0; round < maxRounds; round++) {
    const sums = centres.map(() => ({ rows: 0, sum: new Float64Array(columns) }));
    for (const row of fitted) {
      const cluster = sums[nearestCentre(points, row, centres)] as (typeof sums)[number];
      cluster.rows += 1;
      for (let column = 0; column < columns; column++)
        cluster.sum[column] = (cluster.sum[column] as number) + (Z[row * columns + column] as number);
    }
    centres = sums.map(({ rows, sum }, at) =>
      rows === 0 ? (centres[at] as Float64Array) : sum.map((value) => value / rows),
    );
  }
  return centres;
}

function nearestCentre({ Z, columns }: Points, row: number, centres: readonly Float64Array[]): number {
  let [nearest, least] = [0, Number.POSITIVE_INFINITY];
  for (const [index, centre] of centres.entries()) {
    let squared = 0;
    for (let column = 0; column < columns && squared < least; column++) {
      const apart = (Z[row * columns + column] as number) - (centre[column] as number);
      squared += apart * apart;
    }
    if (squared < least) [nearest, least] = [index, squared];
  }
  return nearest;
}
