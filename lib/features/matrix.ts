import type { FeatureColumn, FeatureTable, TableNote } from '../tables/types.ts';
import type { CategoricalEncoding, ColumnEncoding, Encoder } from './encoder.ts';
import { outOfFoldShares, type TargetShares, targetSharesOf } from './targetShares.ts';

/** Rows of numbers without gaps: row i is `X[i * columns]` to `X[(i + 1) * columns - 1]`. */
export interface FeatureMatrix {
  X: Float64Array;
  rows: number;
  columns: number;
  columnNames: string[];
}

/** The table as the encoder's model reads it. Columns are found by name; others are ignored. */
export const applyEncoder = (encoder: Encoder, table: FeatureTable): FeatureMatrix & { notes: TableNote[] } =>
  encodeTable(encoder, table, targetSharesOf);

/** The table as the encoder's model reads the rows that the encoder was learnt from: no row's share of label 1 knows its own label. */
export function applyEncoderOutOfFold(
  encoder: Encoder,
  table: FeatureTable & { labels: Uint8Array },
): FeatureMatrix {
  const labels = { y: table.labels, ids: table.ids };
  const { notes: _, ...matrix } = encodeTable(encoder, table, (values, shares) =>
    outOfFoldShares(values, shares, labels),
  );
  return matrix;
}

/** Each row's share of label 1. */
type SharesOf = (values: (string | null)[], shares: TargetShares) => Float64Array;

function encodeTable(
  encoder: Encoder,
  table: FeatureTable,
  sharesOf: SharesOf,
): FeatureMatrix & { notes: TableNote[] } {
  const rows = table.ids.length;
  const columnNames = encoder.columns.flatMap(matrixColumnsOf);
  const columns = columnNames.length;
  const X = new Float64Array(rows * columns);
  const notes: TableNote[] = [];
  let offset = 0;
  for (const encoding of encoder.columns) {
    notes.push(
      ...fillColumnsInPlace(encoding, findColumn(table, encoding), { X, columns, offset, sharesOf }),
    );
    offset += matrixColumnsOf(encoding).length;
  }
  return { X, rows, columns, columnNames, notes };
}

/** Which matrix columns stand for a column of the table. */
export interface ColumnPlace {
  name: string;
  kind: ColumnEncoding['kind'];
  /** All of them, the one for missing values included. */
  columns: number[];
  /** The one that is 1 where the value is missing. */
  missing: number | null;
  /** The one with the share of label 1 of each category, where there are many. */
  targetShare: number | null;
}

/** The matrix columns by table column, in their order. */
export function columnPlaces({ columns }: Encoder): ColumnPlace[] {
  let offset = 0;
  return columns.map((encoding) => {
    const width = matrixColumnsOf(encoding).length;
    const places = Array.from({ length: width }, (_, index) => offset + index);
    offset += width;
    const missing = encoding.missingIndicator ? offset - 1 : null;
    return {
      name: encoding.name,
      kind: encoding.kind,
      columns: places,
      missing,
      targetShare: hasShares(encoding) ? (missing ?? offset) - 1 : null,
    };
  });
}

/** What a category, or null for none, is in the matrix columns of its table column. */
export function cellsOfCategory(encoding: CategoricalEncoding, category: string | null): number[] {
  const columns = matrixColumnsOf(encoding).length;
  const X = new Float64Array(columns);
  fillCategories(encoding, [category], { X, columns, offset: 0, sharesOf: targetSharesOf });
  return [...X];
}

/** A copy with NaN where a number was missing and another stood in, for models that treat gaps as what they are. */
export function withGaps(matrix: FeatureMatrix, places: readonly ColumnPlace[]): FeatureMatrix {
  const gapped = places.filter(({ kind, missing }) => kind !== 'categorical' && missing !== null);
  if (gapped.length === 0) return matrix;
  const X = matrix.X.slice();
  for (let start = 0; start < X.length; start += matrix.columns) {
    for (const { columns, missing } of gapped) {
      // a made-up row is between rows: on the side of the gap it has one
      if ((X[start + (missing as number)] as number) >= 0.5) X[start + (columns[0] as number)] = Number.NaN;
    }
  }
  return { ...matrix, X };
}

