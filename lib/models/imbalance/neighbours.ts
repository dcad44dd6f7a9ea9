/** Points of a row-major matrix, and which of its rows are meant. */
export interface Points {
  Z: Float64Array;
  columns: number;
  rows: Uint32Array;
}

/**
 * For every query the `k` nearest of the candidates by Euclidean distance, nearest first, as row numbers: entry i·k + j is
 * the jth of query i. A row is not its own neighbour; of equally near ones the earlier candidate comes first.
 */
export function nearestNeighbours(
  { Z, columns, rows: queries }: Points,
  { candidates, k }: { candidates: Uint32Array; k: number },
): Uint32Array {
  const nearest = new Uint32Array(queries.length * k);
  const rowOf = new Uint32Array(k);
  const distance = new Float64Array(k);
  for (const [place, query] of queries.entries()) {
    distance.fill(Number.POSITIVE_INFINITY);
    const from = query * columns;
    for (const candidate of candidates) {
      if (candidate === query) continue;
      const farthest = distance[k - 1] as number;
      const to = candidate * columns;
      let squared = 0;
      for (let column = 0; column < columns && squared < farthest; column++) {
        const apart = (Z[from + column] as number) - (Z[to + column] as number);
        squared += apart * apart;
      }
      if (squared >= farthest) continue;
      let at = k - 1;
      for (; at > 0 && (distance[at - 1] as number) > squared; at--) {
        distance[at] = distance[at - 1] as number;
        rowOf[at] = rowOf[at - 1] as number;
      }
      distance[at] = squared;
      rowOf[at] = candidate;
    }
    if (distance[k - 1] === Number.POSITIVE_INFINITY)
      throw new RangeError(
        `nearestNeighbours needs ${k} other rows for each; got ${candidates.length} candidates`,
      );
    nearest.set(rowOf, place * k);
  }
  return nearest;
}
