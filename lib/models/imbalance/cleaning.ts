import { nearestNeighbours, type Points } from './neighbours.ts';

/**
 * Rows that are no part of a Tomek link: two rows of different label, each the nearest of the other (Tomek 1976). Both rows
 * of a link go, as Batista, Prati and Monard (2004) do after SMOTE.
 */
export function withoutTomekLinks({ rows, ...points }: Points, y: Uint8Array): Uint32Array {
  const nearest = nearestNeighbours({ ...points, rows }, { candidates: rows, k: 1 });
  const placeOf = new Map(Array.from(rows, (row, place) => [row, place]));
  return rows.filter((row, place) => {
    const other = nearest[place] as number;
    const isLink = y[row] !== y[other] && nearest[placeOf.get(other) as number] === row;
    return !isLink;
  });
}

/** Rows whose label most of their three nearest neighbours share (Wilson 1972), of either label. */
export function withoutMisplaced({ rows, ...points }: Points, y: Uint8Array): Uint32Array {
  const k = 3;
  const nearest = nearestNeighbours({ ...points, rows }, { candidates: rows, k });
  return rows.filter((row, place) => {
    const neighbours = nearest.subarray(place * k, (place + 1) * k);
    const alike = neighbours.reduce((sum, other) => sum + (y[other] === y[row] ? 1 : 0), 0);
    return 2 * alike > k;
  });
}
