import type { FeatureColumn, FeatureTable, TrainingTable } from '../tables/types.ts';

/** The table with these rows alone, in this order. */
export function takeRows({ labels, ...table }: TrainingTable, rows: Uint32Array): TrainingTable {
  return { ...takeFeatures(table, rows), labels: Uint8Array.from(rows, (row) => labels[row] as number) };
}

/** The same of a table without labels. */
export const takeFeatures = ({ ids, columns }: FeatureTable, rows: Uint32Array): FeatureTable => ({
  ids: Array.from(rows, (row) => ids[row] as string),
  columns: columns.map((column) => takeValues(column, rows)),
});

function takeValues(column: FeatureColumn, rows: Uint32Array): FeatureColumn {
  if (column.kind === 'categorical') {
    return { ...column, values: Array.from(rows, (row) => column.values[row] as string | null) };
  }
  return { ...column, values: Array.from(rows, (row) => column.values[row] as number | null) };
}
