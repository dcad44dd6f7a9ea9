import type { ColumnPlace, FeatureMatrix } from '../../features/matrix.ts';
import type { EngineRows } from '../candidates/engines.ts';
import type { RoleColumns } from '../candidates/roleColumns.ts';

/** The rows with one table column taken from other rows: row i has it of row `order[i]`. */
export function shuffleColumn(
  rows: EngineRows,
  { place, order }: { place: ColumnPlace; order: Uint32Array },
): EngineRows {
  const { matrix } = rows;
  const moved = withColumns(matrix, place.columns, (row, column) => {
    return matrix.X[(order[row] as number) * matrix.columns + column] as number;
  });
  return {
    ...rows,
    matrix: moved,
    roles: mapRoles(rows.roles, place.name, (values) =>
      values.map((_, row) => values[order[row] as number] as number),
    ),
  };
}

/** The rows with one table column the same in all of them: `values` for its matrix columns, the first for a role. */
export function fixColumn(
  rows: EngineRows,
  { place, values }: { place: ColumnPlace; values: readonly number[] },
): EngineRows {
  const isMissing = place.missing !== null && values.at(-1) === 1;
  const role = isMissing ? Number.NaN : (values[0] as number);
  return {
    ...rows,
    matrix: withColumns(
      rows.matrix,
      place.columns,
      (_, column) => values[place.columns.indexOf(column)] as number,
    ),
    roles: mapRoles(rows.roles, place.name, (column) => column.map(() => role)),
  };
}

function withColumns(
  matrix: FeatureMatrix,
  columns: readonly number[],
  valueAt: (row: number, column: number) => number,
): FeatureMatrix {
  const X = matrix.X.slice();
  for (let row = 0; row < matrix.rows; row++)
    for (const column of columns) X[row * matrix.columns + column] = valueAt(row, column);
  return { ...matrix, X };
}

/** A role reads its column from the table, so it changes with it; the three of a history are one column's each. */
function mapRoles(
  roles: RoleColumns,
  name: string,
  change: (values: Float64Array) => Float64Array,
): RoleColumns {
  const { names, history } = roles;
  const changed = (values: Float64Array | null, role: string | null): Float64Array | null =>
    values === null || role !== name ? values : change(values);
  return {
    names,
    recency: changed(roles.recency, names.recency),
    spend: changed(roles.spend, names.spend),
    orders: changed(roles.orders, names.orders),
    history: history && {
      frequency: changed(history.frequency, names.history?.frequency ?? null) as Float64Array,
      recency: changed(history.recency, names.history?.recency ?? null) as Float64Array,
      age: changed(history.age, names.history?.age ?? null) as Float64Array,
    },
  };
}
