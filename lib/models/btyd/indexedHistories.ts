import type { HistoryColumns } from './purchaseHistory.ts';

/** A column as its distinct values and where each row's value stands among them, so that a logarithm is taken once. */
export interface IndexedColumn {
  values: Float64Array;
  indexOf: Uint32Array;
}

export interface IndexedHistories {
  frequency: IndexedColumn;
  recency: IndexedColumn;
  age: IndexedColumn;
}

/** Times are divided by `timeUnit`, so that starting values mean the same in hours and in years. */
export const indexHistories = (
  { frequency, recency, age }: HistoryColumns,
  { timeUnit }: { timeUnit: number },
): IndexedHistories => ({
  frequency: indexColumn(frequency, 1),
  recency: indexColumn(recency, timeUnit),
  age: indexColumn(age, timeUnit),
});

/** The weight of each distinct value. */
export function weightByValue({ values, indexOf }: IndexedColumn, weights: Float64Array): Float64Array {
  const sums = new Float64Array(values.length);
  for (let row = 0; row < indexOf.length; row++) {
    const index = indexOf[row] as number;
    sums[index] = (sums[index] as number) + (weights[row] as number);
  }
  return sums;
}

function indexColumn(column: Float64Array, unit: number): IndexedColumn {
  const positions = new Map<number, number>();
  const indexOf = new Uint32Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const value = column[row] as number;
    let index = positions.get(value);
    if (index === undefined) {
      index = positions.size;
      positions.set(value, index);
    }
    indexOf[row] = index;
  }
  return { values: Float64Array.from(positions.keys(), (value) => value / unit), indexOf };
}
