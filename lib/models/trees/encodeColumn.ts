import type { ColumnCodes } from './ensemble.ts';

/** Writes each value's code into `into`, in place. */
export function encodeColumnInPlace(
  into: Uint8Array | Uint16Array,
  codes: ColumnCodes,
  values: Float64Array,
): void {
  const codeOf = columnEncoder(codes);
  for (let row = 0; row < values.length; row++) into[row] = codeOf(values[row] as number);
}

/** The code of a value, 0 for NaN. */
export function columnEncoder(codes: ColumnCodes): (value: number) => number {
  switch (codes.kind) {
    case 'ordered': {
      const { edges } = codes;
      return (value) => (Number.isNaN(value) ? 0 : 1 + countAtOrBelow(edges, value));
    }
    case 'oneHot': {
      const positions = positionsOf(codes.categories);
      const unseen = codes.categories.length + 1;
      return (value) => (Number.isNaN(value) ? 0 : (positions.get(value) ?? unseen));
    }
    case 'targetStatistics': {
      const positions = positionsOf(codes.categories);
      const byPosition = Uint16Array.from(
        [codes.otherwise, ...codes.statistics],
        (statistic) => 1 + countAtOrBelow(codes.edges, statistic),
      );
      return (value) => (Number.isNaN(value) ? 0 : (byPosition[positions.get(value) ?? 0] as number));
    }
  }
}

/** 1 and on, as the categories stand. */
const positionsOf = (categories: Float64Array): Map<number, number> =>
  new Map(Array.from(categories, (category, index) => [category, index + 1]));

function countAtOrBelow(edges: Float64Array, value: number): number {
  let below = 0;
  let above = edges.length;
  while (below < above) {
    const middle = (below + above) >>> 1;
    if ((edges[middle] as number) <= value) below = middle + 1;
    else above = middle;
  }
  return below;
}
