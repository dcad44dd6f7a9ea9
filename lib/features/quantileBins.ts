import type { FeatureBins } from './qualityReport.ts';

/** How often each value of a column stands in it, ascending, null among them. */
export interface ValueCounts<Value extends number | string> {
  values: readonly Value[];
  counts: readonly number[];
  missing: number;
}

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Tenths of a column as far as its values can be told apart. A value that fills a tenth of its own has its own bin. */
export function numberBins(name: string, column: ValueCounts<number>): FeatureBins {
  const found = column.values.length === 0 ? [] : weightedQuantiles(column, deciles);
  // A value may stand twice, to be set off from what is below it and from what is above.
  const edges = found.filter((edge, index) => edge !== found[index - 2]);
  return { kind: 'number', name, edges, counts: countBetween(column, edges), missing: column.missing };
}

/** Values of a column that the bins of a text tell apart. */
const namedValues = 10;

export function textBins(name: string, column: ValueCounts<string>): FeatureBins {
  const byCount = column.values.map((value, index) => ({ value, count: column.counts[index] ?? 0 }));
  byCount.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  const values = byCount.slice(0, namedValues).map(({ value }) => value);
  return { kind: 'text', name, values, counts: countNamed(column, values), missing: column.missing };
}

/** The column in the bins of another one; null where one is a number and the other a text. */
export function inBinsOf(
  bins: FeatureBins,
  column: ValueCounts<number> | ValueCounts<string>,
): FeatureBins | null {
  const { missing } = column;
  const [first] = column.values;
  if (bins.kind === 'number') {
    if (typeof first === 'string') return null;
    return { ...bins, counts: countBetween(column as ValueCounts<number>, bins.edges), missing };
  }
  if (typeof first === 'number') return null;
  return { ...bins, counts: countNamed(column as ValueCounts<string>, bins.values), missing };
}

/** For each share, the smallest value with at least that share of the weight at or below it. Shares ascend. */
export function weightedQuantiles(
  { values, counts }: Pick<ValueCounts<number>, 'values' | 'counts'>,
  shares: readonly number[],
): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let at = 0;
  let below = counts[0] ?? 0;
  return shares.map((share) => {
    while (below < share * total && at < values.length - 1) below += counts[++at] ?? 0;
    return values[at] as number;
  });
}

/** The first of two equal edges closes the bin below it without the edge itself, any other edge with it. */
function countBetween({ values, counts }: ValueCounts<number>, edges: readonly number[]): number[] {
  const binned = new Array<number>(edges.length + 1).fill(0);
  let bin = 0;
  for (const [index, value] of values.entries()) {
    while (bin < edges.length && isAbove(value, edges, bin)) bin++;
    binned[bin] = (binned[bin] ?? 0) + (counts[index] ?? 0);
  }
  return binned;
}

function isAbove(value: number, edges: readonly number[], at: number): boolean {
  const edge = edges[at] as number;
  return edge === edges[at + 1] ? value >= edge : value > edge;
}

function countNamed({ values, counts }: ValueCounts<string>, names: readonly string[]): number[] {
  const bins = new Map(names.map((name, index) => [name, index]));
  const binned = new Array<number>(names.length + 1).fill(0);
  for (const [index, value] of values.entries()) {
    const bin = bins.get(value) ?? names.length;
    binned[bin] = (binned[bin] ?? 0) + (counts[index] ?? 0);
  }
  return binned;
}
