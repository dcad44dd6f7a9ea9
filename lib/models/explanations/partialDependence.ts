import type { Encoder } from '../../features/encoder.ts';
import { type ColumnPlace, cellsOfCategory } from '../../features/matrix.ts';
import type { EngineRows } from '../candidates/engines.ts';
import type { PartialDependence } from '../purchaseReport.ts';
import { fixColumn } from './replaceColumn.ts';

/** A value of a table column: what it is called, what it is in the matrix, and how many of the rows are like it. */
interface Level {
  value: number | string | null;
  values: number[];
  rows: number;
}

/**
 * The mean probability of these rows with the column set to each of its values in turn, all else as it is (Friedman 2001,
 * section 8.2): tenths of a number, the categories of a text, and missing.
 */
export function partialDependence(
  predict: (rows: EngineRows) => Float64Array,
  rows: EngineRows,
  { place, encoder }: { place: ColumnPlace; encoder: Encoder },
): PartialDependence {
  const levels = levelsOf(rows, place, encoder).filter((level) => level.rows > 0);
  const points = levels.map(({ value, values, rows: like }) => {
    const probabilities = predict(fixColumn(rows, { place, values }));
    const probability = probabilities.reduce((sum, p) => sum + p, 0) / probabilities.length;
    return { value, probability, share: like / rows.matrix.rows };
  });
  return { column: place.name, points };
}

function levelsOf({ matrix }: EngineRows, place: ColumnPlace, encoder: Encoder): Level[] {
  const encoding = encoder.columns.find(({ name }) => name === place.name);
  if (encoding === undefined) throw new Error(`partialDependence found no encoding of "${place.name}"`);
  const column = (index: number): Float64Array =>
    Float64Array.from({ length: matrix.rows }, (_, row) => matrix.X[row * matrix.columns + index] as number);
  const countOnes = (index: number): number => column(index).reduce((sum, value) => sum + value, 0);
  const missing = place.missing === null ? [] : [{ rows: countOnes(place.missing) }];
  if (encoding.kind === 'categorical') {
    const named = [...encoding.categories, ...(encoding.otherIndicator ? ['(other)'] : [])];
    const levels = named.map((value, position) => ({
      value,
      values: cellsOfCategory(encoding, value),
      rows: countOnes(place.columns[position] as number),
    }));
    return [
      ...levels,
      ...missing.map(({ rows }) => ({ value: null, values: cellsOfCategory(encoding, null), rows })),
    ];
  }
  const standIn = encoding.kind === 'numeric' ? encoding.median : encoding.majority;
  const absent = place.missing === null ? null : column(place.missing);
  const present = column(place.columns[0] as number).filter((_, row) => (absent?.[row] ?? 0) === 0);
  return [
    ...tenthsOf(present).map(({ value, rows }) => ({
      value,
      values: missing.length > 0 ? [value, 0] : [value],
      rows,
    })),
    ...missing.map(({ rows }) => ({ value: null, values: [standIn, 1], rows })),
  ];
}

/** The least value of each tenth, equal ones as one, with the rows from it up to the next. */
function tenthsOf(values: Float64Array): { value: number; rows: number }[] {
  const sorted = values.slice().sort();
  const starts = Array.from({ length: 10 }, (_, tenth) => sorted[Math.floor((tenth * sorted.length) / 10)]);
  const distinct = [...new Set(starts.filter((value) => value !== undefined))];
  return distinct.map((value, index) => {
    const next = distinct[index + 1] ?? Number.POSITIVE_INFINITY;
    return { value, rows: sorted.filter((other) => other >= value && other < next).length };
  });
}
