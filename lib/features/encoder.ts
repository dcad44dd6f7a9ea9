import * as z from 'zod/mini';
import type { FeatureColumn, FeatureTable, TableNote } from '../tables/types.ts';
import { learnTargetShares, targetSharesSchema } from './targetShares.ts';

/** What stands for each column of a table in the feature matrix, as learnt from the rows a model is fitted on. */
const numericEncoding = z.object({
  kind: z.literal('numeric'),
  name: z.string(),
  /** Stands in for a missing value. */
  median: z.number(),
  missingIndicator: z.boolean(),
});

const booleanEncoding = z.object({
  kind: z.literal('boolean'),
  name: z.string(),
  /** The more frequent of 0 and 1 stands in for a missing value. */
  majority: z.number(),
  missingIndicator: z.boolean(),
});

const categoricalEncoding = z.object({
  kind: z.literal('categorical'),
  name: z.string(),
  /** One matrix column each, most frequent first. */
  categories: z.array(z.string()),
  /** Whether a column for all other categories follows: only where the fitted rows had any. */
  otherIndicator: z.boolean(),
  /** Where there are others and labels to learn from: one more column with every category's share of label 1. */
  targetShares: z.optional(targetSharesSchema),
  missingIndicator: z.boolean(),
});

const columnEncodingSchema = z.discriminatedUnion('kind', [
  numericEncoding,
  booleanEncoding,
  categoricalEncoding,
]);
export type ColumnEncoding = z.infer<typeof columnEncodingSchema>;
export type CategoricalEncoding = z.infer<typeof categoricalEncoding>;

export const encoderSchema = z.object({ columns: z.array(columnEncodingSchema) });
export type Encoder = z.infer<typeof encoderSchema>;

/** The categories of a column that get a matrix column of their own. */
const maxCategories = 20;
/** For all categorical columns together: a fit costs the square of the width, so many of them share. */
const maxCategoryColumns = 400;

/**
 * Learns the encoding; a column that cannot tell rows apart, or tells each from all others, is left out with a note. With the
 * rows' labels, categories that get no column of their own are told apart by their share of label 1.
 */
export function encodeFeatures(table: FeatureTable & { labels?: Uint8Array }): {
  encoder: Encoder;
  notes: TableNote[];
} {
  const notes = table.columns.flatMap((column) => reasonToLeaveOut(column) ?? []);
  const columns = table.columns.filter((column) => reasonToLeaveOut(column) === null);
  const width = categoriesPerColumn(columns);
  return { encoder: { columns: columns.map((column) => encodeColumn(column, width, table.labels)) }, notes };
}

function reasonToLeaveOut({ name, kind, values }: FeatureColumn): TableNote | null {
  if (values.every((value) => value === values[0])) {
    return { code: 'constantColumn', message: `"${name}" is the same in every row, so it is not used` };
  }
  const distinct = new Set<string | number | null>(values).size;
  if (kind === 'categorical' && distinct > maxCategories && distinct > values.length / 2) {
    const message = `"${name}" has ${distinct} different texts in ${values.length} rows, as a name or number of a customer would; it is not used`;
    return { code: 'identifyingColumn', message, count: distinct };
  }
  return null;
}

function categoriesPerColumn(columns: FeatureColumn[]): number {
  const categorical = columns.filter(({ kind }) => kind === 'categorical').length;
  return Math.max(2, Math.min(maxCategories, Math.floor(maxCategoryColumns / categorical)));
}

function encodeColumn(column: FeatureColumn, width: number, y?: Uint8Array): ColumnEncoding {
  if (column.kind === 'categorical') return encodeCategories(column, width, y);
  const { name, kind } = column;
  const values: (number | null)[] = column.values;
  const present = values.filter((value) => value !== null);
  const missingIndicator = present.length < values.length;
  if (kind === 'numeric') return { kind, name, median: lowerMedian(present), missingIndicator };
  const ones = present.filter((value) => value === 1).length;
  return { kind, name, majority: 2 * ones >= present.length ? 1 : 0, missingIndicator };
}

/** A value that occurs, so that counts stay whole and large amounts do not overflow. */
const lowerMedian = (values: number[]): number =>
  Float64Array.from(values).sort()[(values.length - 1) >>> 1] as number;

function encodeCategories(
  { name, values }: Extract<FeatureColumn, { kind: 'categorical' }>,
  width: number,
  y: Uint8Array | undefined,
): CategoricalEncoding {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const value of values) {
    if (value === null) missing += 1;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  // equal counts in the order of code units, which no locale and no order of rows can change
  const byFrequency = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const otherIndicator = byFrequency.length > width;
  return {
    kind: 'categorical',
    name,
    categories: byFrequency.slice(0, width).map(([category]) => category),
    otherIndicator,
    ...(otherIndicator && y && { targetShares: learnTargetShares(values, { y, byFrequency }) }),
    missingIndicator: missing > 0,
  };
}
