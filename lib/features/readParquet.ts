import { parquetMetadata, parquetRead } from 'hyparquet';

/** A value of the column types that our files have: DOUBLE and FLOAT, INTEGER, VARCHAR. */
export type ParquetValue = number | string | null;

/** The columns of a Parquet file by name, in its order. For functions that have no DuckDB beside them. */
export async function readParquet(
  bytes: Uint8Array,
  { only }: { only?: readonly string[] } = {},
): Promise<{ rows: number; columns: Map<string, ParquetValue[]> }> {
  const file = Uint8Array.from(bytes).buffer;
  const metadata = parquetMetadata(file);
  const rows = Number(metadata.num_rows);
  const columns = new Map<string, ParquetValue[]>();
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const wanted = names.filter((name) => only === undefined || only.includes(name));
  for (const name of wanted) columns.set(name, new Array<ParquetValue>(rows).fill(null));
  await parquetRead({
    file,
    metadata,
    columns: wanted,
    onChunk: ({ columnName, columnData, rowStart, rowEnd }) => {
      const column = columns.get(columnName) as ParquetValue[];
      for (let row = rowStart; row < rowEnd; row++)
        column[row] = (columnData[row - rowStart] ?? null) as ParquetValue;
    },
  });
  return { rows, columns };
}