function matrixColumnsOf(encoding: ColumnEncoding): string[] {
  const { name } = encoding;
  const missing = encoding.missingIndicator ? [`${name} is missing`] : [];
  if (encoding.kind !== 'categorical') return [name, ...missing];
  const other = encoding.otherIndicator ? [`${name} = (other)`] : [];
  const share = hasShares(encoding) ? [`${name}: share of buyers`] : [];
  return [...encoding.categories.map((category) => `${name} = ${category}`), ...other, ...share, ...missing];
}

const hasShares = (encoding: ColumnEncoding): boolean =>
  encoding.kind === 'categorical' && encoding.targetShares !== undefined;

function findColumn(table: FeatureTable, { name, kind }: ColumnEncoding): FeatureColumn {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined)
    throw new Error(`applyEncoder needs the column "${name}", which the table does not have`);
  if (column.kind !== kind) {
    throw new Error(
      `applyEncoder needs the column "${name}" to be ${kind}; the table has it as ${column.kind}`,
    );
  }
  return column;
}

/** Where a table column's numbers go: its first matrix column, and the width of a matrix row; and where its shares are from. */
interface Target {
  X: Float64Array;
  columns: number;
  offset: number;
  sharesOf: SharesOf;
}

function fillColumnsInPlace(encoding: ColumnEncoding, column: FeatureColumn, target: Target): TableNote[] {
  if (encoding.kind === 'categorical')
    return fillCategories(encoding, column.values as (string | null)[], target);
  const standIn = encoding.kind === 'numeric' ? encoding.median : encoding.majority;
  return fillNumbers(encoding, column.values as (number | null)[], { ...target, standIn });
}

function fillNumbers(
  { name, missingIndicator }: ColumnEncoding,
  values: (number | null)[],
  { X, columns, offset, standIn }: Target & { standIn: number },
): TableNote[] {
  let missing = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number | null;
    const at = row * columns + offset;
    X[at] = value ?? standIn;
    if (value !== null) continue;
    missing += 1;
    if (missingIndicator) X[at + 1] = 1;
  }
  return missing === 0 || missingIndicator
    ? []
    : [newGap(name, missing, 'the middle value of training stands in')];
}

function fillCategories(
  { name, categories, otherIndicator, targetShares, missingIndicator }: CategoricalEncoding,
  values: (string | null)[],
  { X, columns, offset, sharesOf }: Target,
): TableNote[] {
  const positions = new Map(categories.map((category, position) => [category, position]));
  const known = categories.length + (otherIndicator ? 1 : 0);
  const missingPosition = known + (targetShares ? 1 : 0);
  const shares = targetShares && sharesOf(values, targetShares);
  let other = 0;
  let missing = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as string | null;
    const at = row * columns + offset;
    const position = value === null ? missingPosition : (positions.get(value) ?? categories.length);
    if (value === null) missing += 1;
    else if (position === categories.length) other += 1;
    // without a column of its own, an unseen or a missing value leaves all of them at 0
    const hasColumn = value === null ? missingIndicator : position < known;
    if (hasColumn) X[at + position] = 1;
    if (shares) X[at + known] = shares[row] as number;
  }
  const notes: TableNote[] = [];
  if (missing > 0 && !missingIndicator)
    notes.push(newGap(name, missing, 'they count as none of the known categories'));
  if (other > 0)
    notes.push(
      otherIndicator ? rare(name, other, { known: categories.length, shares }) : unseen(name, other),
    );
  return notes;
}

const newGap = (name: string, count: number, treatment: string): TableNote => ({
  code: 'missingOnlyInScoring',
  message: `${count} rows have no "${name}", which training always had; ${treatment}`,
  count,
});

const unseen = (name: string, count: number): TableNote => ({
  code: 'unseenCategory',
  message: `${count} rows have a "${name}" that training did not have; they count as none of the known categories`,
  count,
});

const rare = (
  name: string,
  count: number,
  { known, shares }: { known: number; shares: Float64Array | undefined },
): TableNote => ({
  code: 'otherCategory',
  message: `${count} rows have a "${name}" beyond the ${known} most frequent of training; ${
    shares ? 'they are told apart by the share of buyers alone' : 'they count as other'
  }`,
  count,
});
