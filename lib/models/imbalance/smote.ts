import { drawInPlace, type RandomGenerator, uniform, uniformBelow } from '../../math/random.ts';
import { nearestNeighbours, type Points } from './neighbours.ts';

/** A row-major matrix with what SMOTE needs to know of it. */
export interface SmoteInput {
  X: Float64Array;
  columns: number;
  /** The columns of X scaled for distances: `Z`, and how wide its rows are. */
  distances: { Z: Float64Array; columns: number };
  /** Row numbers of the rarer label. */
  minority: Uint32Array;
}

export interface SmoteOptions {
  generator: RandomGenerator;
  /** Rows to make up. */
  count: number;
  k?: number;
  /** Columns that belong together as the categories of one, one of which is 1; for SMOTE-NC. */
  nominalGroups?: readonly (readonly number[])[];
}

/** Neighbours are looked for among so many rows of the minority at most, for the time grows with their square. */
const maxNeighbourRows = 5000;

/**
 * Made-up rows of the minority, each on the line between a row and one of its `k` nearest of the same label (Chawla, Bowyer,
 * Hall and Kegelmeyer 2002). In nominal groups a made-up row has the category that most of the neighbours have (their
 * section 6.1, SMOTE-NC), as between two cities there is none.
 */
export function makeUpRows(
  { X, columns, distances, minority }: SmoteInput,
  { generator, count, k = 5, nominalGroups = [] }: SmoteOptions,
): Float64Array {
  const among =
    minority.length <= maxNeighbourRows
      ? minority
      : drawInPlace(generator, minority.slice(), maxNeighbourRows);
  const nNeighbours = Math.min(k, among.length - 1);
  if (nNeighbours < 1)
    throw new RangeError(`SMOTE needs two rows of the rarer label or more; got ${minority.length}`);
  const points: Points = { ...distances, rows: minority };
  const neighbours = nearestNeighbours(points, { candidates: among, k: nNeighbours });
  const made = new Float64Array(count * columns);
  for (let number = 0; number < count; number++) {
    const place = uniformBelow(generator, minority.length);
    const chosen = neighbours[place * nNeighbours + uniformBelow(generator, nNeighbours)] as number;
    const share = uniform(generator);
    const [from, to] = [(minority[place] as number) * columns, chosen * columns];
    for (let column = 0; column < columns; column++) {
      const start = X[from + column] as number;
      made[number * columns + column] = start + share * ((X[to + column] as number) - start);
    }
    const voters = neighbours.subarray(place * nNeighbours, (place + 1) * nNeighbours);
    for (const group of nominalGroups) voteInPlace(made, { X, columns, at: number * columns, group, voters });
  }
  return made;
}

function voteInPlace(
  made: Float64Array,
  vote: { X: Float64Array; columns: number; at: number; group: readonly number[]; voters: Uint32Array },
): void {
  const { X, columns, at, group, voters } = vote;
  const votes = group.map((column) =>
    voters.reduce((sum, voter) => sum + (X[voter * columns + column] as number), 0),
  );
  // a group may also stand for a category by none of its columns being 1
  const none = voters.length - votes.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...votes);
  const winner = none > most ? -1 : votes.indexOf(most);
  for (const [index, column] of group.entries()) made[at + column] = index === winner ? 1 : 0;
}
